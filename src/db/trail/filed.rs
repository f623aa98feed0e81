//! Earlier versions filed in `history`, and how entries of the trail answer for them: by a digest of each row, salted so that it
//! tells nothing about the values. A lawful erasure leaves the digest, takes values and salt, and the trail still verifies.
use std::ops::RangeInclusive;

use rusqlite::{Connection, Row, params};
use sha2::{Digest, Sha256};

use super::entry::TRAILED;
use crate::db::{Act, Table};

/// The columns of `history` in the order of [`Filed::read`].
pub(super) const COLUMNS: &str =
    "id, entity, record_id, version, replaced_at, removed, old, salt, digest, erased_seq";

/// The rows one job filed; written out, since it is asked with every change of a record.
const FILED_BY_A_JOB: &str =
    "select id, entity, record_id, version, replaced_at, removed, old, salt, digest, erased_seq
    from history where id between ?1 and ?2 order by id";

/// What an entry answers for in `history`: every row after those of the entry before it, up to and with `to`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::db) struct Binding {
    /// The last row.
    pub to: i64,
    /// SHA-256 over the rows' digests, in order.
    pub commitment: [u8; 32],
}

/// A row of `history`.
pub(super) struct Filed<'r> {
    pub id: i64,
    pub entity: &'r str,
    pub record_id: i64,
    version: i64,
    replaced_at: i64,
    removed: i64,
    /// Values and salt; none once they are erased.
    values: Option<(&'r str, &'r [u8])>,
    digest: Option<[u8; 32]>,
    /// The entry under which they were erased.
    pub erased_seq: Option<i64>,
}

impl<'r> Filed<'r> {
    /// The row of a query for [`COLUMNS`].
    pub fn read(row: &'r Row<'_>) -> rusqlite::Result<Self> {
        let old = row.get_ref(6)?.as_str_or_null()?;
        let salt = row.get_ref(7)?.as_blob_or_null()?;
        Ok(Self {
            id: row.get(0)?,
            entity: row.get_ref(1)?.as_str()?,
            record_id: row.get(2)?,
            version: row.get(3)?,
            replaced_at: row.get(4)?,
            removed: row.get(5)?,
            values: old.zip(salt),
            digest: row.get(8)?,
            erased_seq: row.get(9)?,
        })
    }

    /// SHA-256 over salt, place and values; of an erased row what it was before.
    pub fn digest(&self) -> [u8; 32] {
        let Some((old, salt)) = self.values else { return self.digest.unwrap_or_default() };
        let mut digest = Sha256::new_with_prefix(salt);
        for number in [self.id, self.record_id, self.version, self.replaced_at, self.removed] {
            digest.update(number.to_be_bytes());
        }
        for text in [self.entity, old] {
            digest.update((text.len() as u64).to_be_bytes());
            digest.update(text.as_bytes());
        }
        digest.finalize().into()
    }
}

/// Gathers the digests one entry answers for.
#[derive(Default)]
pub(super) struct Gathered {
    digests: Sha256,
    to: Option<i64>,
}

impl Gathered {
    /// Adds the next row.
    pub fn add(&mut self, filed: &Filed<'_>) {
        self.digests.update(filed.digest());
        self.to = Some(filed.id);
    }

    /// The binding; none where no row was added.
    pub fn finish(self) -> Option<Binding> {
        self.to.map(|to| Binding { to, commitment: self.digests.finalize().into() })
    }
}

/// Shares the rows one job filed among its acts: each goes to the first act it fits, but never to one before that of the row
/// before it, so that every entry answers for an unbroken run.
pub(in crate::db) fn bind(
    conn: &Connection,
    rows: RangeInclusive<i64>,
    acts: &[Act],
) -> rusqlite::Result<Vec<Option<Binding>>> {
    if !TRAILED {
        return Ok(vec![None; acts.len()]);
    }
    let mut shares: Vec<Gathered> = acts.iter().map(|_| Gathered::default()).collect();
    let mut statement = conn.prepare_cached(FILED_BY_A_JOB)?;
    let mut rows = statement.query(params![rows.start(), rows.end()])?;
    let mut at = 0;
    while let Some(row) = rows.next()? {
        let filed = Filed::read(row)?;
        let fits =
            |act: &Act| Table::named(filed.entity).is_some_and(|table| act.covers(table, filed.record_id));
        at += acts.iter().skip(at).position(fits).unwrap_or(0);
        if let Some(share) = shares.get_mut(at) {
            share.add(&filed);
        }
    }
    Ok(shares.into_iter().map(Gathered::finish).collect())
}

/// Takes the values of every earlier version of a record away, under entry `seq`; answers how many there were.
pub(in crate::db) fn erase(
    conn: &Connection,
    table: Table,
    record: i64,
    seq: i64,
) -> rusqlite::Result<usize> {
    let select =
        format!("select {COLUMNS} from history where entity = ?1 and record_id = ?2 and old is not null");
    let mut statement = conn.prepare_cached(&select)?;
    let digests: Vec<(i64, [u8; 32])> = statement
        .query_map(params![table.name(), record], |row| Filed::read(row).map(|f| (f.id, f.digest())))?
        .collect::<rusqlite::Result<_>>()?;
    let mut update = conn.prepare_cached(
        "update history set old = null, salt = null, digest = ?2, erased_seq = ?3 where id = ?1",
    )?;
    for (id, digest) in &digests {
        update.execute(params![id, digest, seq])?;
    }
    Ok(digests.len())
}
