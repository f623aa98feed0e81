//! What is answered of caches, of the log and of alerts.
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::{
    base::Instant,
    choices,
    telemetry::alerts::{Bound, RuleName, Severity, State, Unit},
};

/// What is kept in memory for a clinic.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Caches {
    /// The share of looks that found something, since the start.
    pub hit_rate: Option<f64>,
    /// Each kind.
    pub domains: Vec<CacheDomain>,
}

/// One kind of thing kept in memory.
#[derive(Debug, Serialize, JsonSchema)]
pub struct CacheDomain {
    /// `agenda`, `feed`, `other`: encoded answers; `rows`: what was made of rows; `sessions`: who is signed in.
    pub domain: &'static str,
    /// Found, since the start.
    pub hits: u64,
    /// Not there, and made.
    pub misses: u64,
    /// The share found.
    pub hit_rate: Option<f64>,
    /// How many are kept.
    pub entries: u64,
    /// Bytes they take, about; null where they are only counted.
    pub bytes: Option<u64>,
    /// Bytes they may take, together with those that share their place.
    pub bound_bytes: Option<u64>,
}

/// Lines of the log.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Lines {
    /// Newest first.
    pub items: Vec<Line>,
}

/// One line of the log. Nobody's data is in it: codes, numbers and figures only.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Line {
    /// When, RFC 3339 with microseconds.
    pub at: String,
    /// `ERROR`, `WARN`, `INFO` or `DEBUG`.
    pub level: String,
    /// What it is about.
    pub category: String,
    /// The part of the program.
    pub target: String,
    /// What it says, in English.
    pub message: String,
    /// Its figures and codes by name.
    pub fields: Map<String, Value>,
}

/// Every alert.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Alerts {
    /// Those that fire and are not silenced.
    pub firing: usize,
    /// One of each rule, quiet ones too.
    pub items: Vec<AlertState>,
}

choices! {
    /// Which side of a threshold is the bad one.
    Side {
        /// More than it.
        Above = "above",
        /// Less than it.
        Below = "below",
    }
}

impl From<Bound> for Side {
    fn from(bound: Bound) -> Self {
        match bound {
            Bound::Above => Self::Above,
            Bound::Below => Self::Below,
        }
    }
}

/// One alert.
#[derive(Debug, Serialize, JsonSchema)]
pub struct AlertState {
    /// The rule.
    pub rule: RuleName,
    /// Of which clinic; null where it is of the machine.
    pub clinic_id: Option<i64>,
    /// How it stands.
    pub state: State,
    /// How bad it is, or would be.
    pub severity: Severity,
    /// The last figure that was known.
    pub value: Option<f64>,
    /// What figure and thresholds count.
    pub unit: Unit,
    /// The bad side of the threshold.
    pub side: Side,
    /// Beyond this it fires.
    pub fires_at: f64,
    /// On the other side of this it resolves.
    pub resolves_at: f64,
    /// How long it must be beyond it, in seconds.
    pub for_s: i64,
    /// When it last began to fire.
    pub fired_at: Option<Instant>,
    /// When it last stopped.
    pub resolved_at: Option<Instant>,
    /// How often it began.
    pub times: u64,
    /// The person who said that they know; null also where it is someone of another clinic.
    pub acknowledged_by: Option<i64>,
    /// When they said so.
    pub acknowledged_at: Option<Instant>,
    /// Until when nobody wants to hear of it.
    pub silenced_until: Option<Instant>,
}
