//! The checks behind health: each asks the real thing.
use std::{collections::BTreeMap, sync::Arc};

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

/// A copy older than this is too old.
const DAY_SECONDS: i64 = 24 * 3600;

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
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Check {
    /// Its verdict.
    pub status: Verdict,
    /// The figure behind it, where there is one: bytes, jobs or seconds, as the name says.
    pub value: Option<i64>,
}

/// The state, and for those who may see it what it is made of.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Health {
    /// The worst verdict.
    pub status: Verdict,
    /// Version of the program; null, as all that follows, for whoever may not see more than the state.
    pub version: Option<&'static str>,
    /// Seconds since it started.
    pub uptime_s: Option<i64>,
    /// Each check by name: `database`, `writer`, `disk_free_bytes`, `certificate_seconds_left`, `chain`, `backups`, and `clinics_failed` where there
    /// are such.
    pub checks: Option<BTreeMap<&'static str, Check>>,
    /// Numbers of the clinics whose files are there and cannot be opened.
    pub failed_clinics: Option<Vec<i64>>,
}

impl Health {
    /// What everybody may know.
    #[must_use]
    pub fn short(&self) -> Self {
        Self { status: self.status, version: None, uptime_s: None, checks: None, failed_clinics: None }
    }
}

/// Asks everything.
pub async fn run(context: &Context) -> Health {
    let now = context.clock().now();
    let clinics = context.clinics();
    let (open, failed) = (clinics.all(), clinics.failed());
    let mut checks = BTreeMap::new();
    let mut database = Verdict::Healthy;
    for clinic in &open {
        database = database.max(writable(clinic).await);
    }
    let waiting: usize = open.iter().map(|clinic| clinic.writer().waiting()).sum();
    checks.insert("database", Check { status: database, value: None });
    checks.insert("writer", Check { status: writer(all_alive(&open), waiting), value: number(waiting) });
    checks.insert("disk_free_bytes", disk(context.machine.free_bytes()));
    if let Some(end) = context.machine.certificate_expires_at() {
        checks.insert("certificate_seconds_left", certificate(end, now));
    }
    checks.insert("chain", chain(&open, now));
    checks.insert("backups", backups(&open, now));
    if !failed.is_empty() {
        checks.insert("clinics_failed", unopened(open.len(), failed.len()));
    }
    Health {
        status: checks.values().map(|check| check.status).max().unwrap_or(Verdict::Healthy),
        version: Some(env!("CARGO_PKG_VERSION")),
        uptime_s: Some(now.0 - context.started.0),
        checks: Some(checks),
        failed_clinics: Some(failed.keys().copied().collect()),
    }
}

/// What can be told without asking anything to work: for those who ask every second.
pub fn glance(context: &Context) -> Verdict {
    let clinics = context.clinics();
    let (open, failed) = (clinics.all(), clinics.failed());
    let disk = disk(context.machine.free_bytes()).status;
    let opened = if failed.is_empty() { Verdict::Healthy } else { unopened(open.len(), failed.len()).status };
    writer(all_alive(&open), 0).max(disk).max(opened)
}

fn all_alive(clinics: &[Arc<Clinic>]) -> bool {
    clinics.iter().all(|clinic| clinic.writer().is_alive())
}

fn number(count: usize) -> Option<i64> {
    i64::try_from(count).ok()
}

/// What the trails' own verifications found; the figure is the age of the oldest in seconds, none before the first.
fn chain(clinics: &[Arc<Clinic>], now: Instant) -> Check {
    let found: Vec<_> = clinics.iter().map(|clinic| clinic.proven()).collect();
    let broken = found.iter().any(|found| !found.faults.is_empty());
    let oldest = found.iter().filter_map(|found| found.at).min();
    // The clinic can work on; its owner is told on every screen.
    let status = if broken { Verdict::Degraded } else { Verdict::Healthy };
    Check { status, value: oldest.map(|at| now.0 - at.0) }
}

/// The figure is the age in seconds of the oldest of the clinics' newest copies; none before there is one.
fn backups(clinics: &[Arc<Clinic>], now: Instant) -> Check {
    let meters = clinics.iter().map(|clinic| &clinic.meter().backups);
    let failing = meters.clone().any(|copies| copies.failure().is_some() || copies.drill_failed() == Some(1));
    let old = meters.clone().any(|copies| copies.age(now.0).is_some_and(|age| age > DAY_SECONDS));
    let oldest = meters.filter_map(|copies| copies.last_success()).min().map(|at| now.0 - at);
    // The clinic works on; the alerts say since when and what to do.
    Check { status: if failing || old { Verdict::Degraded } else { Verdict::Healthy }, value: oldest }
}

/// While one clinic works the program does; where none does it does not.
fn unopened(open: usize, failed: usize) -> Check {
    let status = if open == 0 { Verdict::Unhealthy } else { Verdict::Degraded };
    Check { status, value: number(failed) }
}

/// A transaction of the real writer on the real file, which also drops remembered answers that are a day old.
async fn writable(clinic: &Arc<Clinic>) -> Verdict {
    let grant = Grant::<OwnSession>::of_program(Arc::clone(clinic), "health");
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
