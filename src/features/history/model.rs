//! A change of a record, as it is answered.
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::base::{Fields, Input, Instant};

/// How a column stands in answers.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// As it is.
    Plain,
    /// 0 or 1, as a truth value.
    Flag,
    /// Seconds, as a time.
    Time,
    /// A JSON text, as what it says.
    Json,
    /// The number of another record, with that record's name.
    Of(Named),
}

/// Records that have a name to show.
#[derive(Debug, Clone, Copy)]
pub enum Named {
    /// A person who works here.
    User,
    /// A room.
    Room,
    /// A coloured mark.
    Tag,
    /// A patient.
    Contact,
}

/// A column that is shown, and what the API calls it: a nested field by its path, as `address.cep`.
#[derive(Debug, Clone, Copy)]
pub struct Shown {
    /// The column.
    pub column: &'static str,
    /// The field.
    pub field: &'static str,
    /// How it is shown.
    pub kind: Kind,
}

/// A column that is shown under its own name.
pub const fn plain(column: &'static str) -> Shown {
    shown(column, column, Kind::Plain)
}

/// A column that is shown under another name, or not as it is.
pub const fn shown(column: &'static str, field: &'static str, kind: Kind) -> Shown {
    Shown { column, field, kind }
}

/// One field that changed.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Change {
    /// The field, nested ones by their path: `address.cep`.
    pub field: &'static str,
    /// Its value before.
    pub from: Value,
    /// Its value after.
    pub to: Value,
    /// What the value before is called, where it is the number of a record.
    pub from_name: Option<String>,
    /// What the value after is called.
    pub to_name: Option<String>,
}

/// One step of a record's life.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Revision {
    /// The record's version after it.
    pub version: i64,
    /// When.
    pub at: Instant,
    /// Who; null for the program itself.
    pub user_id: Option<i64>,
    /// Their name.
    pub user_name: Option<String>,
    /// What was done, as the trail says it: `created`, `updated`, `status_changed`.
    pub verb: String,
    /// Whether the values before were lawfully erased.
    pub erased: bool,
    /// What changed.
    pub changes: Vec<Change>,
}

/// Which part of a history is asked for.
#[derive(Debug, JsonSchema)]
pub struct Asked {
    /// Rows of a page, 50 unless said.
    #[schemars(range(min = 1, max = 200))]
    pub limit: Option<i64>,
    /// `next` of the page before.
    pub cursor: Option<String>,
}

impl Input for Asked {
    fn read(f: &mut Fields<'_>) -> Self {
        Self { limit: f.integer("limit", 1..=200), cursor: f.optional_text("cursor", 20) }
    }
}

/// A column's value as the API gives it.
pub fn value(columns: &Map<String, Value>, shown: Shown) -> Value {
    let stored = columns.get(shown.column).cloned().unwrap_or_default();
    match (shown.kind, &stored) {
        (Kind::Flag, Value::Number(number)) => Value::Bool(number.as_i64() != Some(0)),
        (Kind::Time, Value::Number(number)) => {
            number.as_i64().map_or(Value::Null, |at| Instant(at).to_string().into())
        }
        (Kind::Json, Value::String(text)) => serde_json::from_str(text).unwrap_or_default(),
        _ => stored,
    }
}
