//! What is counted while work is done: one atomic addition, no lock, nothing allocated. A program built with
//! `--cfg taskmed_unmeasured` counts nothing, to tell what counting costs.
use std::{
    sync::atomic::{AtomicI64, AtomicU64, Ordering},
    time::{Duration, Instant},
};

/// Whether this program measures itself.
pub const MEASURED: bool = !cfg!(taskmed_unmeasured);

/// A count that only grows.
#[derive(Debug, Default)]
pub struct Counter(AtomicU64);

impl Counter {
    /// A counter at nought.
    pub const fn new() -> Self {
        Self(AtomicU64::new(0))
    }

    /// Counts one.
    pub fn one(&self) {
        self.add(1);
    }

    /// Counts `n`.
    pub fn add(&self, n: u64) {
        if MEASURED {
            self.0.fetch_add(n, Ordering::Relaxed);
        }
    }

    /// The count so far.
    pub fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// A figure that goes up and down.
#[derive(Debug, Default)]
pub struct Gauge(AtomicI64);

impl Gauge {
    /// A gauge at nought.
    pub const fn new() -> Self {
        Self(AtomicI64::new(0))
    }

    /// One more until what is returned is dropped.
    pub fn enter(&self) -> Inside<'_> {
        self.move_by(1);
        Inside(self)
    }

    /// Sets it.
    pub fn set(&self, value: i64) {
        self.0.store(value, Ordering::Relaxed);
    }

    /// The figure now.
    pub fn get(&self) -> i64 {
        self.0.load(Ordering::Relaxed)
    }

    fn move_by(&self, n: i64) {
        if MEASURED {
            self.0.fetch_add(n, Ordering::Relaxed);
        }
    }
}

/// Counted in a [`Gauge`] while it lives.
#[derive(Debug)]
pub struct Inside<'a>(&'a Gauge);

impl Drop for Inside<'_> {
    fn drop(&mut self) {
        self.0.move_by(-1);
    }
}

/// Time that passes; none in a program that does not measure.
#[derive(Debug, Clone, Copy)]
pub struct Stopwatch(Option<Instant>);

impl Stopwatch {
    /// Starts it.
    pub fn start() -> Self {
        Self(MEASURED.then(Instant::now))
    }

    /// What has passed since.
    pub fn elapsed(self) -> Duration {
        self.0.map_or(Duration::ZERO, |at| at.elapsed())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_is_inside_is_counted_until_they_leave() {
        let gauge = Gauge::new();
        let first = gauge.enter();
        {
            let _second = gauge.enter();
            assert_eq!(gauge.get(), 2);
        }
        assert_eq!(gauge.get(), 1);
        drop(first);
        assert_eq!(gauge.get(), 0);
    }
}
