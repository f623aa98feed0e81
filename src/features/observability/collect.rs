//! Reads every meter of the program: for the answer that says how all is now, for the history, and for the alerts.
use std::sync::Arc;

use super::{model, points, states, store};
use crate::{
    access::{Grant, permissions::ViewHealth},
    base::Instant,
    db::Clinic,
    telemetry::{Counts, minute::Minute},
    web::Context,
};

/// How many people are at work in a clinic; none where it cannot be read now.
pub async fn people_of(clinic: &Arc<Clinic>) -> u64 {
    let grant = Grant::<ViewHealth>::of_program(Arc::clone(clinic), "observability");
    grant.read(store::people_at_work).await.unwrap_or(0)
}

/// A reading: counts since the start, figures as they are.
pub async fn reading(context: &Context) -> Minute {
    let clinics = context.clinics().all();
    let (mut people, mut commits) = (0, Counts::default());
    for clinic in &clinics {
        people += people_of(clinic).await;
        commits.merge(&clinic.meter().commits.counts());
    }
    let looks = clinics.iter().flat_map(|clinic| clinic.looks());
    let (hits, misses) = looks.fold((0, 0), |(hits, misses), (_, hit, miss)| (hits + hit, misses + miss));
    let observatory = &context.observatory;
    let usage = observatory.usage();
    Minute {
        at: context.clock().seconds(),
        seconds: 0,
        times: observatory.meter.all().times.counts(),
        errors: observatory.meter.all().errors.get(),
        commits,
        people,
        sse: listeners(&clinics),
        hits,
        misses,
        writer_waiting: waiting(&clinics),
        disk_free_bytes: context.machine.free_bytes(),
        memory_bytes: usage.memory_bytes,
        cpu_ms: usage.cpu_seconds.map_or(0, |seconds| (seconds * 1000.0) as u64),
        backup_age_s: backup_age(&clinics, context.clock().seconds()),
    }
}

/// The age of the newest copy of the clinic that has gone longest without one, in seconds.
fn backup_age(clinics: &[Arc<Clinic>], now: i64) -> Option<u64> {
    let ages = clinics.iter().filter_map(|clinic| clinic.meter().backups.age(now));
    ages.max().and_then(|age| u64::try_from(age).ok())
}

/// What happened in the last minute; before the first one is over all there was since the start.
pub fn recent(context: &Context, reading: &Minute) -> Minute {
    let window = context.observatory.window();
    if window.seconds > 0 {
        return window;
    }
    let seconds = u64::try_from(reading.at - context.started.0).unwrap_or(0).max(1);
    Minute { seconds, ..reading.clone() }
}

/// Requests of a stretch.
pub fn requests(recent: &Minute, in_flight: i64) -> model::Recent {
    let requests = recent.times.count();
    model::Recent {
        seconds: recent.seconds,
        per_second: (requests as f64 / recent.seconds as f64 * 100.0).round() / 100.0,
        in_flight,
        p50_ms: points::ms(&recent.times, 0.5),
        p95_ms: points::ms(&recent.times, 0.95),
        p99_ms: points::ms(&recent.times, 0.99),
        error_rate: points::rate(recent.errors, requests.saturating_sub(recent.errors)),
    }
}

/// The figures of one clinic.
pub async fn of_clinic(clinic: &Arc<Clinic>, seconds: i64) -> model::ClinicMetrics {
    let meter = clinic.meter();
    let (requests, commits, jobs) =
        (meter.requests.counts(), meter.commits.counts(), meter.group_jobs.counts());
    let (hits, misses) =
        clinic.looks().into_iter().fold((0, 0), |(hits, misses), (_, hit, miss)| (hits + hit, misses + miss));
    model::ClinicMetrics {
        clinic_id: clinic.id(),
        seconds,
        requests: requests.count(),
        errors: meter.errors.get(),
        p50_ms: points::ms(&requests, 0.5),
        p95_ms: points::ms(&requests, 0.95),
        p99_ms: points::ms(&requests, 0.99),
        max_ms: requests.greatest().map(points::in_ms),
        people: people_of(clinic).await,
        sse: clinic.listeners() as u64,
        writer_waiting: clinic.writer().waiting() as u64,
        commits: commits.count(),
        jobs: jobs.sum(),
        commit_p50_ms: points::ms(&commits, 0.5),
        commit_p95_ms: points::ms(&commits, 0.95),
        lost_groups: meter.lost_groups.get(),
        reader_wait_p95_ms: points::ms(&meter.reader_wait.counts(), 0.95),
        trail_lag_ms: clinic.writer().trail_lag().map(|lag| (lag.as_secs_f64() * 1000.0).round()),
        trail_faults: meter.chain_faults(),
        sign_ins: meter.sign_ins.get(),
        sign_in_failures: meter.sign_in_failures.get(),
        wal_bytes: clinic.wal_bytes(),
        cache_hit_rate: points::rate(hits, misses),
    }
}

/// What is kept in memory for a clinic.
pub fn caches(context: &Context, clinic: &Clinic) -> states::Caches {
    let holdings = clinic.holdings();
    let domain = |(domain, hits, misses): (&'static str, u64, u64)| {
        let holding = holdings.iter().find(|holding| holding.domain == domain);
        let sessions = (domain == "sessions").then(|| context.remembered_sessions());
        let sized = (domain != "sessions").then_some(holding);
        states::CacheDomain {
            domain,
            hits,
            misses,
            hit_rate: points::rate(hits, misses),
            entries: sessions.unwrap_or(holding.map_or(0, |holding| holding.entries)),
            bytes: sized.map(|holding| holding.map_or(0, |holding| holding.bytes)),
            bound_bytes: sized
                .map(|holding| holding.map_or(clinic.answers_bound(), |holding| holding.bound_bytes)),
        }
    };
    let domains: Vec<_> = clinic.looks().into_iter().map(domain).collect();
    let (hits, misses) = domains.iter().fold((0, 0), |(hits, misses), d| (hits + d.hits, misses + d.misses));
    states::Caches { hit_rate: points::rate(hits, misses), domains }
}

/// Seconds until the TLS certificate ends; none where there is none.
pub fn certificate_seconds_left(context: &Context) -> Option<i64> {
    let Instant(end) = context.machine.certificate_expires_at()?;
    Some(end - context.clock().seconds())
}

/// Jobs that wait for all writers.
pub fn waiting(clinics: &[Arc<Clinic>]) -> u64 {
    clinics.iter().map(|clinic| clinic.writer().waiting() as u64).sum()
}

/// Screens that listen in all clinics.
pub fn listeners(clinics: &[Arc<Clinic>]) -> u64 {
    clinics.iter().map(|clinic| clinic.listeners() as u64).sum()
}
