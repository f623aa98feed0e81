//! Which rules hold, since when, and what people said to it.
use serde::{Deserialize, Serialize};

use super::rules::{Rule, RuleName, Severity, rule, rules};
use crate::choices;

choices! {
    /// What an alert is.
    State {
        /// Nothing is wrong, and nothing was since the board was made.
        Quiet = "quiet",
        /// Wrong, and nobody has said that they know.
        Firing = "firing",
        /// Wrong, and someone knows.
        Acknowledged = "acknowledged",
        /// Wrong, and nobody wants to hear of it until a time.
        Silenced = "silenced",
        /// Was wrong and is not any more.
        Resolved = "resolved",
    }
}

/// A figure of a rule at a moment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Figure {
    /// The rule.
    pub rule: RuleName,
    /// Of which clinic; none where it is of the machine.
    pub clinic_id: Option<i64>,
    /// The figure; none where it cannot be told now, which changes nothing.
    pub value: Option<f64>,
}

/// One rule of the machine or of one clinic, and how it stands. Times are seconds since 1970.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Alert {
    /// The rule.
    pub rule: RuleName,
    /// Of which clinic; none where it is of the machine.
    pub clinic_id: Option<i64>,
    /// Whether it is wrong now.
    pub firing: bool,
    /// How bad it is, or was at its worst.
    pub severity: Severity,
    /// The last figure that was known.
    pub value: Option<f64>,
    /// When it last began to fire.
    pub fired_at: Option<i64>,
    /// When it last stopped.
    pub resolved_at: Option<i64>,
    /// How often it has begun to fire.
    pub times: u64,
    /// Who knows of it, and since when; forgotten when it resolves.
    pub acknowledged: Option<Acknowledged>,
    /// Until when nobody wants to hear of it.
    pub silenced_until: Option<i64>,
    /// Since when the figure has been on the other side, while it is not yet long enough.
    pub turning_since: Option<i64>,
}

/// Someone who knows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Acknowledged {
    /// The clinic they are of.
    pub clinic_id: i64,
    /// The person's number there.
    pub user_id: i64,
    /// When they said so.
    pub at: i64,
}

/// What an evaluation changed.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The alert after it.
    pub alert: Alert,
    /// What it is now.
    pub state: State,
}

impl Alert {
    fn new(name: RuleName, clinic_id: Option<i64>) -> Self {
        Self {
            rule: name,
            clinic_id,
            firing: false,
            severity: rule(name).severity,
            value: None,
            fired_at: None,
            resolved_at: None,
            times: 0,
            acknowledged: None,
            silenced_until: None,
            turning_since: None,
        }
    }

    /// What it is at `now`.
    pub fn state(&self, now: i64) -> State {
        match (self.firing, self.fired_at) {
            (true, _) if self.is_silenced(now) => State::Silenced,
            (true, _) if self.acknowledged.is_some() => State::Acknowledged,
            (true, _) => State::Firing,
            (false, Some(_)) => State::Resolved,
            (false, None) => State::Quiet,
        }
    }

    /// Whether nobody wants to hear of it at `now`.
    pub fn is_silenced(&self, now: i64) -> bool {
        self.silenced_until.is_some_and(|until| until > now)
    }

    /// Ends a silence whose time is over; whether it ended now.
    fn wakes(&mut self, now: i64) -> bool {
        self.silenced_until.take_if(|until| *until <= now).is_some()
    }

    /// Takes the figure of `now` in; whether it began or stopped to fire.
    fn take(&mut self, rule: &Rule, value: f64, now: i64) -> bool {
        self.value = Some(value);
        let turns = if self.firing {
            self.severity = self.severity.max(rule.severity_of(value));
            !rule.is_beyond(value, rule.resolves)
        } else {
            rule.is_beyond(value, rule.fires)
        };
        if !turns {
            self.turning_since = None;
            return false;
        }
        let since = *self.turning_since.get_or_insert(now);
        let long_enough = if self.firing { rule.good_for_s } else { rule.for_s };
        // A clock that was set back must not keep a rule from turning for as long as it was set back.
        if since <= now && now - since < long_enough {
            return false;
        }
        self.turn(rule, value, now);
        true
    }

