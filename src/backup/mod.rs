//! Copies of a clinic on another disk, and the way back.
//!
//! A copy is a folder: the encrypted file as it was at one moment, its key file, and a [`manifest`] that says what both must be. It
//! is written under another name and renamed when it is whole ([`take`]), so that a cut leaves none that looks like one. [`place`]
//! says where copies lie, [`due`] when one is made, [`thin`] which are kept. [`restore`] puts one in a clinic's place after all of
//! it was verified, and [`drill`] does the same into nowhere once a week, to know that it can be done.
pub mod drill;
pub mod due;
pub mod keeper;
pub mod manifest;
pub mod place;
pub mod refusal;
pub mod restore;
pub mod take;
pub mod thin;

pub use keeper::Keeper;
pub use manifest::{Manifest, Reason};
pub use place::{Found, Place, Taken};
pub use refusal::Refusal;
