//! What the program knows of itself, for owners and technicians: how quick and how busy it was and is, what its caches do, the last
//! lines of its log, its alerts; and the figures as text for programs that watch over machines.
pub mod api;
pub mod asked;
pub mod collect;
pub mod delivery;
pub mod letter;
pub mod mail;
pub mod messages;
pub mod model;
pub mod points;
pub mod scrape;
pub mod scrape_clinic;
pub mod states;
pub mod store;
pub mod watch;
pub mod webhook;

use crate::web::{Route, Weight, get, post};
pub use delivery::{AlertMail, send_messages};
pub use watch::watch;

/// Its routes.
pub fn routes() -> Vec<Route> {
    vec![
        get("/metrics", "Every figure, as text for Prometheus", scrape::show)
            .weighing(Weight::Always)
            .probed(),
        get(
            "/api/observability/metrics",
            "How the last hour, day or month was, in points to draw, and each route",
            api::metrics,
        ),
        get("/api/observability/status", "How all is now, in one answer", api::status),
        get("/api/observability/cache/status", "What is kept in memory, and how often it helps", api::caches),
        get("/api/observability/logs", "The last lines of the log, newest first", api::logs),
        get("/api/observability/metrics/clinic/{clinic_id}", "The figures of one clinic", api::of_clinic),
        get("/api/observability/alerts", "Every alert and how it stands", api::alerts),
        post(
            "/api/observability/alerts/{rule}/acknowledge",
            "Say that one knows of an alert",
            api::acknowledge,
        ),
        post(
            "/api/observability/alerts/{rule}/silence",
            "Hear nothing of an alert for a while",
            api::silence,
        ),
        get(
            "/api/observability/messages",
            "How alerts leave this computer, and whether they arrive",
            messages::show,
        ),
        post(
            "/api/observability/messages/test",
            "Send a message that tells nothing, to see whether it arrives",
            messages::test,
        )
        .also(&[409]),
    ]
}
