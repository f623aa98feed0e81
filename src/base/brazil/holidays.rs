//! National holidays, computed: no list to download and none that runs out before 2100.
//!
//! Fixed days after Lei 662/1949, 6.802/1980, 10.607/2002 and 14.759/2023 (Consciência Negra, from 2024). Good Friday
//! moves with Easter, as do Carnaval and Corpus Christi, which are no holidays but days on which most of the country
//! may close (ponto facultativo): those are marked. State and city holidays are the clinic's own blocks.
use jiff::ToSpan;
use jiff::civil::Date;
use std::ops::RangeInclusive;

/// The years this module answers for; others have no holidays here.
pub const YEARS: RangeInclusive<i16> = 1985..=2100;

/// One holiday.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
pub struct Holiday {
    /// Its day.
    #[schemars(with = "String")]
    pub date: Date,
    /// Stable code, as `independence`; a screen in another language has its own words for it.
    pub code: &'static str,
    /// Its name in Portuguese.
    pub name: &'static str,
    /// A day on which closing is customary, not ordered.
    pub optional: bool,
}

/// Month, day, first year, code, name.
const FIXED: [(i8, i8, i16, &str, &str); 9] = [
    (1, 1, 1985, "new_year", "Confraternização Universal"),
    (4, 21, 1985, "tiradentes", "Tiradentes"),
    (5, 1, 1985, "labour_day", "Dia do Trabalho"),
    (9, 7, 1985, "independence", "Independência do Brasil"),
    (10, 12, 1985, "our_lady_aparecida", "Nossa Senhora Aparecida"),
    (11, 2, 1985, "all_souls", "Finados"),
    (11, 15, 1985, "republic", "Proclamação da República"),
    (11, 20, 2024, "black_awareness", "Dia da Consciência Negra"),
    (12, 25, 1985, "christmas", "Natal"),
];

/// Days from Easter Sunday, code, name, optional.
const MOVABLE: [(i64, &str, &str, bool); 4] = [
    (-48, "carnival_monday", "Segunda-feira de Carnaval", true),
    (-47, "carnival", "Carnaval", true),
    (-2, "good_friday", "Sexta-feira Santa", false),
    (60, "corpus_christi", "Corpus Christi", true),
];

/// The holidays of a year in order, the optional ones among them; empty outside [`YEARS`].
pub fn national(year: i16) -> Vec<Holiday> {
    let mut days: Vec<Holiday> = of_year(year).collect();
    days.sort_by_key(|day| day.date);
    days
}

/// Whether work rests by law on this date; an optional day does not count.
pub fn is_holiday(date: Date) -> bool {
    of_year(date.year()).any(|day| day.date == date && !day.optional)
}

fn of_year(year: i16) -> impl Iterator<Item = Holiday> {
    let known = YEARS.contains(&year);
    let fixed = FIXED.into_iter().filter(move |(_, _, since, ..)| known && *since <= year).filter_map(
        move |(month, day, _, code, name)| {
            let date = Date::new(year, month, day).ok()?;
            Some(Holiday { date, code, name, optional: false })
        },
    );
    let movable = easter(year).filter(|_| known).into_iter().flat_map(|sunday| {
        MOVABLE.into_iter().map(move |(days, code, name, optional)| {
            let date = sunday.saturating_add(days.days());
            Holiday { date, code, name, optional }
        })
    });
    fixed.chain(movable)
}

/// Easter Sunday by the anonymous Gregorian computus (Meeus/Jones/Butcher), whose steps have no better names.
fn easter(year: i16) -> Option<Date> {
    let y = i32::from(year);
    let (golden, century, in_century) = (y % 19, y / 100, y % 100);
    let correction = (century - (century + 8) / 25 + 1) / 3;
    let epact = (19 * golden + century - century / 4 - correction + 15) % 30;
    let weekday = (32 + 2 * (century % 4) + 2 * (in_century / 4) - epact - in_century % 4) % 7;
    let late = (golden + 11 * epact + 22 * weekday) / 451;
    let days = epact + weekday - 7 * late + 114;
    Date::new(year, i8::try_from(days / 31).ok()?, i8::try_from(days % 31 + 1).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn on(year: i16, code: &str) -> Option<Date> {
        national(year).into_iter().find(|day| day.code == code).map(|day| day.date)
    }

    #[test]
    fn easter_agrees_with_the_almanac() {
        let known = [
            (1985, 4, 7),
            (1991, 3, 31),
            (2000, 4, 23),
            (2008, 3, 23),
            (2011, 4, 24),
            (2019, 4, 21),
            (2024, 3, 31),
            (2025, 4, 20),
            (2026, 4, 5),
            (2027, 3, 28),
            (2038, 4, 25),
            (2076, 4, 19),
            (2100, 3, 28),
        ];
        for (year, month, day) in known {
            assert_eq!(easter(year), Some(date(year, month, day)));
        }
    }

    #[test]
    fn movable_days_fall_where_the_calendar_has_them() {
        assert_eq!(on(2026, "carnival"), Some(date(2026, 2, 17)));
        assert_eq!(on(2026, "good_friday"), Some(date(2026, 4, 3)));
        assert_eq!(on(2026, "corpus_christi"), Some(date(2026, 6, 4)));
        assert_eq!(on(2024, "carnival_monday"), Some(date(2024, 2, 12)));
        assert_eq!(on(2019, "corpus_christi"), Some(date(2019, 6, 20)));
    }

    #[test]
    fn black_awareness_begins_in_2024() {
        assert_eq!(
            (on(2023, "black_awareness"), on(2024, "black_awareness")),
            (None, Some(date(2024, 11, 20)))
        );
        assert!(is_holiday(date(2026, 11, 20)) && !is_holiday(date(2022, 11, 20)));
    }

    #[test]
    fn only_ordered_days_are_holidays() {
        assert!(
            is_holiday(date(2026, 9, 7)) && is_holiday(date(2026, 4, 3)) && is_holiday(date(2030, 12, 25))
        );
        assert!(!is_holiday(date(2026, 2, 17)), "Carnaval is optional");
        assert!(!is_holiday(date(2026, 9, 8)));
    }

    #[test]
    fn every_year_has_its_days_in_order_and_others_have_none() {
        for year in YEARS {
            let days = national(year);
            assert_eq!(days.len(), if year >= 2024 { 13 } else { 12 });
            assert!(days.is_sorted_by_key(|day| day.date) && days.iter().all(|day| day.date.year() == year));
        }
        assert!(national(1984).is_empty() && national(2101).is_empty());
    }
}
