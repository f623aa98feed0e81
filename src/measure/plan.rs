//! What a measurement is asked to do.
use std::{path::PathBuf, time::Duration};

use serde::{Deserialize, Serialize};

use super::scenario::Scenario;

/// What an answer must keep to. Where it is broken, more people are too many.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Goal {
    /// 95 of a hundred requests are answered within this, in microseconds.
    pub p95_us: u64,
    /// 99 of a hundred.
    pub p99_us: u64,
    /// Errors in all requests, at most.
    pub error_rate: f64,
}

/// TaskMed's promise: p95 of 20 ms, p99 of 50 ms, fewer errors than one in a thousand.
pub const GOAL: Goal = Goal { p95_us: 20_000, p99_us: 50_000, error_rate: 0.001 };

/// A measurement.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The program whose scratch copy is measured.
    pub program: PathBuf,
    /// Where the scratch folder is made: on the disk whose speed counts.
    pub place: PathBuf,
    /// How many people at most.
    pub people: usize,
    /// How long the last step counts.
    pub time: Duration,
    /// How long the steps before it count.
    pub step: Duration,
    /// How long people act before each step counts.
    pub warm_up: Duration,
    /// Seconds between a person's acts: least and most.
    pub think: (u64, u64),
    /// What they do.
    pub scenario: Scenario,
    /// The same seed makes the same people do the same things.
    pub seed: u64,
}

/// Between the people of one step and of the next there is at most this factor.
const GROWTH: usize = 2;
/// The first step.
const FIRST: usize = 50;

/// The people of each step, up to `most`.
pub fn steps(most: usize) -> Vec<usize> {
    let grown = std::iter::successors(Some(FIRST), |people| people.checked_mul(GROWTH));
    grown.take_while(|people| *people < most).chain([most]).collect()
}

/// How many people to try between a step that held and one that did not; none when they are close enough.
pub fn between(held: usize, broke: usize) -> Option<usize> {
    let middle = usize::midpoint(held, broke);
    // A tenth is as exact as one measurement is.
    (broke - held > broke / 10 && middle > held).then_some(middle)
}

/// The limit that is recommended for a capacity: four fifths.
pub fn recommended(people: usize) -> usize {
    (people * 4 / 5).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_double_until_the_number_asked_for() {
        assert_eq!(steps(500), [50, 100, 200, 400, 500]);
        assert_eq!(steps(50), [50]);
        assert_eq!(steps(7), [7]);
    }

    #[test]
    fn the_limit_is_narrowed_down_to_a_tenth() {
        assert_eq!(between(200, 400), Some(300));
        assert_eq!(between(375, 400), None);
        assert_eq!(between(0, 1), None);
    }

    #[test]
    fn of_five_hundred_people_four_hundred_are_recommended_and_three_hundred_and_twenty_alert() {
        assert_eq!((recommended(500), recommended(recommended(500))), (400, 320));
    }
}
