//! Dates and times of day as people type them. Where and when "now" is, is the clock's affair, not this module's.
use jiff::civil::Date;

/// Years outside are typing mistakes: nobody born before is a patient, nobody plans beyond.
const YEARS: std::ops::RangeInclusive<i16> = 1850..=2200;

/// Minutes in a day; also a valid time, as the end of the last hour.
pub const DAY: u16 = 24 * 60;

/// Reads `dd/mm/yyyy`, `d/m/yy` or `yyyy-mm-dd`; `.` and `-` separate as well as `/`. A year of two digits lies
/// between 1969 and 2068, as POSIX has it.
///
/// # Errors
/// `invalid_date` for anything else, a day that does not exist, or a year outside 1850 to 2200.
pub fn parse(text: &str) -> Result<Date, &'static str> {
    parse_until(text, 2068)
}

/// Like [`parse`], but a year of two digits lies in the hundred years that end with `last_year`.
///
/// With the current year this reads birth dates right: in 2026, `26` is a baby and `27` a centenarian.
///
/// # Errors
/// As [`parse`].
pub fn parse_until(text: &str, last_year: i16) -> Result<Date, &'static str> {
    read(text.trim(), last_year).ok_or("invalid_date")
}

/// The date as it is written in Brazil, `23/11/1980`.
pub fn show(date: Date) -> String {
    format!("{:02}/{:02}/{:04}", date.day(), date.month(), date.year())
}

/// Reads a time of day as minutes since midnight: `08:30`, `8:30`, `8h30`, `8h` and, as an end, `24:00`.
///
/// # Errors
/// `invalid_time` for anything else.
pub fn parse_minutes(text: &str) -> Result<u16, &'static str> {
    minutes(text.trim()).ok_or("invalid_time")
}

/// Minutes since midnight as `08:30`; numbers beyond the day show as the end of it.
pub fn show_minutes(minutes: u16) -> String {
    let minutes = minutes.min(DAY);
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

fn read(text: &str, last_year: i16) -> Option<Date> {
    let mut parts = text.split(['/', '-', '.']);
    let (first, month, last) = (parts.next()?, parts.next()?, parts.next()?);
    let (day, year) = match (first.len(), last.len()) {
        (4, 1..=2) => (last, first),
        (1..=2, 2 | 4) => (first, last),
        _ => return None,
    };
    if parts.next().is_some() || month.len() > 2 {
        return None;
    }
    let typed = number(year)?;
    let year = if year.len() == 2 { last_year - (last_year - typed).rem_euclid(100) } else { typed };
    let month = i8::try_from(number(month)?).ok()?;
    let day = i8::try_from(number(day)?).ok()?;
    Date::new(year, month, day).ok().filter(|date| YEARS.contains(&date.year()))
}

fn minutes(text: &str) -> Option<u16> {
    let (hours, minutes) = text.split_once([':', 'h', 'H'])?;
    let missing = minutes.is_empty() && !text.ends_with(':');
    if hours.len() > 2 || !(missing || minutes.len() == 2) {
        return None;
    }
    let hours = u16::try_from(number(hours)?).ok()?;
    let minutes = if missing { 0 } else { u16::try_from(number(minutes)?).ok()? };
    let total = hours * 60 + minutes;
    (minutes < 60 && total <= DAY).then_some(total)
}

/// ASCII digits only: the parser of the standard library would also take a sign.
fn number(text: &str) -> Option<i16> {
    text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    #[test]
    fn dates_are_read_in_the_ways_people_type_them() {
        for typed in ["23/11/1980", "23-11-1980", "23.11.80", " 23/11/80 ", "1980-11-23"] {
            assert_eq!(parse(typed), Ok(date(1980, 11, 23)), "{typed}");
        }
        assert_eq!(parse("5/3/26"), Ok(date(2026, 3, 5)));
        assert_eq!(parse("29/02/2024"), Ok(date(2024, 2, 29)));
    }

    #[test]
    fn wrong_dates_are_refused() {
        let wrong = [
            "",
            "29/02/2023",
            "31/04/2026",
            "00/01/2026",
            "1/13/2026",
            "23/11",
            "23/11/198",
            "23/11/1980/1",
            "1/1/0198",
            "+1/01/1980",
            "a/b/cc",
            "2026-1-123",
            "23111980",
        ];
        for typed in wrong {
            assert_eq!(parse(typed), Err("invalid_date"), "{typed}");
        }
    }

    #[test]
    fn a_birth_date_of_two_digits_is_never_in_the_future() {
        assert_eq!(parse_until("01/01/26", 2026), Ok(date(2026, 1, 1)));
        assert_eq!(parse_until("01/01/27", 2026), Ok(date(1927, 1, 1)));
        assert_eq!(parse_until("01/01/00", 2099), Ok(date(2000, 1, 1)));
    }

    #[test]
    fn times_are_minutes_of_the_day() {
        for (typed, minutes) in [("08:30", 510), ("8:30", 510), ("8h30", 510), ("8h", 480), ("24:00", 1440)] {
            assert_eq!(parse_minutes(typed), Ok(minutes), "{typed}");
        }
        for typed in ["", "8", "25:00", "24:01", "08:60", "8:3", "08:", "-1:00", "008:30"] {
            assert_eq!(parse_minutes(typed), Err("invalid_time"), "{typed}");
        }
        assert_eq!((show_minutes(510), show_minutes(2000)), ("08:30".to_owned(), "24:00".to_owned()));
    }

    proptest! {
        #[test]
        fn what_is_shown_is_read_back(year in 1850i16..=2200, month in 1i8..=12, day in 1i8..=28, time in 0u16..=1440) {
            let day = date(year, month, day);
            prop_assert_eq!(parse(&show(day)), Ok(day));
            prop_assert_eq!(parse(&day.to_string()), Ok(day));
            prop_assert_eq!(parse_minutes(&show_minutes(time)), Ok(time));
        }

        #[test]
        fn no_text_makes_it_fail_badly(text in "\\PC{0,12}", last in 1900i16..2200) {
            let _ = (parse_until(&text, last), parse_minutes(&text));
        }
    }
}
