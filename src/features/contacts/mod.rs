//! Patients and the other people a clinic talks to: their register, how they are found, and how a file of them is brought in.
pub mod api;
pub mod around;
pub mod asked;
pub mod duplicates;
pub mod import;
pub mod indexed;
pub mod kinds;
pub mod model;
pub mod past;
pub mod ranked;
pub mod search;
pub mod shown;
pub mod store;

use crate::web::{Reads, Route, get, patch, post};

/// Its routes.
pub fn routes() -> Vec<Route> {
    let contacts = vec![
        get("/api/contacts", "Contacts by name, or by what was typed", api::list)
            .reads(Reads::searched("contact", &["search"])),
        post("/api/contacts", "Add a contact", api::create).also(&[409]),
        get("/api/contacts/duplicates", "Contacts that have one of these numbers", api::duplicates)
            .reads(Reads::searched("contact", &["cpf", "cns", "phone"])),
        get("/api/contacts/{id}", "One contact", api::show).reads(Reads::opened("contact")),
        patch("/api/contacts/{id}", "Change a contact", api::update).also(&[409]),
        get("/api/contacts/{id}/appointments", "The appointments of a contact", api::appointments)
            .reads(Reads::of_one("visits_listed", "contact")),
        get("/api/contacts/{id}/history", "Who changed what of a contact, and when", api::history)
            .reads(Reads::history("contact")),
    ];
    [contacts, import::routes()].concat()
}
