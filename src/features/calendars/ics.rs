//! An agenda as an iCalendar text (RFC 5545). It leaves the clinic, so an entry says when and nothing else: no patient, no
//! kind, no room.
use icalendar::{Calendar, Component, Event, Parameter, Property};
use jiff::tz::TimeZone;
use sha2::{Digest, Sha256};

use super::zone;
use crate::{
    base::{Day, Error, Instant, Result},
    db::key,
    features::appointments::rules::{Span, Status},
};

/// Days of the past and of the future that a feed shows.
const BACK_DAYS: i64 = 30;
const AHEAD_DAYS: i64 = 365;

/// What is the same for all entries of a feed.
#[derive(Debug, Clone)]
pub struct Cover {
    /// What its owner calls it.
    pub name: String,
    /// Whose agenda it is.
    pub professional_id: i64,
    /// The language of its titles: Portuguese, or else English.
    pub in_portuguese: bool,
    /// The clinic.
    pub clinic_id: i64,
    /// When the clinic was founded.
    pub founded_at: Instant,
    /// The clinic's zone.
    pub time_zone: String,
}

impl Cover {
    /// The clinic's zone; UTC should the database ever lose its name.
    pub fn zone(&self) -> TimeZone {
        TimeZone::get(&self.time_zone).unwrap_or(TimeZone::UTC)
    }

    /// What part of the agenda is shown on `today`.
    pub fn window(&self, today: Day) -> Span {
        let zone = self.zone();
        let last = today.plus_days(AHEAD_DAYS + 1);
        Span { from: today.plus_days(-BACK_DAYS).start_in(&zone), to: last.start_in(&zone) }
    }

    /// Two installations both have a clinic 1: its second of foundation keeps their entries apart in one calendar program.
    fn clinic_mark(&self) -> String {
        let digest = Sha256::digest(format!("{} {}", self.clinic_id, self.founded_at.0));
        key::hex(digest.get(..6).unwrap_or_default())
    }
}

/// One appointment, as far as the outside may know.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Its number.
    pub id: i64,
    /// When it begins.
    pub starts_at: Instant,
    /// When it ends.
    pub ends_at: Instant,
    /// When it last changed.
    pub updated_at: Instant,
    /// How often its time or state changed.
    pub sequence: i64,
    /// Where it is in its life.
    pub status: Status,
}

/// The whole text of a feed.
pub fn write(cover: &Cover, window: Span, entries: &[Entry]) -> Result<String> {
    let (zone, mark) = (cover.zone(), cover.clinic_mark());
    let empty = head(cover).to_string();
    let end = empty.find("END:VCALENDAR").ok_or_else(|| Error::internal("a calendar without an end"))?;
    let (head, tail) = empty.split_at(end);
    let mut text = format!("{head}{}", zone::component(&cover.time_zone, &zone, window));
    for entry in entries {
        text.push_str(&event(cover, &zone, &mark, entry).try_into_string().map_err(Error::internal)?);
    }
    text.push_str(tail);
    Ok(text)
}

fn head(cover: &Cover) -> Calendar {
    let mut calendar = Calendar::empty();
    calendar
        .append_property(Property::new("VERSION", "2.0"))
        .append_property(Property::new("PRODID", "-//TaskMed//TaskMed//PT"))
        .append_property(Property::new("CALSCALE", "GREGORIAN"))
        .append_property(Property::new("METHOD", "PUBLISH"))
        .append_property(Property::new("X-WR-CALNAME", &cover.name))
        .append_property(Property::new("X-WR-TIMEZONE", &cover.time_zone))
        .append_property(with("REFRESH-INTERVAL", "PT15M", "VALUE", "DURATION"));
    calendar
}

fn event(cover: &Cover, zone: &TimeZone, mark: &str, entry: &Entry) -> Event {
    let title = if cover.in_portuguese { "Compromisso" } else { "Appointment" };
    let status = match entry.status {
        Status::Requested => "TENTATIVE",
        status if status.holds_time() => "CONFIRMED",
        _ => "CANCELLED",
    };
    let taken = if entry.status.holds_time() { "OPAQUE" } else { "TRANSPARENT" };
    let mut event = Event::new();
    event
        .append_property(Property::new("UID", format!("{mark}-{}@taskmed", entry.id)))
        .append_property(Property::new("DTSTAMP", utc(entry.updated_at)))
        .append_property(Property::new("LAST-MODIFIED", utc(entry.updated_at)))
        .append_property(Property::new("SEQUENCE", entry.sequence.to_string()))
        .append_property(time("DTSTART", cover, zone, entry.starts_at))
        .append_property(time("DTEND", cover, zone, entry.ends_at))
        .append_property(Property::new("SUMMARY", title))
        .append_property(Property::new("STATUS", status))
        .append_property(Property::new("TRANSP", taken));
    event
}

