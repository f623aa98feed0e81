//! What is answered. Times are durations in milliseconds unless a name says otherwise; null where nothing can be told.
use schemars::JsonSchema;
use serde::Serialize;

use super::asked::Span;
use crate::{base::Instant, features::health::checks::Verdict};

/// How a stretch of time was.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Metrics {
    /// The stretch.
    pub span: Span,
    /// Seconds from point to point.
    pub step_s: i64,
    /// Its points, oldest first; there is none for times in which the program did not run.
    pub points: Vec<Point>,
    /// Each route that was asked, the busiest first; the stretch is met within ten minutes.
    pub routes: Vec<RouteMetrics>,
}

/// One point: percentiles are those of all its requests together, figures that go up and down the worst of its minutes.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Point {
    /// When it begins.
    pub at: Instant,
    /// Seconds of it in which the program ran.
    pub seconds: u64,
    /// Requests.
    pub requests: u64,
    /// Those that failed by our fault.
    pub errors: u64,
    /// Half of the requests took no longer.
    pub p50_ms: Option<f64>,
    /// 95 of 100.
    pub p95_ms: Option<f64>,
    /// 99 of 100.
    pub p99_ms: Option<f64>,
    /// Most people at work.
    pub people: u64,
    /// Most screens listening.
    pub sse: u64,
    /// The share of looks into caches that found something.
    pub cache_hit_rate: Option<f64>,
    /// Most jobs waiting for a writer.
    pub writer_waiting: u64,
    /// 95 of 100 commits took no longer.
    pub commit_p95_ms: Option<f64>,
    /// Least free disk.
    pub disk_free_bytes: Option<u64>,
    /// Most memory in use.
    pub memory_bytes: Option<u64>,
    /// The share of all processors that was used, from 0 to 1.
    pub cpu_share: Option<f64>,
    /// Greatest age of a clinic's newest copy, in seconds.
    pub backup_age_s: Option<u64>,
}

/// One route.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RouteMetrics {
    /// The method; empty for what fits no route.
    pub method: String,
    /// The path, with parameters as `{id}`.
    pub route: String,
    /// Requests.
    pub requests: u64,
    /// Those that failed by our fault.
    pub errors: u64,
    /// Half of them took no longer.
    pub p50_ms: Option<f64>,
    /// 95 of 100.
    pub p95_ms: Option<f64>,
    /// 99 of 100.
    pub p99_ms: Option<f64>,
    /// 999 of 1000.
    pub p999_ms: Option<f64>,
    /// The longest.
    pub max_ms: Option<f64>,
}

/// How all is now.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Status {
    /// The worst of what the checks of health and the alerts say.
    pub verdict: Verdict,
    /// Alerts that fire and are not silenced.
    pub alerts_firing: usize,
    /// Version of the program.
    pub version: &'static str,
    /// When it started.
    pub started_at: Instant,
    /// Seconds since then.
    pub uptime_s: i64,
    /// People at work, and what the machine carries.
    pub people: People,
    /// Requests of the last minute.
    pub requests: Recent,
    /// The share of looks into caches that found something, in the last minute.
    pub cache_hit_rate: Option<f64>,
    /// The writers of all clinics.
    pub writer: WriterState,
    /// Screens listening for what happens.
    pub sse: u64,
    /// Free disk.
    pub disk_free_bytes: Option<u64>,
    /// Seconds until the TLS certificate ends; null where there is none.
    pub certificate_seconds_left: Option<i64>,
    /// Memory in use.
    pub memory_bytes: Option<u64>,
    /// The share of all processors used in the last minute, from 0 to 1.
    pub cpu_share: Option<f64>,
    /// How far the machine's clock has moved against a steady one since the start, in seconds.
    pub clock_drift_s: f64,
    /// Bytes the kept history takes.
    pub history_bytes: u64,
}

/// People at work: those who did something in the last five minutes.
#[derive(Debug, Serialize, JsonSchema)]
pub struct People {
    /// Now.
    pub now: u64,
    /// People the machine should carry; null while that was not measured.
    pub limit: Option<u64>,
    /// From so many on there is an alert.
    pub alert_at: Option<u64>,
    /// When that was measured.
    pub measured_at: Option<Instant>,
    /// Version of the program that was measured.
    pub measured_version: Option<String>,
}

/// Requests of the last minute.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Recent {
    /// Seconds these figures are of; fewer than 60 just after the start.
    pub seconds: u64,
    /// Each second.
    pub per_second: f64,
    /// Being answered now.
    pub in_flight: i64,
    /// Half of them took no longer.
    pub p50_ms: Option<f64>,
    /// 95 of 100.
    pub p95_ms: Option<f64>,
    /// 99 of 100.
    pub p99_ms: Option<f64>,
    /// The share that failed by our fault, from 0 to 1; null where there were none.
    pub error_rate: Option<f64>,
}

/// Writers.
#[derive(Debug, Serialize, JsonSchema)]
pub struct WriterState {
    /// Whether all of them work.
    pub alive: bool,
    /// Jobs waiting.
    pub waiting: u64,
    /// 95 of 100 commits of the last minute took no longer.
    pub commit_p95_ms: Option<f64>,
}

/// The figures of one clinic, since the program started.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ClinicMetrics {
    /// The clinic.
    pub clinic_id: i64,
    /// Seconds these figures are of.
    pub seconds: i64,
    /// Requests of its people.
    pub requests: u64,
    /// Those that failed by our fault.
    pub errors: u64,
    /// Half of them took no longer.
    pub p50_ms: Option<f64>,
    /// 95 of 100.
    pub p95_ms: Option<f64>,
    /// 99 of 100.
    pub p99_ms: Option<f64>,
    /// The longest.
    pub max_ms: Option<f64>,
    /// People at work now.
    pub people: u64,
    /// Screens listening now.
    pub sse: u64,
    /// Jobs waiting for the writer now.
    pub writer_waiting: u64,
    /// Commits.
    pub commits: u64,
    /// Jobs that shared them.
    pub jobs: u64,
    /// Half of the commits took no longer.
    pub commit_p50_ms: Option<f64>,
    /// 95 of 100.
    pub commit_p95_ms: Option<f64>,
    /// Groups of work that were not committed.
    pub lost_groups: u64,
    /// 95 of 100 readers waited no longer for their place.
    pub reader_wait_p95_ms: Option<f64>,
    /// How long the oldest look waits to be put on record, now.
    pub trail_lag_ms: Option<f64>,
    /// Faults the last verification of the trail found; null while none has ended.
    pub trail_faults: Option<i64>,
    /// People let in.
    pub sign_ins: u64,
    /// Tries refused.
    pub sign_in_failures: u64,
    /// Bytes of the log SQLite writes ahead of its file.
    pub wal_bytes: u64,
    /// The share of looks into its caches that found something.
    pub cache_hit_rate: Option<f64>,
}
