//! How many people this computer carries: what was measured, how full it is now, and measuring anew from the owner's screen. The
//! measurement itself is a process of its own: this very program as `taskmed capacity`, over a scratch copy.
pub mod api;
pub mod model;
pub mod runner;

use crate::{
    access::{
        Grant,
        permissions::{MeasureCapacity, ViewHealth},
    },
    web::{Body, Program, Route, Weight, get, post},
};
use model::Wish;
use runner::Runner;

/// Its routes.
pub fn routes() -> Vec<Route> {
    let runner = Runner::default();
    let (shows, measures) = (runner.clone(), runner);
    let show = move |grant: Grant<ViewHealth>, program: Program| api::show(shows.clone(), grant, program);
    let measure = move |grant: Grant<MeasureCapacity>, program: Program, wish: Body<Wish>| {
        api::measure(measures.clone(), grant, program, wish)
    };
    let path = "/api/observability/capacity";
    vec![
        get(path, "How many people this computer carries, and how full it is now", show)
            .weighing(Weight::Always),
        post(path, "Measure it anew, on a scratch copy", measure).also(&[409]),
    ]
}
