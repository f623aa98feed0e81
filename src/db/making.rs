//! How long making an answer took of late. Handing work to another thread and being woken by it costs more than making a day's
//! agenda of rows that are kept; a clinic whose pages have to be read and deciphered first is worth the thread.
use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};

/// What takes no longer is made where it is asked for: requests behind it on this thread wait so long.
const QUICK: Duration = Duration::from_micros(400);

/// The longest of late, in nanoseconds: each one after it that is quicker makes it an eighth less.
#[derive(Debug)]
pub(super) struct Making(AtomicU64);

impl Making {
    /// Nothing has been made yet, so nothing is cached and the first takes long.
    pub fn new() -> Self {
        Self(AtomicU64::new(2 * nanos(QUICK)))
    }

    /// Whether the next is expected to be quick.
    pub fn is_quick(&self) -> bool {
        self.0.load(Ordering::Relaxed) <= nanos(QUICK)
    }

    /// Makes something and takes its time.
    pub fn time<T>(&self, make: impl FnOnce() -> T) -> T {
        let started = Instant::now();
        let made = make();
        self.took(started.elapsed());
        made
    }

    fn took(&self, took: Duration) {
        let longest = self.0.load(Ordering::Relaxed);
        self.0.store(nanos(took).max(longest - longest / 8), Ordering::Relaxed);
    }
}

fn nanos(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_that_takes_long_is_remembered_for_a_while_and_then_forgotten() {
        let making = Making::new();
        assert!(!making.is_quick(), "the first has nothing to go by");
        (0..8).for_each(|_| making.took(Duration::from_micros(50)));
        assert!(making.is_quick());
        making.took(Duration::from_millis(3));
        assert!(!making.is_quick());
        (0..10).for_each(|_| making.took(Duration::from_micros(50)));
        assert!(!making.is_quick());
        (0..10).for_each(|_| making.took(Duration::from_micros(50)));
        assert!(making.is_quick());
    }
}
