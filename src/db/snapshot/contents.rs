//! What a clinic's file holds, in figures that a copy of it must have as well. Nothing anybody typed is in them.
use std::collections::BTreeMap;

use rusqlite::{Connection, types::ValueRef};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::pace::{Pace, Step};
use crate::db::{Checkpoint, key::hex, trail::Head};

/// Rows between two looks at the clock.
const ROWS: i64 = 64;

/// What a file holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contents {
    /// Version of its schema.
    pub schema: i64,
    /// Entries in its trail.
    pub entries: i64,
    /// Hash of the newest one, in hexadecimal.
    pub head: String,
    /// The newest signature over the trail, as one line of a file of such; none before the first.
    pub checkpoint: Option<String>,
    /// Rows of each table.
    pub rows: BTreeMap<String, i64>,
    /// SHA-256 over every value of every row of every table, in hexadecimal: two files with the same one hold the same.
    pub digest: String,
}

impl Contents {
    /// What the open file of clinic `id` holds, as its transaction sees it.
    pub(in crate::db) fn read(conn: &Connection, id: i64, pace: Pace) -> rusqlite::Result<Self> {
        let head = Head::read(conn)?;
        let newest = Checkpoint::newest_of(conn)?;
        let (rows, digest) = digest(conn, pace)?;
        Ok(Self {
            schema: conn.query_row("pragma user_version", [], |r| r.get(0))?,
            entries: head.seq,
            head: hex(&head.hash),
            checkpoint: newest.map(|newest| newest.to_line(id)),
            rows,
            digest,
        })
    }
}

/// Every table with its rows, the search index's own among them.
fn tables(conn: &Connection) -> rusqlite::Result<Vec<String>> {
    let sql = "select name from sqlite_schema where type = 'table' and rootpage > 0 order by name";
    conn.prepare(sql)?.query_map([], |r| r.get(0))?.collect()
}

fn digest(conn: &Connection, pace: Pace) -> rusqlite::Result<(BTreeMap<String, i64>, String)> {
    let (mut counts, mut all, mut step) = (BTreeMap::new(), Sha256::new(), Step::at(pace));
    for table in tables(conn)? {
        feed(&mut all, b't', table.as_bytes());
        // In the order of its key, whatever indexes there are: the same in every copy. The name is the schema's own.
        let mut statement = conn.prepare(&format!("select * from \"{table}\" not indexed"))?;
        let columns = statement.column_count();
        let mut rows = statement.query([])?;
        let mut count = 0;
        while let Some(row) = rows.next()? {
            for column in 0..columns {
                value(&mut all, row.get_ref(column)?);
            }
            count += 1;
            if count % ROWS == 0 {
                step.rest();
            }
        }
        counts.insert(table, count);
    }
    Ok((counts, hex(&all.finalize())))
}

fn value(all: &mut Sha256, value: ValueRef<'_>) {
    match value {
        ValueRef::Null => feed(all, b'n', &[]),
        ValueRef::Integer(number) => feed(all, b'i', &number.to_be_bytes()),
        ValueRef::Real(number) => feed(all, b'r', &number.to_be_bytes()),
        ValueRef::Text(text) => feed(all, b's', text),
        ValueRef::Blob(bytes) => feed(all, b'b', bytes),
    }
}

/// Kind, length and bytes: no two rows are told alike.
fn feed(all: &mut Sha256, kind: u8, bytes: &[u8]) {
    all.update([kind]);
    all.update((bytes.len() as u64).to_be_bytes());
    all.update(bytes);
}