    fn turn(&mut self, rule: &Rule, value: f64, now: i64) {
        self.turning_since = None;
        self.firing = !self.firing;
        if self.firing {
            self.severity = rule.severity_of(value);
            self.fired_at = Some(now);
            self.times += 1;
        } else {
            self.resolved_at = Some(now);
            self.acknowledged = None;
        }
    }
}

/// Every alert.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Board {
    pub(super) alerts: Vec<Alert>,
}

impl Board {
    /// Takes figures of `now` in and answers what began or stopped to fire. A silenced alert turns and says nothing.
    pub fn evaluate(&mut self, figures: &[Figure], now: i64) -> Vec<Change> {
        let mut changes = Vec::new();
        for figure in figures {
            let Some(value) = figure.value else { continue };
            let change = self.with(figure.rule, figure.clinic_id, |alert| {
                // Where a silence ends and all is still wrong, it is said again.
                let woken = alert.wakes(now) && alert.firing;
                let turned = alert.take(&rule(figure.rule), value, now);
                let told = (turned || woken) && !alert.is_silenced(now);
                told.then(|| Change { state: alert.state(now), alert: alert.clone() })
            });
            changes.extend(change);
        }
        changes
    }

    /// Every alert of the machine and of one clinic, rules nothing is known of yet among them.
    pub fn seen_by(&self, clinic_id: i64) -> Vec<Alert> {
        let mut seen = Vec::new();
        for rule in rules() {
            let before = seen.len();
            let of_rule = self.alerts.iter().filter(|alert| alert.rule == rule.name);
            seen.extend(of_rule.filter(|alert| alert.clinic_id.is_none_or(|id| id == clinic_id)).cloned());
            if seen.len() == before {
                seen.push(Alert::new(rule.name, rule.of_clinic.then_some(clinic_id)));
            }
        }
        seen
    }

    /// All that fire, whoever's they are.
    pub fn firing(&self) -> impl Iterator<Item = &Alert> {
        self.alerts.iter().filter(|alert| alert.firing)
    }

    /// Someone of a clinic knows of a rule's alerts that fire: those of the machine and their own. How many there were.
    pub fn acknowledge(&mut self, name: RuleName, by: &Acknowledged) -> usize {
        let firing = self.of_clinic(name, by.clinic_id).filter(|alert| alert.firing);
        firing.map(|alert| alert.acknowledged = Some(by.clone())).count()
    }

    /// Nobody of a clinic wants to hear of a rule until `until`.
    pub fn silence(&mut self, name: RuleName, clinic_id: i64, until: i64) {
        let own = rule(name).of_clinic.then_some(clinic_id);
        self.with(name, own, |alert| alert.silenced_until = Some(until));
    }

    fn of_clinic(&mut self, name: RuleName, clinic_id: i64) -> impl Iterator<Item = &mut Alert> {
        let own = move |alert: &&mut Alert| alert.clinic_id.is_none_or(|id| id == clinic_id);
        self.alerts.iter_mut().filter(move |alert| alert.rule == name).filter(own)
    }

    /// Does something with the alert of a rule, which is put on the board when it is not there yet.
    fn with<T>(&mut self, name: RuleName, clinic_id: Option<i64>, act: impl FnOnce(&mut Alert) -> T) -> T {
        let there = self.alerts.iter_mut().find(|alert| alert.rule == name && alert.clinic_id == clinic_id);
        match there {
            Some(alert) => act(alert),
            None => {
                let mut alert = Alert::new(name, clinic_id);
                let done = act(&mut alert);
                self.alerts.push(alert);
                done
            }
        }
    }
}
