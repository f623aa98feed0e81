//! Brings the log home beside the writer.
//!
//! What is committed is appended to the log, which has to be copied into the file before it can begin anew. Done by the writer that
//! takes milliseconds and makes a whole group wait; here somebody else copies what has been committed so far while the writer goes
//! on, and leaves it the little that has come since.
use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread::{Builder, JoinHandle},
};

use rusqlite::{Connection, hooks::Wal};

use super::OpenError;

/// From so many pages on the log is brought home. Pages that change often come home once for many changes.
const LONG: i32 = 2_000;
/// With so many pages the writer does it alone: whoever was asked has not come to it.
const TOO_LONG: i32 = 6_000;

/// Who brings the log home, and how the writer tells them. Ends with the connection whose commits it hears of.
pub(super) struct Homing(JoinHandle<()>);

impl Homing {
    /// Hears of every commit of `writer` from now on; copies on `conn`, another connection to the same file.
    pub fn start(writer: &mut Connection, conn: Connection) -> Result<Self, OpenError> {
        let (ask, asked) = sync_channel(1);
        let nearly = Arc::new(AtomicBool::new(false));
        let told = Arc::clone(&nearly);
        let started: io::Result<_> =
            Builder::new().name("clinic log".into()).spawn(move || bring_home(&conn, &asked, &told));
        let thread = started.map_err(|error| OpenError::Broken(error.to_string()))?;
        writer.wal_hook(Some(move |log: &mut Wal, pages| {
            committed(log, pages, &ask, &nearly);
            Ok(())
        }))?;
        Ok(Self(thread))
    }

    /// Hears of nothing more, and waits for the copying to end.
    pub fn stop(self, writer: &mut Connection) {
        let _ = writer.wal_hook(None::<fn(&mut Wal, i32) -> rusqlite::Result<()>>);
        let _ = self.0.join();
    }
}

/// After a commit of the writer, which has made the log so many pages long. A copy that fails, for want of room or because somebody
/// reads what is older, leaves the log as it is; the next commit tries again.
fn committed(log: &mut Wal, pages: i32, ask: &SyncSender<()>, nearly: &AtomicBool) {
    if pages < LONG {
        // What was nearly home was the log before this one.
        return nearly.store(false, Ordering::Release);
    }
    if pages >= TOO_LONG || nearly.swap(false, Ordering::AcqRel) {
        let _ = log.checkpoint();
    } else {
        let _ = ask.try_send(());
    }
}

fn bring_home(conn: &Connection, asked: &Receiver<()>, nearly: &AtomicBool) {
    while asked.recv().is_ok() {
        let _ = conn.query_row("pragma wal_checkpoint(passive)", [], |_| Ok(()));
        nearly.store(true, Ordering::Release);
    }
}

#[cfg(test)]
mod tests {
    use std::{path::Path, thread, time::Duration};

    use super::*;

    fn open(path: &Path) -> Connection {
        let conn = Connection::open(path).unwrap();
        conn.execute_batch("pragma journal_mode = wal; pragma synchronous = full;").unwrap();
        conn
    }

    /// Commits a row of about so many pages.
    fn commit(conn: &Connection, pages: i64) {
        conn.execute("insert into t (bytes) values (zeroblob(?1))", [pages * 4096]).unwrap();
    }

    /// Pages of the log, and how many of them are in the file too.
    fn log(conn: &Connection) -> (i32, i32) {
        let read = |row: &rusqlite::Row<'_>| Ok((row.get(1)?, row.get(2)?));
        conn.query_row("pragma wal_checkpoint(noop)", [], read).unwrap()
    }

    fn until(mut is_so: impl FnMut() -> bool) {
        (0..1000).any(|_| {
            is_so() || {
                thread::sleep(Duration::from_millis(10));
                false
            }
        });
    }

    #[test]
    fn the_log_is_brought_home_beside_the_writer_and_begins_anew() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("t.db");
        let mut writer = open(&path);
        writer.execute_batch("create table t (id integer primary key, bytes blob)").unwrap();
        let homing = Homing::start(&mut writer, open(&path)).unwrap();
        commit(&writer, 1_000);
        assert!(log(&writer).1 < 1_000, "a short log is left alone");
        commit(&writer, 1_500);
        until(|| log(&writer).1 > 2_000);
        let (long, home) = log(&writer);
        assert!(home > 2_000 && home <= long, "somebody else has copied {home} of {long} pages");
        // One who was told that it is done, and one who begins anew.
        until(|| {
            commit(&writer, 1);
            log(&writer).0 < 100
        });
        assert!(log(&writer).0 < 100, "{:?}", log(&writer));
        homing.stop(&mut writer);
        drop(writer);
        assert!(!folder.path().join("t.db-wal").exists(), "nobody is left who holds the log");
    }

    #[test]
    fn a_log_that_began_anew_is_not_taken_for_one_that_is_nearly_home() {
        let folder = tempfile::tempdir().unwrap();
        let mut writer = open(&folder.path().join("t.db"));
        writer.execute_batch("create table t (id integer primary key, bytes blob)").unwrap();
        let (ask, asked) = sync_channel(1);
        // Of the log before, which came home whole while nobody wrote.
        let nearly = AtomicBool::new(true);
        writer
            .wal_hook(Some(move |log: &mut Wal, pages| {
                committed(log, pages, &ask, &nearly);
                Ok(())
            }))
            .unwrap();
        commit(&writer, 1);
        commit(&writer, 3_000);
        assert_eq!(log(&writer).1, 0, "the writer has not copied it all alone");
        assert!(asked.try_recv().is_ok());
    }

    #[test]
    fn a_writer_who_hears_nothing_brings_a_log_that_is_too_long_home_alone() {
        let folder = tempfile::tempdir().unwrap();
        let mut writer = open(&folder.path().join("t.db"));
        writer.execute_batch("create table t (id integer primary key, bytes blob)").unwrap();
        let (ask, _nobody) = sync_channel(1);
        let nearly = AtomicBool::new(false);
        writer
            .wal_hook(Some(move |log: &mut Wal, pages| {
                committed(log, pages, &ask, &nearly);
                Ok(())
            }))
            .unwrap();
        commit(&writer, 3_000);
        assert_eq!(log(&writer).1, 0);
        commit(&writer, 3_500);
        assert_eq!(log(&writer).0, log(&writer).1);
    }
}
