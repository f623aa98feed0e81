//! The proof that a trail is whole: every entry follows from the one before it, every earlier value is the one that was filed,
//! every checkpoint is signed and holds, and no copy kept outside contradicts them.
use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, Rows, fallible_streaming_iterator::FallibleStreamingIterator};
use schemars::JsonSchema;
use serde::Serialize;

use super::{
    Checkpoint,
    entry::{self, Entry, Head},
    filed::{self, Filed, Gathered},
};
use crate::choices;

/// Faults told at most; one would be enough to doubt the rest.
const MOST: usize = 20;
/// Progress is told every so many entries.
const STEP: i64 = 1000;

choices! {
    /// What is wrong with a trail.
    Why {
        /// An entry is not there.
        EntryMissing = "entry_missing",
        /// An entry was changed, or one was put in.
        EntryChanged = "entry_changed",
        /// The earlier values an entry answers for were changed, removed or added to.
        HistoryChanged = "history_changed",
        /// Earlier values no entry answers for.
        HistoryUnbound = "history_unbound",
        /// Values were erased without an entry that says so.
        HistoryErased = "history_erased",
        /// A checkpoint is missing, or not signed by the key that was named for it.
        CheckpointForged = "checkpoint_forged",
        /// Entries a checkpoint covers were rewritten after it was signed.
        EntriesRewritten = "entries_rewritten",
        /// The newest entries are gone.
        EntriesCut = "entries_cut",
        /// The key of the next checkpoint was replaced: checkpoints are gone.
        KeyReplaced = "key_replaced",
        /// A copy kept outside knows checkpoints this file does not: it is an older copy, or was cut.
        RolledBack = "rolled_back",
        /// A copy kept outside holds another checkpoint of the same number.
        CopyDiffers = "copy_differs",
    }
}

/// One thing that is wrong, and where it shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Fault {
    /// The entry at which it shows.
    pub seq: i64,
    /// What is wrong.
    pub why: Why,
    /// The checkpoint that tells, where one does.
    pub checkpoint: Option<i64>,
}

/// What was looked at and what was found.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
#[schemars(rename = "TrailVerdict")]
pub struct Verdict {
    /// Entries.
    pub entries: i64,
    /// Earlier versions of records.
    pub versions: i64,
    /// Those of them whose values were lawfully erased.
    pub erased: i64,
    /// Checkpoints.
    pub checkpoints: i64,
    /// The newest entry a checkpoint covers.
    pub sealed_to: i64,
    /// What is wrong, by entry; empty when the trail is whole.
    pub faults: Vec<Fault>,
}

impl Verdict {
    pub(super) fn fault(&mut self, seq: i64, why: Why, checkpoint: Option<i64>) {
        self.faults.push(Fault { seq, why, checkpoint });
    }
}

/// Verifies the trail of a file, with the copies of its checkpoints kept outside. `progress` hears how many entries are done.
pub fn verify(
    conn: &Connection,
    clinic_id: i64,
    outside: &[Checkpoint],
    progress: &dyn Fn(i64),
) -> rusqlite::Result<Verdict> {
    let checkpoints = Checkpoint::after(conn, 0)?;
    let mut verdict = Verdict::default();
    walk(conn, &Head::EMPTY, &checkpoints, &mut verdict, progress)?;
    signatures(conn, clinic_id, &checkpoints, &mut verdict)?;
    compare(&checkpoints, outside, &mut verdict);
    verdict.faults.sort_by_key(|fault| fault.seq);
    verdict.faults.truncate(MOST);
    Ok(verdict)
}

/// Walks the entries after `from` and the earlier versions they answer for side by side. A broken entry is told once: the next is held against the hash it has.
pub(super) fn walk(
    conn: &Connection,
    from: &Head,
    checkpoints: &[Checkpoint],
    verdict: &mut Verdict,
    progress: &dyn Fn(i64),
) -> rusqlite::Result<()> {
    let sealed: BTreeMap<i64, &Checkpoint> = checkpoints.iter().map(|c| (c.seq, c)).collect();
    let mut entries =
        conn.prepare(&format!("select {} from audit where seq > ?1 order by seq", entry::COLUMNS))?;
    let mut versions =
        conn.prepare(&format!("select {} from history where id > ?1 order by id", filed::COLUMNS))?;
    let (mut entries, mut versions) =
        (entries.query([from.seq])?, Versions::new(conn, versions.query([from.history])?)?);
    let mut previous = (from.seq, from.hash);
    while let Some(row) = entries.next()? {
        let (entry, hash) = Entry::read(row)?;
        if entry.seq != previous.0 + 1 {
            verdict.fault(previous.0 + 1, Why::EntryMissing, None);
        } else if entry.hash(&previous.1) != hash {
            verdict.fault(entry.seq, Why::EntryChanged, None);
        }
        if let Some(binding) = entry.binding
            && versions.up_to(binding.to, entry.seq, verdict)?.finish() != Some(binding)
        {
            verdict.fault(entry.seq, Why::HistoryChanged, None);
        }
        if let Some(checkpoint) = sealed.get(&entry.seq).filter(|c| c.head != hash) {
            verdict.fault(entry.seq, Why::EntriesRewritten, Some(checkpoint.number));
        }
        previous = (entry.seq, hash);
        verdict.entries += 1;
        if verdict.entries % STEP == 0 {
            progress(verdict.entries);
        }
    }
    if versions.up_to(i64::MAX, previous.0 + 1, verdict)?.finish().is_some() {
        verdict.fault(previous.0 + 1, Why::HistoryUnbound, None);
    }
    if let Some(last) = checkpoints.last() {
        verdict.sealed_to = last.seq;
        if last.seq > previous.0 {
            verdict.fault(previous.0 + 1, Why::EntriesCut, Some(last.number));
        }
    }
    progress(verdict.entries);
    Ok(())
}

