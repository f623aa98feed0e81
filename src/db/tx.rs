//! Transactions: what features call SQL through. A [`ReadTx`] has no way to write; a [`WriteTx`] also records acts.
use std::{collections::HashMap, ops::Deref, sync::Arc};

use rusqlite::{Connection, Params, Row};

use super::{
    Act, Actor, Audited, Record,
    desk::Desk,
    error::translate,
    kept::{Epoch, Kept, OfRows},
    slow::Watch,
    touches::Touches,
    trail,
    whole::OfTables,
};
use crate::base::{Error, Instant, Result};

/// A consistent view of the clinic's file.
pub struct ReadTx<'c> {
    conn: &'c Connection,
    now: Instant,
    kept: Option<(&'c Kept, Epoch)>,
    /// What has been written since `kept` was true, in a writing transaction.
    written: Option<&'c Touches>,
}

impl<'c> ReadTx<'c> {
    pub(super) fn new(conn: &'c Connection, now: Instant) -> Self {
        Self { conn, now, kept: None, written: None }
    }

    /// A view that may use what is kept of the rows as they were at `epoch`, which was asked for before the view began.
    pub(super) fn with_kept(self, kept: &'c Kept, epoch: Epoch) -> Self {
        Self { kept: Some((kept, epoch)), ..self }
    }

    pub(super) fn connection(&self) -> &Connection {
        self.conn
    }

    /// The instant of this transaction: one for all its rows.
    pub fn now(&self) -> Instant {
        self.now
    }

