//! Logs: one line per event with the request's id, human on a terminal, JSON in daily files kept 14 days. Used by every layer,
//! knows none. Never patient data: what is logged is codes, ids and figures.
use std::{io::IsTerminal, path::Path};

use tracing_appender::{
    non_blocking::WorkerGuard,
    rolling::{RollingFileAppender, Rotation},
};
use tracing_subscriber::{EnvFilter, Layer, layer::SubscriberExt, util::SubscriberInitExt};

const KEPT_DAYS: usize = 14;

/// Starts logging into `folder`, and to a terminal if there is one. Keep the guard until the program ends: it writes the rest.
pub fn start(folder: &Path) -> Option<WorkerGuard> {
    // The appender complains on standard error about a folder that is not there yet.
    std::fs::create_dir_all(folder).ok()?;
    let appender = RollingFileAppender::builder()
        .rotation(Rotation::DAILY)
        .filename_prefix("taskmed")
        .filename_suffix("jsonl")
        .max_log_files(KEPT_DAYS)
        .build(folder)
        .ok()?;
    let (writer, guard) = tracing_appender::non_blocking(appender);
    let file = tracing_subscriber::fmt::layer()
        .json()
        .flatten_event(true)
        .with_writer(writer)
        .with_filter(filter("info"));
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

fn filter(usual: &str) -> EnvFilter {
    EnvFilter::try_from_env("TASKMED_LOG").unwrap_or_else(|_| EnvFilter::new(usual))
}
