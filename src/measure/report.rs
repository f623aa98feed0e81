//! The report of a measurement: what the JSON file holds, and what the other forms are made of. Times are in microseconds.
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{load, plan::Goal};

/// A load that is later than this, in microseconds, had to wait for a processor itself.
const LATE_US: u64 = 10_000;

/// Everything that was measured.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Report {
    /// Version of the program.
    pub version: String,
    /// When the measurement ended, RFC 3339.
    pub measured_at: String,
    /// The command that made it.
    pub command: String,
    /// The capacity: the most people for whom every promise held. 0 when it held for no step.
    pub people: usize,
    /// Whether that is where the measurement was told to end, so that it may carry more.
    pub reached_target: bool,
    /// The recommended limit: four fifths of the capacity.
    pub recommended: usize,
    /// Where to warn: four fifths of the limit.
    pub alert_at: usize,
    /// How the measurement was made.
    pub method: Method,
    /// The computer.
    pub machine: Machine,
    /// Each step, in the order they were made.
    pub steps: Vec<Step>,
    /// Signing in, which is slow on purpose and stands apart.
    pub sign_in: Option<Endpoint>,
    /// Whether clinics stayed apart under load.
    pub isolation: Isolation,
    /// What was found afterwards.
    pub proof: Option<Proof>,
    /// Why it ended before its end, if it did.
    pub ended_early: Option<String>,
}

/// How a measurement was made.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Method {
    /// Name of the scenario.
    pub scenario: String,
    /// The seed.
    pub seed: u64,
    /// Least and most seconds between a person's acts.
    pub think_s: (u64, u64),
    /// Seconds of each step that are not counted, at its beginning.
    pub warm_up_s: u64,
    /// What had to hold.
    pub goal: Goal,
    /// Clinics on the server.
    pub clinics: usize,
    /// Patients of each of them at the beginning.
    pub patients: usize,
    /// Appointments of each of them at the beginning.
    pub appointments: usize,
}

/// The computer that was measured, with the load beside the server.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Machine {
    /// Operating system and architecture.
    pub system: String,
    /// Processors the program may use.
    pub processors: usize,
    /// Bytes of memory; null where it is not measured.
    pub memory: Option<u64>,
}

/// One step: so many people for so long.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Step {
    /// How many.
    pub people: usize,
    /// How long, in seconds.
    pub seconds: f64,
    /// Whether every promise held.
    pub held: bool,
    /// All endpoints together.
    pub all: Endpoint,
    /// Each endpoint.
    pub endpoints: Vec<Endpoint>,
    /// How late the load itself was, 99 of a hundred acts, in microseconds. It counts within the times.
    pub late_p99_us: u64,
    /// What the server took of the machine.
    pub usage: Usage,
}

/// Requests of one endpoint, or of all.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Endpoint {
    /// As `GET /api/contacts`; `all` for all.
    pub name: String,
    /// How many.
    pub requests: u64,
    /// How many in a second.
    pub per_second: f64,
    /// Half took no longer.
    pub p50_us: u64,
    /// 95 of a hundred took no longer.
    pub p95_us: u64,
    /// 99 of a hundred took no longer.
    pub p99_us: u64,
    /// The longest.
    pub max_us: u64,
    /// The average.
    pub mean_us: u64,
    /// How many ended by each status; 0 is no answer.
    pub statuses: BTreeMap<u16, u64>,
    /// Lost races, by code: somebody else was faster, and the server said so.
    pub raced: BTreeMap<String, u64>,
    /// Errors, by what they were.
    pub errors: BTreeMap<String, u64>,
}

/// What the server took of the machine during a step; null where it is not measured.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
pub struct Usage {
    /// Processors kept busy by the server.
    pub server_cpu: Option<f64>,
    /// Processors kept busy by the load itself.
    pub load_cpu: Option<f64>,
    /// The server's memory at the end, in bytes.
    pub memory: Option<u64>,
    /// Longest queue at the writer.
    pub queue: Option<u64>,
    /// Share of cached answers in those that may be.
    pub cache_hits: Option<f64>,
}

/// Requests from one clinic for things of another, during the load.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Isolation {
    /// How many.
    pub probes: u64,
    /// How many were answered as if the thing did not exist, to the letter.
    pub refused: u64,
    /// How many were answered in any other way.
    pub leaks: u64,
    /// The first of those, for whoever looks into it.
    pub examples: Vec<String>,
}

/// What was found when the load was over.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Proof {
    /// Whether the audit trail is whole.
    pub trail_whole: bool,
    /// Entries verified.
    pub trail_entries: u64,
    /// Writes the server acknowledged.
    pub acknowledged: u64,
    /// Of them, those that are in the trail.
    pub in_trail: u64,
    /// Records they were about.
    pub records: u64,
    /// Of them, those that are there as they were acknowledged, or newer.
    pub found: u64,
    /// What is missing, at most a few.
    pub missing: Vec<String>,
}

