//! When a copy is made.
use super::Reason;
use crate::base::Instant;

/// A new clinic is first copied so long after it was founded, in seconds.
const FIRST: i64 = 600;
/// What was written is copied after so long.
const HOUR: i64 = 3600;
/// Whether anything was written or not, there is a copy of each day; a little sooner, so that none is ever a day old.
const DAY: i64 = 20 * HOUR;
/// When the program stops, what was written since the last copy is copied, unless that is younger than this.
const BEFORE_STOP: i64 = 600;
/// A start is over after this.
const START: i64 = 600;

/// What is known of a clinic and its copies.
#[derive(Debug, Clone, Copy)]
pub struct Standing {
    /// When the clinic was founded.
    pub founded: Instant,
    /// Entries in its trail.
    pub entries: i64,
    /// When the newest copy was made, and how many entries are in it.
    pub last: Option<(Instant, i64)>,
}

impl Standing {
    /// Whether a copy is to be made at `now` of a program that started at `started`. A clock that was set back puts nothing off.
    pub fn is_due(&self, now: Instant, started: Instant) -> Option<Reason> {
        let since = |then: Instant| (now.0 - then.0).abs();
        let long = if since(started) < START { Reason::Start } else { Reason::Daily };
        match self.last {
            None => (since(self.founded) >= FIRST).then_some(long),
            Some((at, _)) if since(at) >= DAY => Some(long),
            Some((at, held)) => (since(at) >= HOUR && held != self.entries).then_some(Reason::Hourly),
        }
    }

    /// Whether a copy is to be made before the program stops at `now`.
    pub fn is_due_at_stop(&self, now: Instant) -> bool {
        let since = |then: Instant| (now.0 - then.0).abs();
        match self.last {
            None => since(self.founded) >= FIRST,
            Some((at, held)) => held != self.entries && since(at) >= BEFORE_STOP,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: Instant = Instant(1_795_521_600);

    fn clinic(age: i64, last: Option<(i64, i64)>) -> Standing {
        let founded = Instant(NOON.0 - 1_000_000);
        let last = last.map(|(age, entries)| (Instant(NOON.0 - age), entries));
        Standing { founded: Instant(founded.0.max(NOON.0 - age)), entries: 100, last }
    }

    #[test]
    fn what_was_written_is_copied_each_hour_and_each_day_has_a_copy() {
        let started = Instant(NOON.0 - 50_000);
        let due = |last| clinic(900_000, last).is_due(NOON, started);
        assert_eq!(due(Some((3599, 90))), None);
        assert_eq!(due(Some((3600, 90))), Some(Reason::Hourly));
        assert_eq!(due(Some((3600, 100))), None, "nothing was written");
        assert_eq!(due(Some((72_000, 100))), Some(Reason::Daily));
        assert_eq!(due(Some((-72_000, 100))), Some(Reason::Daily), "a clock that was set back");
        assert_eq!(due(None), Some(Reason::Daily));
    }

    #[test]
    fn a_start_makes_good_what_was_missed_and_a_new_clinic_is_left_to_begin() {
        let started = Instant(NOON.0 - 60);
        assert_eq!(clinic(900_000, Some((300_000, 100))).is_due(NOON, started), Some(Reason::Start));
        assert_eq!(clinic(599, None).is_due(NOON, started), None);
        assert_eq!(clinic(600, None).is_due(NOON, started), Some(Reason::Start));
    }

    #[test]
    fn a_stop_copies_what_is_in_no_copy_yet() {
        assert!(clinic(900_000, Some((600, 90))).is_due_at_stop(NOON));
        assert!(!clinic(900_000, Some((599, 90))).is_due_at_stop(NOON));
        assert!(!clinic(900_000, Some((50_000, 100))).is_due_at_stop(NOON));
        assert!(!clinic(300, None).is_due_at_stop(NOON));
    }
}
