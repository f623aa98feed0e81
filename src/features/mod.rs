//! What TaskMed does, one folder each, in the order of who may use whom: a feature uses only those above it in this list, and
//! of them only their `model` and their reading functions.
//!
//! Every feature has the same files: `mod.rs` (what it is and its routes), `model.rs` (types and rules, no I/O), `store.rs` (SQL),
//! `api.rs` (handlers of a few lines), and `rules.rs` where there are pure decisions.
pub mod history;
pub mod clinic;
pub mod rooms;
pub mod people;
pub mod contacts;
pub mod tags;
pub mod blocks;
pub mod appointments;
pub mod calendars;
pub mod sessions;
pub mod setup;
pub mod live;
pub mod health;
pub mod observability;
pub mod capacity;
pub mod audit;
pub mod backups;
pub mod demonstration;

use std::sync::Arc;

use tokio::sync::watch;

use crate::{
    db::Clinics,
    web::{Context, Route},
};

/// What features do once when the program starts, before the first request.
pub fn start(clinics: &Clinics) {
    // A thread of its own: the caller's may be one that must not wait for the writer.
    let work = || contacts::import::close_interrupted(clinics);
    let closed = std::thread::scope(|scope| scope.spawn(work).join());
    if let Ok(Err(error)) = closed {
        tracing::error!(%error, "imports of an earlier run were not closed");
    }
}

/// What features do on their own while the program runs, until told to stop.
pub fn watch(context: &Arc<Context>, stopping: &watch::Receiver<bool>) {
    audit::watch::start(Arc::clone(context), stopping.clone());
    backups::watch::start(Arc::clone(context), stopping.clone());
}

/// What features do once when the program is told to stop, after its last caller has gone.
pub async fn stop(context: &Arc<Context>) {
    backups::watch::at_stop(context).await;
}

/// Every route of the product.
pub fn routes() -> Vec<Route> {
    [
        clinic::routes(),
        rooms::routes(),
        people::routes(),
        contacts::routes(),
        tags::routes(),
        blocks::routes(),
        appointments::routes(),
        calendars::routes(),
        sessions::routes(),
        setup::routes(),
        live::routes(),
        health::routes(),
        observability::routes(),
        capacity::routes(),
        audit::routes(),
        backups::routes(),
        demonstration::routes(),
    ]
    .concat()
}
