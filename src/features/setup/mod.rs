//! The first run: founding a clinic in the browser, and the recovery code. Only over loopback, and only while there is no clinic.
pub mod api;
pub mod model;
pub mod store;

use crate::web::{Route, get, post};

/// Its routes.
pub fn routes() -> Vec<Route> {
    vec![
        get("/api/setup", "Whether a clinic must be set up", api::state),
        post("/api/setup", "Found the clinic and its owner", api::found).also(&[409, 403]),
        post("/api/clinic/{clinic_id}/recovery/confirm", "Prove to have the recovery code", api::confirm),
    ]
}
