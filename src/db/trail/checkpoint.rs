//! A signed head of the trail. Whoever holds a copy of one can tell later whether the trail still holds what it held then.
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{
    base::{Instant, Result},
    choices,
    db::{
        ReadTx,
        key::{hex, unhex_array},
        slots::{letter, unconfuse},
    },
};

/// Letters of a closing code: 60 bits, far beyond what can be searched for a second trail with the same code.
const CODE_LETTERS: usize = 12;

/// A signed head.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Counts from 1, without gaps.
    pub number: i64,
    /// When it was signed.
    pub at: Instant,
    /// Number of the newest entry it covers.
    pub seq: i64,
    /// That entry's hash.
    pub head: [u8; 32],
    /// The public key that verifies it.
    pub key: [u8; 32],
    /// The public key that must verify the next one.
    pub next_key: [u8; 32],
    /// Ed25519 (RFC 8032) over all of these, the clinic and the signature of the checkpoint before.
    pub signature: [u8; 64],
}

impl Checkpoint {
    /// Signs the head of entry `seq` with `key`, behind `previous`.
    pub(super) fn sign(
        clinic_id: i64,
        previous: Option<&Self>,
        (at, seq, head): (Instant, i64, [u8; 32]),
        key: &SigningKey,
        next_key: [u8; 32],
    ) -> Self {
        let number = previous.map_or(1, |p| p.number + 1);
        let public = key.verifying_key().to_bytes();
        let mut made = Self { number, at, seq, head, key: public, next_key, signature: [0; 64] };
        made.signature = key.sign(&made.message(clinic_id, previous)).to_bytes();
        made
    }

    /// Whether it is signed by its own key and stands behind `previous`, which named that key.
    pub fn follows(&self, clinic_id: i64, previous: Option<&Self>) -> bool {
        let named = previous.is_none_or(|p| p.next_key == self.key && p.seq <= self.seq);
        let message = self.message(clinic_id, previous);
        let signed = VerifyingKey::from_bytes(&self.key)
            .and_then(|key| key.verify_strict(&message, &Signature::from_bytes(&self.signature)));
        named && self.number == previous.map_or(1, |p| p.number + 1) && signed.is_ok()
    }

    fn message(&self, clinic_id: i64, previous: Option<&Self>) -> Vec<u8> {
        let mut message = b"taskmed checkpoint v1".to_vec();
        for number in [clinic_id, self.number, self.at.as_second(), self.seq] {
            message.extend(number.to_be_bytes());
        }
        for part in [self.head, self.key, self.next_key] {
            message.extend(part);
        }
        message.extend(previous.map_or([0; 64], |p| p.signature));
        message
    }

    /// A short code for paper: it names this checkpoint and with it everything the trail held.
    pub fn closing_code(&self) -> String {
        let digest =
            Sha256::new().chain_update("taskmed closing code v1").chain_update(self.signature).finalize();
        let letters: Vec<char> = digest.iter().take(CODE_LETTERS).map(|byte| letter(*byte)).collect();
        letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
    }

    /// Whether `typed` is this checkpoint's closing code, however it is grouped and whatever letters were confused.
    pub fn has_closing_code(&self, typed: &str) -> bool {
        let clean =
            |text: &str| text.chars().filter(char::is_ascii_alphanumeric).map(unconfuse).collect::<String>();
        clean(typed) == clean(&self.closing_code())
    }

    pub(super) const COLUMNS: &'static str = "number, at, seq, head, key, next_key, signature";

    /// The checkpoint of a row of [`Self::COLUMNS`].
    pub(super) fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            number: row.get(0)?,
            at: row.get(1)?,
            seq: row.get(2)?,
            head: row.get(3)?,
            key: row.get(4)?,
            next_key: row.get(5)?,
            signature: row.get(6)?,
        })
    }

    pub(super) fn insert(&self, conn: &Connection) -> rusqlite::Result<()> {
        conn.execute(
            "insert into checkpoints (number, at, seq, head, key, next_key, signature) values (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![self.number, self.at, self.seq, self.head, self.key, self.next_key, self.signature],
        )
        .map(drop)
    }

    /// The checkpoints after number `after`, oldest first.
    pub(super) fn after(conn: &Connection, after: i64) -> rusqlite::Result<Vec<Self>> {
        conn.prepare_cached(&select("where number > ?1 order by number"))?
            .query_map([after], Self::read)?
            .collect()
    }

    /// The newest checkpoint of an open file.
    pub(in crate::db) fn newest_of(conn: &Connection) -> rusqlite::Result<Option<Self>> {
        conn.prepare(&select("order by number desc limit 1"))?.query_row([], Self::read).optional()
    }

    /// One line of a file kept outside, as JSON.
    pub(in crate::db) fn to_line(&self, clinic_id: i64) -> String {
        let line = Line {
            clinic: clinic_id,
            number: self.number,
            at: self.at,
            seq: self.seq,
            head: hex(&self.head),
            key: hex(&self.key),
            next_key: hex(&self.next_key),
            signature: hex(&self.signature),
        };
        serde_json::to_string(&line).unwrap_or_default()
    }

    /// The checkpoint of such a line, if it is one of that clinic.
    pub(super) fn from_line(clinic_id: i64, text: &str) -> Option<Self> {
        let line: Line = serde_json::from_str(text).ok().filter(|line: &Line| line.clinic == clinic_id)?;
        Some(Self {
            number: line.number,
            at: line.at,
            seq: line.seq,
            head: unhex_array(&line.head)?,
            key: unhex_array(&line.key)?,
            next_key: unhex_array(&line.next_key)?,
            signature: unhex_array(&line.signature)?,
        })
    }
}

