//! What was made of a few rows, kept in memory until one of them changes.
//!
//! Every commit throws away the page cache of every reader, so a row read anew costs the deciphering of its page, and a screenful
//! of rows that lie scattered over the file costs milliseconds where a look in here costs microseconds. Nobody has to remember to
//! forget: the writer tells this place each row it touched, as its update hook saw them.
use std::{
    any::{Any, TypeId},
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use super::{
    Table,
    cache::Holding,
    touches::Touched,
    whole::{OfTables, Whole},
};
use crate::telemetry::clinic::CacheMeter;

/// Values kept at most; all are dropped when there would be more.
const MOST: usize = 60_000;
/// What a value takes, about.
const VALUE_BYTES: u64 = 1000;
/// Changes remembered at most; when there would be more, all values are dropped.
const CHANGES: usize = 50_000;

/// A value made of certain rows, and of nothing else.
pub trait OfRows: Any + Send + Sync {
    /// The tables they are of.
    const TABLES: &'static [Table];
    /// The rows.
    fn rows(&self) -> Vec<(Table, i64)>;
}

/// Commits so far: which state of the file a reader sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) struct Epoch(u64);

struct Value {
    made_at: Epoch,
    rows: Vec<Touched>,
    value: Arc<dyn Any + Send + Sync>,
}

#[derive(Default)]
struct Inner {
    now: Epoch,
    watched: Vec<Table>,
    values: HashMap<(TypeId, i64), Value>,
    /// When a watched row last changed; changes up to `forgotten` are not remembered.
    changed: HashMap<Touched, Epoch>,
    forgotten: Epoch,
    whole: Whole,
}

/// The kept values of one clinic, and how often they were there when asked for.
#[derive(Default)]
pub(super) struct Kept(Mutex<Inner>, CacheMeter);

impl Kept {
    /// The state a reader that begins now will see, or an earlier one.
    pub fn epoch(&self) -> Epoch {
        self.inner().now
    }

    /// What is kept under these numbers and is true in the state of `epoch`.
    pub fn get<T: OfRows>(&self, epoch: Epoch, ids: &[i64]) -> Vec<Option<Arc<T>>> {
        let inner = self.inner();
        ids.iter().map(|id| inner.find(epoch, *id)).collect()
    }

    /// What is kept under this number and is true now.
    pub fn get_now<T: OfRows>(&self, id: i64) -> Option<Arc<T>> {
        let inner = self.inner();
        inner.find(inner.now, id)
    }

    /// Keeps what a reader made in the state of `epoch`, unless its rows have changed since.
    pub fn put<T: OfRows>(&self, epoch: Epoch, made: impl IntoIterator<Item = (i64, Arc<T>)>) {
        let mut inner = self.inner();
        inner.watch(T::TABLES);
        if epoch < inner.forgotten {
            return;
        }
        for (id, value) in made {
            let rows = value.rows();
            if !inner.unchanged_since(epoch, &rows) {
                continue;
            }
            if inner.values.len() >= MOST {
                inner.values.clear();
            }
            inner.values.insert((TypeId::of::<T>(), id), Value { made_at: epoch, rows, value });
        }
    }

    /// Notes the rows a commit changed. Called by the writer between commit and acknowledgement.
    pub fn note(&self, touched: &[Touched]) {
        let mut guard = self.inner();
        let inner = &mut *guard;
        inner.now = Epoch(inner.now.0 + 1);
        inner.whole.note(inner.now, touched);
        if inner.changed.len() + touched.len() > CHANGES {
            inner.values.clear();
            inner.changed.clear();
            inner.forgotten = inner.now;
            return;
        }
        let watched = touched.iter().filter(|(table, _)| inner.watched.contains(table));
        inner.changed.extend(watched.map(|row| (*row, inner.now)));
    }

    /// What is kept of whole tables under this name and is true in the state of `epoch`.
    pub fn get_whole<T: OfTables>(&self, epoch: Epoch, name: &str) -> Option<Arc<T>> {
        self.inner().whole.get(epoch, name)
    }

    /// Keeps what a reader made of whole tables in the state of `epoch`, unless one of them has changed since.
    pub fn put_whole<T: OfTables>(&self, epoch: Epoch, name: &str, value: Arc<T>) {
        self.inner().whole.put(epoch, name, value);
    }

    /// Counts values that were there and values that were not.
    pub fn looked(&self, hits: usize, misses: usize) {
        self.1.hits.add(hits as u64);
        self.1.misses.add(misses as u64);
    }

    /// How often they were there.
    pub fn looks(&self) -> &CacheMeter {
        &self.1
    }

    /// How many values there are. Their size is that of a few rows each, reckoned at a thousand bytes.
    pub fn holding(&self) -> Holding {
        let inner = self.inner();
        let entries = (inner.values.len() + inner.whole.len()) as u64;
        Holding { entries, bytes: entries * VALUE_BYTES, ..Holding::none("rows", MOST as u64 * VALUE_BYTES) }
    }

    /// Drops every value.
    pub fn forget(&self) {
        let mut inner = self.inner();
        inner.values.clear();
        inner.whole.forget();
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn find<T: OfRows>(&self, epoch: Epoch, id: i64) -> Option<Arc<T>> {
        let value = self.values.get(&(TypeId::of::<T>(), id)).filter(|v| v.made_at <= epoch)?;
        let value = self.unchanged_since(value.made_at, &value.rows).then_some(value)?;
        Arc::clone(&value.value).downcast().ok()
    }

    fn unchanged_since(&self, epoch: Epoch, rows: &[Touched]) -> bool {
        rows.iter().all(|row| self.changed.get(row).is_none_or(|at| *at <= epoch))
    }

    /// Notes changes of these tables from now on.
    fn watch(&mut self, tables: &'static [Table]) {
        let fresh: Vec<Table> =
            tables.iter().filter(|table| !self.watched.contains(table)).copied().collect();
        if !fresh.is_empty() {
            self.watched.extend(fresh);
            self.forgotten = self.now;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A name made of a contact and of its room.
    struct Name(&'static str, i64);
    impl OfRows for Name {
        const TABLES: &'static [Table] = &[Table::Contacts, Table::Rooms];
        fn rows(&self) -> Vec<(Table, i64)> {
            vec![(Table::Contacts, self.1), (Table::Rooms, self.1 + 100)]
        }
    }

    fn known(kept: &Kept, epoch: Epoch, id: i64) -> Option<&'static str> {
        kept.get::<Name>(epoch, &[id]).pop().flatten().map(|name| name.0)
    }

    fn put(kept: &Kept, epoch: Epoch, id: i64, name: &'static str) {
        kept.put(epoch, [(id, Arc::new(Name(name, id)))]);
    }

    #[test]
    fn a_value_is_kept_until_one_of_its_rows_changes() {
        let kept = Kept::default();
        put(&kept, kept.epoch(), 1, "Ana");
        put(&kept, kept.epoch(), 2, "Bia");
        kept.note(&[(Table::Tags, 1), (Table::Contacts, 9), (Table::Rooms, 1)]);
        assert_eq!(
            (known(&kept, kept.epoch(), 1), known(&kept, kept.epoch(), 2)),
            (Some("Ana"), Some("Bia"))
        );
        kept.note(&[(Table::Rooms, 101)]);
        assert_eq!((known(&kept, kept.epoch(), 1), known(&kept, kept.epoch(), 2)), (None, Some("Bia")));
        put(&kept, kept.epoch(), 1, "Ana Maria");
        assert_eq!(known(&kept, kept.epoch(), 1), Some("Ana Maria"));
    }

    #[test]
    fn a_reader_that_began_before_a_change_neither_leaves_nor_gets_what_is_not_of_its_time() {
        let kept = Kept::default();
        put(&kept, kept.epoch(), 7, "the kind is known");
        let early = kept.epoch();
        kept.note(&[(Table::Contacts, 1)]);
        put(&kept, early, 1, "old");
        assert_eq!(known(&kept, kept.epoch(), 1), None, "the old name would be kept for ever");
        put(&kept, kept.epoch(), 1, "new");
        assert_eq!(known(&kept, early, 1), None, "the new name is not of the early reader's time");
        put(&kept, early, 2, "unchanged");
        assert_eq!(known(&kept, kept.epoch(), 2), Some("unchanged"));
    }

    #[test]
    fn a_change_before_the_first_value_of_a_kind_is_not_missed() {
        let kept = Kept::default();
        let early = kept.epoch();
        kept.note(&[(Table::Contacts, 1)]);
        put(&kept, early, 1, "old");
        assert_eq!(known(&kept, kept.epoch(), 1), None);
    }

    /// How many contacts there are.
    struct Count(usize);
    impl OfTables for Count {
        const TABLES: &'static [Table] = &[Table::Contacts];
    }

    fn counted(kept: &Kept, epoch: Epoch) -> Option<usize> {
        kept.get_whole::<Count>(epoch, "all").map(|count| count.0)
    }

    #[test]
    fn what_is_made_of_a_whole_table_is_kept_until_any_row_of_it_changes() {
        let kept = Kept::default();
        kept.put_whole(kept.epoch(), "all", Arc::new(Count(3)));
        kept.note(&[(Table::Rooms, 1)]);
        assert_eq!((counted(&kept, kept.epoch()), kept.holding().entries), (Some(3), 1));
        assert!(kept.get_whole::<Count>(kept.epoch(), "some").is_none());
        let early = kept.epoch();
        kept.note(&[(Table::Contacts, 77)]);
        assert_eq!(counted(&kept, kept.epoch()), None);
        kept.put_whole(early, "all", Arc::new(Count(3)));
        assert_eq!(
            counted(&kept, kept.epoch()),
            None,
            "an early reader leaves nothing that is of its time only"
        );
        kept.put_whole(kept.epoch(), "all", Arc::new(Count(4)));
        assert_eq!((counted(&kept, early), counted(&kept, kept.epoch())), (None, Some(4)));
        kept.forget();
        assert_eq!(counted(&kept, kept.epoch()), None);
    }

    #[test]
    fn a_flood_of_changes_drops_everything_and_lets_nothing_older_in() {
        let kept = Kept::default();
        put(&kept, kept.epoch(), 1, "kept");
        let early = kept.epoch();
        let flood: Vec<_> = (2..60_000).map(|row| (Table::Contacts, row)).collect();
        kept.note(&flood);
        put(&kept, early, 3, "old");
        assert_eq!((known(&kept, kept.epoch(), 1), known(&kept, kept.epoch(), 3)), (None, None));
        put(&kept, kept.epoch(), 3, "new");
        assert_eq!(known(&kept, kept.epoch(), 3), Some("new"));
    }
}
