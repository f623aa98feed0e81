//! The clinic's day against the calendar of Brazil: every clock change from 1985 to 2040, holidays, blocks, free time.
use jiff::Timestamp;
use proptest::prelude::*;

use super::*;
use crate::{
    base::{Saved, Stamp},
    features::{appointments::free, blocks::model::BlockFields},
};

const ZONES: [&str; 8] = [
    "America/Sao_Paulo",
    "America/Noronha",
    "America/Manaus",
    "America/Rio_Branco",
    "America/Cuiaba",
    "America/Campo_Grande",
    "America/Bahia",
    "America/Fortaleza",
];

fn hours(zone: &str, opens: i64, closes: i64, lunch: Option<(i64, i64)>) -> Hours {
    let day = |weekday| OpeningHours {
        weekday,
        opens,
        closes,
        lunch_from: lunch.map(|l| l.0),
        lunch_to: lunch.map(|l| l.1),
    };
    let week = (1..=7).map(day).collect();
    Hours { zone: TimeZone::get(zone).unwrap(), slot_min: 30, week, open_on_holidays: true }
}

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn block(from: Instant, to: Instant) -> Block {
    let stamp = Stamp { id: 9, version: 1, created_at: Instant(0), updated_at: Instant(0) };
    let (professional_id, room_id, reason) = (Some(1), None, "reunião".to_owned());
    Saved { stamp, fields: BlockFields { professional_id, room_id, starts_at: from, ends_at: to, reason } }
}

/// Every day on which a Brazilian clock changed or will, with its neighbours.
fn days_of_change() -> Vec<(&'static str, Day)> {
    let from: Timestamp = "1985-01-01T00:00:00Z".parse().unwrap();
    let until: Timestamp = "2040-12-31T00:00:00Z".parse().unwrap();
    let of_zone = |name: &'static str| {
        let zone = TimeZone::get(name).unwrap();
        let changes: Vec<_> =
            zone.following(from).map(|t| t.timestamp()).take_while(|t| *t < until).collect();
        let days = changes.into_iter().map(move |at| Instant::from(at).day_in(&zone));
        days.flat_map(|day| [-1, 0, 1].map(|n| day.plus_days(n))).map(move |day| (name, day))
    };
    ZONES.into_iter().flat_map(of_zone).collect()
}

fn codes(stretches: &[Stretch]) -> Vec<(StretchKind, i64)> {
    stretches.iter().map(|s| (s.kind, s.span.minutes())).collect()
}

#[test]
fn a_usual_day_is_open_but_for_lunch() {
    use StretchKind::*;
    let hours = hours("America/Sao_Paulo", 480, 1080, Some((720, 780)));
    assert_eq!(codes(&hours.day(day("2026-11-25"))), [(Open, 240), (Lunch, 60), (Open, 300)]);
}

#[test]
fn a_short_saturday_is_closed_until_the_week_usually_ends() {
    use StretchKind::*;
    let mut hours = hours("America/Sao_Paulo", 480, 1080, None);
    hours.week[5].closes = 720;
    hours.week.pop();
    assert_eq!(codes(&hours.day(day("2026-11-28"))), [(Open, 240), (Closed, 360)]);
    assert_eq!(codes(&hours.day(day("2026-11-29"))), [(Closed, 600)], "Sunday");
}

#[test]
fn a_holiday_closes_the_hours_unless_the_clinic_works_on_it() {
    let mut hours = hours("America/Sao_Paulo", 480, 1080, Some((720, 780)));
    assert_eq!(hours.day(day("2026-12-25")).len(), 3);
    hours.open_on_holidays = false;
    let christmas = hours.day(day("2026-12-25"));
    assert_eq!(codes(&christmas), [(StretchKind::Holiday, 600)]);
    assert_eq!(christmas[0].reason.as_deref(), Some("christmas"));
    assert_eq!(hours.day(day("2026-02-17")).len(), 3, "Carnaval is not ordered");
}

#[test]
fn a_block_covers_open_time_and_lunch_with_its_reason() {
    use StretchKind::*;
    let hours = hours("America/Sao_Paulo", 480, 1080, Some((720, 780)));
    let day = day("2026-11-25");
    let blocks = [block(day.at_minute(700, &hours.zone), day.at_minute(800, &hours.zone))];
    let mine = hours.day_of(day, 1, None, &blocks);
    assert_eq!(codes(&mine), [(Open, 220), (Block, 100), (Open, 280)]);
    assert_eq!((mine[1].reason.as_deref(), mine[1].block_id), (Some("reunião"), Some(9)));
    assert_eq!(hours.day_of(day, 2, None, &blocks), hours.day(day), "someone else's block");
}

#[test]
fn an_obstacle_is_the_first_thing_in_the_way() {
    let hours = hours("America/Sao_Paulo", 480, 1080, Some((720, 780)));
    let day = day("2026-11-25");
    let at = |from: i64, to: i64| Span {
        from: day.at_minute(from, &hours.zone),
        to: day.at_minute(to, &hours.zone),
    };
    let blocks = [block(at(900, 960).from, at(900, 960).to)];
    let code = |from, to| hours.obstacle(at(from, to), 1, None, &blocks).map(|s| s.refusal());
    assert_eq!(code(480, 720), None);
    assert_eq!(code(470, 500), Some("outside_hours"));
    assert_eq!(code(1050, 1081), Some("outside_hours"));
    assert_eq!(code(700, 730), Some("lunch"));
    assert_eq!(code(890, 910), Some("blocked"));
    assert_eq!(code(700, 910), Some("lunch"));
    assert_eq!(code(1300, 1500), Some("outside_hours"), "past midnight");
}

