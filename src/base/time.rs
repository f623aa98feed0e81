//! Instants and days as the API writes them and the file keeps them.
use std::{borrow::Cow, fmt, str::FromStr};

use jiff::{
    Timestamp, ToSpan as _, civil,
    tz::{Offset, TimeZone},
};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// A point in time, to the second: RFC 3339 in UTC in JSON, seconds since 1970 in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(pub i64);

impl Instant {
    /// The instant `minutes` later.
    #[must_use]
    pub fn plus_minutes(self, minutes: i64) -> Self {
        Self(self.0 + minutes * 60)
    }

    /// Seconds since 1970 in UTC.
    pub fn as_second(self) -> i64 {
        self.0
    }

    /// As jiff's timestamp.
    pub fn timestamp(self) -> Timestamp {
        Timestamp::from_second(self.0).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    fn four_digit_year(self) -> Option<[u8; 20]> {
        let at = Offset::UTC.to_datetime(self.timestamp());
        let year = u16::try_from(at.year()).ok()?;
        let two = |number: u16| {
            let digit = |n: u16| u8::try_from(n % 10).map_or(b'0', |n| b'0' + n);
            (digit(number / 10), digit(number))
        };
        let short = |number: i8| two(number.unsigned_abs().into());
        let ((a, b), (c, d)) = (two(year / 100), two(year % 100));
        let ((e, f), (g, h)) = (short(at.month()), short(at.day()));
        let ((i, j), (k, l), (m, n)) = (short(at.hour()), short(at.minute()), short(at.second()));
        Some([a, b, c, d, b'-', e, f, b'-', g, h, b'T', i, j, b':', k, l, b':', m, n, b'Z'])
    }

    /// The day it falls on in `zone`.
    pub fn day_in(self, zone: &TimeZone) -> Day {
        Day(zone.to_datetime(self.timestamp()).date())
    }
}

impl From<Timestamp> for Instant {
    fn from(at: Timestamp) -> Self {
        Self(at.as_second())
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.timestamp().fmt(f)
    }
}

impl FromStr for Instant {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        text.parse::<Timestamp>().map(Self::from).map_err(drop)
    }
}

impl Serialize for Instant {
    /// By hand where four digits are enough for the year: an agenda has thousands of times, and formatting machinery costs more
    /// than all else in it.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = self.four_digit_year();
        match text.as_ref().and_then(|bytes| std::str::from_utf8(bytes).ok()) {
            Some(text) => serializer.serialize_str(text),
            None => serializer.collect_str(self),
        }
    }
}

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Cow::<str>::deserialize(deserializer)?.parse().map_err(|()| D::Error::custom("not an RFC 3339 time"))
    }
}

impl JsonSchema for Instant {
    fn schema_name() -> Cow<'static, str> {
        "Instant".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "date-time" })
    }
}

/// A day of the calendar, without a zone: `YYYY-MM-DD` everywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub civil::Date);

impl Day {
    /// Its first instant in `zone` (which is not always midnight where clocks change).
    pub fn start_in(self, zone: &TimeZone) -> Instant {
        self.at_minute(0, zone)
    }

    /// The instant `minute` minutes into the day's wall clock in `zone`. Times that clocks skip are all the instant of the skip,
    /// so that a later minute is never an earlier instant.
    pub fn at_minute(self, minute: i64, zone: &TimeZone) -> Instant {
        let time = self.0.at(0, 0, 0, 0).saturating_add(jiff::Span::new().minutes(minute.clamp(0, 2880)));
        let ambiguous = zone.to_ambiguous_zoned_datetime(time);
        let skipped = matches!(ambiguous.offset(), jiff::tz::AmbiguousOffset::Gap { .. });
        let Ok(at) = ambiguous.compatible() else { return Instant(0) };
        let skip = skipped.then(|| zone.preceding(at.timestamp() + 1.second()).next()).flatten();
        skip.map_or_else(|| at.timestamp().into(), |skip| skip.timestamp().into())
    }

    /// The day `days` later (earlier when negative).
    #[must_use]
    pub fn plus_days(self, days: i64) -> Self {
        Self(self.0.saturating_add(jiff::Span::new().days(days.clamp(-4_000_000, 4_000_000))))
    }

    /// 1 for Monday to 7 for Sunday.
    pub fn weekday(self) -> u8 {
        u8::try_from(self.0.weekday().to_monday_one_offset()).unwrap_or(1)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Day {
    type Err = ();
    /// `YYYY-MM-DD`, years 1800 to 2200, nothing else.
    fn from_str(text: &str) -> Result<Self, ()> {
        let date =
            Some(text).filter(|t| t.len() == 10).and_then(|t| t.parse::<civil::Date>().ok()).ok_or(())?;
        (1800..=2200).contains(&date.year()).then_some(Self(date)).ok_or(())
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Cow::<str>::deserialize(deserializer)?.parse().map_err(|()| D::Error::custom("not a date"))
    }
}

impl JsonSchema for Day {
    fn schema_name() -> Cow<'static, str> {
        "Day".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "date" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_starts_where_its_clock_starts() {
        // On 2018-11-04 clocks in São Paulo went from 00:00 to 01:00: the day began at 03:00 UTC under both readings.
        let zone = TimeZone::get("America/Sao_Paulo").unwrap();
        let day: Day = "2018-11-04".parse().unwrap();
        assert_eq!(day.start_in(&zone).to_string(), "2018-11-04T03:00:00Z");
        assert_eq!(day.at_minute(8 * 60, &zone).to_string(), "2018-11-04T10:00:00Z");
        assert_eq!(day.weekday(), 7);
    }

    #[test]
    fn an_instant_is_written_the_same_way_by_hand() {
        for second in (-62_167_219_200..253_402_300_800).step_by(86_399 * 7919).chain([0, -1, i64::MAX]) {
            let at = Instant(second);
            assert_eq!(serde_json::to_string(&at).unwrap(), format!("\"{at}\""));
        }
    }

    #[test]
    fn only_whole_iso_dates_are_days() {
        for text in ["2026-1-1", "01/01/2026", "2026-02-30", "2026-02-03T00:00", "0026-02-03", ""] {
            assert!(text.parse::<Day>().is_err(), "{text}");
        }
    }
}
