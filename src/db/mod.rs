//! The only door to the data, and the only place that knows SQLite.
//!
//! A clinic is one encrypted file ([`Clinic`]); its single [`writer`] commits in groups, its [`readers`] cannot write.
//! Every write and every look at a person leaves an entry in the [`trail`] ([`acts`]), every replaced version goes to `history`
//! (triggers of `schema.sql`), every commit moves the [`generations`] on which the [`cache`] is keyed, forgets what is [`kept`] of
//! the rows it changed, and tells the [`events`] stream.
pub mod acts;
pub mod cache;
mod cells;
pub mod check;
pub mod clinic;
pub mod clinics;
mod desk;
pub mod error;
pub mod events;
mod files;
mod filing;
mod filter;
pub mod generations;
mod homing;
mod idempotency;
pub mod kept;
pub mod key;
mod ledger;
mod making;
mod measured;
pub mod open;
pub mod pending;
pub mod readers;
mod recovery;
pub mod schema;
pub mod slots;
mod slow;
pub mod snapshot;
pub mod swap;
mod touches;
pub mod trail;
pub mod tx;
pub mod values;
mod views;
mod whole;
pub mod writer;

pub use acts::{Act, Audited, Outcome, Record};
pub use cache::{Encoded, Holding};
pub use cells::Cells;
pub use clinic::{Actor, Clinic};
pub use clinics::Clinics;
pub use error::OpenError;
pub use events::{Event, Heard, Listener, Told};
pub use filter::Filter;
pub use generations::{Sources, Stretch, Table};
pub use kept::OfRows;
pub use pending::Pending;
pub use rusqlite::{Result as RowResult, Row, params, params_from_iter, types::Value};
pub use trail::{Checkpoint, notes::Note};
pub use tx::{ReadTx, WriteTx};
pub use whole::OfTables;
pub use writer::Written;
