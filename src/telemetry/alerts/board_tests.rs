//! Each alert with simulated time: it fires, it resolves, it does not flap, and people can say that they know.
use proptest::prelude::*;

use super::{Acknowledged, Alert, Board, Bound, Figure, Rule, RuleName, State, rule, rules};

/// How often the program looks, in seconds.
const TICK: i64 = 10;

struct Watch {
    board: Board,
    rule: Rule,
    now: i64,
    changes: Vec<State>,
}

impl Watch {
    fn of(rule: Rule) -> Self {
        Self { board: Board::default(), rule, now: 1_795_521_600, changes: Vec::new() }
    }

    /// Lets the figure be `value` for so long.
    fn hold(&mut self, value: f64, seconds: i64) {
        for _ in 0..=seconds / TICK {
            self.see(Some(value));
        }
    }

    fn see(&mut self, value: Option<f64>) {
        let figure = Figure { rule: self.rule.name, clinic_id: None, value };
        self.changes.extend(self.board.evaluate(&[figure], self.now).iter().map(|change| change.state));
        self.now += TICK;
    }

    fn state(&self) -> State {
        self.alert().state(self.now)
    }

    fn alert(&self) -> Alert {
        self.board.seen_by(1).into_iter().find(|alert| alert.rule == self.rule.name).unwrap()
    }

    /// Well on the bad side, and well on the good one.
    fn values(&self) -> (f64, f64) {
        let far = (self.rule.fires - self.rule.resolves).abs().max(0.001);
        match self.rule.bound {
            Bound::Above => (self.rule.fires + far, self.rule.resolves - far),
            Bound::Below => (self.rule.fires - far / 2.0, self.rule.resolves + far),
        }
    }
}

#[test]
fn every_alert_fires_once_it_has_been_bad_for_long_enough_and_resolves_once_it_has_been_good() {
    for rule in rules() {
        let mut watch = Watch::of(rule);
        let (bad, good) = watch.values();
        watch.hold(good, 3600);
        assert_eq!(watch.state(), State::Quiet, "{rule:?}");
        if rule.for_s > TICK {
            watch.hold(bad, rule.for_s - 2 * TICK);
            assert_eq!(watch.state(), State::Quiet, "too early: {rule:?}");
            watch.hold(good, TICK);
        }
        watch.hold(bad, rule.for_s + 3600);
        assert_eq!(
            (watch.state(), watch.changes.as_slice()),
            (State::Firing, &[State::Firing][..]),
            "{rule:?}"
        );
        watch.hold(good, rule.good_for_s + 3600);
        assert_eq!(watch.changes, [State::Firing, State::Resolved], "{rule:?}");
        assert_eq!((watch.state(), watch.alert().times), (State::Resolved, 1));
    }
}

#[test]
fn a_figure_that_trembles_around_its_threshold_rings_once() {
    let mut random = fastrand::Rng::with_seed(11);
    for rule in rules().filter(|rule| rule.for_s > 0) {
        let mut watch = Watch::of(rule);
        let (bad, _) = watch.values();
        watch.hold(bad, rule.for_s + 60);
        let (fires, resolves) = (rule.fires, rule.resolves);
        // A day of trembling between a little beyond one threshold and a little short of the other.
        for _ in 0..86_400 / TICK {
            watch.see(Some(resolves + (fires - resolves) * (0.05 + 1.3 * random.f64())));
        }
        assert_eq!(watch.changes, [State::Firing], "{rule:?}");
        // Single good moments do not resolve it either.
        for _ in 0..1000 {
            let (bad, good) = watch.values();
            watch.see(Some(if random.u8(0..4) == 0 { good } else { bad }));
        }
        assert_eq!(watch.changes, [State::Firing], "{rule:?}");
    }
}

