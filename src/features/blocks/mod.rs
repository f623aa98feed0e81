//! Stretches in which nothing is booked: leave, meetings, maintenance.
pub mod api;
pub mod model;
pub mod store;

use crate::web::{Route, delete, get, patch, post};

/// Its routes.
pub fn routes() -> Vec<Route> {
    vec![
        get("/api/clinic/{clinic_id}/blocks", "Stretches in which nothing is booked", api::list),
        post(
            "/api/clinic/{clinic_id}/blocks",
            "Block a stretch; answers the appointments it affects",
            api::create,
        ),
        patch("/api/clinic/{clinic_id}/blocks/{id}", "Change a block", api::update),
        delete("/api/clinic/{clinic_id}/blocks/{id}", "Free the stretch again", api::remove),
    ]
}
