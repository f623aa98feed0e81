//! Coloured marks on appointments.
pub mod api;
pub mod model;
pub mod store;

use crate::web::{Route, delete, get, patch, post};

/// Its routes.
pub fn routes() -> Vec<Route> {
    vec![
        get("/api/clinic/{clinic_id}/appointment-tags", "Tags of appointments", api::list),
        post("/api/clinic/{clinic_id}/appointment-tags", "Add a tag", api::create),
        patch("/api/clinic/{clinic_id}/appointment-tags/{id}", "Rename or recolour a tag", api::update),
        delete("/api/clinic/{clinic_id}/appointment-tags/{id}", "Remove a tag", api::remove).also(&[409]),
    ]
}
