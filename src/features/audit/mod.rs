//! The trail as auditors and owners read it: who did, saw or was refused what; taken out as a file; verified; and closed for the
//! day with a code on paper. It names no patient and nothing clinical.
pub mod api;
pub mod closing;
pub mod export;
pub mod model;
pub mod store;
pub mod watch;

use crate::web::{Reads, Route, Weight, get, post};

/// Its routes.
pub fn routes() -> Vec<Route> {
    vec![
        get("/api/audit", "The trail, newest first", api::list)
            .reads(Reads::listed("audit"))
            .weighing(Weight::Heavy),
        get("/api/audit/export", "The trail as a file, oldest first", api::export)
            .reads(Reads::exported("audit"))
            .weighing(Weight::Heavy),
        get("/api/audit/verify", "Whether the trail is whole, and how far the verification is", api::verify)
            .reads(Reads::verified("audit"))
            .weighing(Weight::Heavy),
        get(
            "/api/audit/checkpoint",
            "The newest signed head, and what became of one known before",
            api::checkpoint,
        ),
        post("/api/audit/closing", "Close the day: sign the trail and get the code for paper", api::close),
        post(
            "/api/audit/closing/check",
            "Whether the trail still holds what a code on paper says",
            api::check_code,
        ),
        post(
            "/api/audit/restored",
            "Accept that the clinic's file was brought back from a backup",
            api::accept_restored,
        ),
        post("/api/audit/prints", "Say that something was printed", api::printed),
    ]
}