    /// Every row of a query.
    pub fn all<T>(
        &self,
        sql: &str,
        params: impl Params,
        map: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>> {
        let _watch = Watch::over(self.conn, sql);
        let mut statement = self.conn.prepare_cached(sql).map_err(translate)?;
        let rows = statement.query_map(params, map).map_err(translate)?;
        rows.collect::<rusqlite::Result<_>>().map_err(translate)
    }

    /// Looks at the row of each of these numbers, where there is one; `sql` asks for the row of one number.
    pub fn each_of(
        &self,
        sql: &str,
        ids: &[i64],
        mut look: impl FnMut(&Row<'_>) -> rusqlite::Result<()>,
    ) -> Result<()> {
        let _watch = Watch::over(self.conn, sql);
        let mut statement = self.conn.prepare_cached(sql).map_err(translate)?;
        for id in ids {
            let mut rows = statement.query([id]).map_err(translate)?;
            if let Some(row) = rows.next().map_err(translate)? {
                look(row).map_err(translate)?;
            }
        }
        Ok(())
    }

    /// The first row of a query, if there is one.
    pub fn first<T>(
        &self,
        sql: &str,
        params: impl Params,
        map: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>> {
        let _watch = Watch::over(self.conn, sql);
        let mut statement = self.conn.prepare_cached(sql).map_err(translate)?;
        let mut rows = statement.query(params).map_err(translate)?;
        match rows.next().map_err(translate)? {
            Some(row) => map(row).map(Some).map_err(translate),
            None => Ok(None),
        }
    }

    /// The row a query is about, or [`Error::NotFound`] naming `entity`.
    pub fn one<T>(
        &self,
        entity: &'static str,
        sql: &str,
        params: impl Params,
        map: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<T> {
        self.first(sql, params, map)?.ok_or(Error::NotFound(entity))
    }

    /// What is made of certain rows, under the numbers `ids` (each once) and in that order: what is kept in memory, and the others
    /// by `load`, which may leave out what is not there.
    pub fn of_rows<T: OfRows>(
        &self,
        ids: &[i64],
        load: impl FnOnce(&[i64]) -> Result<Vec<(i64, T)>>,
    ) -> Result<Vec<Arc<T>>> {
        let by_rows = self.kept.filter(|_| self.written.is_none());
        let known = match by_rows {
            Some((kept, epoch)) => kept.get::<T>(epoch, ids),
            None => vec![None; ids.len()],
        };
        let missing: Vec<i64> =
            ids.iter().zip(&known).filter(|(_, v)| v.is_none()).map(|(id, _)| *id).collect();
        if let Some((kept, _)) = by_rows {
            kept.looked(ids.len() - missing.len(), missing.len());
        }
        if missing.is_empty() {
            return Ok(known.into_iter().flatten().collect());
        }
        let made: HashMap<i64, Arc<T>> =
            load(&missing)?.into_iter().map(|(id, value)| (id, Arc::new(value))).collect();
        if let Some((kept, epoch)) = by_rows {
            kept.put(epoch, made.iter().map(|(id, value)| (*id, Arc::clone(value))));
        }
        let value = |(id, known): (&i64, Option<Arc<T>>)| known.or_else(|| made.get(id).cloned());
        Ok(ids.iter().zip(known).filter_map(value).collect())
    }

    /// What is made of whole tables: what is kept in memory, or what `make` reads. `name` must say all else that it depends on.
    pub fn of_tables<T: OfTables>(&self, name: &str, make: impl FnOnce() -> Result<T>) -> Result<Arc<T>> {
        let as_committed = self.written.is_none_or(|written| !written.rows().are_of(T::TABLES));
        let Some((kept, epoch)) = self.kept.filter(|_| as_committed) else { return make().map(Arc::new) };
        let known = kept.get_whole(epoch, name);
        kept.looked(usize::from(known.is_some()), usize::from(known.is_none()));
        if let Some(known) = known {
            return Ok(known);
        }
        let made = Arc::new(make()?);
        kept.put_whole(epoch, name, Arc::clone(&made));
        Ok(made)
    }

    /// A single number, as a count; 0 where the query has no row or a null.
    pub fn number(&self, sql: &str, params: impl Params) -> Result<i64> {
        Ok(self.first(sql, params, |r| r.get::<_, Option<i64>>(0))?.flatten().unwrap_or(0))
    }
}

/// A writing transaction of one caller, inside the writer's group.
pub struct WriteTx<'c> {
    read: ReadTx<'c>,
    actor: &'c Actor,
    acts: Vec<Act>,
    /// The newest entry of the trail before this transaction's own.
    newest_seq: i64,
}

impl<'c> Deref for WriteTx<'c> {
    type Target = ReadTx<'c>;
    fn deref(&self) -> &Self::Target {
        &self.read
    }
}

impl<'c> WriteTx<'c> {
    pub(super) fn new(desk: &'c Desk, now: Instant, actor: &'c Actor) -> Self {
        // Nobody else commits: what was kept of whole tables is still true of those that this group has not touched.
        let kept = &desk.generations.kept;
        let read =
            ReadTx { conn: &desk.conn, now, kept: Some((kept, kept.epoch())), written: Some(&desk.touches) };
        Self { read, actor, acts: Vec::new(), newest_seq: desk.head.seq }
    }

    /// Who is writing.
    pub fn actor(&self) -> &Actor {
        self.actor
    }

    /// Runs one statement and answers how many rows it changed.
    pub fn run(&self, sql: &str, params: impl Params) -> Result<usize> {
        let _watch = Watch::over(self.read.conn, sql);
        let mut statement = self.read.conn.prepare_cached(sql).map_err(translate)?;
        statement.execute(params).map_err(translate)
    }

    /// Runs one insert and answers the new row's number.
    pub fn insert(&self, sql: &str, params: impl Params) -> Result<i64> {
        self.run(sql, params)?;
        Ok(self.read.conn.last_insert_rowid())
    }

    /// Updates a record that must still be at `version`: [`Error::Stale`] when someone was faster.
    pub fn update(&self, sql: &str, params: impl Params) -> Result<()> {
        match self.run(sql, params)? {
            0 => Err(Error::Stale),
            _ => Ok(()),
        }
    }

    /// Puts one more act on record, for a transaction that does several things.
    pub fn record(&mut self, act: Act) {
        self.acts.push(act);
    }

    /// Puts the act on record and lets `value` leave the transaction.
    pub fn audited<T>(&mut self, act: Act, value: T) -> Result<Audited<T>> {
        self.acts.push(act);
        Ok(Audited(value))
    }

    /// Takes the values of every earlier version of a record away, for good and on record (LGPD, art. 18, VI); the trail still
    /// verifies. Answers how many versions there were. What the record holds now is left to the caller.
    pub fn erase_history<R: Record>(&mut self, id: i64, reason: &str) -> Result<usize> {
        self.acts.push(Act::new::<R>("erased", id).because(reason));
        let own = i64::try_from(self.acts.len()).map_err(Error::internal)?;
        trail::erase(self.read.conn, R::TABLE, id, self.newest_seq + own).map_err(translate)
    }

    pub(super) fn into_acts(self) -> Vec<Act> {
        self.acts
    }
}

/// Runs a statement without parameters that is prepared once per connection.
pub(super) fn run_kept(conn: &Connection, sql: &str) -> Result<()> {
    conn.prepare_cached(sql).and_then(|mut statement| statement.execute([])).map(drop).map_err(translate)
}
