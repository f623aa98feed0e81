//! Patients and the other people a clinic talks to: their register, how they are found, and how a file of them is brought in.
pub mod api;
pub mod asked;
pub mod duplicates;
pub mod import;
pub mod indexed;
pub mod kinds;
pub mod model;
pub mod ranked;
pub mod search;
pub mod shown;
pub mod store;

use crate::web::{Route, get, patch, post};

/// Its routes.
pub fn routes() -> Vec<Route> {
    let contacts = vec![
        get("/api/contacts", "Contacts by name, or by what was typed", api::list),
        post("/api/contacts", "Add a contact", api::create).also(&[409]),
        get("/api/contacts/duplicates", "Contacts that have one of these numbers", api::duplicates),
        get("/api/contacts/{id}", "One contact", api::show),
        patch("/api/contacts/{id}", "Change a contact", api::update).also(&[409]),
        get("/api/contacts/{id}/appointments", "The appointments of a contact", api::appointments),
    ];
    [contacts, import::routes()].concat()
}
