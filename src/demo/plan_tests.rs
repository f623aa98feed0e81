//! The agenda breaks none of the rules the program itself keeps.
use super::super::tests::demo;
use super::super::{OpenDay, Size};
use super::*;
use crate::base::brazil::holidays;
use proptest::prelude::*;
use std::collections::HashMap;

/// Fails on the first rule a schedule breaks.
fn assert_keeps_the_rules(demo: &Demo, all: &[Planned]) {
    let mut busy: HashMap<(u8, usize), i64> = HashMap::new();
    assert!(all.is_sorted_by_key(|planned| planned.starts_at), "in order of time");
    for planned in all.iter().filter(|planned| !planned.fit_in) {
        let (start, end) = span(planned);
        let room = planned.room.map(|room| (1, room));
        for key in [Some((0, planned.professional)), room, Some((2, planned.person))].into_iter().flatten() {
            let free = busy.insert(key, end).unwrap_or(i64::MIN);
            assert!(free <= start, "{key:?} twice at {}", planned.starts_at);
        }
    }
    all.iter().for_each(|planned| assert_is_open(demo, planned));
    let blocks: Vec<_> = demo.blocks().into_iter().map(|b| (b, b.instants(&demo.zone).unwrap())).collect();
    for planned in all {
        let (start, end) = span(planned);
        let hit = blocks.iter().find(|(block, (from, to))| {
            let whole = block.professional.is_none() && block.room.is_none();
            let own = block.professional == Some(planned.professional)
                || (block.room.is_some() && block.room == planned.room);
            (whole || own) && from.as_second() < end && start < to.as_second()
        });
        assert_eq!(hit, None, "{planned:?}");
    }
}

/// Inside opening hours, outside lunch, not on a holiday.
fn assert_is_open(demo: &Demo, planned: &Planned) {
    let at = demo.zone.to_datetime(planned.starts_at);
    let weekday = at.weekday().to_monday_one_offset();
    let hours = demo.hours.iter().find(|hours| hours.weekday == weekday).expect("an open weekday");
    let start = u16::try_from(at.hour()).unwrap() * 60 + u16::try_from(at.minute()).unwrap();
    let end = start + planned.duration_min;
    assert!(hours.opens <= start && end <= hours.closes, "{at}");
    assert!(hours.lunch.is_none_or(|(from, to)| end <= from || to <= start), "lunch at {at}");
    assert!(!holidays::is_holiday(at.date()), "holiday on {at}");
}

fn span(planned: &Planned) -> (i64, i64) {
    let start = planned.starts_at.as_second();
    (start, start + 60 * i64::from(planned.duration_min))
}

#[test]
fn a_clinic_keeps_the_rules_and_has_all_its_appointments() {
    let demo = demo(1, Size::Clinic);
    let all: Vec<Planned> = demo.schedule().collect();
    assert_eq!(all.len(), Size::Clinic.appointments());
    assert_keeps_the_rules(&demo, &all);
    let people: Vec<_> = demo.people().collect();
    for planned in &all {
        let registered = people[planned.person].registered_on;
        assert!(demo.zone.to_datetime(planned.booked_at).date() >= registered, "{planned:?}");
    }
}

#[test]
fn the_day_shows_every_state_and_the_rest_fits_the_clock() {
    let demo = demo(2, Size::Clinic);
    let now = demo.now;
    let all: Vec<Planned> = demo.schedule().collect();
    let today: Vec<_> =
        all.iter().filter(|p| demo.zone.to_datetime(p.starts_at).date() == demo.today()).collect();
    for status in ["done", "in_care", "arrived", "confirmed"] {
        assert!(today.iter().any(|p| p.status == status), "{status} is missing today");
    }
    assert!((50..120).contains(&today.len()), "{}", today.len());
    for planned in &all {
        let over = matches!(planned.status, "done" | "no_show" | "left" | "in_care");
        assert!(!over || planned.starts_at <= now, "{planned:?}");
        let open = matches!(planned.status, "requested" | "booked" | "confirmed");
        assert!(!open || planned.starts_at > now, "{planned:?}");
    }
    let fit_ins = all.iter().filter(|p| p.fit_in).count();
    assert!((50..600).contains(&fit_ins), "{fit_ins}");
}

