//! The clinic itself: who it is, when it opens, and how it books.
pub mod api;
pub mod model;
pub mod store;

use crate::web::{Route, get, patch};

/// Its routes.
pub fn routes() -> Vec<Route> {
    vec![
        get("/api/clinic/{clinic_id}", "The clinic's identity, hours and rules", api::show),
        patch("/api/clinic/{clinic_id}", "Change them", api::update),
        get("/api/clinic/{clinic_id}/holidays", "National holidays of a year", api::holidays),
    ]
}
