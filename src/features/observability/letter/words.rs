//! What a language must have for letters; one that lacks something does not compile.
use super::{english, portuguese};
use crate::{
    choices,
    telemetry::alerts::{RuleName, Severity, Unit},
};

choices! {
    /// A language letters are written in.
    Language {
        /// Brazilian Portuguese.
        Portuguese = "pt-BR",
        /// English.
        English = "en",
    }
}

/// What is said of a rule.
#[derive(Debug, Clone, Copy)]
pub struct Words {
    /// What is wrong, in a few words.
    pub title: &'static str,
    /// What that means.
    pub means: &'static str,
    /// What to do.
    pub remedy: &'static str,
}

/// What stands around it; heads end so that their text can follow.
#[derive(Debug, Clone, Copy)]
pub struct Phrases {
    /// Before what is wrong, in the subject.
    pub prefix: &'static str,
    /// Before what was wrong.
    pub over: &'static str,
    /// Head of the computer's name.
    pub computer: &'static str,
    /// Head of the clinic's number.
    pub clinic: &'static str,
    /// Head of the severity.
    pub how_bad: &'static str,
    /// Head of the time it began.
    pub since: &'static str,
    /// Head of the time it ended.
    pub until: &'static str,
    /// Head of the figure.
    pub value: &'static str,
    /// Before a threshold that must not be exceeded.
    pub above: &'static str,
    /// Before a threshold below which it is bad.
    pub below: &'static str,
    /// Head of what it means.
    pub means: &'static str,
    /// Head of what to do.
    pub remedy: &'static str,
    /// What there is to do once it is over.
    pub is_over: &'static str,
    /// What a trial is, for the subject.
    pub trial: &'static str,
    /// What a trial says.
    pub trial_text: &'static str,
    /// The last line.
    pub closing: &'static str,
    /// Between whole and tenths.
    pub decimal: &'static str,
}

impl Language {
    /// Its phrases.
    pub fn phrases(self) -> Phrases {
        match self {
            Self::Portuguese => portuguese::PHRASES,
            Self::English => english::PHRASES,
        }
    }

    /// What it says of a rule.
    pub fn words(self, rule: RuleName) -> Words {
        match self {
            Self::Portuguese => portuguese::words(rule),
            Self::English => english::words(rule),
        }
    }

    /// How it says how bad something is.
    pub fn severity(self, severity: Severity) -> &'static str {
        match self {
            Self::Portuguese => portuguese::severity(severity),
            Self::English => english::severity(severity),
        }
    }

    /// What it puts behind a figure.
    pub fn unit(self, unit: Unit) -> &'static str {
        match self {
            Self::Portuguese => portuguese::unit(unit),
            Self::English => english::unit(unit),
        }
    }
}