impl Endpoint {
    /// Reads a line of a tally counted for `seconds`.
    pub fn of(name: &str, line: &load::Line, seconds: f64) -> Self {
        let mut endpoint = Self::timed(name, &line.times, seconds);
        endpoint.statuses.clone_from(&line.statuses);
        endpoint.raced.clone_from(&line.raced);
        endpoint.errors.clone_from(&line.badly);
        endpoint
    }

    /// All lines of a tally counted for `seconds`.
    pub fn all(tally: &load::Tally, seconds: f64) -> Self {
        let mut all = tally.times().map(|times| Self::timed("all", &times, seconds)).unwrap_or_default();
        for line in tally.lines.values() {
            line.statuses.iter().for_each(|(status, n)| *all.statuses.entry(*status).or_default() += n);
            line.raced.iter().for_each(|(code, n)| *all.raced.entry(code.clone()).or_default() += n);
            line.badly.iter().for_each(|(why, n)| *all.errors.entry(why.clone()).or_default() += n);
        }
        all
    }

    fn timed(name: &str, times: &hdrhistogram::Histogram<u64>, seconds: f64) -> Self {
        Self {
            name: name.to_owned(),
            requests: times.len(),
            per_second: times.len() as f64 / seconds.max(0.001),
            p50_us: times.value_at_quantile(0.50),
            p95_us: times.value_at_quantile(0.95),
            p99_us: times.value_at_quantile(0.99),
            max_us: times.max(),
            mean_us: times.mean() as u64,
            ..Self::default()
        }
    }

    /// How many ended badly.
    pub fn error_count(&self) -> u64 {
        self.errors.values().sum()
    }

    /// Errors in all requests.
    pub fn error_rate(&self) -> f64 {
        self.error_count() as f64 / self.requests.max(1) as f64
    }

    /// Whether it keeps to a goal. Nothing asked is nothing shown.
    pub fn keeps(&self, goal: &Goal) -> bool {
        self.requests > 0
            && self.p95_us <= goal.p95_us
            && self.p99_us <= goal.p99_us
            && self.error_rate() < goal.error_rate
    }
}

impl Report {
    /// The step with the most people for whom everything held.
    pub fn best(&self) -> Option<&Step> {
        self.steps.iter().filter(|step| step.held).max_by_key(|step| step.people)
    }

    /// Whether the load itself was so late at some step that the times say more about the computer's other work than about the
    /// server.
    pub fn was_disturbed(&self) -> bool {
        self.steps.iter().any(|step| step.late_p99_us > LATE_US)
    }

    /// Whether all of it is as it must be: clinics apart, the trail whole, nothing lost.
    pub fn is_sound(&self) -> bool {
        let proof = self.proof.as_ref();
        self.isolation.leaks == 0
            && proof.is_none_or(|p| p.trail_whole && p.found == p.records && p.in_trail == p.acknowledged)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::measure::{load::Ended, plan::GOAL};

    fn counted(slow: u64, bad: u64, raced: u64) -> Endpoint {
        let mut tally = load::Tally::default();
        for n in 0..10_000_u64 {
            let took = Duration::from_millis(if n < slow { 60 } else { 2 });
            let ended = match n {
                n if n < bad => Ended::Badly("500 internal".into()),
                n if n < bad + raced => Ended::Raced("slot_taken".into()),
                _ => Ended::Well,
            };
            tally.count("GET /", took, 200, ended);
        }
        Endpoint::all(&tally, 10.0)
    }

    #[test]
    fn the_goal_is_missed_by_slow_answers_and_by_errors_and_not_by_lost_races() {
        assert!(counted(0, 0, 0).keeps(&GOAL));
        assert!(counted(99, 0, 0).keeps(&GOAL));
        assert!(!counted(150, 0, 0).keeps(&GOAL), "p99");
        assert!(counted(0, 9, 0).keeps(&GOAL));
        assert!(!counted(0, 10, 0).keeps(&GOAL), "one error in a thousand is too many");
        assert!(counted(0, 0, 500).keeps(&GOAL));
        assert!(!Endpoint::default().keeps(&GOAL), "nothing asked is nothing shown");
    }

    #[test]
    fn figures_are_those_of_the_requests() {
        let seen = counted(100, 3, 2);
        assert_eq!((seen.requests, seen.error_count(), seen.raced["slot_taken"]), (10_000, 3, 2));
        assert!((seen.per_second - 1000.0).abs() < 0.01 && seen.max_us.abs_diff(60_000) < 100);
        assert!(seen.p50_us.abs_diff(2_000) < 10);
    }
}
