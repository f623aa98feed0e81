//! Appends acts to the trail, each entry bound to the one before it by its hash.
use rusqlite::{Connection, params};
use sha2::{Digest, Sha256};

use super::{Act, Actor, Event, error::translate};
use crate::base::{Instant, Result};

/// Number and hash of the newest entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// Number of the newest entry; 0 in an empty trail.
    pub seq: i64,
    /// Its hash; zeroes in an empty trail.
    pub hash: [u8; 32],
}

impl Head {
    /// The head of an empty trail.
    pub const EMPTY: Self = Self { seq: 0, hash: [0; 32] };

    /// The newest entry of a file.
    pub fn read(conn: &Connection) -> rusqlite::Result<Self> {
        let row = conn.query_row("select seq, hash from audit order by seq desc limit 1", [], |r| {
            Ok(Self { seq: r.get(0)?, hash: r.get(1)? })
        });
        match row {
            Err(rusqlite::Error::QueryReturnedNoRows) => Ok(Self::EMPTY),
            other => other,
        }
    }
}

/// The fields of one entry, in the order they are hashed.
pub(super) struct Entry<'a> {
    pub seq: i64,
    pub at: i64,
    pub user_id: Option<i64>,
    pub roles: &'a str,
    pub verb: &'a str,
    pub entity: &'a str,
    pub record_id: Option<i64>,
    pub last_id: Option<i64>,
    pub columns: &'a str,
    pub origin: &'a str,
    pub request_id: &'a str,
    pub reason: &'a str,
}

impl Entry<'_> {
    /// SHA-256 over the previous hash and every field, each with its length before it so that no two entries read alike.
    pub fn hash(&self, previous: &[u8; 32]) -> [u8; 32] {
        let mut digest = Sha256::new_with_prefix(previous);
        for number in [Some(self.seq), Some(self.at), self.user_id, self.record_id, self.last_id] {
            digest.update(number.unwrap_or(i64::MIN).to_be_bytes());
        }
        for text in
            [self.roles, self.verb, self.entity, self.columns, self.origin, self.request_id, self.reason]
        {
            digest.update((text.len() as u64).to_be_bytes());
            digest.update(text.as_bytes());
        }
        digest.finalize().into()
    }
}

/// Writes one act behind `head`, moves the head on and answers what other screens are told.
pub(super) fn append(
    conn: &Connection,
    head: &mut Head,
    now: Instant,
    actor: &Actor,
    act: &Act,
) -> Result<Event> {
    let columns = act.columns.join(",");
    let entry = Entry {
        seq: head.seq + 1,
        at: now.as_second(),
        user_id: actor.user_id,
        roles: &actor.roles,
        verb: act.verb,
        entity: act.entity,
        record_id: act.id,
        last_id: act.last_id,
        columns: &columns,
        origin: &actor.origin,
        request_id: &actor.request_id,
        reason: &act.reason,
    };
    let hash = entry.hash(&head.hash);
    insert(conn, &entry, &hash).map_err(translate)?;
    *head = Head { seq: entry.seq, hash };
    Ok(Event {
        seq: entry.seq,
        verb: act.verb.to_owned(),
        entity: act.entity.to_owned(),
        id: act.id,
        user_id: actor.user_id,
        user_name: actor.user_id.map(|_| actor.name.clone()),
    })
}

fn insert(conn: &Connection, e: &Entry<'_>, hash: &[u8; 32]) -> rusqlite::Result<usize> {
    conn.prepare_cached(
        "insert into audit (seq, at, user_id, roles, verb, entity, record_id, last_id, columns, origin, request_id, reason, hash)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
    )?
    .execute(params![
        e.seq, e.at, e.user_id, e.roles, e.verb, e.entity, e.record_id, e.last_id, e.columns, e.origin, e.request_id,
        e.reason, hash
    ])
}

/// Walks the whole trail; answers its head, or the number of the first entry that does not follow from the one before it.
pub fn verify(conn: &Connection) -> rusqlite::Result<std::result::Result<Head, i64>> {
    let mut statement = conn.prepare(
        "select seq, at, user_id, roles, verb, entity, record_id, last_id, columns, origin, request_id, reason, hash
         from audit order by seq",
    )?;
    let mut rows = statement.query([])?;
    let mut head = Head::EMPTY;
    while let Some(r) = rows.next()? {
        let text = |i: usize| r.get_ref(i).and_then(|v| Ok(v.as_str()?.to_owned()));
        let (roles, verb, entity) = (text(3)?, text(4)?, text(5)?);
        let (columns, origin, request_id, reason) = (text(8)?, text(9)?, text(10)?, text(11)?);
        let entry = Entry {
            seq: r.get(0)?,
            at: r.get(1)?,
            user_id: r.get(2)?,
            roles: &roles,
            verb: &verb,
            entity: &entity,
            record_id: r.get(6)?,
            last_id: r.get(7)?,
            columns: &columns,
            origin: &origin,
            request_id: &request_id,
            reason: &reason,
        };
        let hash: [u8; 32] = r.get(12)?;
        if entry.seq != head.seq + 1 || entry.hash(&head.hash) != hash {
            return Ok(Err(entry.seq));
        }
        head = Head { seq: entry.seq, hash };
    }
    Ok(Ok(head))
}