choices! {
    /// What became of a checkpoint seen before.
    Standing {
        /// The trail still has it.
        Holds = "holds",
        /// The trail does not reach as far: it is an older copy, or was cut.
        Missing = "missing",
        /// The trail has another one of that number: it is another trail.
        Differs = "differs",
    }
}

impl ReadTx<'_> {
    /// What became of checkpoint `number`, which was the one that `is_it` knows.
    pub fn standing_of(&self, number: i64, is_it: impl FnOnce(&Checkpoint) -> bool) -> Result<Standing> {
        Ok(match self.checkpoint(number)? {
            Some(own) if is_it(&own) => Standing::Holds,
            Some(_) => Standing::Differs,
            None => Standing::Missing,
        })
    }

    /// The newest checkpoint.
    pub fn newest_checkpoint(&self) -> Result<Option<Checkpoint>> {
        self.first(&select("order by number desc limit 1"), [], Checkpoint::read)
    }

    /// The checkpoint of that number.
    pub fn checkpoint(&self, number: i64) -> Result<Option<Checkpoint>> {
        self.first(&select("where number = ?1"), [number], Checkpoint::read)
    }

    /// The checkpoints signed from `from` until before `to`, oldest first.
    pub fn checkpoints_between(&self, from: Instant, to: Instant) -> Result<Vec<Checkpoint>> {
        self.all(&select("where at >= ?1 and at < ?2 order by number"), params![from, to], Checkpoint::read)
    }
}

fn select(rest: &str) -> String {
    format!("select {} from checkpoints {rest}", Checkpoint::COLUMNS)
}

#[derive(Serialize, Deserialize)]
struct Line {
    clinic: i64,
    number: i64,
    at: Instant,
    seq: i64,
    head: String,
    key: String,
    next_key: String,
    signature: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn two() -> (Checkpoint, Checkpoint) {
        let keys = [1, 2, 3].map(|n| SigningKey::from_bytes(&[n; 32]));
        let next = |n: usize| keys[n].verifying_key().to_bytes();
        let first = Checkpoint::sign(1, None, (Instant(10), 5, [5; 32]), &keys[0], next(1));
        let second = Checkpoint::sign(1, Some(&first), (Instant(20), 9, [9; 32]), &keys[1], next(2));
        (first, second)
    }

    #[test]
    fn a_checkpoint_follows_only_the_one_it_was_signed_behind_and_in_its_clinic() {
        let (first, second) = two();
        assert!(first.follows(1, None) && second.follows(1, Some(&first)));
        assert!(!second.follows(2, Some(&first)) && !second.follows(1, None));
        let other = Checkpoint { at: Instant(11), ..first.clone() };
        assert!(!other.follows(1, None) && !first.follows(1, Some(&second)));
    }

    #[test]
    fn a_key_other_than_the_one_named_before_signs_nothing() {
        let (first, second) = two();
        let thief = SigningKey::from_bytes(&[7; 32]);
        let forged = Checkpoint::sign(1, Some(&first), (Instant(20), 9, [8; 32]), &thief, second.next_key);
        assert!(!forged.follows(1, Some(&first)));
    }

    #[test]
    fn lines_read_back_and_codes_are_forgiving_about_how_they_are_typed() {
        let (first, second) = two();
        assert_eq!(Checkpoint::from_line(1, &first.to_line(1)), Some(first.clone()));
        assert_eq!(Checkpoint::from_line(2, &first.to_line(1)), None);
        let code = first.closing_code();
        assert_eq!(code.len(), 14);
        assert!(first.has_closing_code(&code.to_lowercase().replace('-', " ").replace('0', "o")));
        assert!(!second.has_closing_code(&code));
    }
}
