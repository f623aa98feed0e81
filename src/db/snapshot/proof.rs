//! Whether a copy holds what was copied.
use rusqlite::Connection;

use super::{Contents, Pace};
use crate::{
    choices,
    db::{key::hex, trail},
};

/// How closely it is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// Its pages, and the head of its trail: right after it was written.
    Quick,
    /// Every page, every reference, the whole trail, every row: before it takes a clinic's place.
    Whole,
}

choices! {
    /// What is wrong with a copy.
    Flaw {
        /// It cannot be opened or read.
        Unreadable = "unreadable",
        /// Pages are damaged.
        Pages = "pages",
        /// A row points to one that is not there.
        References = "references",
        /// The trail does not end where it should.
        Head = "head",
        /// The trail is broken.
        Trail = "trail",
        /// A table has more or fewer rows.
        Rows = "rows",
        /// A value is another.
        Values = "values",
        /// Bytes of a file are not those that were written.
        Bytes = "bytes",
    }
}

/// What is wrong; none when nothing is.
pub(super) fn flaw(
    conn: &Connection,
    id: i64,
    expected: &Contents,
    (depth, pace): (Depth, Pace),
) -> rusqlite::Result<Option<Flaw>> {
    let head = trail::Head::read(conn)?;
    if (head.seq, hex(&head.hash)) != (expected.entries, expected.head.clone()) {
        return Ok(Some(Flaw::Head));
    }
    if depth == Depth::Quick {
        return says_ok(conn, "quick_check").map(|ok| (!ok).then_some(Flaw::Pages));
    }
    if !says_ok(conn, "integrity_check")? || conn.prepare("pragma cipher_integrity_check")?.exists([])? {
        return Ok(Some(Flaw::Pages));
    }
    if conn.prepare("pragma foreign_key_check")?.exists([])? {
        return Ok(Some(Flaw::References));
    }
    if !trail::proof::verify(conn, id, &[], &|_| ())?.faults.is_empty() {
        return Ok(Some(Flaw::Trail));
    }
    let found = Contents::read(conn, id, pace)?;
    Ok(if found.rows != expected.rows {
        Some(Flaw::Rows)
    } else {
        (found != *expected).then_some(Flaw::Values)
    })
}

fn says_ok(conn: &Connection, pragma: &str) -> rusqlite::Result<bool> {
    let said: Vec<String> =
        conn.prepare(&format!("pragma {pragma}"))?.query_map([], |r| r.get(0))?.collect::<Result<_, _>>()?;
    Ok(said == ["ok"])
}
