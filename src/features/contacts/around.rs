//! When a contact was here last and comes next. What is asked for with every row of a list is kept in memory until one of the
//! contact's appointments changes: in the file the appointments of people whose names are neighbours lie far apart.
use std::sync::Arc;

use crate::{
    base::{Instant, Result},
    db::{OfRows, ReadTx, Table, params},
};

/// The appointments next to now, of those that were not called off or missed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Around {
    /// The last that has begun.
    pub last: Option<Instant>,
    /// The first that has not.
    pub next: Option<Instant>,
}

/// The appointments next to now of each of these contacts, in their order.
pub fn of(tx: &ReadTx<'_>, ids: &[i64]) -> Result<Vec<Around>> {
    let known =
        tx.of_rows(ids, |missing| missing.iter().map(|id| Ok((*id, Starts::read(tx, *id)?))).collect())?;
    let at_now = |starts: &Arc<Starts>| match starts.read_at <= tx.now() {
        true => Ok(starts.around(tx.now())),
        // The clock was put back since.
        false => Starts::read(tx, starts.contact_id).map(|starts| starts.around(tx.now())),
    };
    known.iter().map(at_now).collect()
}

/// When the appointments of one contact begin: the last one at a certain instant, and all later ones. With these it can be told at
/// any later instant which are next to it.
#[derive(Debug)]
struct Starts {
    contact_id: i64,
    read_at: Instant,
    last: Option<Instant>,
    /// The soonest first.
    coming: Vec<Instant>,
}

impl Starts {
    fn read(tx: &ReadTx<'_>, contact_id: i64) -> Result<Self> {
        let now = tx.now();
        let last = tx.first(LAST, params![contact_id, now], |row| row.get(0))?.flatten();
        let coming = tx.all(COMING, params![contact_id, now], |row| row.get(0))?;
        Ok(Self { contact_id, read_at: now, last, coming })
    }

    fn around(&self, now: Instant) -> Around {
        let (begun, coming) = self.coming.split_at(self.coming.partition_point(|start| *start <= now));
        Around { last: begun.last().copied().or(self.last), next: coming.first().copied() }
    }
}

impl OfRows for Starts {
    const TABLES: &'static [Table] = &[Table::FirstVisits];

    fn rows(&self) -> Vec<(Table, i64)> {
        vec![(Table::FirstVisits, self.contact_id)]
    }
}

const LAST: &str =
    "select max(starts_at) from visits where contact_id = ?1 and starts_at <= ?2 and holds = 1";

const COMING: &str =
    "select starts_at from visits where contact_id = ?1 and starts_at > ?2 and holds = 1 order by starts_at";
