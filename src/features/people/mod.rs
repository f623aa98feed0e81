//! Who works here: people, their roles, and the professionals whose agendas are kept.
pub mod api;
pub mod invite;
pub mod model;
pub mod rules;
pub mod store;

use crate::web::{Route, get, patch, post};

/// Its routes.
pub fn routes() -> Vec<Route> {
    vec![
        get("/api/clinic/{clinic_id}/users/management", "The team", api::list),
        post("/api/clinic/{clinic_id}/users", "Invite someone, with a one-time code", api::create),
        get("/api/clinic/{clinic_id}/users/{id}", "One person", api::show),
        patch("/api/clinic/{clinic_id}/users/{id}", "Change roles or details, deactivate", api::update).also(&[409]),
        post("/api/clinic/{clinic_id}/users/{id}/invite", "A new one-time code", api::invite).also(&[409]),
    ]
}
