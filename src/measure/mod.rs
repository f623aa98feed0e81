//! What this computer carries, measured and not guessed: a scratch copy of the server with a made-up clinic, real people signed
//! in over TLS who act as a clinic's people do, more of them step by step, until the answers come too late or the number asked
//! for is reached. Nothing in it is simulated, and an error answer is never counted as a success.
//!
//! - [`load`]: the engine. [`plan`]: what is asked for. [`scenario`], [`person`], [`place`] and [`seat`]: who does what, and where.
//! - [`scratch`]: the server and its folder. [`hire`]: its people. [`usage`]: what it takes of the machine.
//! - [`probes`] and [`proof`]: whether clinics stay apart under load, and whether all that was acknowledged is there afterwards.
//! - [`run`]: the measurement. [`report`] and [`results`]: what came of it. [`html`] and [`markdown`]: the same for people.
pub mod hire;
pub mod html;
pub mod load;
pub mod markdown;
pub mod person;
pub mod place;
pub mod plan;
pub mod probes;
pub mod proof;
pub mod report;
pub mod results;
pub mod run;
#[cfg(test)]
mod sample;
pub mod scenario;
pub mod scratch;
pub mod seat;
pub mod usage;
mod watch;
