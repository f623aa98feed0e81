//! What was seen, sent out or refused, on its way into the trail. A note is taken before its answer leaves, is written with the
//! next group of writes or within a second, and is never dropped: where too many wait, whoever adds one waits too.
use std::{
    mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant as Moment},
};

use tokio::{sync::Semaphore, time::timeout};

use crate::{
    base::{Error, Instant, Result},
    db::{Act, Actor},
};

/// Notes that may wait.
const ROOM: usize = 16_384;
/// How long a note waits for others to share its commit.
pub const GATHER: Duration = Duration::from_millis(700);
/// How long a request waits for room before it is told to come back.
const PATIENCE: Duration = Duration::from_secs(10);

/// Something that changed nothing and is put on record all the same.
#[derive(Debug, Clone)]
pub struct Note {
    /// Who.
    pub actor: Arc<Actor>,
    /// What.
    pub act: Act,
    /// When.
    pub at: Instant,
}

/// Notes that wait for the writer.
pub(in crate::db) struct Notes {
    room: Semaphore,
    waiting: Mutex<Waiting>,
}

#[derive(Default)]
struct Waiting {
    notes: Vec<Note>,
    since: Option<Moment>,
    closed: bool,
}

impl Notes {
    pub fn new() -> Self {
        Self { room: Semaphore::new(ROOM), waiting: Mutex::default() }
    }

    /// Adds a note; true when the writer should be told that there is one. [`Error::Busy`] when there is no room for too long, or
    /// the clinic is closing: then what was asked for must not be answered.
    pub async fn put(&self, note: Note) -> Result<bool> {
        let place = timeout(PATIENCE, self.room.acquire()).await;
        place.map_err(|_| Error::Busy)?.map_err(|_| Error::Busy)?.forget();
        let mut waiting = self.waiting();
        if waiting.closed {
            return Err(Error::Busy);
        }
        waiting.notes.push(note);
        let first = waiting.since.is_none();
        waiting.since.get_or_insert_with(Moment::now);
        Ok(first)
    }

    /// How long the oldest note may still wait; none when there is none.
    pub fn patience(&self) -> Option<Duration> {
        self.waiting().since.map(|since| GATHER.saturating_sub(since.elapsed()))
    }

    /// Takes all of them. They keep their places until [`Notes::written`].
    pub fn take(&self) -> Vec<Note> {
        let mut waiting = self.waiting();
        waiting.since = None;
        mem::take(&mut waiting.notes)
    }

    /// Frees the places of `count` notes that are committed.
    pub fn written(&self, count: usize) {
        self.room.add_permits(count);
    }

    /// Puts notes back, before all others, that were not committed after all.
    pub fn give_back(&self, mut notes: Vec<Note>) {
        let mut waiting = self.waiting();
        notes.append(&mut waiting.notes);
        if !notes.is_empty() {
            waiting.since = Some(Moment::now());
        }
        waiting.notes = notes;
    }

    /// Takes no more notes.
    pub fn close(&self) {
        self.waiting().closed = true;
        self.room.close();
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
