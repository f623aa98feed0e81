//! When somebody or something is not there: holidays from work, congresses, the monthly meeting, a broken air conditioner.
use super::Demo;
use super::random::{Stream, dice};
use jiff::ToSpan;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;

/// A stretch in which nothing is booked. Of the whole clinic where neither professional nor room is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Block {
    /// Which of [`Demo::professionals`] is away.
    pub professional: Option<usize>,
    /// Which of [`Demo::rooms`] cannot be used.
    pub room: Option<usize>,
    /// First moment, on the clinic's wall clock.
    pub from: DateTime,
    /// The moment it is over.
    pub to: DateTime,
    /// In Portuguese.
    pub reason: &'static str,
}

impl Block {
    /// Begin and end as the world counts them; nothing at the edge of time.
    pub fn instants(&self, zone: &TimeZone) -> Option<(jiff::Timestamp, jiff::Timestamp)> {
        let instant = |at: DateTime| zone.to_ambiguous_timestamp(at).compatible().ok();
        Some((instant(self.from)?, instant(self.to)?))
    }

    /// The minutes of a day it takes, of nothing if none.
    pub(super) fn minutes_on(&self, day: Date) -> (u16, u16) {
        (minute_on(self.from, day), minute_on(self.to, day))
    }
}

/// No block is longer: what makes looking one up by its begin possible.
const LONGEST_DAYS: i32 = 21;

/// Blocks in order of time.
#[derive(Debug, Clone)]
pub(super) struct Blocks(Vec<Block>);

impl Blocks {
    pub(super) fn new(demo: &Demo) -> Self {
        Self(demo.blocks())
    }

    /// Those that may touch a day.
    pub(super) fn near(&self, day: Date) -> impl Iterator<Item = &Block> {
        let earliest = day.saturating_sub(LONGEST_DAYS.days()).to_datetime(Time::midnight());
        let first = self.0.partition_point(|block| block.from < earliest);
        self.0
            .iter()
            .skip(first)
            .take_while(move |block| block.from.date() <= day)
            .filter(move |b| b.to.date() >= day)
    }
}

impl Demo {
    /// Every block of the run, in order of time.
    pub fn blocks(&self) -> Vec<Block> {
        let years = self.since().year()..=self.until().year();
        let mut all: Vec<Block> = years.flat_map(|year| self.blocks_of(year)).collect();
        all.retain(|block| block.to.date() >= self.since() && block.from.date() <= self.until());
        all.sort_by_key(|block| (block.from, block.professional, block.room));
        all
    }

    fn blocks_of(&self, year: i16) -> Vec<Block> {
        let shape = self.size.shape();
        let year_end = block(Date::new(year, 12, 24), 0, 8 * 24, "Recesso de fim de ano");
        let meetings = (1..=12).map(|month| {
            // On the second Monday, before the first patient.
            let day = Date::new(year, month, 1)
                .and_then(|d| d.nth_weekday_of_month(2, jiff::civil::Weekday::Monday));
            block(day, 8, 1, "Reunião de equipe")
        });
        let away = (0..shape.professionals).flat_map(|index| self.absences(year, index));
        let rooms = (0..shape.rooms).map(|room| {
            let rng = &mut dice(
                self.seed,
                Stream::Blocks,
                u64::from(year.unsigned_abs()) << 16 | 0x8000 | room as u64,
            );
            let day = Date::new(year, rng.i8(1..=12), rng.i8(1..=28));
            block(day, 13, 5, "Manutenção do ar-condicionado").map(|b| Block { room: Some(room), ..b })
        });
        [year_end].into_iter().chain(meetings).chain(away).chain(rooms).flatten().collect()
    }

    /// A professional's fortnight in each half of the year, and two days of congress for some.
    fn absences(&self, year: i16, index: usize) -> Vec<Option<Block>> {
        let rng = &mut dice(self.seed, Stream::Blocks, u64::from(year.unsigned_abs()) << 16 | index as u64);
        let mut monday_of_week = |weeks: std::ops::RangeInclusive<i32>| {
            let first = Date::new(year, 1, 1).ok()?.saturating_sub(1.day());
            let monday = first.nth_weekday(1, jiff::civil::Weekday::Monday).ok()?;
            Some(monday.saturating_add((rng.i32(weeks) * 7).days()))
        };
        let (winter, summer, congress) =
            (monday_of_week(0..=8), monday_of_week(25..=32), monday_of_week(36..=44));
        let congress = congress.filter(|_| (index + usize::from(year.unsigned_abs())).is_multiple_of(3));
        let away = |day: Option<Date>, days: i32, reason| {
            let from = day?.to_datetime(Time::midnight());
            let to = from.saturating_add(days.days());
            Some(Block { professional: Some(index), room: None, from, to, reason })
        };
        vec![
            away(winter, 14, "Férias"),
            away(summer, 14, "Férias"),
            away(congress.map(|day| day.saturating_add(3.days())), 2, "Congresso"),
        ]
    }
}

/// A block of the whole clinic from an hour of a day on.
fn block(day: Result<Date, jiff::Error>, hour: i8, hours: i32, reason: &'static str) -> Option<Block> {
    let from = day.ok()?.at(hour, 0, 0, 0);
    Some(Block { professional: None, room: None, from, to: from.saturating_add(hours.hours()), reason })
}

/// A moment as a minute of a day, at its nearer end where it lies on another.
fn minute_on(at: DateTime, day: Date) -> u16 {
    match at.date().cmp(&day) {
        std::cmp::Ordering::Less => 0,
        std::cmp::Ordering::Greater => 24 * 60,
        std::cmp::Ordering::Equal => {
            u16::from(at.hour().unsigned_abs()) * 60 + u16::from(at.minute().unsigned_abs())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Size;
    use super::super::tests::demo;
    use super::*;
    use jiff::civil::date;

    #[test]
    fn everybody_has_holidays_and_no_block_is_longer_than_the_search_assumes() {
        let demo = demo(1, Size::Years20);
        let blocks = demo.blocks();
        assert!(blocks.is_sorted_by_key(|block| block.from));
        for index in 0..30 {
            let own = blocks.iter().filter(|b| b.professional == Some(index) && b.reason == "Férias").count();
            assert!((38..=44).contains(&own), "{own}");
        }
        assert!(blocks.iter().all(|b| b.from < b.to && b.to <= b.from.saturating_add(LONGEST_DAYS.days())));
    }

    #[test]
    fn a_block_takes_only_its_minutes_of_a_day() {
        let block = block(Ok(date(2026, 3, 9)), 8, 26, "x").unwrap();
        assert_eq!(block.minutes_on(date(2026, 3, 9)), (480, 1440));
        assert_eq!(block.minutes_on(date(2026, 3, 10)), (0, 600));
        assert_eq!(block.minutes_on(date(2026, 3, 11)), (0, 0));
    }

    #[test]
    fn the_search_finds_what_a_walk_through_all_finds() {
        let demo = demo(2, Size::Clinic);
        let blocks = Blocks::new(&demo);
        for day in demo.since().series(1.day()).take(300) {
            let touches = |b: &Block| b.minutes_on(day).0 < b.minutes_on(day).1;
            let near = blocks.near(day).filter(|b| touches(b)).count();
            assert_eq!(near, demo.blocks().iter().filter(|b| touches(b)).count(), "{day}");
        }
    }
}
