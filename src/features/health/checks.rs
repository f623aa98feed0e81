//! The checks behind health: each asks the real thing.
use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    access::{Grant, permissions::OwnSession},
    base::Instant,
    choices,
    db::Clinic,
    web::Context,
};

/// Below this the disk is nearly full.
const LOW_DISK_BYTES: u64 = 1 << 30;
/// Below this writes will soon be refused.
const FULL_DISK_BYTES: u64 = 64 << 20;
/// A certificate that ends sooner than this was not renewed as it should have been.
const CERTIFICATE_SECONDS: i64 = 7 * 24 * 3600;

choices! {
    /// A verdict, from good to bad.
    #[derive(PartialOrd, Ord)]
    Verdict {
        /// All is well.
        Healthy = "healthy",
        /// Works, but someone should look.
        Degraded = "degraded",
        /// Does not work.
        Unhealthy = "unhealthy",
    }
}

/// One check.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Check {
    /// Its verdict.
    pub status: Verdict,
    /// The figure behind it, where there is one: bytes, jobs or seconds, as the name says.
    pub value: Option<i64>,
}

/// All checks.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Health {
    /// The worst verdict.
    pub status: Verdict,
    /// Version of the program.
    pub version: &'static str,
    /// Seconds since it started.
    pub uptime_s: i64,
    /// Each check by name: `database`, `writer`, `disk_free_bytes`, `certificate_seconds_left`.
    pub checks: BTreeMap<&'static str, Check>,
}

/// Asks everything.
pub async fn run(context: &Context) -> Health {
    let now = context.clock().now();
    let mut checks = BTreeMap::new();
    let clinics = context.clinics().all();
    let mut database = Verdict::Healthy;
    for clinic in &clinics {
        database = database.max(writable(clinic).await);
    }
    let writers_live = clinics.iter().all(|clinic| clinic.writer().is_alive());
    let waiting: usize = clinics.iter().map(|clinic| clinic.writer().waiting()).sum();
    checks.insert("database", Check { status: database, value: None });
    checks.insert("writer", Check { status: writer(writers_live, waiting), value: i64::try_from(waiting).ok() });
    checks.insert("disk_free_bytes", disk(context.machine.free_bytes()));
    if let Some(end) = context.machine.certificate_expires_at() {
        checks.insert("certificate_seconds_left", certificate(end, now));
    }
    let status = checks.values().map(|check| check.status).max().unwrap_or(Verdict::Healthy);
    Health { status, version: env!("CARGO_PKG_VERSION"), uptime_s: now.0 - context.started.0, checks }
}

/// A transaction of the real writer on the real file, which also drops remembered answers that are a day old.
async fn writable(clinic: &std::sync::Arc<Clinic>) -> Verdict {
    let grant = Grant::<OwnSession>::of_program(std::sync::Arc::clone(clinic), "health");
    let written = grant.housekeep(|tx| {
        let day_ago = tx.now().0 - 24 * 3600;
        tx.run("delete from idempotency where at <= ?1", [day_ago])
    });
    match written.await {
        Ok(_) => Verdict::Healthy,
        Err(error) => {
            tracing::error!(%error, "the clinic's file cannot be written");
            Verdict::Unhealthy
        }
    }
}

fn writer(alive: bool, waiting: usize) -> Verdict {
    match (alive, waiting) {
        (false, _) => Verdict::Unhealthy,
        (true, 2048..) => Verdict::Degraded,
        (true, _) => Verdict::Healthy,
    }
}

fn disk(free: Option<u64>) -> Check {
    let status = match free {
        Some(..FULL_DISK_BYTES) => Verdict::Unhealthy,
        Some(..LOW_DISK_BYTES) | None => Verdict::Degraded,
        Some(_) => Verdict::Healthy,
    };
    Check { status, value: free.and_then(|bytes| i64::try_from(bytes).ok()) }
}

fn certificate(end: Instant, now: Instant) -> Check {
    let left = end.0 - now.0;
    let status = match left {
        ..0 => Verdict::Unhealthy,
        0..CERTIFICATE_SECONDS => Verdict::Degraded,
        _ => Verdict::Healthy,
    };
    Check { status, value: Some(left) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verdicts_follow_the_figures() {
        assert_eq!(disk(Some(10 << 30)).status, Verdict::Healthy);
        assert_eq!(disk(Some(500 << 20)).status, Verdict::Degraded);
        assert_eq!(disk(Some(1 << 20)).status, Verdict::Unhealthy);
        assert_eq!(writer(true, 3), Verdict::Healthy);
        assert_eq!(writer(true, 4000), Verdict::Degraded);
        assert_eq!(writer(false, 0), Verdict::Unhealthy);
        assert_eq!(certificate(Instant(100), Instant(200)).status, Verdict::Unhealthy);
        assert_eq!(certificate(Instant(3600), Instant(0)).status, Verdict::Degraded);
        assert!(<Verdict as crate::base::Choice>::ALL.is_sorted());
    }
}
