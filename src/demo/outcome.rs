//! What became of an appointment, judged by the clock: yesterday's is over, this morning's is under way, next week's
//! is only a promise.
use super::random::{between, chance, pick, pick_weighted};
use super::words;
use fastrand::Rng;
use jiff::Timestamp;

const MINUTE: i64 = 60;
const DAY: i64 = 24 * 60 * MINUTE;

/// An appointment between its hours, seen from now; all in seconds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moment {
    pub start: i64,
    pub end: i64,
    pub now: i64,
    /// Squeezed in beside another, who is seen first.
    pub fit_in: bool,
    /// Midnight of the day on which the patient was first known.
    pub known: i64,
}

/// How it stands, and the times that go with it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Outcome {
    pub status: &'static str,
    pub booked_at: Timestamp,
    pub arrived_at: Option<Timestamp>,
    pub in_care_at: Option<Timestamp>,
    pub done_at: Option<Timestamp>,
    pub cancellation_reason: Option<&'static str>,
}

/// Statuses that keep the time, so that nobody else may have it.
pub(super) fn holds_time(status: &str) -> bool {
    matches!(status, "requested" | "booked" | "confirmed" | "arrived" | "in_care" | "done")
}

impl Moment {
    /// Throws the dice for an appointment.
    pub(super) fn outcome(&self, rng: &mut Rng) -> Outcome {
        let status = self.status(rng);
        let mut outcome = Outcome { status, booked_at: at(self.booked(rng)), ..Outcome::default() };
        match status {
            "cancelled_by_patient" => outcome.cancellation_reason = Some(pick(rng, &words::PATIENT_REASONS)),
            "cancelled_by_clinic" => outcome.cancellation_reason = Some(pick(rng, &words::CLINIC_REASONS)),
            "arrived" | "left" | "in_care" | "done" => self.presence(rng, &mut outcome),
            _ => {}
        }
        outcome
    }

    fn status(&self, rng: &mut Rng) -> &'static str {
        let ahead = self.start - self.now;
        if self.end <= self.now {
            return pick_weighted(rng, &PAST);
        }
        match ahead {
            // The one it was squeezed in beside is in the room.
            ..=0 if self.fit_in => "arrived",
            ..=0 => pick_weighted(rng, &UNDER_WAY),
            1..=1_500 => pick_weighted(rng, &SOON),
            1_501..=50_000 => pick_weighted(rng, &LATER_TODAY),
            50_001..=220_000 => pick_weighted(rng, &NEXT_DAYS),
            _ => pick_weighted(rng, &FAR),
        }
    }

    /// Some weeks before, most often a few days; never before the patient was known, nor in the future.
    fn booked(&self, rng: &mut Rng) -> i64 {
        let earlier = i64::from(between(rng, 10, 170)) * MINUTE;
        let days = between(rng, 0, 35).min(between(rng, 0, 35));
        let last = self.start.min(self.now);
        // An hour into the first day, in case the clocks changed since.
        (last - i64::from(days) * DAY - earlier).max(self.known + 60 * MINUTE).min(last - MINUTE)
    }

    fn presence(&self, rng: &mut Rng, outcome: &mut Outcome) {
        let mut minutes = |from, to| i64::from(between(rng, from, to)) * MINUTE;
        let arrived = (self.start + minutes(-18, 6)).min(self.now - minutes(0, 9));
        let in_care = (self.start + minutes(0, 9)).max(arrived + 2 * MINUTE).min(self.now);
        let done = (self.end + minutes(-6, 8)).max(in_care + 4 * MINUTE).min(self.now);
        outcome.arrived_at = Some(at(arrived));
        outcome.in_care_at = matches!(outcome.status, "in_care" | "done").then(|| at(in_care));
        outcome.done_at = (outcome.status == "done").then(|| at(done));
    }
}

const PAST: [(u32, &str); 5] =
    [(84, "done"), (6, "no_show"), (7, "cancelled_by_patient"), (2, "cancelled_by_clinic"), (1, "left")];
const UNDER_WAY: [(u32, &str); 4] =
    [(84, "in_care"), (9, "arrived"), (4, "no_show"), (3, "cancelled_by_patient")];
const SOON: [(u32, &str); 4] =
    [(48, "arrived"), (36, "confirmed"), (10, "booked"), (6, "cancelled_by_patient")];
const LATER_TODAY: [(u32, &str); 4] =
    [(66, "confirmed"), (26, "booked"), (6, "cancelled_by_patient"), (2, "cancelled_by_clinic")];
const NEXT_DAYS: [(u32, &str); 4] =
    [(50, "confirmed"), (41, "booked"), (6, "cancelled_by_patient"), (3, "requested")];
const FAR: [(u32, &str); 5] = [
    (82, "booked"),
    (9, "confirmed"),
    (5, "requested"),
    (3, "cancelled_by_patient"),
    (1, "cancelled_by_clinic"),
];

/// Whether a patient of this appointment will come again as agreed; who stayed away often does not.
pub(super) fn comes_again(rng: &mut Rng, status: &str, percent: u32) -> bool {
    chance(rng, if holds_time(status) { percent } else { percent / 3 })
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::random::{Stream, dice};
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn times_follow_one_another_and_never_lie_ahead(
            seed: u64, start in 1_700_000_000i64..1_800_000_000, length in 15i64..60, ahead in -200_000i64..400_000,
            fit_in: bool, known in 1_600_000_000i64..1_800_000_000,
        ) {
            let now = start - ahead;
            let moment = Moment { start, end: start + length * MINUTE, now, fit_in, known };
            let outcome = moment.outcome(&mut dice(seed, Stream::Days, 0));
            let times: Vec<Timestamp> =
                [Some(outcome.booked_at), outcome.arrived_at, outcome.in_care_at, outcome.done_at].into_iter().flatten().collect();
            prop_assert!(times.iter().all(|time| time.as_second() <= now));
            prop_assert!(times.get(1..).unwrap().is_sorted());
            prop_assert!(outcome.booked_at.as_second() < start);
            prop_assert!(outcome.booked_at.as_second() >= known.min(start - MINUTE).min(now - MINUTE));
            prop_assert_eq!(outcome.done_at.is_some(), outcome.status == "done");
            prop_assert_eq!(outcome.cancellation_reason.is_some(), outcome.status.starts_with("cancelled"));
        }
    }

    #[test]
    fn the_clock_decides() {
        let rng = &mut dice(5, Stream::Days, 0);
        let mut share = |start: i64, wanted: &[&str]| {
            let moment = Moment { start, end: start + 1800, now: 1_000_000, fit_in: false, known: 0 };
            (0..1000).filter(|_| wanted.contains(&moment.outcome(rng).status)).count()
        };
        assert!(share(900_000, &["done"]) > 780, "the past is mostly done");
        assert!(share(999_000, &["in_care", "arrived"]) > 850, "under way");
        assert!(share(1_010_000, &["confirmed", "booked"]) > 850, "later today");
        assert_eq!(share(1_010_000, &["done", "in_care", "no_show", "arrived"]), 0);
        assert!(share(2_000_000, &["booked", "confirmed", "requested"]) > 900, "far ahead");
    }
}