/// A time of the clinic's wall clock. A reader takes the first pass of an hour that clocks show twice (RFC 5545, 3.3.5), so a
/// time of the second pass is said in UTC.
fn time(name: &str, cover: &Cover, zone: &TimeZone, at: Instant) -> Property {
    let local = zone.to_datetime(at.timestamp());
    let read_back = zone.to_ambiguous_timestamp(local).compatible();
    if read_back.is_ok_and(|first| first == at.timestamp()) {
        return with(name, &local.strftime("%Y%m%dT%H%M%S").to_string(), "TZID", &cover.time_zone);
    }
    Property::new(name, utc(at))
}

fn utc(at: Instant) -> String {
    at.timestamp().strftime("%Y%m%dT%H%M%SZ").to_string()
}

fn with(name: &str, value: &str, parameter: &str, parameter_value: &str) -> Property {
    let mut property = Property::new(name, value);
    property.append_parameter(Parameter::new(parameter, parameter_value));
    property
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cover(time_zone: &str) -> Cover {
        let (name, founded_at) = ("Celular; \"novo\"".to_owned(), Instant(1_700_000_000));
        let (in_portuguese, time_zone) = (true, time_zone.to_owned());
        Cover { name, professional_id: 1, in_portuguese, clinic_id: 1, founded_at, time_zone }
    }

    fn entry(starts_at: &str, status: Status) -> Entry {
        let starts_at: Instant = starts_at.parse().unwrap();
        let ends_at = starts_at.plus_minutes(30);
        Entry { id: 5, starts_at, ends_at, updated_at: starts_at, sequence: 2, status }
    }

    fn written(time_zone: &str, entry: Entry) -> String {
        let cover = cover(time_zone);
        let window = cover.window(entry.starts_at.day_in(&cover.zone()));
        write(&cover, window, &[entry]).unwrap()
    }

    #[test]
    fn an_entry_says_when_and_nothing_else() {
        let text = written("America/Sao_Paulo", entry("2026-11-25T11:00:00Z", Status::Booked));
        let event = text.split("BEGIN:VEVENT").nth(1).unwrap();
        for line in [
            "DTSTART;TZID=America/Sao_Paulo:20261125T080000",
            "DTEND;TZID=America/Sao_Paulo:20261125T083000",
            "DTSTAMP:20261125T110000Z",
            "SEQUENCE:2",
            "STATUS:CONFIRMED",
            "SUMMARY:Compromisso",
            "TRANSP:OPAQUE",
        ] {
            assert!(event.contains(&format!("\r\n{line}\r\n")), "{line} in {event}");
        }
        assert_eq!(event.lines().filter(|l| l.contains(':')).count(), 11, "{event}");
    }

    #[test]
    fn what_frees_its_time_is_cancelled_and_a_request_is_tentative() {
        let state = |status| written("America/Sao_Paulo", entry("2026-11-25T11:00:00Z", status));
        assert!(state(Status::CancelledByPatient).contains("STATUS:CANCELLED\r\n"));
        assert!(state(Status::NoShow).contains("TRANSP:TRANSPARENT\r\n"));
        assert!(state(Status::Requested).contains("STATUS:TENTATIVE\r\n"));
    }

    #[test]
    fn the_hour_that_clocks_show_twice_is_told_apart() {
        let at = |text| written("America/Sao_Paulo", entry(text, Status::Booked));
        // On 2019-02-16 clocks went from 24:00 back to 23:00.
        assert!(at("2019-02-17T01:15:00Z").contains("DTSTART;TZID=America/Sao_Paulo:20190216T231500"));
        assert!(at("2019-02-17T02:15:00Z").contains("DTSTART:20190217T021500Z"));
    }

    #[test]
    fn lines_are_folded_escaped_and_end_in_crlf() {
        let mut long = cover("America/Sao_Paulo");
        long.name = "Ação, ".repeat(13);
        let text = write(&long, long.window("2026-11-25".parse().unwrap()), &[]).unwrap();
        assert!(text.split("\r\n").all(|line| line.len() <= 75 && !line.contains('\n')), "{text}");
        let unfolded = text.replace("\r\n ", "");
        assert!(unfolded.contains(&format!("X-WR-CALNAME:{}", "Ação\\, ".repeat(13))), "{unfolded}");
    }
}
