//! What is measured of the copies of one clinic.
use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use super::count::{Counter, Gauge};

/// Not known.
const UNKNOWN: i64 = i64::MIN;

/// Copies of one clinic. Times are seconds since 1970.
#[derive(Debug)]
pub struct BackupMeter {
    /// When the clinic was founded.
    founded: AtomicI64,
    /// When the newest copy was made.
    last: AtomicI64,
    /// When the newest copy was last brought back into nowhere.
    drilled: AtomicI64,
    /// Whether that failed.
    drill_failed: AtomicI64,
    /// How long the last copy took, in milliseconds.
    pub took_ms: Gauge,
    /// Bytes of the newest copy.
    pub bytes: Gauge,
    /// Copies there are.
    pub copies: Gauge,
    /// Copies that were not made, since the start.
    pub failures: Counter,
    failing: Mutex<Option<&'static str>>,
}

impl Default for BackupMeter {
    fn default() -> Self {
        let unknown = || AtomicI64::new(UNKNOWN);
        Self {
            founded: unknown(),
            last: unknown(),
            drilled: unknown(),
            drill_failed: unknown(),
            took_ms: Gauge::new(),
            bytes: Gauge::new(),
            copies: Gauge::new(),
            failures: Counter::new(),
            failing: Mutex::default(),
        }
    }
}

impl BackupMeter {
    /// The clinic is as old as this.
    pub fn founded(&self, at: i64) {
        self.founded.store(at, Ordering::Relaxed);
    }

    /// So many copies are there; the newest was made at a time and has so many bytes.
    pub fn found(&self, copies: usize, newest: Option<(i64, u64)>) {
        let (last, bytes) = newest.map_or((UNKNOWN, 0), |(at, bytes)| (at, bytes));
        self.last.store(last, Ordering::Relaxed);
        self.bytes.set(i64::try_from(bytes).unwrap_or(i64::MAX));
        self.copies.set(i64::try_from(copies).unwrap_or(i64::MAX));
    }

    /// A copy was made.
    pub fn made(&self, took: Duration) {
        self.took_ms.set(i64::try_from(took.as_millis()).unwrap_or(i64::MAX));
        *self.failing() = None;
    }

    /// A copy was not made, for a reason that has a code.
    pub fn failed(&self, code: &'static str) {
        self.failures.one();
        *self.failing() = Some(code);
    }

    /// Why the last copy was not made; none where it was.
    pub fn failure(&self) -> Option<&'static str> {
        *self.failing()
    }

    /// A copy was brought back into nowhere, or could not be.
    pub fn drilled(&self, at: i64, failed: bool) {
        self.drilled.store(at, Ordering::Relaxed);
        self.drill_failed.store(i64::from(failed), Ordering::Relaxed);
    }

    /// When the newest copy was made.
    pub fn last_success(&self) -> Option<i64> {
        known(&self.last)
    }

    /// How old the newest copy is at `now`, in seconds; of a clinic without one how old it is itself.
    pub fn age(&self, now: i64) -> Option<i64> {
        known(&self.last).or_else(|| known(&self.founded)).map(|since| now - since)
    }

    /// When the last drill was.
    pub fn last_drill(&self) -> Option<i64> {
        known(&self.drilled)
    }

    /// 1 where the last drill failed, 0 where it did not.
    pub fn drill_failed(&self) -> Option<i64> {
        known(&self.drill_failed)
    }

    fn failing(&self) -> std::sync::MutexGuard<'_, Option<&'static str>> {
        self.failing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn known(value: &AtomicI64) -> Option<i64> {
    Some(value.load(Ordering::Relaxed)).filter(|value| *value != UNKNOWN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clinic_without_a_copy_is_as_old_as_itself() {
        let meter = BackupMeter::default();
        assert_eq!(meter.age(1000), None);
        meter.founded(100);
        assert_eq!(meter.age(1000), Some(900));
        meter.found(2, Some((990, 5)));
        assert_eq!((meter.age(1000), meter.last_success(), meter.copies.get()), (Some(10), Some(990), 2));
        meter.failed("storage_full");
        assert_eq!((meter.failure(), meter.failures.get()), (Some("storage_full"), 1));
        meter.made(Duration::from_millis(7));
        assert_eq!((meter.failure(), meter.took_ms.get()), (None, 7));
    }
}
