//! The figures of each clinic, under its number.
use std::sync::Arc;

use crate::{
    db::Clinic,
    telemetry::{Counts, Histogram, exposition::Exposition},
};

type Figure = (&'static str, &'static str, fn(&Clinic) -> Option<f64>);
type Times = (&'static str, &'static str, fn(&Clinic) -> &Histogram);

const COUNTERS: [Figure; 5] =
    [
        ("taskmed_clinic_request_errors_total", "Requests that failed by our fault.", |c| {
            Some(c.meter().errors.get() as f64)
        }),
        ("taskmed_sign_ins_total", "People let in.", |c| Some(c.meter().sign_ins.get() as f64)),
        ("taskmed_sign_ins_refused_total", "Sign-ins refused.", |c| {
            Some(c.meter().sign_in_failures.get() as f64)
        }),
        ("taskmed_writer_groups_lost_total", "Groups of work that were not committed.", |c| {
            Some(c.meter().lost_groups.get() as f64)
        }),
        ("taskmed_backup_failures_total", "Copies that were not made.", |c| {
            Some(c.meter().backups.failures.get() as f64)
        }),
    ];

const GAUGES: [Figure; 11] = [
    ("taskmed_writer_waiting_jobs", "Jobs waiting for the writer.", |c| Some(c.writer().waiting() as f64)),
    ("taskmed_writer_up", "Whether the writer works.", |c| Some(f64::from(u8::from(c.writer().is_alive())))),
    ("taskmed_sqlite_wal_bytes", "Bytes of the log SQLite writes ahead of its file.", |c| {
        Some(c.wal_bytes() as f64)
    }),
    ("taskmed_trail_lag_seconds", "How long the oldest look waits to be put on record.", |c| {
        Some(c.writer().trail_lag().map_or(0.0, |lag| lag.as_secs_f64()))
    }),
    ("taskmed_trail_faults", "Faults the last verification of the trail found.", |c| {
        c.meter().chain_faults().map(|faults| faults as f64)
    }),
    ("taskmed_backup_last_success_timestamp_seconds", "When the newest copy was made.", |c| {
        c.meter().backups.last_success().map(|at| at as f64)
    }),
    ("taskmed_backup_duration_seconds", "How long the last copy took.", |c| {
        c.meter().backups.last_success().map(|_| c.meter().backups.took_ms.get() as f64 / 1000.0)
    }),
    (
        "taskmed_backup_size_bytes",
        "Bytes of the newest copy.",
        |c| Some(c.meter().backups.bytes.get() as f64),
    ),
    ("taskmed_backup_copies", "Copies there are.", |c| Some(c.meter().backups.copies.get() as f64)),
    (
        "taskmed_backup_drill_timestamp_seconds",
        "When the newest copy was last brought back into nowhere.",
        |c| c.meter().backups.last_drill().map(|at| at as f64),
    ),
    ("taskmed_backup_drill_failed", "Whether that failed.", |c| {
        c.meter().backups.drill_failed().map(|failed| failed as f64)
    }),
];

const TIMES: [Times; 4] = [
    ("taskmed_clinic_request_duration_seconds", "How long requests of its people took.", |c| {
        &c.meter().requests
    }),
    ("taskmed_writer_commit_duration_seconds", "How long commits took.", |c| &c.meter().commits),
    ("taskmed_writer_group_duration_seconds", "How long groups took, work and commit.", |c| {
        &c.meter().groups
    }),
    ("taskmed_reader_wait_duration_seconds", "How long readers waited for their place.", |c| {
        &c.meter().reader_wait
    }),
];

/// All clinics.
pub(super) fn clinics(out: &mut Exposition, clinics: &[Arc<Clinic>]) {
    let named: Vec<(String, &Arc<Clinic>)> =
        clinics.iter().map(|clinic| (clinic.id().to_string(), clinic)).collect();
    let tell = |out: &mut Exposition, figure: fn(&Clinic) -> Option<f64>| {
        for (id, clinic) in &named {
            if let Some(value) = figure(clinic) {
                out.value(&[("clinic", id)], value);
            }
        }
    };
    for (name, help, figure) in COUNTERS {
        out.counter(name, help);
        tell(out, figure);
    }
    for (name, help, figure) in GAUGES {
        out.gauge(name, help);
        tell(out, figure);
    }
    for (name, help, histogram) in TIMES {
        out.histogram(name, help);
        named.iter().for_each(|(id, clinic)| out.times(&[("clinic", id)], &histogram(clinic).counts()));
    }
    groups(out, &named);
    caches(out, &named);
}

/// Work that shared commits: jobs and groups, whose quotient is the mean size.
fn groups(out: &mut Exposition, named: &[(String, &Arc<Clinic>)]) {
    let counts: Vec<(&str, Counts)> =
        named.iter().map(|(id, clinic)| (id.as_str(), clinic.meter().group_jobs.counts())).collect();
    out.counter("taskmed_writer_groups_total", "Groups of work, each with one commit.");
    counts.iter().for_each(|(id, counts)| out.value(&[("clinic", id)], counts.count() as f64));
    out.counter("taskmed_writer_jobs_total", "Jobs in those groups.");
    counts.iter().for_each(|(id, counts)| out.value(&[("clinic", id)], counts.sum() as f64));
}

fn caches(out: &mut Exposition, named: &[(String, &Arc<Clinic>)]) {
    out.counter("taskmed_cache_lookups_total", "Looks into what is kept in memory.");
    for (id, clinic) in named {
        for (domain, hits, misses) in clinic.looks() {
            for (result, count) in [("hit", hits), ("miss", misses)] {
                out.value(&[("clinic", id), ("domain", domain), ("result", result)], count as f64);
            }
        }
    }
    out.gauge("taskmed_cache_bytes", "Bytes of encoded answers kept.");
    named.iter().for_each(|(id, clinic)| out.value(&[("clinic", id)], clinic.answers_bytes() as f64));
}
