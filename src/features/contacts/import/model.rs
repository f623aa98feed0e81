//! What an import is asked, and what it answers.
use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::mapping;
use crate::{
    base::{Fields, Input, Saved},
    choices,
    db::{Record, Table},
};

/// A stored import.
pub type Import = Saved<ImportFields>;

choices! {
    /// How far an import has come.
    State {
        /// Rows are being written.
        Running = "running",
        /// All good rows are in.
        Done = "done",
        /// The program stopped in the middle; what is in can be undone.
        Failed = "failed",
        /// Everything of it was taken out again.
        Undone = "undone",
    }
}

/// What is known of an import.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct ImportFields {
    /// Name of the file.
    pub file_name: String,
    /// How far it has come.
    pub status: State,
    /// Rows of the file.
    pub rows: i64,
    /// Rows looked at so far.
    pub done: i64,
    /// Contacts made.
    pub created: i64,
    /// Rows left out because the person is there already.
    pub duplicates: i64,
    /// Rows refused because something in them is wrong.
    pub invalid: i64,
    /// Who brought it in; null for the command line.
    pub created_by: Option<String>,
}

impl Record for ImportFields {
    const TABLE: Table = Table::Imports;
    const NAME: &'static str = "import";
}

/// What an import is asked.
#[derive(Debug, JsonSchema)]
pub struct Options {
    /// Say what would happen, write nothing.
    pub dry_run: Option<bool>,
    /// Name of the file, for the list of imports.
    pub file_name: Option<String>,
    /// JSON object from header to field, or null to leave a column out; headers not named are matched by themselves.
    #[schemars(with = "Option<String>")]
    pub mapping: BTreeMap<String, Option<String>>,
}

impl Input for Options {
    fn read(f: &mut Fields<'_>) -> Self {
        let parse = |text: &str| serde_json::from_str(text).map_err(|_| "type");
        let mapping: BTreeMap<String, Option<String>> = f.parsed("mapping", parse).unwrap_or_default();
        if mapping.values().flatten().any(|field| !mapping::FIELDS.contains(&field.as_str())) {
            f.error("mapping", "unknown_value");
        }
        Self { dry_run: f.flag("dry_run"), file_name: f.optional_text("file_name", 200), mapping }
    }
}

/// One column of the file and what it is taken for.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Column {
    /// Its header, as in the file.
    pub header: String,
    /// The field it goes to; null when it is left out.
    pub field: Option<&'static str>,
    /// Its first values.
    pub sample: Vec<String>,
}

/// One wrong cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RowError {
    /// Line of the file, from 1.
    pub line: u64,
    /// Header of the column; empty where the row as a whole is wrong.
    pub column: String,
    /// Stable code, as of fields.
    pub code: String,
    /// What stands there.
    pub value: String,
}

/// What would happen, or what was started.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Outcome {
    /// The import that was started; null in a dry run.
    pub import_id: Option<i64>,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Every field a column may go to.
    pub fields: Vec<&'static str>,
    /// What separates the cells: `;`, `,` or a tab.
    pub delimiter: String,
    /// `utf-8` or `windows-1252`.
    pub encoding: &'static str,
    /// Rows of the file.
    pub rows: usize,
    /// Rows that would become contacts.
    pub ready: usize,
    /// Rows whose person is there already.
    pub duplicates: usize,
    /// Rows with something wrong.
    pub invalid: usize,
    /// The first wrong cells.
    pub errors: Vec<RowError>,
    /// Whether there would be a file of refused rows.
    pub has_error_file: bool,
}
