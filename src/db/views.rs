//! Readers at rest, and the views of the file that stand open on them.
//!
//! To begin a view and to end it takes two calls of the system, a tenth of all that reading one row costs. A view that is as good
//! as new is left open for the next to read. None outlasts the beginning of the next group of writes: nobody is shown what was
//! before something acknowledged, and the log can be brought home.
use std::{
    collections::VecDeque,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use rusqlite::Connection;

use super::tx::run_kept;
use crate::base::Result;

/// A connection that cannot write.
pub(super) struct Reader {
    conn: Connection,
    /// Whether a view stands open on it.
    stands: bool,
}

impl Reader {
    pub fn new(conn: Connection) -> Self {
        Self { conn, stands: false }
    }

    pub fn conn(&self) -> &Connection {
        &self.conn
    }

    /// Sees one state of the file from now on, until its end.
    pub fn begin(&mut self) -> Result<()> {
        if !self.stands {
            run_kept(&self.conn, "begin")?;
            self.stands = true;
        }
        Ok(())
    }

    /// Ends the view that stands, if there is one.
    fn end(&mut self) -> Result<()> {
        if std::mem::take(&mut self.stands) { run_kept(&self.conn, "commit") } else { Ok(()) }
    }
}

/// Which group of writes was the last to begin, and whether it has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Turn(u64);

impl Turn {
    /// Whether nothing is being written.
    pub fn is_quiet(self) -> bool {
        self.0.is_multiple_of(2)
    }
}

/// The readers at rest.
#[derive(Default)]
pub(super) struct Views {
    /// The last to have come back is the first to be taken: its pages are still in the processor's own memory.
    idle: Mutex<VecDeque<Reader>>,
    turn: AtomicU64,
}

impl Views {
    pub fn turn(&self) -> Turn {
        Turn(self.turn.load(Ordering::SeqCst))
    }

    /// A reader at rest. A view that stands on it was begun since the last group of writes ended.
    pub fn take(&self) -> Option<Reader> {
        self.idle().pop_back()
    }

    /// Gives back a reader, among so many at most. Its view may stay if `turn`, asked for before the reader was taken, is quiet
    /// and still it.
    pub fn give_back(&self, mut reader: Reader, turn: Option<Turn>, most: usize) {
        let mut idle = self.idle();
        // A group that begins from here on finds this one at rest.
        let stays = turn.is_some_and(|turn| turn.is_quiet() && turn == self.turn());
        let ended = if stays { Ok(()) } else { reader.end() };
        // What cannot be ended is closed.
        if ended.is_ok() && reader.stands != reader.conn.is_autocommit() && idle.len() < most {
            idle.push_back(reader);
        }
    }

    /// A group of writes begins: no view stays.
    pub fn writing_begins(&self) {
        self.turn.fetch_add(1, Ordering::SeqCst);
        let mut idle = self.idle();
        idle.retain_mut(|reader| reader.end().is_ok());
        // What is written throws away the pages of all of them. Now is the time to put another first: so all of them come to hold
        // before long what they will hold, and none swells after a day.
        if !idle.is_empty() {
            idle.rotate_left(1);
        }
    }

    /// It was committed, or given up.
    pub fn writing_ends(&self) {
        self.turn.fetch_add(1, Ordering::SeqCst);
    }

    /// Closes those at rest.
    pub fn clear(&self) {
        self.idle().clear();
    }

    fn idle(&self) -> MutexGuard<'_, VecDeque<Reader>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOST: usize = 2;

    /// One reader at rest.
    fn views() -> Views {
        let views = Views::default();
        views.give_back(Reader::new(Connection::open_in_memory().unwrap()), None, MOST);
        views
    }

    /// Takes the reader and begins a view on it.
    fn begin(views: &Views) -> (Reader, Turn) {
        let turn = views.turn();
        let mut reader = views.take().unwrap();
        reader.begin().unwrap();
        (reader, turn)
    }

    /// Whether a view stands on the reader at rest, as it says and as SQLite does.
    fn stands(views: &Views) -> bool {
        let reader = views.take().unwrap();
        let stands = reader.stands;
        assert_eq!(stands, !reader.conn.is_autocommit());
        views.give_back(reader, Some(views.turn()), MOST);
        stands
    }

    #[test]
    fn a_view_stays_until_a_group_of_writes_begins() {
        let views = views();
        let (reader, turn) = begin(&views);
        views.give_back(reader, Some(turn), MOST);
        assert!(stands(&views) && stands(&views));
        views.writing_begins();
        assert!(!stands(&views));
        views.writing_ends();
        assert!(!stands(&views));
    }

    #[test]
    fn a_view_in_which_somebody_reads_while_a_group_is_written_ends_with_the_reading() {
        let views = views();
        let (before, turn) = begin(&views);
        views.writing_begins();
        views.give_back(before, Some(turn), MOST);
        assert!(!stands(&views));
        let (during, turn) = begin(&views);
        views.writing_ends();
        views.give_back(during, Some(turn), MOST);
        assert!(!stands(&views));
    }

    #[test]
    fn a_view_in_which_something_went_wrong_ends_and_one_reader_too_many_is_closed() {
        let views = views();
        let (reader, _) = begin(&views);
        views.give_back(reader, None, MOST);
        assert!(!stands(&views));
        (0..3).for_each(|_| {
            views.give_back(Reader::new(Connection::open_in_memory().unwrap()), None, MOST);
        });
        assert_eq!(views.idle().len(), MOST);
    }
}
