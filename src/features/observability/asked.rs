//! What may be asked.
use schemars::JsonSchema;
use serde_json::{Value, json};

use crate::{
    base::{Choice, Error, Fields, Input, Result},
    choices,
    telemetry::alerts::RuleName,
    web::{Incoming, arguments::Argument, operation::Operation},
};

choices! {
    /// A stretch of time up to now.
    Span {
        /// 60 minutes, a point each.
        Hour = "hour",
        /// 24 hours, a point every 5 minutes.
        Day = "day",
        /// 30 days, a point every hour.
        Month = "month",
    }
}

impl Span {
    /// How long it is, in seconds.
    pub fn seconds(self) -> i64 {
        match self {
            Self::Hour => 3600,
            Self::Day => 86_400,
            Self::Month => 30 * 86_400,
        }
    }

    /// Seconds from point to point.
    pub fn step(self) -> i64 {
        match self {
            Self::Hour => 60,
            Self::Day => 300,
            Self::Month => 3600,
        }
    }
}

/// Which stretch is wanted.
#[derive(Debug, Clone, JsonSchema)]
pub struct WantedSpan {
    /// The last hour unless said.
    pub span: Option<Span>,
}

impl Input for WantedSpan {
    fn read(f: &mut Fields<'_>) -> Self {
        Self { span: f.choice("span") }
    }
}

choices! {
    /// How bad a line of the log is.
    Level {
        /// Something failed.
        Error = "error",
        /// Something is not as it should be.
        Warn = "warn",
        /// What happens.
        Info = "info",
        /// What happens, in detail; written only where `TASKMED_LOG` asks for it.
        Debug = "debug",
    }
}

impl Level {
    /// As it stands in the log.
    pub fn in_log(self) -> &'static str {
        match self {
            Self::Error => "ERROR",
            Self::Warn => "WARN",
            Self::Info => "INFO",
            Self::Debug => "DEBUG",
        }
    }
}

choices! {
    /// What a line of the log is about.
    Category {
        /// Signing in and out, people and sessions.
        Auth = "auth",
        /// Patients and the agenda.
        Medical = "medical",
        /// Requests of every other kind.
        Api = "api",
        /// What was refused, and connections.
        Security = "security",
        /// Speed, the writer, alerts.
        Performance = "performance",
        /// Caches.
        Cache = "cache",
        /// The trail.
        Audit = "audit",
        /// Start, stop, and what fits nowhere else.
        System = "system",
    }
}

/// Which lines are wanted.
#[derive(Debug, Clone, JsonSchema)]
pub struct WantedLines {
    /// As bad as this or worse.
    pub level: Option<Level>,
    /// About this.
    pub category: Option<Category>,
    /// So many, 100 unless said.
    #[schemars(range(min = 1, max = 500))]
    pub limit: Option<i64>,
}

impl Input for WantedLines {
    fn read(f: &mut Fields<'_>) -> Self {
        Self { level: f.choice("level"), category: f.choice("category"), limit: f.integer("limit", 1..=500) }
    }
}

/// For how long nothing is to be heard of an alert.
#[derive(Debug, Clone, JsonSchema)]
pub struct Silence {
    /// Minutes from now, a week at most.
    #[schemars(range(min = 1, max = 10_080))]
    pub minutes: i64,
}

impl Input for Silence {
    fn read(f: &mut Fields<'_>) -> Self {
        let before = f.has_errors();
        let minutes = f.integer("minutes", 1..=10_080);
        if minutes.is_none() && f.has_errors() == before {
            f.error("minutes", "required");
        }
        Self { minutes: minutes.unwrap_or(1) }
    }
}

/// The rule a path is about.
#[derive(Debug, Clone, Copy)]
pub struct OfRule(pub RuleName);

impl Argument for OfRule {
    async fn read(incoming: &mut Incoming) -> Result<Self> {
        incoming.path("rule").and_then(RuleName::from_code).map(Self).ok_or(Error::NotFound("alert"))
    }

    fn describe(operation: &mut Operation) {
        let codes: Vec<Value> = RuleName::ALL.iter().map(|name| json!(name.code())).collect();
        let schema = json!({ "type": "string", "enum": codes });
        operation
            .parameters
            .push(json!({ "name": "rule", "in": "path", "required": true, "schema": schema }));
        operation.problems(&[404]);
    }
}

/// What a program that watches over machines shows to be let in from another one: `Authorization: Bearer …`.
#[derive(Debug)]
pub struct Bearer(pub Option<String>);

impl Argument for Bearer {
    async fn read(incoming: &mut Incoming) -> Result<Self> {
        let shown = incoming.header("authorization").and_then(|value| value.split_once(' '));
        let bearer = shown.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
        Ok(Self(bearer.map(|(_, key)| key.trim().to_owned())))
    }

    fn describe(operation: &mut Operation) {
        operation.header_parameter(
            "Authorization",
            false,
            "From another machine: `Bearer` and the key of taskmed.toml.",
        );
        operation.problems(&[401, 404]);
    }
}
