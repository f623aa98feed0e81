//! How fast a long reading goes: all it can, or so that whoever works beside it is not slowed down.
use std::{
    thread::sleep,
    time::{Duration, Instant},
};

/// The longest stretch of work between two rests.
const STRETCH: Duration = Duration::from_millis(4);

/// How fast it goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    /// Without a rest: somebody waits, and nobody else works.
    Full,
    /// With a rest as long as each stretch of work: half of one processor at most.
    Gentle,
}

/// Rests where the pace asks for it.
#[derive(Debug)]
pub(super) struct Step {
    pace: Pace,
    since: Instant,
}

impl Step {
    pub fn at(pace: Pace) -> Self {
        Self { pace, since: Instant::now() }
    }

    /// To be called between small pieces of work.
    pub fn rest(&mut self) {
        let worked = self.since.elapsed();
        if self.pace == Pace::Gentle && worked >= STRETCH {
            sleep(worked.min(10 * STRETCH));
            self.since = Instant::now();
        }
    }
}
