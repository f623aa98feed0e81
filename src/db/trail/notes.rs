//! What was seen, sent out or refused, on its way into the trail. A note is taken before its answer leaves, is written with the
//! next group of writes or within a second, and is never dropped: where too many wait, whoever adds one waits too. The same look of
//! the same person from the same place within that second is one note that says how often.
use std::{
    borrow::Cow,
    collections::HashMap,
    hash::{BuildHasher, RandomState},
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
    /// When, the first time.
    pub at: Instant,
    /// How often, 1 for once.
    pub times: u32,
}

impl Note {
    /// The act as the trail keeps it.
    pub fn told(&self) -> Cow<'_, Act> {
        if self.times == 1 {
            return Cow::Borrowed(&self.act);
        }
        let mut act = self.act.clone();
        act.columns.push(format!("times={}", self.times));
        Cow::Owned(act)
    }

    /// What makes two looks the same one.
    fn kind(&self) -> impl PartialEq {
        let Self { actor, act, .. } = self;
        let who = (actor.user_id, &*actor.origin, &*actor.roles, act.by);
        (who, act.verb, act.entity, act.id, act.last_id, &act.columns, act.outcome.stored(), &act.reason)
    }
}

/// Notes that wait for the writer.
pub(in crate::db) struct Notes {
    room: Semaphore,
    waiting: Mutex<Waiting>,
    hasher: RandomState,
}

#[derive(Default)]
struct Waiting {
    notes: Vec<Note>,
    /// Where in `notes` a note of that kind stands, by the kind's hash.
    kinds: HashMap<u64, usize>,
    since: Option<Moment>,
    closed: bool,
}

impl Notes {
    pub fn new() -> Self {
        Self { room: Semaphore::new(ROOM), waiting: Mutex::default(), hasher: RandomState::new() }
    }

    /// Adds a note; true when the writer should be told that there is one. [`Error::Busy`] when there is no room for too long, or
    /// the clinic is closing: then what was asked for must not be answered.
    pub async fn put(&self, note: Note) -> Result<bool> {
        let hash = self.hash(&note);
        if self.waiting().repeats(hash, &note) {
            return Ok(false);
        }
        let place = timeout(PATIENCE, self.room.acquire()).await;
        place.map_err(|_| Error::Busy)?.map_err(|_| Error::Busy)?.forget();
        let mut waiting = self.waiting();
        if waiting.closed {
            return Err(Error::Busy);
        }
        waiting.add(hash, note);
        let first = waiting.since.is_none();
        waiting.since.get_or_insert_with(Moment::now);
        Ok(first)
    }

    /// Counts a note like one that waits already; false when there is none.
    pub fn again(&self, note: &Note) -> bool {
        let hash = self.hash(note);
        self.waiting().repeats(hash, note)
    }

    /// Of what most often tells one look from another; whether two are the same one is looked at where their hashes agree.
    fn hash(&self, Note { actor, act, .. }: &Note) -> u64 {
        self.hasher.hash_one((actor.user_id, act.verb, act.id, &act.columns))
    }

    /// How long the oldest note may still wait; none when there is none.
    pub fn patience(&self) -> Option<Duration> {
        self.waiting().since.map(|since| GATHER.saturating_sub(since.elapsed()))
    }

    /// How long the oldest note has waited; none when there is none.
    pub fn age(&self) -> Option<Duration> {
        self.waiting().since.map(|since| since.elapsed())
    }

    /// Takes all of them. They keep their places until [`Notes::written`].
    pub fn take(&self) -> Vec<Note> {
        let mut waiting = self.waiting();
        waiting.since = None;
        waiting.kinds.clear();
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
        waiting.kinds.clear();
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

impl Waiting {
    /// Counts a note that is there already.
    fn repeats(&mut self, hash: u64, note: &Note) -> bool {
        let at = self.kinds.get(&hash).copied();
        let same = at.and_then(|at| self.notes.get_mut(at)).filter(|known| known.kind() == note.kind());
        same.map(|known| known.times += 1).is_some()
    }

    fn add(&mut self, hash: u64, note: Note) {
        self.kinds.insert(hash, self.notes.len());
        self.notes.push(note);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note(user_id: i64, id: i64) -> Note {
        let actor = Actor { user_id: Some(user_id), ..Actor::default() };
        Note {
            actor: Arc::new(actor),
            act: Act::seen("opened", "contact", Some(id)),
            at: Instant(0),
            times: 1,
        }
    }

    #[tokio::test]
    async fn the_same_look_is_one_note_until_it_is_taken() {
        let notes = Notes::new();
        for (user, id) in [(1, 7), (1, 7), (2, 7), (1, 8), (1, 7)] {
            notes.put(note(user, id)).await.unwrap();
        }
        let taken = notes.take();
        let told: Vec<_> = taken.iter().map(|n| (n.actor.user_id, n.act.id, n.times)).collect();
        assert_eq!(told, [(Some(1), Some(7), 3), (Some(2), Some(7), 1), (Some(1), Some(8), 1)]);
        assert_eq!(taken[0].told().columns, ["times=3"]);
        assert!(taken[1].told().columns.is_empty());
        notes.put(note(1, 7)).await.unwrap();
        assert_eq!(notes.take().len(), 1, "what was taken is not counted on");
    }

    #[tokio::test]
    async fn what_is_given_back_is_written_once_more_and_before_the_rest() {
        let notes = Notes::new();
        notes.put(note(1, 7)).await.unwrap();
        let taken = notes.take();
        notes.put(note(1, 8)).await.unwrap();
        notes.give_back(taken);
        notes.put(note(1, 8)).await.unwrap();
        let ids: Vec<_> = notes.take().iter().map(|n| n.act.id).collect();
        assert_eq!(ids, [Some(7), Some(8), Some(8)]);
    }
}
