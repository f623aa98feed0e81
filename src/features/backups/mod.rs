//! Copies of the clinic: which there are, how old the newest is, whether it can be brought back, and one more now. The copies
//! themselves are made by the program on its own.
pub mod api;
pub mod model;
pub mod watch;

use crate::web::{Route, Weight, get, post};

/// Its routes.
pub fn routes() -> Vec<Route> {
    vec![
        get("/api/backups", "Copies of the clinic, newest first, and how the last drill went", api::list),
        post("/api/backups", "Make a copy now", api::make).weighing(Weight::Heavy).also(&[409, 503, 507]),
        post(
            "/api/setup/restore",
            "Bring a clinic back from its copies, on a computer without one",
            api::bring_back,
        )
        .also(&[403, 409, 507]),
    ]
}
