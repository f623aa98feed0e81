//! The engine: people who act when they mean to, however slow the answers are (open loop), and a count of what came of it. It
//! knows nothing of clinics; what a person does is a [`Worker`]'s business.
mod crowd;
mod link;
mod tally;

pub use crowd::{Crowd, Measured, Pace, Turn, Worker};
pub use link::{Answer, Door, Link, Lost, trusting};
pub use tally::{Ended, Line, Tally, micros};
