//! The first run: founding a clinic in the browser, only over loopback and only while there is none. And the recovery code, then
//! and later.
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
        post(
            "/api/clinic/{clinic_id}/recovery",
            "Replace the recovery code by another, shown once",
            api::renew,
        )
        .also(&[401, 422, 429]),
    ]
}
