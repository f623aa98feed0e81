//! Acts: what the trail says was done. A writing transaction ends in an [`Audited`] value, and only recording an act makes one.
use super::Table;
use crate::choices;

choices! {
    /// How an act ended.
    Outcome {
        /// It was done.
        Done = "done",
        /// It was refused: no permission, or nothing there for whoever asked.
        Refused = "refused",
        /// It was tried and went wrong, as a wrong password.
        Failed = "failed",
    }
}

impl Outcome {
    /// As a column of the trail.
    pub fn stored(self) -> i64 {
        match self {
            Self::Done => 0,
            Self::Refused => 1,
            Self::Failed => 2,
        }
    }

    /// The outcome of such a column.
    pub fn from_stored(number: i64) -> Self {
        match number {
            0 => Self::Done,
            1 => Self::Refused,
            _ => Self::Failed,
        }
    }
}

/// A kind of record that acts are about.
pub trait Record {
    /// Its table.
    const TABLE: Table;
    /// What the trail and the event stream call it, as `contact`.
    const NAME: &'static str;
}

/// One entry of the trail, before the engine adds who, when and from where.
#[derive(Debug, Clone)]
pub struct Act {
    /// Past tense, as `created`.
    pub verb: &'static str,
    /// What kind of record, as `contact`.
    pub entity: &'static str,
    /// The table the record is a row of.
    pub(super) table: Table,
    /// The record; none for acts about no single record, as a search.
    pub id: Option<i64>,
    /// Last record of a run of rows made or removed together.
    pub last_id: Option<i64>,
    /// Names of the columns that changed, never their values; of a search the kinds of term and how many were found.
    pub columns: Vec<String>,
    /// Who did it, where that is known only now: someone who has just been let in.
    pub by: Option<i64>,
    /// How it ended.
    pub outcome: Outcome,
    /// Reason given by the person, if the act asks for one. Never clinical content.
    pub reason: String,
}

impl Act {
    /// Something was done to one record.
    pub fn new<R: Record>(verb: &'static str, id: i64) -> Self {
        Self {
            verb,
            entity: R::NAME,
            table: R::TABLE,
            id: Some(id),
            last_id: None,
            columns: Vec::new(),
            by: None,
            outcome: Outcome::Done,
            reason: String::new(),
        }
    }

    /// Something that changes no row: seen, searched, sent out, refused. `entity` as for any other act.
    pub fn seen(verb: &'static str, entity: &'static str, id: Option<i64>) -> Self {
        Self {
            verb,
            entity,
            table: Table::Audit,
            id,
            last_id: None,
            columns: Vec::new(),
            by: None,
            outcome: Outcome::Done,
            reason: String::new(),
        }
    }

    /// A record was made.
    pub fn created<R: Record>(id: i64) -> Self {
        Self::new::<R>("created", id)
    }

    /// A record was changed in the named columns.
    pub fn updated<R: Record>(id: i64, columns: Vec<String>) -> Self {
        Self { columns, ..Self::new::<R>("updated", id) }
    }

    /// A record was removed; its last version is in `history`.
    pub fn removed<R: Record>(id: i64) -> Self {
        Self::new::<R>("removed", id)
    }

    /// The same was done to every record from `first` to `last`, in one go.
    pub fn run<R: Record>(verb: &'static str, first: i64, last: i64) -> Self {
        Self { last_id: Some(last), ..Self::new::<R>(verb, first) }
    }

    /// An act about a kind of record, and about one of them only if it is known which.
    pub fn about<R: Record>(verb: &'static str, id: Option<i64>) -> Self {
        Self { id, ..Self::new::<R>(verb, 0) }
    }

    /// Names the columns that changed.
    #[must_use]
    pub fn with_columns(mut self, columns: Vec<String>) -> Self {
        self.columns = columns;
        self
    }

    /// Says who did it, where the transaction began as a stranger's.
    #[must_use]
    pub fn by(mut self, user_id: i64) -> Self {
        self.by = Some(user_id);
        self
    }

    /// Says how it ended.
    #[must_use]
    pub fn ending(mut self, outcome: Outcome) -> Self {
        self.outcome = outcome;
        self
    }

    /// Adds the reason the person gave.
    #[must_use]
    pub fn because(mut self, reason: impl Into<String>) -> Self {
        self.reason = reason.into();
        self
    }

    pub(super) fn covers(&self, table: Table, row: i64) -> bool {
        let Some(first) = self.id else { return false };
        self.table == table && (first..=self.last_id.unwrap_or(first)).contains(&row)
    }
}

/// A result that may leave a writing transaction: the act behind it is on record.
#[derive(Debug)]
pub struct Audited<T>(pub(super) T);
