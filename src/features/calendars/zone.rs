//! A zone's clock changes as a VTIMEZONE (RFC 5545, 3.6.5), one observance for each change within a window. Written by hand:
//! the iCalendar crate puts DTSTAMP and UID into every component, and they have no place in this one.
use std::fmt::Write as _;

use jiff::{
    Timestamp,
    civil::DateTime,
    tz::{Offset, TimeZone},
};

use crate::features::appointments::rules::Span;

/// From when on clocks show what they show.
struct Observance {
    /// The local time, as clocks showed it before, at which it begins.
    begins: DateTime,
    from: Offset,
    to: Offset,
    is_summer: bool,
    name: String,
}

/// The VTIMEZONE of a zone, right for every instant of the window.
pub fn component(name: &str, zone: &TimeZone, window: Span) -> String {
    let mut text = format!("BEGIN:VTIMEZONE\r\nTZID:{name}\r\n");
    for o in observances(zone, window) {
        let kind = if o.is_summer { "DAYLIGHT" } else { "STANDARD" };
        let begins = o.begins.strftime("%Y%m%dT%H%M%S");
        let (from, to) = (offset(o.from), offset(o.to));
        let _ =
            write!(text, "BEGIN:{kind}\r\nDTSTART:{begins}\r\nTZOFFSETFROM:{from}\r\nTZOFFSETTO:{to}\r\n");
        let _ = write!(text, "TZNAME:{}\r\nEND:{kind}\r\n", o.name);
    }
    text.push_str("END:VTIMEZONE\r\n");
    text
}

/// The last change before the window and every change in it.
fn observances(zone: &TimeZone, window: Span) -> Vec<Observance> {
    let (first, last) = (window.from.timestamp(), window.to.timestamp());
    let before = zone.preceding(first).next().map(|change| change.timestamp());
    // A change at the very start of the window is neither before it nor after it.
    let since = before.unwrap_or_else(|| earlier(first));
    let within = zone.following(since).map(|change| change.timestamp()).take_while(|at| *at < last);
    let mut found: Vec<_> = before.into_iter().chain(within).map(|at| observance(zone, at)).collect();
    if before.is_none() {
        found.insert(0, observance(zone, Timestamp::UNIX_EPOCH.min(earlier(first))));
    }
    found
}

/// What holds from `at` on.
fn observance(zone: &TimeZone, at: Timestamp) -> Observance {
    let from = zone.to_offset(earlier(at));
    let info = zone.to_offset_info(at);
    Observance {
        begins: from.to_datetime(at),
        from,
        to: info.offset(),
        is_summer: info.dst().is_dst(),
        name: info.abbreviation().to_owned(),
    }
}

fn earlier(at: Timestamp) -> Timestamp {
    Timestamp::from_second(at.as_second() - 1).unwrap_or(at)
}

fn offset(offset: Offset) -> String {
    let seconds = offset.seconds();
    let (sign, seconds) = if seconds < 0 { ('-', -seconds) } else { ('+', seconds) };
    let (hours, minutes, rest) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    // Local mean times of long ago have seconds.
    if rest == 0 {
        format!("{sign}{hours:02}{minutes:02}")
    } else {
        format!("{sign}{hours:02}{minutes:02}{rest:02}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{Day, Instant};

    fn window(from: &str, to: &str, zone: &TimeZone) -> Span {
        let at = |text: &str| text.parse::<Day>().unwrap().start_in(zone);
        Span { from: at(from), to: at(to) }
    }

    /// Reads the offset a calendar program would use at a local time: that of the last observance begun by then.
    fn offset_by(text: &str, local: DateTime) -> String {
        let mut best = (String::new(), String::new());
        for part in text.split("BEGIN:").skip(2) {
            let field = |name: &str| part.lines().find_map(|l| l.strip_prefix(name)).unwrap().to_owned();
            let begun = field("DTSTART:") <= local.strftime("%Y%m%dT%H%M%S").to_string();
            if begun && field("DTSTART:") >= best.0 {
                best = (field("DTSTART:"), field("TZOFFSETTO:"));
            }
        }
        best.1
    }

    #[test]
    fn a_zone_without_summer_time_has_one_observance() {
        let zone = TimeZone::get("America/Sao_Paulo").unwrap();
        let text = component("America/Sao_Paulo", &zone, window("2026-10-25", "2027-11-25", &zone));
        assert_eq!(
            text,
            "BEGIN:VTIMEZONE\r\nTZID:America/Sao_Paulo\r\nBEGIN:STANDARD\r\nDTSTART:20190217T000000\r\nTZOFFSETFROM:-0200\r\n\
             TZOFFSETTO:-0300\r\nTZNAME:-03\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
        );
    }

    #[test]
    fn a_zone_that_never_changed_is_told_too() {
        let text = component("UTC", &TimeZone::UTC, window("2026-10-25", "2027-11-25", &TimeZone::UTC));
        assert!(text.contains("DTSTART:19700101T000000\r\nTZOFFSETFROM:+0000\r\nTZOFFSETTO:+0000"), "{text}");
    }

    #[test]
    fn every_day_of_summer_time_years_reads_with_its_true_offset() {
        for name in ["America/Sao_Paulo", "America/Cuiaba", "America/New_York", "Europe/Lisbon"] {
            let zone = TimeZone::get(name).unwrap();
            for year in (1985..2040).step_by(5) {
                let window = window(&format!("{year}-01-15"), &format!("{}-02-20", year + 1), &zone);
                let text = component(name, &zone, window);
                for hours in (0..400 * 24).step_by(7) {
                    let at: Instant = window.from.plus_minutes(hours * 60);
                    let local = zone.to_datetime(at.timestamp());
                    let ambiguous = zone.to_ambiguous_timestamp(local).is_ambiguous();
                    let right = offset(zone.to_offset(at.timestamp()));
                    assert!(ambiguous || offset_by(&text, local) == right, "{name} {local} {right}\n{text}");
                }
            }
        }
    }
}