proptest! {
    #[test]
    fn whatever_comes_each_change_took_its_time(
        values in prop::collection::vec(prop::option::weighted(0.9, 0.0_f64..120.0), 1..400),
    ) {
        let rule = rule(RuleName::ResponseTime);
        let mut watch = Watch::of(rule);
        let mut changed_at: Vec<i64> = Vec::new();
        for value in values {
            let before = watch.changes.len();
            watch.see(value);
            if watch.changes.len() > before { changed_at.push(watch.now) }
        }
        let alternate = |states: &[State]| states.iter().enumerate().all(|(n, state)| {
            *state == if n % 2 == 0 { State::Firing } else { State::Resolved }
        });
        prop_assert!(alternate(&watch.changes), "{:?}", watch.changes);
        let shortest = rule.for_s.min(rule.good_for_s);
        prop_assert!(changed_at.windows(2).all(|pair| pair[1] - pair[0] >= shortest), "{changed_at:?}");
    }
}

fn firing(rule: Rule) -> Watch {
    let mut watch = Watch::of(rule);
    watch.hold(watch.values().0, rule.for_s + TICK);
    assert_eq!(watch.state(), State::Firing);
    watch
}

#[test]
fn who_knows_of_an_alert_is_kept_until_it_resolves() {
    let mut watch = firing(rule(RuleName::ResponseTime));
    let known = Acknowledged { clinic_id: 1, user_id: 7, at: watch.now };
    assert_eq!(watch.board.acknowledge(watch.rule.name, &known), 1);
    assert_eq!((watch.state(), watch.alert().acknowledged), (State::Acknowledged, Some(known.clone())));
    let (bad, good) = watch.values();
    watch.hold(bad, 3600);
    assert_eq!(watch.state(), State::Acknowledged);
    watch.hold(good, 600);
    assert_eq!((watch.state(), watch.alert().acknowledged), (State::Resolved, None));
    assert_eq!(watch.board.acknowledge(watch.rule.name, &known), 0, "nothing fires any more");
    watch.hold(bad, 600);
    assert_eq!(watch.state(), State::Firing, "that it was known before says nothing of now");
}

#[test]
fn a_silenced_alert_says_nothing_until_its_time_is_over() {
    let mut watch = firing(rule(RuleName::ResponseTime));
    let (bad, good) = watch.values();
    let until = watch.now + 1200;
    watch.board.silence(watch.rule.name, 1, until);
    assert_eq!(watch.state(), State::Silenced);
    watch.hold(good, 300);
    watch.hold(bad, 300);
    assert_eq!(watch.changes, [State::Firing], "what happened in silence was not told");
    while watch.now < until {
        watch.see(Some(bad));
    }
    watch.see(Some(bad));
    assert_eq!((watch.state(), watch.changes.len()), (State::Firing, 2), "it is said again");
}

#[test]
fn what_cannot_be_told_changes_nothing() {
    let mut watch = firing(rule(RuleName::ResponseTime));
    (0..1000).for_each(|_| watch.see(None));
    assert_eq!((watch.state(), watch.changes.len()), (State::Firing, 1));
}

#[test]
fn an_alert_of_one_clinic_is_not_seen_from_another_and_not_acknowledged_there() {
    let mut board = Board::default();
    let figure =
        |clinic, value| Figure { rule: RuleName::ChainBroken, clinic_id: Some(clinic), value: Some(value) };
    assert_eq!(board.evaluate(&[figure(1, 0.0), figure(2, 3.0)], 100).len(), 1);
    let state = |board: &Board, clinic| {
        let seen: Vec<_> =
            board.seen_by(clinic).into_iter().filter(|a| a.rule == RuleName::ChainBroken).collect();
        seen.iter().map(|alert| (alert.clinic_id, alert.state(101))).collect::<Vec<_>>()
    };
    assert_eq!(state(&board, 1), [(Some(1), State::Quiet)]);
    assert_eq!(state(&board, 2), [(Some(2), State::Firing)]);
    assert_eq!(
        board.acknowledge(RuleName::ChainBroken, &Acknowledged { clinic_id: 1, user_id: 1, at: 101 }),
        0
    );
    board.silence(RuleName::ChainBroken, 1, 999);
    assert_eq!(state(&board, 2), [(Some(2), State::Firing)]);
}

#[test]
fn worse_than_bad_is_critical() {
    let disk = rule(RuleName::Disk);
    let mut watch = Watch::of(disk);
    watch.hold(disk.fires - 1.0, 600);
    assert_eq!(watch.alert().severity, super::Severity::Warning);
    watch.hold(1000.0, 60);
    assert_eq!(watch.alert().severity, super::Severity::Critical);
}
