//! An alert as a letter: what is wrong, how bad, since when and what to do, in the languages asked for. Nobody's data is in it:
//! codes, figures and times come in, fixed sentences go out.
mod english;
mod portuguese;
mod words;

use jiff::tz::TimeZone;

use crate::{
    base::{Choice as _, Instant},
    telemetry::{
        alerts::{Bound, RuleName, State, Unit, rule},
        messages::Message,
        observatory::AlertEvent,
    },
    web::smtp::Letter,
};
pub use words::{Language, Words};

/// What every letter of this program needs to know.
#[derive(Debug, Clone)]
pub struct Stationery {
    /// The languages, the first one first; at least one.
    pub languages: Vec<Language>,
    /// The name of this computer.
    pub computer: String,
    /// Where the clinic's clock is.
    pub zone: TimeZone,
}

/// The letter of a message; none where it is nothing to write about: that somebody knows of an alert, or wants to hear nothing of
/// it, is told where they said so.
pub fn of(message: &Message, on: &Stationery) -> Option<Letter> {
    match message {
        Message::Trial(at) => Some(trial(*at, on)),
        Message::Alert(event) if matches!(event.state, State::Firing | State::Resolved) => {
            Some(alert(event, on))
        }
        Message::Alert(_) => None,
    }
}

fn trial(at: Instant, on: &Stationery) -> Letter {
    let all = |part: fn(Language) -> String| on.languages.iter().copied().map(part).collect::<Vec<_>>();
    let text = all(|language| {
        let phrases = language.phrases();
        format!("{}\n\n{}\n", phrases.trial_text, phrases.closing)
    });
    Letter {
        subject: all(|language| format!("{}{}", language.phrases().prefix, language.phrases().trial))
            .join(" / "),
        text: format!("{}\n{}", text.join(SEPARATOR), on.computer),
        id: format!("trial.{}", at.0),
        answers: None,
    }
}

const SEPARATOR: &str = "\n-- \n\n";

fn alert(event: &AlertEvent, on: &Stationery) -> Letter {
    let is_over = event.state == State::Resolved;
    let subject = |language: &Language| {
        let phrases = language.phrases();
        let prefix = if is_over { phrases.over } else { phrases.prefix };
        format!("{prefix}{}", language.words(event.rule).title)
    };
    let texts: Vec<_> = on.languages.iter().map(|language| text(*language, event, on)).collect();
    let began = id(event, event.since.unwrap_or(event.at));
    // A letter says once that it began; what follows goes on from that.
    let is_first = !is_over && event.since.is_none_or(|since| since == event.at);
    Letter {
        subject: on.languages.iter().map(subject).collect::<Vec<_>>().join(" / "),
        text: texts.join(SEPARATOR),
        id: if is_first { began.clone() } else { format!("{}.{}", id(event, event.at), event.state.code()) },
        answers: (!is_first).then_some(began),
    }
}

fn id(event: &AlertEvent, at: Instant) -> String {
    format!("{}.{}.{}", event.rule.code(), event.clinic_id.unwrap_or(0), at.0)
}

fn text(language: Language, event: &AlertEvent, on: &Stationery) -> String {
    let (phrases, words) = (language.phrases(), language.words(event.rule));
    let is_over = event.state == State::Resolved;
    let mut lines = vec![words.title.to_owned(), String::new()];
    let mut line = |head: &str, what: &str| lines.push(format!("{head}{what}"));
    line(phrases.how_bad, language.severity(event.severity));
    line(phrases.since, &clock(event.since.unwrap_or(event.at), on));
    if is_over {
        line(phrases.until, &clock(event.at, on));
    }
    line(phrases.computer, &on.computer);
    if let Some(clinic) = event.clinic_id {
        line(phrases.clinic, &clinic.to_string());
    }
    if let Some(figure) = event.value.and_then(|value| measured(language, event.rule, value)) {
        line(phrases.value, &figure);
    }
    line("", "");
    if is_over {
        line(phrases.is_over, "");
    } else {
        line(phrases.means, words.means);
        line(phrases.remedy, words.remedy);
    }
    line("", "");
    line(phrases.closing, "");
    line("", "");
    lines.join("\n")
}

/// `24/11/2026 09:00 (America/Sao_Paulo)`: one clock time for both languages, so that nobody takes the day for the month.
fn clock(at: Instant, on: &Stationery) -> String {
    let local = at.timestamp().to_zoned_datetime(on.zone.clone());
    let zone = on.zone.iana_name().unwrap_or("UTC");
    format!("{} ({zone})", local.strftime("%d/%m/%Y %H:%M"))
}

/// The figure and what it is held against; rules that only say yes or no have none worth reading.
fn measured(language: Language, name: RuleName, value: f64) -> Option<String> {
    if matches!(name, RuleName::ChainBroken | RuleName::CacheUnavailable) {
        return None;
    }
    let (phrases, rule) = (language.phrases(), rule(name));
    let limit = if rule.bound == Bound::Above { phrases.above } else { phrases.below };
    let told = |value: f64| figure(language, rule.unit, value);
    Some(format!("{} ({limit}{})", told(value), told(rule.fires)))
}

fn figure(language: Language, unit: Unit, value: f64) -> String {
    let value = match unit {
        Unit::Share => value * 100.0,
        Unit::Bytes => value / 1e6,
        _ => value,
    };
    let tenths = if value.fract() != 0.0 && value.abs() < 10.0 { 1 } else { 0 };
    format!("{value:.tenths$}").replace('.', language.phrases().decimal) + language.unit(unit)
}

#[cfg(test)]
mod tests;
