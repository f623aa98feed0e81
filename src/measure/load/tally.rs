//! What came of asking: per endpoint how long it took, by which status it ended, and whether that was right.
use std::{collections::BTreeMap, time::Duration};

use hdrhistogram::Histogram;

/// The longest time that is told apart, in microseconds; longer ones count as this.
const LONGEST: u64 = 120_000_000;

/// How a request ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ended {
    /// As it should.
    Well,
    /// Somebody else was faster, which belongs to work in common: the problem's code, as `slot_taken`.
    Raced(String),
    /// Wrongly: an error answer, or none at all. Never a success.
    Badly(String),
}

/// One endpoint's requests.
#[derive(Debug, Clone)]
pub struct Line {
    /// Microseconds from the moment it was meant to begin to the last byte of the answer.
    pub times: Histogram<u64>,
    /// How many ended by each status; 0 is no answer at all.
    pub statuses: BTreeMap<u16, u64>,
    /// How many lost a race, by code.
    pub raced: BTreeMap<String, u64>,
    /// How many ended badly, by what was said.
    pub badly: BTreeMap<String, u64>,
}

/// All requests of a while.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    /// By endpoint, as `GET /api/contacts`.
    pub lines: BTreeMap<&'static str, Line>,
    /// How late the load itself was, in microseconds: acts that began after the moment they were meant for.
    pub late: Option<Histogram<u64>>,
}

/// A duration in whole microseconds.
pub fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(LONGEST).clamp(1, LONGEST)
}

impl Line {
    fn new() -> Option<Self> {
        let times = histogram()?;
        Some(Self { times, statuses: BTreeMap::new(), raced: BTreeMap::new(), badly: BTreeMap::new() })
    }

    /// How many ended badly.
    pub fn errors(&self) -> u64 {
        self.badly.values().sum()
    }
}

impl Tally {
    /// Counts a request.
    pub fn count(&mut self, endpoint: &'static str, took: Duration, status: u16, ended: Ended) {
        if !self.lines.contains_key(endpoint) {
            let Some(line) = Line::new() else { return };
            self.lines.insert(endpoint, line);
        }
        let Some(line) = self.lines.get_mut(endpoint) else { return };
        line.times.saturating_record(micros(took));
        *line.statuses.entry(status).or_default() += 1;
        match ended {
            Ended::Well => {}
            Ended::Raced(code) => *line.raced.entry(code).or_default() += 1,
            Ended::Badly(why) => *line.badly.entry(why).or_default() += 1,
        }
    }

    /// Counts how late an act began.
    pub fn began(&mut self, late: Duration) {
        if self.late.is_none() {
            self.late = histogram();
        }
        self.late.iter_mut().for_each(|all| all.saturating_record(micros(late)));
    }

    /// How many requests there were.
    pub fn requests(&self) -> u64 {
        self.lines.values().map(|line| line.times.len()).sum()
    }

    /// How many ended badly.
    pub fn errors(&self) -> u64 {
        self.lines.values().map(Line::errors).sum()
    }

    /// The times of every endpoint together.
    pub fn times(&self) -> Option<Histogram<u64>> {
        let mut all = histogram()?;
        for line in self.lines.values() {
            all.add(&line.times).ok()?;
        }
        Some(all)
    }
}

/// Three digits of every time are kept, up to the longest.
fn histogram() -> Option<Histogram<u64>> {
    Histogram::new_with_bounds(1, LONGEST, 3).ok()
}
