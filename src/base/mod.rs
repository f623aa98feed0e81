//! What everything stands on: errors, ids, time, text and Brazilian numbers. No I/O and no framework here.
pub mod brazil;
pub mod dates;
pub mod diff;
pub mod error;
pub mod mail;
pub mod search;
pub mod text;
mod text_type;

pub use error::{Error, FieldError, Result};
