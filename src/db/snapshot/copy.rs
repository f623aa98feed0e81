//! Copies a clinic's file while others write to it: one reading transaction sees it as it was at one moment, and in WAL mode a
//! reader keeps no writer waiting. The copy has the clinic's own key from its first byte.
use std::path::Path;

use rusqlite::{
    Connection,
    backup::{Backup, StepResult},
};

use super::{
    Contents, Files, Pace,
    pace::Step,
    proof::{self, Depth, Flaw},
};
use crate::{
    base::{Error, Instant, Result},
    db::{error::translate, open},
};

/// Pages copied at a time, of 4 KiB each.
const PAGES: i32 = 64;

impl Files {
    /// Writes the clinic's file as it is now to `target`, where nothing is yet, and answers what it holds. Blocks.
    pub fn copy_to(&self, target: &Path, pace: Pace) -> Result<Contents> {
        let source = open::open(&self.database(), &self.key, self.id, open::Role::Sweep)?;
        // From here to the end this connection sees one moment; the first look fixes it.
        source.execute_batch("begin; select count(*) from clinic;").map_err(translate)?;
        let mut copy = open::blank(target, &self.key)?;
        pages(&source, &mut copy, pace)?;
        copy.close().map_err(|(_, error)| translate(error))?;
        Contents::read(&source, self.id, pace).map_err(translate)
    }

    /// Entries in the trail of this file, and when the newest was written; none where it cannot be read. Blocks.
    pub fn newest(&self) -> Option<(i64, Instant)> {
        let conn = open::open(&self.database(), &self.key, self.id, open::Role::Sweep).ok()?;
        let sql = "select seq, at from audit order by seq desc limit 1";
        conn.query_row(sql, [], |r| Ok((r.get(0)?, r.get(1)?))).ok()
    }

    /// When the clinic was founded: the time of its trail's first entry. Blocks.
    pub fn founded(&self) -> Option<Instant> {
        let conn = open::open(&self.database(), &self.key, self.id, open::Role::Sweep).ok()?;
        conn.query_row("select at from audit order by seq limit 1", [], |r| r.get(0)).ok()
    }

    /// What is wrong with the file of this folder, held against what it should hold; none when nothing is. Blocks.
    pub fn flaw(&self, expected: &Contents, depth: Depth, pace: Pace) -> Result<Option<Flaw>> {
        let role = if depth == Depth::Whole { open::Role::Check } else { open::Role::Sweep };
        let conn = match open::open(&self.database(), &self.key, self.id, role) {
            Ok(conn) => conn,
            Err(error) => {
                tracing::error!(%error, "a copy cannot be opened");
                return Ok(Some(Flaw::Unreadable));
            }
        };
        proof::flaw(&conn, self.id, expected, (depth, pace)).or_else(|error| {
            tracing::error!(%error, "a copy cannot be read to its end");
            Ok(Some(Flaw::Unreadable))
        })
    }
}

fn pages(source: &Connection, copy: &mut Connection, pace: Pace) -> Result<()> {
    let copying = Backup::new(source, copy).map_err(translate)?;
    let mut step = Step::at(pace);
    loop {
        match copying.step(PAGES).map_err(translate)? {
            StepResult::Done => return Ok(()),
            StepResult::More => step.rest(),
            // The copy is nobody else's, and a reader of a log is never kept waiting.
            _ => return Err(Error::Busy),
        }
    }
}
