//! The quick proof, for every start: what was written since the newest checkpoint, that checkpoint itself, and the newest copy of
//! one kept outside. What lies before is proven by night.
use std::slice;

use rusqlite::{Connection, OptionalExtension};

use super::{
    Checkpoint, Head, Verdict, Why,
    entry::day_of,
    proof::{next_key, walk},
};

/// Verifies the newest part of a file's trail, with the newest copy kept outside.
pub(super) fn verify(
    conn: &Connection,
    clinic_id: i64,
    outside: Option<&Checkpoint>,
) -> rusqlite::Result<Verdict> {
    let mut verdict = Verdict::default();
    let newest = Checkpoint::after(conn, last_number(conn)? - 2)?;
    let last = newest.last();
    if let Some(last) = last {
        verdict.checkpoints = 1;
        let before = newest.iter().rev().nth(1);
        if !last.follows(clinic_id, before) {
            verdict.fault(last.seq, Why::CheckpointForged, Some(last.number));
        }
    }
    walk(conn, &start(conn, last)?, last.map_or(&[], slice::from_ref), &mut verdict, &|_| ())?;
    next_key(conn, last, &mut verdict)?;
    if let Some(copy) = outside {
        match Checkpoint::after(conn, copy.number - 1)?.first() {
            Some(own) if own == copy => {}
            Some(_) => verdict.fault(copy.seq, Why::CopyDiffers, Some(copy.number)),
            None => verdict.fault(copy.seq, Why::RolledBack, Some(copy.number)),
        }
    }
    verdict.faults.sort_by_key(|fault| fault.seq);
    Ok(verdict)
}

fn last_number(conn: &Connection) -> rusqlite::Result<i64> {
    conn.query_row("select coalesce(max(number), 0) from checkpoints", [], |r| r.get(0))
}

/// The entry before the newest that a checkpoint covers: what follows is held against it.
fn start(conn: &Connection, last: Option<&Checkpoint>) -> rusqlite::Result<Head> {
    let Some(seq) = last.map(|last| last.seq - 1) else { return Ok(Head::EMPTY) };
    let entry = "select hash, at from audit where seq = ?1";
    let found = conn.query_row(entry, [seq], |r| Ok((r.get(0)?, r.get::<_, i64>(1)?))).optional()?;
    let (hash, at) = found.unwrap_or_default();
    let sql =
        "select history_to from audit where seq <= ?1 and history_to is not null order by seq desc limit 1";
    let history: Option<i64> = conn.query_row(sql, [seq], |r| r.get(0)).optional()?;
    Ok(Head { seq, hash, history: history.unwrap_or_default(), day: day_of(at) })
}
