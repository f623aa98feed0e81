//! Consulting rooms.
pub mod api;
pub mod model;
pub mod store;

use crate::web::{Route, get, patch, post};

/// Its routes.
pub fn routes() -> Vec<Route> {
    vec![
        get("/api/clinic/{clinic_id}/rooms", "Rooms", api::list),
        post("/api/clinic/{clinic_id}/rooms", "Add a room", api::create),
        patch("/api/clinic/{clinic_id}/rooms/{id}", "Rename or close a room", api::update),
    ]
}
