//! The trail: who did, saw or was refused what. Each entry is bound to the one before it by its hash and to the earlier values it
//! filed in `history` by their salted digests; signed checkpoints, with copies outside the file, bind all of it to a time.
//!
//! `entry` appends, `filed` binds and erases history, `sealer` signs [`checkpoint`]s and wipes each key once it is used, [`outside`]
//! keeps copies beside the file, [`notes`] brings in what changed nothing, and [`proof`] finds whatever was changed.
mod entry;
mod filed;
mod newest;
mod of_clinic;
pub mod checkpoint;
pub mod history;
pub mod outside;
pub mod proof;
pub mod run;
pub mod notes;
pub(super) mod sealer;

pub use checkpoint::Checkpoint;
pub(super) use entry::append;
pub use entry::{Head, TRAILED};
pub(super) use filed::{Binding, bind, erase};
pub(super) use outside::Outside;
pub use proof::{Fault, Verdict, Why};
