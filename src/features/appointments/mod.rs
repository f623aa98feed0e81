//! Appointments: booked without a clash, moved, stepped through their states, and shown as the agenda.
pub mod agenda;
pub mod api;
pub mod availability;
pub mod conflicts;
mod frame;
pub mod free;
pub mod hours;
pub mod lines;
pub mod list;
pub mod model;
pub mod past;
pub mod placing;
pub mod rules;
mod sheet;
pub mod store;

use crate::web::{Reads, Route, get, patch, post};

/// Its routes.
pub fn routes() -> Vec<Route> {
    vec![
        get("/api/agenda", "The agenda of a day or a week, ready to draw", api::agenda)
            .reads(Reads::listed("agenda")),
        get("/api/appointments", "Appointments by days, professional, patient or state", api::list)
            .reads(Reads::listed("appointment")),
        post("/api/appointments", "Book an appointment", api::create).also(&[409]),
        get("/api/appointments/availability", "When a professional is free", api::availability),
        get("/api/appointments/{id}", "One appointment", api::show).reads(Reads::opened("appointment")),
        get("/api/appointments/{id}/history", "Who changed what of an appointment, and when", api::history)
            .reads(Reads::history("appointment")),
        patch("/api/appointments/{id}", "Move, resize or edit an appointment", api::update).also(&[409]),
        post("/api/appointments/{id}/status", "Step to another state", api::step).also(&[409]),
    ]
}
