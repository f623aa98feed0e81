//! The people are believable, right in form, and the same every time.
use super::super::tests::demo;
use super::super::{Size, people};
use super::*;
use jiff::civil::date;
use proptest::prelude::*;
use std::collections::HashSet;

fn some(count: u32) -> Vec<Person> {
    people(11, count, date(2026, 11, 24)).collect()
}

#[test]
fn numbers_are_unique_in_a_run() {
    let all = some(20_000);
    let distinct = |values: Vec<String>| values.len() == values.iter().collect::<HashSet<_>>().len();
    assert!(distinct(all.iter().filter_map(|p| p.cpf.as_ref().map(ToString::to_string)).collect()), "cpf");
    assert!(distinct(all.iter().filter_map(|p| p.cns.as_ref().map(ToString::to_string)).collect()), "cns");
    assert!(
        distinct(all.iter().filter_map(|p| p.phone.as_ref().map(ToString::to_string)).collect()),
        "phone"
    );
    assert!(
        distinct(all.iter().filter_map(|p| p.email.as_ref().map(ToString::to_string)).collect()),
        "email"
    );
}

#[test]
fn everybody_can_be_reached() {
    assert!(some(5_000).iter().all(|p| p.phone.is_some() && p.address.cep.is_some()));
}

#[test]
fn shares_are_those_of_a_real_clinic() {
    let all = some(10_000);
    let share = |is: &dyn Fn(&Person) -> bool| all.iter().filter(|p| is(p)).count() * 100 / all.len();
    let age = |p: &Person| date(2026, 11, 24).year() - p.birth_date.year();
    assert!((1..=3).contains(&share(&|p| p.social_name.is_some())));
    assert!((85..=98).contains(&share(&|p| p.cpf.is_some())));
    assert!((13..=22).contains(&share(&|p| age(p) < 16)));
    assert!((12..=20).contains(&share(&|p| age(p) > 65)));
    assert!((54..=62).contains(&share(&|p| p.sex == "female")));
    assert!((8..=16).contains(&share(&|p| !p.allergies.is_empty())));
    assert!((50..=75).contains(&share(&|p| p.status == "active")));
    assert!(share(&|p| p.name.split(' ').count() >= 3) > 60);
}

#[test]
fn codes_are_those_of_the_contract() {
    for person in demo(3, Size::Clinic).people() {
        assert!(["lead", "active", "in_treatment", "inactive"].contains(&person.status));
        assert!(["low", "normal", "high", "urgent"].contains(&person.priority));
        let sources = ["whatsapp", "site", "referral", "import", "walk_in", "other"];
        assert!(sources.contains(&person.source) && !person.allergies.contains(&""));
    }
}

#[test]
fn mail_can_only_go_to_example_domains() {
    let reserved = ["@example.com", "@example.org", "@example.net"];
    for mail in some(2_000).into_iter().filter_map(|p| p.email) {
        assert!(reserved.iter().any(|domain| mail.as_str().ends_with(domain)), "{mail}");
    }
}

#[test]
fn nobody_is_born_after_registering_and_all_register_in_order() {
    for size in [Size::Clinic, Size::Years20] {
        let demo = demo(4, size);
        let all: Vec<Person> = demo.people().take(5_000).collect();
        assert!(all.iter().all(|p| p.birth_date < p.registered_on && p.registered_on <= demo.today()));
        assert!(all.is_sorted_by_key(|p| p.registered_on));
    }
}

proptest! {
    #[test]
    fn the_register_grows_as_its_people_say(seed: u64, count in 1u32..400, share in 0u32..=100, days in 1i32..900) {
        let founders = count * share / 100;
        let crowd = Crowd { seed, count, founders, since: date(2020, 1, 1), days };
        for day in [0, days / 3, days - 1, days] {
            let counted = (0..count).filter(|i| crowd.registered(*i) <= day).count();
            prop_assert_eq!(crowd.registered_by(day) as usize, counted, "day {}", day);
        }
        prop_assert_eq!(crowd.registered_by(days), count);
    }

    #[test]
    fn one_seed_gives_one_crowd(seed: u64, skip in 0usize..60) {
        let first = people(seed, 1_000, date(2026, 1, 1)).nth(skip);
        let again = people(seed, 1_000, date(2026, 1, 1)).take(skip + 1).last();
        prop_assert_eq!(first, again);
    }
}
