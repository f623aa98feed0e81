//! Entries of the trail and what may be asked of them.
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    base::{Day, Fields, Input, Instant},
    choices,
    db::{
        Outcome,
        trail::{Fault, Verdict, checkpoint::Standing},
    },
};

/// One entry.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Entry {
    /// Its number; without gaps from 1.
    pub seq: i64,
    /// When.
    pub at: Instant,
    /// Who; null for the program itself and for strangers at the door.
    pub user_id: Option<i64>,
    /// Their name.
    pub user_name: Option<String>,
    /// The roles they had then.
    pub roles: Vec<String>,
    /// What was done, as `updated`.
    pub verb: String,
    /// To what kind of record, as `contact`.
    pub entity: String,
    /// To which one; null where it was about none.
    pub entity_id: Option<i64>,
    /// The last one, where the same was done to a run of them.
    pub last_id: Option<i64>,
    /// How it ended.
    pub outcome: Outcome,
    /// Names of the fields that changed; of a search the kinds of term and how many were found; of a refusal why.
    pub columns: Vec<String>,
    /// The address it came from, or the name of a command.
    pub origin: String,
    /// The request's id, as in the log.
    pub request_id: String,
    /// The reason that was given.
    pub reason: String,
    /// Its hash, in hexadecimal; the next entry's covers it.
    pub hash: String,
}

/// Which entries are asked for.
#[derive(Debug, Clone, JsonSchema)]
pub struct Wanted {
    /// First day of the clinic.
    pub date_from: Option<Day>,
    /// Last day of the clinic.
    pub date_to: Option<Day>,
    /// Of one person.
    pub user_id: Option<i64>,
    /// Of one kind of act.
    pub verb: Option<String>,
    /// About one kind of record.
    pub entity: Option<String>,
    /// About one record; with `entity`.
    pub entity_id: Option<i64>,
    /// With one end.
    pub outcome: Option<Outcome>,
    /// Rows of a page, 50 unless said.
    #[schemars(range(min = 1, max = 200))]
    pub limit: Option<i64>,
    /// `next` of the page before.
    pub cursor: Option<String>,
    /// Of a file: `csv`, unless `jsonl` is said.
    pub format: Option<Format>,
}

impl Input for Wanted {
    fn read(f: &mut Fields<'_>) -> Self {
        Self {
            date_from: f.day("date_from"),
            date_to: f.day("date_to"),
            user_id: f.id("user_id"),
            verb: f.optional_text("verb", 40),
            entity: f.optional_text("entity", 40),
            entity_id: f.id("entity_id"),
            outcome: f.choice("outcome"),
            limit: f.integer("limit", 1..=200),
            cursor: f.optional_text("cursor", 60),
            format: f.choice("format"),
        }
    }
}

choices! {
    /// How the trail is written to a file.
    Format {
        /// For spreadsheets.
        Csv = "csv",
        /// One JSON object a line, for programs.
        Jsonl = "jsonl",
    }
}

choices! {
    /// How far a verification is.
    State {
        /// Ask again to hear more.
        Running = "running",
        /// Finished.
        Done = "done",
    }
}

/// A verification and what it found.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Verification {
    /// How far it is.
    pub state: State,
    /// Entries done so far.
    pub checked: i64,
    /// Entries there are.
    pub total: i64,
    /// Whether the trail is whole; null while it is not known.
    pub ok: Option<bool>,
    /// The first entry at which something is wrong, and what.
    pub first_broken: Option<Fault>,
    /// All that was found; null while it is not known.
    pub verdict: Option<Verdict>,
}

impl Verification {
    /// Still under way.
    pub fn running(checked: i64, total: i64) -> Self {
        Self { state: State::Running, checked, total, ok: None, first_broken: None, verdict: None }
    }

    /// Finished with `verdict`.
    pub fn done(verdict: Verdict) -> Self {
        Self {
            state: State::Done,
            checked: verdict.entries,
            total: verdict.entries,
            ok: Some(verdict.faults.is_empty()),
            first_broken: verdict.faults.first().cloned(),
            verdict: Some(verdict),
        }
    }
}

/// A checkpoint someone saw before, as a browser keeps it.
#[derive(Debug, Clone, Default, JsonSchema)]
pub struct Remembered {
    /// Its number.
    pub known_number: Option<i64>,
    /// Its signature.
    pub known_signature: Option<String>,
}

impl Input for Remembered {
    fn read(f: &mut Fields<'_>) -> Self {
        Self { known_number: f.id("known_number"), known_signature: f.optional_text("known_signature", 128) }
    }
}

/// A signed head of the trail, for whoever keeps copies.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SignedHead {
    /// Counts from 1.
    pub number: i64,
    /// When it was signed.
    pub at: Instant,
    /// The newest entry it covers.
    pub seq: i64,
    /// That entry's hash, in hexadecimal.
    pub head: String,
    /// The Ed25519 public key that verifies it, in hexadecimal.
    pub key: String,
    /// The key that verifies the next one.
    pub next_key: String,
    /// The signature, in hexadecimal.
    pub signature: String,
}

/// The newest signed head, and what became of the one the asker knows.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Witness {
    /// The newest; null before the first.
    pub latest: Option<SignedHead>,
    /// What became of the one known before; null when none was named.
    pub known: Option<Standing>,
    /// What became of the newest copy kept beside the clinic's file.
    pub copies: Standing,
}

/// The end of a day, for paper.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Closing {
    /// The clinic's day.
    pub day: Day,
    /// When.
    pub at: Instant,
    /// Entries the code stands for.
    pub entries: i64,
    /// The checkpoint's number.
    pub number: i64,
    /// The code: three groups of four letters and digits.
    pub code: String,
}

/// A code someone wrote down.
#[derive(Debug, Clone, JsonSchema)]
pub struct Written {
    /// The day it was written down.
    pub day: Day,
    /// The code, however it is grouped.
    pub code: String,
}

impl Input for Written {
    fn read(f: &mut Fields<'_>) -> Self {
        let day = f.day("day");
        if day.is_none() && !f.has_errors() {
            f.error("day", "required");
        }
        Self { day: day.unwrap_or(Day(jiff::civil::Date::ZERO)), code: f.text("code", 40) }
    }
}

/// What it takes to accept a trail that was brought back: the owner's own password, given again.
#[derive(Debug, Clone, JsonSchema)]
pub struct Acceptance {
    /// The password.
    pub password: String,
}

impl Input for Acceptance {
    fn read(f: &mut Fields<'_>) -> Self {
        Self { password: f.raw_text("password", 200) }
    }
}

/// What became of it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Checked {
    /// Whether the trail still holds all it held when the code was written down.
    pub holds: bool,
    /// The closing it is the code of; null when it is of none of that day.
    pub closing: Option<Closing>,
}

choices! {
    /// What was printed.
    Paper {
        /// The agenda.
        Agenda = "agenda",
        /// A patient's page.
        Contact = "contact",
        /// Any other page.
        Page = "page",
    }
}

/// Something that was printed.
#[derive(Debug, Clone, JsonSchema)]
pub struct Printed {
    /// What.
    pub entity: Paper,
    /// Whose page.
    pub entity_id: Option<i64>,
}

impl Input for Printed {
    fn read(f: &mut Fields<'_>) -> Self {
        Self { entity: f.choice("entity").unwrap_or(Paper::Page), entity_id: f.id("entity_id") }
    }
}
