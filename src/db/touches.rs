//! The rows that the group of writes under way has touched so far, as the update hook saw them.
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::Table;

/// A row the update hook saw change.
pub(super) type Touched = (Table, i64);

/// What the writer's thread and its update hook share.
#[derive(Clone, Default)]
pub(super) struct Touches(Arc<Mutex<Rows>>);

impl Touches {
    /// The rows, for as long as no statement runs.
    pub fn rows(&self) -> MutexGuard<'_, Rows> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Rows in the order in which they were touched.
#[derive(Default)]
pub(super) struct Rows {
    rows: Vec<Touched>,
    /// A bit for each table that has been touched, and maybe for some whose rows were taken back.
    tables: u64,
}

const _: () = assert!(Table::ALL.len() <= 64, "a bit for each table");

impl Rows {
    /// Adds a row.
    pub fn push(&mut self, table: Table, row: i64) {
        self.rows.push((table, row));
        self.tables |= bit(table);
    }

    /// How many there are: what comes later comes after this mark.
    pub fn mark(&self) -> usize {
        self.rows.len()
    }

    /// Those after a mark.
    pub fn since(&self, mark: usize) -> &[Touched] {
        self.rows.get(mark..).unwrap_or_default()
    }

    /// Takes back those after a mark, which were undone.
    pub fn back_to(&mut self, mark: usize) {
        self.rows.truncate(mark);
    }

    /// Whether a row of one of these tables may have been touched.
    pub fn are_of(&self, tables: &[Table]) -> bool {
        tables.iter().any(|table| self.tables & bit(*table) != 0)
    }

    /// Begins anew.
    pub fn clear(&mut self) {
        self.rows.clear();
        self.tables = 0;
    }
}

fn bit(table: Table) -> u64 {
    1 << table as u32
}
