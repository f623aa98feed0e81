//! The demonstration: a made-up clinic in a folder of its own, to look around in, to test and to measure with. Nothing of it
//! ever lies beside the data of a real clinic, and only what is marked as made up is ever removed.
pub mod api;
pub mod fill;
pub mod model;
pub mod place;
pub mod store;

use crate::web::{Route, post};

/// Its routes.
pub fn routes() -> Vec<Route> {
    vec![
        post("/api/setup/demo", "Make the demonstration and sign in as its owner", api::make)
            .also(&[403, 409]),
        post(
            "/api/setup/demo/leave",
            "Go back to the clinic's own data; the demonstration is thrown away",
            api::leave,
        )
        .also(&[403, 404]),
    ]
}