/// The rows of `history`, read once from the first to the last.
struct Versions<'c> {
    conn: &'c Connection,
    rows: Rows<'c>,
    /// Whether the statement stands on a row that no entry has answered for yet.
    on_row: bool,
}

impl<'c> Versions<'c> {
    fn new(conn: &'c Connection, mut rows: Rows<'c>) -> rusqlite::Result<Self> {
        let on_row = rows.next()?.is_some();
        Ok(Self { conn, rows, on_row })
    }

    /// Gathers the rows up to number `to` for entry `seq`.
    fn up_to(&mut self, to: i64, seq: i64, verdict: &mut Verdict) -> rusqlite::Result<Gathered> {
        let mut gathered = Gathered::default();
        while self.on_row {
            let Some(row) = self.rows.get() else { break };
            let version = Filed::read(row)?;
            if version.id > to {
                break;
            }
            gathered.add(&version);
            verdict.versions += 1;
            if let Some(erased) = version.erased_seq {
                verdict.erased += 1;
                if !says_erased(self.conn, erased, version.record_id)? {
                    verdict.fault(seq, Why::HistoryErased, None);
                }
            }
            self.on_row = self.rows.next()?.is_some();
        }
        Ok(gathered)
    }
}

fn says_erased(conn: &Connection, seq: i64, record: i64) -> rusqlite::Result<bool> {
    let sql = "select verb = 'erased' and record_id = ?2 from audit where seq = ?1";
    let said: Option<bool> = conn.prepare_cached(sql)?.query_row([seq, record], |r| r.get(0)).optional()?;
    Ok(said.unwrap_or(false))
}

/// Every checkpoint is signed by the key the one before it named, and the key of the next one is in place.
fn signatures(
    conn: &Connection,
    clinic_id: i64,
    checkpoints: &[Checkpoint],
    verdict: &mut Verdict,
) -> rusqlite::Result<()> {
    let mut previous = None;
    for checkpoint in checkpoints {
        if !checkpoint.follows(clinic_id, previous) {
            verdict.fault(checkpoint.seq, Why::CheckpointForged, Some(checkpoint.number));
        }
        previous = Some(checkpoint);
    }
    verdict.checkpoints = i64::try_from(checkpoints.len()).unwrap_or(i64::MAX);
    next_key(conn, previous, verdict)
}

/// The key of the next checkpoint is the one the `last` named.
pub(super) fn next_key(
    conn: &Connection,
    last: Option<&Checkpoint>,
    verdict: &mut Verdict,
) -> rusqlite::Result<()> {
    let secret: Option<[u8; 32]> =
        conn.query_row("select secret from trail_key", [], |r| r.get(0)).optional()?;
    let key = secret.map(|s| ed25519_dalek::SigningKey::from_bytes(&s).verifying_key().to_bytes());
    if key != last.map(|last| last.next_key) {
        verdict.fault(verdict.sealed_to + 1, Why::KeyReplaced, last.map(|last| last.number));
    }
    Ok(())
}

/// A copy outside may be behind, never ahead and never different.
fn compare(checkpoints: &[Checkpoint], outside: &[Checkpoint], verdict: &mut Verdict) {
    let ours: BTreeMap<i64, &Checkpoint> = checkpoints.iter().map(|c| (c.number, c)).collect();
    for copy in outside {
        let why = match ours.get(&copy.number) {
            Some(own) if *own == copy => continue,
            Some(_) => Why::CopyDiffers,
            None => Why::RolledBack,
        };
        verdict.fault(copy.seq, why, Some(copy.number));
        // What follows on it differs too.
        return;
    }
}
