//! Minutes into points to draw. Histograms are merged, so that a percentile of an hour is that of all its requests and never an
//! average of percentiles; of figures that go up and down the worst is shown, so that no trouble is smoothed away.
use super::{
    asked::Span,
    model::{Point, RouteMetrics},
};
use crate::{
    base::Instant,
    telemetry::{
        Counts,
        minute::{Minute, Routes},
        process::processors,
    },
};

/// Minutes as they are merged into points.
#[derive(Debug)]
pub struct Points {
    step: i64,
    merged: Vec<Minute>,
}

impl Points {
    /// No points yet, of a stretch.
    pub fn of(span: Span) -> Self {
        Self { step: span.step(), merged: Vec::new() }
    }

    /// Adds a minute, which is not before those added.
    pub fn add(&mut self, minute: &Minute) {
        let at = minute.at - minute.at.rem_euclid(self.step);
        match self.merged.last_mut().filter(|last| last.at == at) {
            Some(last) => last.merge(minute),
            None => self.merged.push(Minute { at, ..minute.clone() }),
        }
    }

    /// The points, oldest first.
    pub fn told(&self) -> Vec<Point> {
        self.merged.iter().map(point).collect()
    }
}

fn point(minute: &Minute) -> Point {
    Point {
        at: Instant(minute.at),
        seconds: minute.seconds,
        requests: minute.times.count(),
        errors: minute.errors,
        p50_ms: ms(&minute.times, 0.5),
        p95_ms: ms(&minute.times, 0.95),
        p99_ms: ms(&minute.times, 0.99),
        people: minute.people,
        sse: minute.sse,
        cache_hit_rate: rate(minute.hits, minute.misses),
        writer_waiting: minute.writer_waiting,
        commit_p95_ms: ms(&minute.commits, 0.95),
        disk_free_bytes: minute.disk_free_bytes,
        memory_bytes: minute.memory_bytes,
        cpu_share: cpu_share(minute),
        backup_age_s: minute.backup_age_s,
    }
}

/// Each route, the busiest first.
pub fn routes(routes: Routes) -> Vec<RouteMetrics> {
    let told = |share: crate::telemetry::minute::RouteShare| RouteMetrics {
        requests: share.times.count(),
        errors: share.errors,
        p50_ms: ms(&share.times, 0.5),
        p95_ms: ms(&share.times, 0.95),
        p99_ms: ms(&share.times, 0.99),
        p999_ms: ms(&share.times, 0.999),
        max_ms: share.times.greatest().map(in_ms),
        method: share.method,
        route: share.route,
    };
    let mut all: Vec<RouteMetrics> = routes.of.into_iter().map(told).collect();
    all.sort_by_key(|route| std::cmp::Reverse(route.requests));
    all
}

/// A percentile of durations, in milliseconds.
pub fn ms(counts: &Counts, share: f64) -> Option<f64> {
    counts.percentile(share).map(in_ms)
}

/// Nanoseconds in milliseconds, to the microsecond.
pub fn in_ms(nanoseconds: u64) -> f64 {
    (nanoseconds as f64 / 1000.0).round() / 1000.0
}

/// The share of `hits`; none where there were no looks.
pub fn rate(hits: u64, misses: u64) -> Option<f64> {
    let all = hits + misses;
    (all > 0).then(|| (hits as f64 / all as f64 * 10_000.0).round() / 10_000.0)
}

/// The share of all processors that was used.
pub fn cpu_share(minute: &Minute) -> Option<f64> {
    let share = minute.cpu_ms as f64 / 1000.0 / minute.seconds as f64 / processors();
    (minute.seconds > 0).then(|| (share.clamp(0.0, 1.0) * 10_000.0).round() / 10_000.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::telemetry::Histogram;

    const NOON: i64 = 1_795_521_600;

    fn minute(at: i64, ms: u64, requests: u64) -> Minute {
        let times = Histogram::default();
        (0..requests).for_each(|_| times.record(ms * 1_000_000));
        Minute { at, seconds: 60, times: times.counts(), people: ms, hits: 3, misses: 1, ..Minute::default() }
    }

    fn points(span: Span, minutes: &[Minute]) -> Vec<Point> {
        let mut points = Points::of(span);
        minutes.iter().for_each(|minute| points.add(minute));
        points.told()
    }

    #[test]
    fn a_bad_minute_is_still_seen_in_the_hour() {
        let mut minutes: Vec<_> = (0..60).map(|n| minute(NOON + n * 60, 2, 100)).collect();
        minutes[30] = minute(NOON + 30 * 60, 900, 500);
        let hour = points(Span::Month, &minutes);
        assert_eq!((hour.len(), hour[0].requests, hour[0].seconds, hour[0].people), (1, 6400, 3600, 900));
        // 500 of 6,400 requests were slow: the 95th percentile is theirs.
        assert!(hour[0].p95_ms.unwrap() > 880.0 && hour[0].p50_ms.unwrap() < 2.1, "{hour:?}");
        assert_eq!(hour[0].cache_hit_rate, Some(0.75));
        assert_eq!(points(Span::Hour, &minutes).len(), 60);
        assert_eq!(points(Span::Day, &minutes).len(), 12);
    }

    #[test]
    fn where_the_program_did_not_run_there_is_no_point() {
        let minutes = vec![minute(NOON, 1, 1), minute(NOON + 7200, 1, 0)];
        let points = points(Span::Month, &minutes);
        let told: Vec<_> = points.iter().map(|p| (p.at.0 - NOON, p.requests, p.p50_ms.is_some())).collect();
        assert_eq!(told, [(0, 1, true), (7200, 0, false)]);
    }
}
