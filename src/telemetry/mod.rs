//! What the program says of itself. Used by every layer, knows none.
//!
//! Logs: one line per event with the request's id and a category, human on a terminal, JSON in daily files kept 14 days. Figures:
//! everything is counted, nothing sampled ([`meter`], [`clinic`], [`mod@process`]), told as text for Prometheus ([`exposition`]) and
//! kept for 30 days ([`history`]). [`alerts`] say when something is wrong, [`messages`] carry it outside. The [`observatory`] holds
//! it all. Never patient data: what is told is codes, ids and figures.
pub mod alerts;
mod answered;
pub mod backups;
mod bytes;
mod category;
pub mod clinic;
mod count;
pub mod exposition;
pub mod histogram;
pub mod history;
mod lines;
pub mod logbook;
pub mod messages;
pub mod meter;
pub mod minute;
pub mod observatory;
#[cfg(feature = "otel")]
pub mod otel;
pub mod process;
pub mod recorder;
mod sink;

use std::{io::IsTerminal, path::Path};

use tracing::{Level, Metadata, Subscriber};
use tracing_appender::rolling::{RollingFileAppender, Rotation};
use tracing_subscriber::{
    EnvFilter, Layer,
    filter::{FilterExt as _, LevelFilter, filter_fn},
    layer::{Filter, SubscriberExt},
    util::SubscriberInitExt,
};

pub use answered::Answered;
pub use category::{CATEGORIES, of_route};
pub use clinic::ClinicMeter;
pub use count::{Counter, Gauge, Inside, MEASURED, Stopwatch};
pub use histogram::{Counts, Histogram};
use lines::Lines;
pub use observatory::Observatory;
pub use process::process;
pub use sink::Guard;
use sink::Sink;

const KEPT_DAYS: usize = 14;

/// Starts logging into `folder`, and to a terminal if there is one. Keep the guard until the program ends: it writes the rest.
pub fn start(folder: &Path) -> Option<Guard> {
    // The appender complains on standard error about a folder that is not there yet.
    std::fs::create_dir_all(folder).ok()?;
    let appender = RollingFileAppender::builder()
        .rotation(Rotation::DAILY)
        .filename_prefix("taskmed")
        .filename_suffix("jsonl")
        .max_log_files(KEPT_DAYS)
        .build(folder)
        .ok()?;
    let (sink, guard) = Sink::start(appender).ok()?;
    let file =
        tracing_subscriber::fmt::layer().event_format(Lines).with_writer(sink).with_filter(filter("info"));
    let terminal = std::io::stderr().is_terminal().then(|| {
        let quiet = "info,taskmed::request=warn";
        tracing_subscriber::fmt::layer()
            .with_writer(std::io::stderr)
            .with_target(false)
            .with_filter(filter(quiet))
    });
    tracing_subscriber::registry().with(file).with(terminal).try_init().ok()?;
    Some(guard)
}

fn filter<S: Subscriber>(usual: &str) -> impl Filter<S> {
    let asked = EnvFilter::try_from_env("TASKMED_LOG").unwrap_or_else(|_| EnvFilter::new(usual));
    // Without a level of its own this would have each span of HTTP/2 made and thrown away again.
    let level = asked.max_level_hint().unwrap_or(LevelFilter::TRACE);
    asked.and(filter_fn(is_ours_or_bad).with_max_level_hint(level))
}

/// Other people's code shows in detail what passes through it, whole headers with their cookies among it: it is heard only where
/// something is wrong, whatever `TASKMED_LOG` asks for.
fn is_ours_or_bad(meta: &Metadata<'_>) -> bool {
    meta.target().starts_with("taskmed") || *meta.level() <= Level::WARN
}
