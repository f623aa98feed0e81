//! What was made of whole tables, kept in memory until a commit touches one of them: as [`super::kept`], for what no list of rows
//! describes, because a row yet to come may belong to it.
use std::{
    any::{Any, TypeId},
    collections::HashMap,
    sync::Arc,
};

use super::{Table, kept::Epoch, touches::Touched};

/// Values kept at most; all are dropped when there would be more.
const MOST: usize = 2_000;

/// A value made of certain tables, and of nothing else.
pub trait OfTables: Any + Send + Sync {
    /// The tables.
    const TABLES: &'static [Table];
}

struct Value {
    made_at: Epoch,
    value: Arc<dyn Any + Send + Sync>,
}

/// The kept values of one clinic.
#[derive(Default)]
pub(super) struct Whole {
    /// When a table last changed.
    changed: HashMap<Table, Epoch>,
    values: HashMap<(TypeId, String), Value>,
}

impl Whole {
    /// What is kept under this name and is true in the state of `epoch`.
    pub fn get<T: OfTables>(&self, epoch: Epoch, name: &str) -> Option<Arc<T>> {
        let value = self.values.get(&(TypeId::of::<T>(), name.to_owned()))?;
        let is_true = value.made_at <= epoch && self.unchanged_since::<T>(value.made_at);
        is_true.then(|| Arc::clone(&value.value).downcast().ok()).flatten()
    }

    /// Keeps what a reader made in the state of `epoch`, unless a table has changed since.
    pub fn put<T: OfTables>(&mut self, epoch: Epoch, name: &str, value: Arc<T>) {
        if !self.unchanged_since::<T>(epoch) {
            return;
        }
        if self.values.len() >= MOST {
            self.values.clear();
        }
        self.values.insert((TypeId::of::<T>(), name.to_owned()), Value { made_at: epoch, value });
    }

    /// Notes the tables a commit touched.
    pub fn note(&mut self, now: Epoch, touched: &[Touched]) {
        self.changed.extend(touched.iter().map(|(table, _)| (*table, now)));
    }

    pub fn len(&self) -> usize {
        self.values.len()
    }

    pub fn forget(&mut self) {
        self.values.clear();
    }

    fn unchanged_since<T: OfTables>(&self, epoch: Epoch) -> bool {
        T::TABLES.iter().all(|table| self.changed.get(table).is_none_or(|at| *at <= epoch))
    }
}
