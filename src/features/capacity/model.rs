//! What is asked of a measurement and what is known of it.
use jiff::tz::TimeZone;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    access::house::{Fullness, Kept},
    base::{Day, Fields, Input, Instant},
    features::clinic::model::ClinicFields,
};

/// People that are tried unless said.
const PEOPLE: i64 = 500;

/// What to measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Wish {
    /// That it may be done although a clinic is open.
    #[serde(default)]
    pub confirmed: bool,
    /// How many people at most, 500 unless said.
    #[schemars(with = "Option<i64>", range(min = 1, max = 5000))]
    pub people: i64,
    /// Minutes the last step counts, 1 unless said.
    #[schemars(with = "Option<i64>", range(min = 1, max = 30))]
    pub minutes: i64,
}

impl Input for Wish {
    fn read(f: &mut Fields<'_>) -> Self {
        Self {
            confirmed: f.flag("confirmed").unwrap_or(false),
            people: f.integer("people", 1..=5000).unwrap_or(PEOPLE),
            minutes: f.integer("minutes", 1..=30).unwrap_or(1),
        }
    }
}

/// A measurement under way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct UnderWay {
    /// `making`, `hiring`, `signing_in`, `measuring`, `measured` or `proving`.
    pub stage: String,
    /// People of the step, where it is one.
    pub people: Option<u64>,
    /// How far this stage is.
    pub done: u64,
    /// Of how much.
    pub total: u64,
}

/// A past measurement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Past {
    /// Version of the program.
    pub version: String,
    /// When, RFC 3339.
    pub measured_at: String,
    /// The capacity: people. 0 when it held for no step.
    pub people: u64,
    /// Whether the measurement was told to end there, so that the computer may carry more.
    #[serde(default)]
    pub reached_target: bool,
    /// The recommended limit.
    pub recommended: u64,
    /// Where to warn.
    pub alert_at: u64,
    /// Why it ended before its end, if it did.
    #[serde(default)]
    pub ended_early: Option<String>,
}

/// How full it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Now {
    /// People at work: who asked for anything in the last five minutes.
    pub people: u64,
    /// People there is room for.
    pub limit: u64,
    /// From how many on it is worth a warning.
    pub alert_at: u64,
    /// Whether the limit was measured.
    pub measured: bool,
}

/// All that is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Capacity {
    /// How full it is.
    pub now: Now,
    /// The measurement under way.
    pub under_way: Option<UnderWay>,
    /// Why the last one that was started here failed, if it did.
    pub failed: Option<String>,
    /// The measurement the limit comes from.
    pub limit_from: Option<Past>,
    /// Past measurements, newest first.
    pub past: Vec<Past>,
    /// By how many hundredths the newest carries less than the one before; null when it does not, or nothing can be compared.
    pub worse_by_percent: Option<u64>,
}

impl Now {
    /// Of the house.
    pub fn of(fullness: Fullness, measured: bool) -> Self {
        let number = |count: usize| count as u64;
        Self {
            people: number(fullness.people),
            limit: number(fullness.limit),
            alert_at: number(fullness.alert_at),
            measured,
        }
    }
}

impl From<Kept> for Past {
    fn from(kept: Kept) -> Self {
        Self {
            version: kept.version,
            measured_at: kept.measured_at,
            people: kept.people as u64,
            reached_target: kept.reached_target,
            recommended: kept.recommended as u64,
            alert_at: kept.alert_at as u64,
            ended_early: None,
        }
    }
}

/// By how many hundredths the newest of past measurements carries less than the one before, where it is more than ten. One that
/// ended where it was told to has found no limit and is compared with none above it.
pub fn worse_by_percent(past: &[Past]) -> Option<u64> {
    let mut whole = past.iter().filter(|past| past.people > 0 && past.ended_early.is_none());
    let (now, before) = (whole.next()?, whole.next()?);
    let less = before.people.checked_sub(now.people)? * 100 / before.people;
    (less > 10 && !now.reached_target).then_some(less)
}

/// Whether a clinic is open at a moment.
pub fn is_open(clinic: &ClinicFields, now: Instant) -> bool {
    let Ok(zone) = TimeZone::get(&clinic.time_zone) else { return false };
    let local = zone.to_datetime(now.timestamp());
    let minute = i64::from(local.hour()) * 60 + i64::from(local.minute());
    let weekday = Day(local.date()).weekday();
    clinic.opening_hours.iter().any(|day| day.weekday == weekday && (day.opens..day.closes).contains(&minute))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn past(people: u64, reached_target: bool) -> Past {
        Past {
            version: "0.1.0".into(),
            measured_at: "2026-11-24T12:00:00Z".into(),
            people,
            reached_target,
            recommended: 1,
            alert_at: 1,
            ended_early: None,
        }
    }

    #[test]
    fn a_release_that_carries_over_a_tenth_less_is_told() {
        assert_eq!(worse_by_percent(&[past(400, false), past(500, false)]), Some(20));
        assert_eq!(worse_by_percent(&[past(450, false), past(500, false)]), None);
        assert_eq!(worse_by_percent(&[past(50, true), past(500, false)]), None);
        assert_eq!(worse_by_percent(&[past(600, false), past(500, false)]), None);
        let stopped = Past { ended_early: Some("stopped by hand".into()), ..past(100, false) };
        assert_eq!(worse_by_percent(&[past(400, false), stopped, past(500, false)]), Some(20));
        assert_eq!(worse_by_percent(&[past(400, false)]), None);
    }
}
