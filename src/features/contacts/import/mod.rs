//! Brings a CSV file of contacts in, and takes it back. A file passes through these, in this order: [`decode`] and [`read`] (its
//! shape), [`mapping`] (its columns), [`rows`] (one row as a contact), [`judge`] with [`known`] (new, known or refused), then
//! either [`check`] tells or [`run`] writes; [`undo`] takes back.
pub mod api;
pub mod check;
pub mod decode;
pub mod judge;
pub mod known;
pub mod mapping;
pub mod model;
pub mod quotes;
pub mod read;
pub mod reasons;
pub mod refusals;
pub mod rows;
pub mod run;
pub mod store;
pub mod targets;
pub mod undo;
pub mod words;

pub use model::{Check, Report};
pub use run::{File, run_file};

use crate::{
    access::{Grant, permissions::ImportContacts},
    base::Result,
    db::Clinics,
    web::{Reads, Route, get, post},
};

/// Largest file taken.
pub const FILE_LIMIT: usize = 32 * 1024 * 1024;

/// Its routes.
pub fn routes() -> Vec<Route> {
    vec![
        post("/api/contacts/import", "Bring a CSV file in, or say what it would bring", api::import)
            .limit(FILE_LIMIT),
        get("/api/contacts/imports", "Imports, newest first", api::list),
        get("/api/contacts/imports/{id}", "One import and how far it is", api::show),
        get("/api/contacts/imports/{id}/errors", "The rows that were not brought in, as CSV", api::errors)
            .reads(Reads::exported("import")),
        post("/api/contacts/imports/{id}/undo", "Take an import back", api::undo).also(&[409]),
    ]
}

/// Marks imports that an earlier run of the program left half done as failed, so that they can be undone. Blocks.
pub fn close_interrupted(clinics: &Clinics) -> Result<()> {
    for clinic in clinics.all() {
        let grant = Grant::<ImportContacts>::of_program(clinic, "start");
        for id in grant.read_here(store::running)? {
            grant.write_here(move |tx| store::fail(tx, id))?;
        }
    }
    Ok(())
}
