//! Whether all is well: for load balancers, for technicians, and in words for the owner's screen.
pub mod api;
pub mod checks;

use crate::web::{Route, get};

/// Its routes.
pub fn routes() -> Vec<Route> {
    vec![
        get("/livez", "Whether the process lives", api::live),
        get("/readyz", "Whether it can do its work", api::ready),
        get("/api/observability/health", "Every check, with its verdict", api::health),
    ]
}
