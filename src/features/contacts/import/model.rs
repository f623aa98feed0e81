//! An import as it is asked for, as it is kept, and as it is told.
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    base::{Fields, Id, Input, Saved},
    choices,
    db::{Record, Table},
};

/// A stored import.
pub type Import = Saved<ImportFields>;

choices! {
    /// How an import stands.
    Standing {
        /// Rows are being written.
        Running = "running",
        /// Every row was written, known already or refused.
        Done = "done",
        /// It was broken off; what it wrote can be undone.
        Failed = "failed",
        /// What it wrote was taken back.
        Undone = "undone",
    }
}

/// What is kept of an import.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct ImportFields {
    /// The file's name.
    pub file_name: String,
    /// How it stands.
    pub status: Standing,
    /// Rows of the file.
    pub rows: i64,
    /// Rows seen to so far.
    pub done: i64,
    /// Contacts written.
    pub created: i64,
    /// Rows about people known already.
    pub duplicates: i64,
    /// Rows refused.
    pub invalid: i64,
    /// Who brought it in; none for the command line.
    pub created_by: Option<By>,
}

/// Who brought a file in.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[schemars(rename = "ImportedBy")]
pub struct By {
    /// The person's number.
    pub id: i64,
    /// Their name.
    pub name: String,
}

impl Record for ImportFields {
    const TABLE: Table = Table::Imports;
    const NAME: &'static str = "import";
}

/// What is asked of a file.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Asked {
    /// Only say what would happen.
    #[serde(default)]
    pub dry_run: bool,
    /// The file's name, for the list of imports.
    pub file_name: Option<String>,
    /// A JSON object from names of columns to fields, or to null for a column to leave out.
    pub mapping: Option<String>,
}

impl Input for Asked {
    fn read(f: &mut Fields<'_>) -> Self {
        Self {
            dry_run: f.flag("dry_run").unwrap_or(false),
            file_name: f.optional_text("file_name", 255),
            mapping: f.optional_text("mapping", 20_000),
        }
    }
}

/// What would happen if a file were brought in.
#[derive(Debug, Default, Serialize, JsonSchema)]
#[schemars(rename = "ImportCheck")]
pub struct Check {
    /// Its columns.
    pub columns: Vec<Column>,
    /// Every field a column may become.
    pub fields: Vec<&'static str>,
    /// What stands between its cells.
    pub delimiter: String,
    /// How its letters are written: `utf-8` or `windows-1252`.
    pub encoding: &'static str,
    /// Rows of the file.
    pub rows: usize,
    /// Rows that would be written.
    pub ready: usize,
    /// Rows about people known already.
    pub duplicates: usize,
    /// Rows that would be refused.
    pub invalid: usize,
    /// The first 200 of what is wrong, refused rows before known ones.
    pub errors: Vec<Problem>,
    /// Whether an import would leave a list of rows that were not brought in.
    pub has_error_file: bool,
}

/// A column of a file.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "ImportColumn")]
pub struct Column {
    /// Its name.
    pub header: String,
    /// The field it becomes; null when it is left out.
    pub field: Option<&'static str>,
    /// Its first cells.
    pub sample: Vec<String>,
}

/// Something wrong in a row.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "ImportProblem")]
pub struct Problem {
    /// The line of the file, from 1.
    pub line: u64,
    /// The name of the column, or of the field where it has none; empty where the row as a whole is meant.
    pub column: String,
    /// The stable code.
    pub code: &'static str,
    /// The cell.
    pub value: String,
}

/// An import that has begun.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, JsonSchema)]
pub struct Started {
    /// Its number.
    pub import_id: i64,
}

impl Started {
    /// Its number, typed.
    pub fn id(self) -> Id<ImportFields> {
        Id::new(self.import_id)
    }
}

/// What came of a file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The import's number.
    pub import_id: i64,
    /// Rows of the file.
    pub rows: usize,
    /// Rows seen to so far.
    pub done: usize,
    /// Contacts written.
    pub created: usize,
    /// Rows about people known already.
    pub duplicates: usize,
    /// Rows refused.
    pub invalid: usize,
}
