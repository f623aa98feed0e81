//! The only source of the current time, so that tests can drive it.
use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use jiff::Timestamp;

use super::Instant;

/// Tells the time in whole seconds: the machine's, or a test's.
#[derive(Clone, Debug, Default)]
pub struct Clock(Option<Arc<AtomicI64>>);

impl Clock {
    /// The machine's clock.
    pub fn system() -> Self {
        Self(None)
    }

    /// A clock that stands at `at` until moved.
    pub fn standing_at(at: Instant) -> Self {
        Self(Some(Arc::new(AtomicI64::new(at.0))))
    }

    /// Moves a standing clock on; the machine's clock is left alone.
    pub fn advance(&self, seconds: i64) {
        if let Some(at) = &self.0 {
            at.fetch_add(seconds, Ordering::SeqCst);
        }
    }

    /// Seconds since 1970 in UTC.
    pub fn seconds(&self) -> i64 {
        match &self.0 {
            Some(at) => at.load(Ordering::SeqCst),
            None => Timestamp::now().as_second(),
        }
    }

    /// The current time, to the second.
    pub fn now(&self) -> Instant {
        Instant(self.seconds())
    }
}
