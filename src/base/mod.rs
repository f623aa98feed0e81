//! What everything stands on: errors, ids, time, text and Brazilian numbers. No I/O and no framework here.
pub mod brazil;
pub mod choice;
pub mod clock;
pub mod dates;
pub mod diff;
pub mod error;
pub mod fields;
pub mod id;
pub mod mail;
pub mod page;
pub mod record;
pub mod request_id;
pub mod search;
pub mod text;
mod text_type;
pub mod time;

pub use choice::Choice;
pub use clock::Clock;
pub use error::{Error, FieldError, FileError, Result};
pub use fields::{Fields, Input};
pub use id::Id;
pub use page::Page;
pub use record::{Saved, Stamp};
pub use request_id::RequestId;
pub use time::{Day, Instant};
