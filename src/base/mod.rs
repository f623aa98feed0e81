//! What everything stands on: errors, ids, time, text and Brazilian numbers. No I/O and no framework here.
pub mod error;

pub use error::{Error, FieldError, Result};
