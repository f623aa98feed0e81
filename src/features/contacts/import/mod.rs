//! Bringing a CSV file of patients in: understood first, then tried without writing, then written in the background in small
//! runs, and undone as a whole if wished.
pub mod api;
pub mod mapping;
pub mod model;
pub mod plan;
pub mod read;
pub mod refused;
pub mod rows;
pub mod run;
pub mod store;

use crate::web::{Route, get, post};

/// Largest file taken, in bytes.
pub const LARGEST_FILE: usize = 32 * 1024 * 1024;

/// Its routes.
pub fn routes() -> Vec<Route> {
    vec![
        post("/api/contacts/import", "Try or bring in a CSV file of patients", api::import)
            .limit(LARGEST_FILE),
        get("/api/contacts/imports", "Files brought in", api::list),
        get("/api/contacts/imports/{id}", "One of them, with its progress", api::show),
        get(
            "/api/contacts/imports/{id}/errors",
            "Its refused rows as CSV, each with the reason",
            api::refused,
        ),
        post("/api/contacts/imports/{id}/undo", "Take everything of it out again", api::undo).also(&[409]),
    ]
}