#[test]
fn nobody_has_two_patients_in_care_at_once() {
    for seed in 0..8 {
        let demo = demo(seed, Size::Clinic);
        let mut in_care: Vec<usize> =
            demo.schedule().filter(|p| p.status == "in_care").map(|p| p.professional).collect();
        let count = in_care.len();
        in_care.sort_unstable();
        in_care.dedup();
        assert_eq!(in_care.len(), count);
    }
}

#[test]
fn kinds_suit_the_patient() {
    let demo = demo(3, Size::Clinic);
    let mut firsts = std::collections::HashSet::new();
    for planned in demo.schedule() {
        let first = matches!(planned.kind, "first_visit" | "evaluation");
        assert!(!first || firsts.insert(planned.person), "nobody comes for the first time twice");
    }
    assert!(firsts.len() > 900);
    let team = demo.professionals();
    let people: Vec<_> = demo.people().collect();
    let children: Vec<_> =
        demo.schedule().filter(|p| team[p.professional].specialty == "Pediatria").collect();
    let grown = children.iter().filter(|p| people[p.person].birth_date.year() < 2008).count();
    assert!(grown * 20 < children.len(), "{grown} of {}", children.len());
}

#[test]
fn years_of_dst_and_growth_keep_the_rules() {
    let demo = demo(4, Size::Years20);
    // Two years that had daylight saving time, which Brazil changed at midnight.
    let all: Vec<Planned> = demo.schedule().take(60_000).collect();
    assert_keeps_the_rules(&demo, &all);
}

#[test]
#[ignore = "half a minute in a debug build"]
fn the_large_runs_are_complete_and_quick() {
    for size in [Size::Large, Size::Years20] {
        let demo = demo(5, size);
        let begun = std::time::Instant::now();
        let all: Vec<Planned> = demo.schedule().collect();
        println!("{}: {} in {:?}", size.as_str(), all.len(), begun.elapsed());
        assert_eq!(all.len(), size.appointments());
        assert_keeps_the_rules(&demo, &all);
    }
}

#[test]
fn a_day_on_which_the_clocks_change_while_open_has_nobody() {
    let zone = TimeZone::get("Europe/Berlin").unwrap();
    let night = [(0, 1440)];
    let day = |text: &str| DayClock::new(&zone, text.parse().unwrap(), &night).is_some();
    assert!(!day("2026-03-29") && day("2026-03-30") && !day("2026-10-25"));
    assert!(DayClock::new(&zone, "2026-03-30".parse().unwrap(), &[]).is_none());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6))]

    #[test]
    fn any_opening_hours_are_kept(
        seed: u64,
        now in 1_500_000_000i64..2_500_000_000,
        days in prop::collection::btree_map(1i8..=7, (0u16..12, 1u16..12, 0u16..4, 0u16..12), 1..7),
        zone in prop::sample::select(vec!["America/Sao_Paulo", "America/Manaus", "America/Noronha", "Europe/Lisbon"]),
    ) {
        let hours = days.into_iter().map(|(weekday, (opens, hours, lunch, after))| {
            let (opens, closes) = (opens * 60 + 15, (opens + hours) * 60 + 15);
            let from = (opens + after * 35).min(closes);
            let lunch = (lunch > 0).then_some((from, (from + lunch * 25).min(closes)));
            OpenDay { weekday, opens, closes, lunch }
        });
        let zone = TimeZone::get(zone).unwrap();
        let now = Timestamp::from_second(now).unwrap();
        let demo = Demo::new(seed, Size::Clinic, now, zone).with_hours(hours.collect());
        let all: Vec<Planned> = demo.schedule().collect();
        prop_assert!(all.len() <= Size::Clinic.appointments());
        assert_keeps_the_rules(&demo, &all);
        prop_assert!(demo.schedule().eq(all), "the same again");
    }
}
