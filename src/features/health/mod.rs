//! Whether all is well: for load balancers, for technicians, and in words for the owner's screen.
pub mod api;
pub mod checker;
pub mod checks;

use crate::{
    access::permissions::ViewHealth,
    web::{May, Public, Route, Weight, get},
};
use checker::Checker;

/// Its routes.
pub fn routes() -> Vec<Route> {
    let checker = Checker::default();
    let (of_ready, of_health) = (checker.clone(), checker);
    let ready = move |public: Public| api::ready(of_ready.clone(), public);
    let health = move |public: Public, may: May<ViewHealth>| api::health(of_health.clone(), public, may);
    vec![
        get("/livez", "Whether the process lives", api::live).weighing(Weight::Always).probed(),
        get("/readyz", "Whether it can do its work", ready).weighing(Weight::Always).probed(),
        get("/api/observability/health", "Every check, with its verdict", health)
            .weighing(Weight::Always)
            .probed(),
    ]
}