#[test]
fn a_clinic_that_never_closes_books_across_midnight() {
    let hours = hours("America/Sao_Paulo", 0, 1440, None);
    let day = day("2018-11-03");
    let night = Span {
        from: day.at_minute(1410, &hours.zone),
        to: day.at_minute(1410, &hours.zone).plus_minutes(240),
    };
    assert!(hours.obstacle(night, 1, None, &[]).is_none(), "clocks skip an hour in this night");
}

#[test]
fn no_brazilian_clock_change_moves_an_opening() {
    let changes = days_of_change();
    assert!(changes.len() > 300, "{}", changes.len());
    for (zone, day) in changes {
        let hours = hours(zone, 480, 1080, Some((720, 780)));
        let stretches = hours.day(day);
        let wall = |at: Instant| hours.zone.to_datetime(at.timestamp());
        let clocks: Vec<_> =
            stretches.iter().map(|s| (wall(s.span.from).time(), wall(s.span.to).time())).collect();
        let time = |hour| jiff::civil::time(hour, 0, 0, 0);
        assert_eq!(clocks, [(8, 12), (12, 13), (13, 18)].map(|(a, b)| (time(a), time(b))), "{zone} {day}");
        assert!(stretches.iter().all(|s| wall(s.span.from).date() == day.0), "{zone} {day}");
    }
}

#[test]
fn a_day_of_change_is_as_long_as_its_clocks_make_it() {
    let hours = hours("America/Sao_Paulo", 0, 1440, None);
    let minutes = |text: &str| hours.day(day(text)).iter().map(|s| s.span.minutes()).sum::<i64>();
    assert_eq!((minutes("2018-11-03"), minutes("2018-11-04"), minutes("2019-02-16")), (1440, 1380, 1500));
    assert_eq!(hours.whole_day(day("2018-11-04")).minutes(), 1380);
}

#[test]
fn hours_that_the_clocks_skip_are_no_day() {
    let (skip, usual) = (day("1994-10-16"), day("1994-10-17"));
    let hours = |opens, closes| hours("America/Campo_Grande", opens, closes, None);
    assert_eq!(hours(30, 60).day(skip), []);
    assert_eq!(hours(30, 60).day(usual).len(), 1);
    let rest = hours(30, 90).day(skip);
    assert_eq!(rest.iter().map(|s| s.span.minutes()).sum::<i64>(), 30, "one o'clock to half past is left");
}

fn any_hours() -> impl Strategy<Value = (i64, i64, Option<(i64, i64)>)> {
    (0i64..1380, 0i64..60, 0i64..60, 0i64..1440).prop_map(|(opens, a, b, length)| {
        let closes = (opens + 1 + length).min(1440);
        let (from, to) = (opens + a, opens + a + b);
        (opens, closes, (a > 0 && b > 0 && to < closes).then_some((from, to)))
    })
}

proptest! {
    #[test]
    fn a_day_has_no_gap_and_no_overlap_whatever_the_clocks_do(
        (zone, day) in proptest::sample::select(days_of_change()),
        (opens, closes, lunch) in any_hours(),
        blocked in proptest::collection::vec((-200i64..1700, 1i64..400), 0..4),
    ) {
        let hours = hours(zone, opens, closes, lunch);
        let start = day.start_in(&hours.zone);
        let blocks: Vec<_> = blocked.iter().map(|(from, length)| block(start.plus_minutes(*from), start.plus_minutes(from + length))).collect();
        let stretches = hours.day_of(day, 1, None, &blocks);
        prop_assert!(stretches.iter().all(|s| s.span.from < s.span.to));
        prop_assert!(stretches.windows(2).all(|w| w[0].span.to == w[1].span.from));
        let whole = hours.whole_day(day);
        prop_assert!(stretches.iter().all(|s| whole.from <= s.span.from && s.span.to <= whole.to));
        for stretch in stretches.iter().filter(|s| s.kind == StretchKind::Open) {
            let blocked = blocks.iter().any(|b| stretch.span.overlaps(Span { from: b.starts_at, to: b.ends_at }));
            prop_assert!(!blocked);
        }
    }

    #[test]
    fn every_offered_time_can_be_booked_and_every_bookable_grid_time_is_offered(
        (zone, day) in proptest::sample::select(days_of_change()),
        taken in proptest::collection::vec((0i64..1440, 5i64..120), 0..12),
        minutes in 5i64..120,
    ) {
        let hours = hours(zone, 420, 1200, Some((720, 780)));
        let start = day.start_in(&hours.zone);
        let span = |from: i64, length: i64| Span { from: start.plus_minutes(from), to: start.plus_minutes(from + length) };
        let taken: Vec<_> = taken.into_iter().map(|(from, length)| span(from, length)).collect();
        let free = free::free(&hours.day(day), &taken);
        let offered = free::starts(&hours, day, &free, minutes, start);
        let bookable = |s: Span| hours.obstacle(s, 1, None, &[]).is_none() && !taken.iter().any(|t| t.overlaps(s));
        prop_assert!(offered.is_sorted());
        prop_assert!(offered.iter().all(|s| s.minutes() == minutes && bookable(*s)));
        for minute in (0..1440).step_by(30) {
            let from = day.at_minute(minute, &hours.zone);
            let wanted = Span { from, to: from.plus_minutes(minutes) };
            prop_assert_eq!(offered.contains(&wanted), bookable(wanted), "minute {}", minute);
        }
    }
}
