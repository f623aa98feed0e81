//! Signs checkpoints with a key that moves on: each signature names the next public key, and the private half that made it is
//! overwritten in the same transaction. Who steals the file has the key of the next checkpoint and none of an earlier one.
use ed25519_dalek::SigningKey;
use rusqlite::{Connection, OptionalExtension};
use zeroize::Zeroizing;

use super::{Checkpoint, Head};
use crate::{
    base::{Error, Instant, Result},
    db::{error::translate, key::random_bytes},
};

/// At most so many entries stand after the newest checkpoint while the program runs.
pub const ENTRIES: i64 = 1000;
/// At most so many seconds pass before entries are covered by one.
pub const SECONDS: i64 = 3600;

/// What is needed to sign the next checkpoint. A copy stands for the state before a group of writes that failed.
#[derive(Clone)]
pub(in crate::db) struct Sealer {
    clinic_id: i64,
    last: Option<Checkpoint>,
    key: Option<SigningKey>,
    /// Entries of earlier runs are left as they were found: a program that only looks signs nothing.
    found: i64,
    /// Signing failed once: it is not tried again before the next start.
    stuck: bool,
}

impl Sealer {
    /// Reads where an earlier run left off, in a file whose newest entry is `found`.
    pub fn open(conn: &Connection, clinic_id: i64, found: i64) -> rusqlite::Result<Self> {
        let sql = format!("select {} from checkpoints order by number desc limit 1", Checkpoint::COLUMNS);
        let last = conn.query_row(&sql, [], Checkpoint::read).optional()?;
        let secret: Option<[u8; 32]> =
            conn.query_row("select secret from trail_key", [], |r| r.get(0)).optional()?;
        let key = secret.map(Zeroizing::new).map(|secret| SigningKey::from_bytes(&secret));
        Ok(Self { clinic_id, last, key, found, stuck: false })
    }

    /// Whether so many entries, or so much time, stand after the newest checkpoint that it is time for another.
    pub fn is_due(&self, head: &Head, now: Instant) -> bool {
        let (seq, at) = self.last.as_ref().map_or((0, i64::MIN / 2), |last| (last.seq, last.at.as_second()));
        // Either way: a clock that was set back must not put it off.
        let age = (now.as_second() - at).abs();
        self.is_open(head) && (head.seq - seq >= ENTRIES || age >= SECONDS)
    }

    /// Whether this run wrote entries that no checkpoint covers.
    pub fn is_open(&self, head: &Head) -> bool {
        !self.stuck && head.seq > self.found && head.seq > self.last.as_ref().map_or(0, |last| last.seq)
    }

    /// Number of the newest checkpoint; 0 when there is none.
    pub fn newest(&self) -> i64 {
        self.last.as_ref().map_or(0, |last| last.number)
    }

    /// The newest checkpoint, if it covers everything up to `head`.
    pub fn last_at(&self, head: &Head) -> Option<Checkpoint> {
        self.last.clone().filter(|last| last.seq == head.seq)
    }

    /// Signs no more in this run.
    pub fn give_up(&mut self) {
        self.stuck = true;
    }

    /// Signs `head` inside the open transaction and moves the key on.
    pub fn seal(&mut self, conn: &Connection, head: &Head, now: Instant) -> Result<Checkpoint> {
        let key = self.current_key()?;
        let next = fresh_key()?;
        let made = Checkpoint::sign(
            self.clinic_id,
            self.last.as_ref(),
            (now, head.seq, head.hash),
            &key,
            next.verifying_key().to_bytes(),
        );
        made.insert(conn).map_err(translate)?;
        keep(conn, &next).map_err(translate)?;
        self.key = Some(next);
        self.last = Some(made.clone());
        Ok(made)
    }

    /// The key the last checkpoint named. A trail whose key is gone is never continued with another one.
    fn current_key(&self) -> Result<SigningKey> {
        match (&self.last, &self.key) {
            (None, None) => fresh_key(),
            (None, Some(key)) => Ok(key.clone()),
            (Some(last), Some(key)) if key.verifying_key().to_bytes() == last.next_key => Ok(key.clone()),
            (Some(_), _) => {
                Err(Error::internal("the key of the next checkpoint is not the one that was named"))
            }
        }
    }
}

fn fresh_key() -> Result<SigningKey> {
    let secret = Zeroizing::new(random_bytes::<32>()?);
    Ok(SigningKey::from_bytes(&secret))
}

/// Writes over the key before: same row, same length, same place in its page.
fn keep(conn: &Connection, key: &SigningKey) -> rusqlite::Result<()> {
    let secret = Zeroizing::new(key.to_bytes());
    conn.prepare_cached(
        "insert into trail_key (id, secret) values (1, ?1) on conflict (id) do update set secret = excluded.secret",
    )?
    .execute([secret.as_slice()])
    .map(drop)
}
