//! What happens in the clinic, as it happens: the event stream every screen listens to.
pub mod api;
pub mod store;

use crate::web::{Route, get};

/// Its routes.
pub fn routes() -> Vec<Route> {
    vec![get("/api/events", "Committed acts, as server-sent events", api::listen)]
}
