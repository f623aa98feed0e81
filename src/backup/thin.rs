//! Which copies are kept: the last of each of 24 hours, of 30 days and of 12 months that have one.
use std::collections::BTreeSet;

use jiff::tz::TimeZone;

use crate::base::Instant;

const HOURS: usize = 24;
const DAYS: usize = 30;
const MONTHS: usize = 12;

/// Which of the copies made at these times are kept at `now`, in days and months of `zone`. One from the future (a clock that was
/// set back) is kept and counts for nothing.
pub fn kept(made: &[Instant], now: Instant, zone: &TimeZone) -> BTreeSet<Instant> {
    let mut past: Vec<Instant> = made.iter().copied().filter(|at| *at <= now).collect();
    past.sort_unstable_by(|a, b| b.cmp(a));
    past.dedup();
    let of = |at: Instant| zone.to_datetime(at.timestamp());
    let mut keep: BTreeSet<Instant> = made.iter().copied().filter(|at| *at > now).collect();
    keep.extend(newest_of_each(&past, HOURS, |at| at.0.div_euclid(3600)));
    keep.extend(newest_of_each(&past, DAYS, |at| of(at).date()));
    keep.extend(newest_of_each(&past, MONTHS, |at| (of(at).year(), of(at).month())));
    keep
}

/// The newest of each stretch, for the last `most` stretches that have one. `past` is newest first.
fn newest_of_each<T: PartialEq>(
    past: &[Instant],
    most: usize,
    stretch: impl Fn(Instant) -> T,
) -> Vec<Instant> {
    let mut kept: Vec<Instant> = Vec::new();
    let mut last = None;
    for at in past {
        let own = stretch(*at);
        if last.as_ref() != Some(&own) {
            kept.push(*at);
            last = Some(own);
        }
        if kept.len() == most {
            break;
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn zone() -> TimeZone {
        TimeZone::get("America/Sao_Paulo").unwrap()
    }

    fn at(text: &str) -> Instant {
        text.parse().unwrap()
    }

    #[test]
    fn a_year_of_hourly_copies_thins_to_hours_days_and_months() {
        let now = at("2026-11-24T12:00:00Z");
        let made: Vec<Instant> = (0..24 * 400).map(|hour| Instant(now.0 - hour * 3600)).collect();
        let kept = kept(&made, now, &zone());
        assert!(kept.contains(&at("2026-11-23T13:00:00Z")) && !kept.contains(&at("2026-11-23T12:00:00Z")));
        // The last copy of 23 October in São Paulo is one of the 24th in Greenwich.
        assert!(kept.contains(&at("2026-11-01T02:00:00Z")), "the last of October");
        assert!(kept.contains(&at("2026-01-01T02:00:00Z")), "the last of December");
        assert!(!kept.iter().any(|kept| *kept < at("2025-12-31T00:00:00Z")), "twelve months are enough");
        // Today and yesterday end within the hours, this month and the last within the days.
        assert_eq!(kept.len(), 24 + 28 + 10, "{kept:?}");
    }

    proptest! {
        #[test]
        fn whatever_was_made_the_newest_stays_and_thinning_again_takes_nothing(
            offsets in prop::collection::vec(-7200_i64..86_400 * 900, 1..300),
        ) {
            let now = at("2026-11-24T12:00:00Z");
            let made: Vec<Instant> = offsets.iter().map(|before| Instant(now.0 - before)).collect();
            let once = kept(&made, now, &zone());
            let past: BTreeSet<Instant> = made.iter().copied().filter(|at| *at <= now).collect();
            prop_assert!(once.iter().all(|at| made.contains(at)));
            prop_assert!(made.iter().filter(|at| **at > now).all(|at| once.contains(at)));
            prop_assert_eq!(once.range(..=now).next_back(), past.last(), "the newest is always kept");
            prop_assert!(once.range(..=now).count() <= HOURS + DAYS + MONTHS);
            let again = kept(&once.iter().copied().collect::<Vec<_>>(), now, &zone());
            prop_assert_eq!(&again, &once);
            // Of every one of the last hours, days and months that had a copy there is one.
            for stretch in [3600, 86_400] {
                let recent = past.iter().filter(|at| now.0 - at.0 < 20 * stretch);
                for lost in recent {
                    let near = once.iter().any(|kept| (kept.0 - lost.0).abs() <= stretch);
                    prop_assert!(near, "nothing is left near {lost}");
                }
            }
        }
    }
}
