//! One entry of the trail: what is hashed, and in which order.
use rusqlite::{Connection, Row, params};
use sha2::{Digest, Sha256};

use super::filed::Binding;
use crate::{
    base::{Instant, Result},
    db::{Act, Actor, error::translate},
};

/// Whether what is done is put on record: in every program that is meant for a clinic. One built with `--cfg taskmed_untrailed`
/// writes neither entries nor checkpoints, to tell what the trail costs; nothing switches it off in any other.
pub const TRAILED: bool = !cfg!(taskmed_untrailed);

/// The day of a point in time, both counted from 1970 in UTC.
pub(super) fn day_of(at: i64) -> i64 {
    at.div_euclid(86_400)
}

/// Number, hash and day of the newest entry, and the newest row of `history` that an entry answers for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// Number of the newest entry; 0 in an empty trail.
    pub seq: i64,
    /// Its hash; zeroes in an empty trail.
    pub hash: [u8; 32],
    /// Highest number of a bound row of `history`; 0 when there is none.
    pub history: i64,
    /// Its day, in days since 1970 in UTC; no day at all in an empty trail.
    pub day: i64,
}

impl Head {
    /// The head of an empty trail.
    pub const EMPTY: Self = Self { seq: 0, hash: [0; 32], history: 0, day: i64::MIN };

    /// The newest entry of a file.
    pub fn read(conn: &Connection) -> rusqlite::Result<Self> {
        let sql =
            "select seq, hash, coalesce((select max(history_to) from audit where history_to is not null), 0), at
            from audit order by seq desc limit 1";
        let row = conn.query_row(sql, [], |r| {
            Ok(Self { seq: r.get(0)?, hash: r.get(1)?, history: r.get(2)?, day: day_of(r.get(3)?) })
        });
        match row {
            Err(rusqlite::Error::QueryReturnedNoRows) => Ok(Self::EMPTY),
            other => other,
        }
    }
}

/// The columns of `audit` in the order of [`Entry::read`], the hash last.
pub(super) const COLUMNS: &str =
    "seq, at, user_id, outcome, roles, verb, entity, record_id, last_id, columns, origin, request_id,
    reason, history_to, commitment, hash";

/// The fields of one entry.
pub(super) struct Entry<'a> {
    pub seq: i64,
    pub at: i64,
    pub user_id: Option<i64>,
    pub outcome: i64,
    pub roles: &'a str,
    pub verb: &'a str,
    pub entity: &'a str,
    pub record_id: Option<i64>,
    pub last_id: Option<i64>,
    pub columns: &'a str,
    pub origin: &'a str,
    pub request_id: &'a str,
    pub reason: &'a str,
    pub binding: Option<Binding>,
}

impl<'a> Entry<'a> {
    /// The entry of a row of [`COLUMNS`], and the hash stored with it.
    pub fn read(row: &'a Row<'_>) -> rusqlite::Result<(Self, [u8; 32])> {
        let text = |i: usize| row.get_ref(i).and_then(|v| Ok(v.as_str()?));
        let bound: (Option<i64>, Option<[u8; 32]>) = (row.get(13)?, row.get(14)?);
        let entry = Self {
            seq: row.get(0)?,
            at: row.get(1)?,
            user_id: row.get(2)?,
            outcome: row.get(3)?,
            roles: text(4)?,
            verb: text(5)?,
            entity: text(6)?,
            record_id: row.get(7)?,
            last_id: row.get(8)?,
            columns: text(9)?,
            origin: text(10)?,
            request_id: text(11)?,
            reason: text(12)?,
            binding: bound.0.zip(bound.1).map(|(to, commitment)| Binding { to, commitment }),
        };
        Ok((entry, row.get(15)?))
    }

    /// SHA-256 over the previous hash and every field, each text with its length before it so that no two entries read alike.
    pub fn hash(&self, previous: &[u8; 32]) -> [u8; 32] {
        // Put together first: to hash each of twenty parts by itself costs more than the hash.
        let mut bytes = Vec::with_capacity(512);
        bytes.extend_from_slice(previous);
        let bound = self.binding.map(|b| b.to);
        let numbers = [
            Some(self.seq),
            Some(self.at),
            self.user_id,
            Some(self.outcome),
            self.record_id,
            self.last_id,
            bound,
        ];
        for number in numbers {
            bytes.extend_from_slice(&number.unwrap_or(i64::MIN).to_be_bytes());
        }
        for text in
            [self.roles, self.verb, self.entity, self.columns, self.origin, self.request_id, self.reason]
        {
            bytes.extend_from_slice(&(text.len() as u64).to_be_bytes());
            bytes.extend_from_slice(text.as_bytes());
        }
        if let Some(binding) = self.binding {
            bytes.extend_from_slice(&binding.commitment);
        }
        Sha256::digest(bytes).into()
    }

    fn insert(&self, conn: &Connection, hash: &[u8; 32]) -> rusqlite::Result<usize> {
        conn.prepare_cached(
            "insert into audit (seq, at, user_id, outcome, roles, verb, entity, record_id, last_id, columns, origin,
                 request_id, reason, history_to, commitment, hash)
             values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)",
        )?
        .execute(params![
            self.seq,
            self.at,
            self.user_id,
            self.outcome,
            self.roles,
            self.verb,
            self.entity,
            self.record_id,
            self.last_id,
            self.columns,
            self.origin,
            self.request_id,
            self.reason,
            self.binding.map(|b| b.to),
            self.binding.map(|b| b.commitment),
            hash
        ])
    }
}

/// Notes that from entry `seq` on entries are of `day`.
fn begin_day(conn: &Connection, seq: i64, day: i64) -> rusqlite::Result<usize> {
    conn.prepare_cached("insert into audit_days (seq, day) values (?1, ?2)")?.execute([seq, day])
}

/// Writes one act of `actor` behind `head` and moves the head on. `binding` is what the act filed in `history`.
pub(in crate::db) fn append(
    conn: &Connection,
    head: &mut Head,
    (now, actor): (Instant, &Actor),
    act: &Act,
    binding: Option<Binding>,
) -> Result<()> {
    if !TRAILED {
        return Ok(());
    }
    let columns = act.columns.join(",");
    let entry = Entry {
        seq: head.seq + 1,
        at: now.as_second(),
        user_id: act.by.or(actor.user_id),
        outcome: act.outcome.stored(),
        roles: &actor.roles,
        verb: act.verb,
        entity: act.entity,
        record_id: act.id,
        last_id: act.last_id,
        columns: &columns,
        origin: &actor.origin,
        request_id: actor.request_id.as_str(),
        reason: &act.reason,
        binding,
    };
    let hash = entry.hash(&head.hash);
    entry.insert(conn, &hash).map_err(translate)?;
    let day = day_of(entry.at);
    if day != head.day {
        begin_day(conn, entry.seq, day).map_err(translate)?;
    }
    *head = Head { seq: entry.seq, hash, history: binding.map_or(head.history, |b| b.to), day };
    Ok(())
}
