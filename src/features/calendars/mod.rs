//! Secret iCalendar addresses (RFC 5545) through which a professional's own calendar program shows their agenda. Whoever has
//! the address reads it, so it says as little as possible, is shown once, and can be revoked.
pub mod address;
pub mod api;
pub mod ics;
pub mod model;
pub mod store;
pub mod zone;

use crate::web::{Reads, Route, delete, get, patch, post};

/// Its routes.
pub fn routes() -> Vec<Route> {
    vec![
        get("/api/calendar/integrations", "Connected calendars: one's own, all for an owner", api::list),
        post("/api/calendar/integrations", "Make a secret calendar address, shown once", api::create),
        patch("/api/calendar/integrations/{id}", "Rename a calendar", api::update),
        delete("/api/calendar/integrations/{id}", "Revoke a calendar's address", api::revoke),
        post("/api/calendar/integrations/{id}/sync", "The calendar's state now", api::sync),
        get("/api/calendar/feeds/{secret}.ics", "The calendar behind a secret address", api::feed)
            .reads(Reads::exported("calendar")),
    ]
}
