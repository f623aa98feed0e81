//! What the writer's thread does: gathers work and notes into groups, runs them, seals the trail, commits, answers.
use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
        mpsc::{Receiver, RecvTimeoutError},
    },
    time::Duration,
};

use rusqlite::Connection;
use tokio::runtime::Handle;

use super::{
    Event, Note,
    error::translate,
    events::Stream,
    filing::Filing,
    generations::Generations,
    homing::Homing,
    touches::Touches,
    trail::{self, Checkpoint, Head, Outside, notes::Notes, sealer::Sealer},
    tx::run_kept,
    views::Views,
};
use crate::{
    base::{Clock, Error, Result, panics::caught},
    telemetry::Stopwatch,
};

/// Jobs that share one commit at most.
const GROUP: usize = 512;
/// So few are never parted: a commit of their own would cost them more than waiting for each other.
const FEW: usize = 4;
/// How often an idle writer looks whether a checkpoint is due.
const TICK: Duration = Duration::from_secs(60);

/// How a job's caller hears whether it was committed.
pub(super) type Answer = Box<dyn FnOnce(Result<()>) + Send>;
/// Work for the writer's thread.
pub(super) type Job = Box<dyn FnOnce(&mut Desk) -> Finished + Send>;

/// What comes to the writer's thread.
pub(super) enum Message {
    /// Work.
    Job(Job),
    /// A first note waits.
    Noted,
}

/// A job that ran: what to announce, and how to answer once the group is committed.
pub(super) struct Finished {
    pub events: Vec<Event>,
    pub answer: Answer,
    /// The runtime in which the caller waits; none for a thread that does.
    pub home: Option<Handle>,
}

/// What the writer's thread owns.
pub(super) struct Desk {
    pub conn: Connection,
    pub clock: Clock,
    pub head: Head,
    pub sealer: Sealer,
    pub outside: Outside,
    pub touches: Touches,
    pub waiting: Arc<AtomicUsize>,
    /// Jobs committed or given up since the start.
    pub done: Arc<AtomicUsize>,
    pub notes: Arc<Notes>,
    pub generations: Arc<Generations>,
    pub views: Arc<Views>,
    pub stream: Arc<Stream>,
    /// None while a clinic is founded, whose log is home when its file is closed.
    pub homing: Option<Homing>,
    pub filing: Filing,
    /// How many jobs the last group had.
    pub last: usize,
    /// No more work will come: what is open is sealed.
    pub ending: bool,
}

impl Desk {
    /// Works until nobody can hand anything in any more, then finishes what waits and seals the trail.
    pub fn run(mut self, messages: &Receiver<Message>) {
        loop {
            match messages.recv_timeout(self.notes.patience().unwrap_or(TICK)) {
                Ok(Message::Job(job)) => self.group(Some(job), messages),
                Ok(Message::Noted) => {}
                Err(RecvTimeoutError::Timeout) => self.group_if_due(messages),
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        self.ending = true;
        if self.notes.patience().is_some() || self.sealer.is_open(&self.head) {
            self.group(None, messages);
        }
        if let Some(homing) = self.homing.take() {
            homing.stop(&mut self.conn);
        }
    }

    fn group_if_due(&mut self, messages: &Receiver<Message>) {
        let noted = self.notes.patience().is_some_and(|patience| patience.is_zero());
        if noted || self.sealer.is_due(&self.head, self.clock.now()) {
            self.group(None, messages);
        }
    }

    /// One group: begin, the notes, its share of the jobs, commit, answer, announce.
    fn group(&mut self, first: Option<Job>, more: &Receiver<Message>) {
        let started = Stopwatch::start();
        let share = self.share();
        self.touches.rows().clear();
        let before = (self.head, self.sealer.clone());
        self.views.writing_begins();
        let begun = self.conn.execute_batch("begin immediate").map_err(translate);
        let notes = self.put_down(self.notes.take());
        let mut finished = Vec::new();
        let mut next = first;
        while let Some(job) = next {
            finished.push(job(self));
            self.seal_if_due();
            let lost = begun.is_ok() && self.conn.is_autocommit();
            next = if lost || finished.len() >= share {
                None
            } else {
                more.try_iter().find_map(Message::into_job)
            };
        }
        self.seal_if_due();
        self.file_if_due();
        self.last = finished.len();
        let work = started.elapsed();
        let committed = begun.and_then(|()| self.commit());
        self.generations.meter.group(finished.len(), work, started.elapsed(), committed.is_ok());
        self.waiting.fetch_sub(finished.len(), Ordering::Relaxed);
        self.done.fetch_add(finished.len(), Ordering::Relaxed);
        match committed {
            Ok(()) => self.acknowledge(finished, notes.len()),
            Err(error) => self.give_up((finished, notes), before, &error),
        }
        self.views.writing_ends();
        self.copy_outside();
    }

    /// How many jobs the group that begins may take: half of those who are at it, who wait now or were answered last and will ask
    /// again. While one half is written the other asks; all in one group would take turns with the writer.
    fn share(&self) -> usize {
        let at_it = self.waiting.load(Ordering::Relaxed) + self.last;
        at_it.div_ceil(2).clamp(FEW, GROUP)
    }

    /// Writes notes; answers those that were. Those that could not be are given back.
    fn put_down(&mut self, notes: Vec<Note>) -> Vec<Note> {
        if notes.is_empty() {
            return notes;
        }
        let written = self.savepoint(|desk| {
            let conn = &desk.conn;
            notes.iter().try_for_each(|note| {
                trail::append(conn, &mut desk.head, (note.at, &note.actor), &note.told(), None)
            })
        });
        match written {
            Ok(()) => notes,
            Err(error) => {
                tracing::error!(%error, notes = notes.len(), "notes were not written and are kept");
                self.notes.give_back(notes);
                Vec::new()
            }
        }
    }

    fn commit(&self) -> Result<()> {
        if self.conn.is_autocommit() {
            // SQLite itself rolled the transaction back: a full disk does that.
            return Err(Error::StorageFull);
        }
        self.conn.execute_batch("commit").map_err(translate)
    }

    fn acknowledge(&self, finished: Vec<Finished>, notes: usize) {
        self.generations.advance(self.touches.rows().since(0));
        self.notes.written(notes);
        let mut events = Vec::with_capacity(finished.len());
        let (mut home, mut far) = (None, Vec::with_capacity(finished.len()));
        for done in finished {
            events.extend(done.events);
            match done.home {
                Some(runtime) => {
                    home = Some(runtime);
                    far.push(done.answer);
                }
                None => (done.answer)(Ok(())),
            }
        }
        if let Some(runtime) = home {
            // A runtime wakes many of its own for less than a thread outside of it wakes one, and the writer goes on meanwhile.
            drop(runtime.spawn(async move { far.into_iter().for_each(|answer| answer(Ok(()))) }));
        }
        events.iter().for_each(|event| self.stream.tell(event));
    }

    fn give_up(
        &mut self,
        (finished, notes): (Vec<Finished>, Vec<Note>),
        before: (Head, Sealer),
        error: &Error,
    ) {
        tracing::error!(%error, jobs = finished.len(), "a group of writes was not committed");
        if !self.conn.is_autocommit() {
            let _ = self.conn.execute_batch("rollback");
        }
        (self.head, self.sealer) = before;
        self.notes.give_back(notes);
        for done in finished {
            (done.answer)(Err(match error {
                Error::StorageFull => Error::StorageFull,
                _ => Error::Busy,
            }));
        }
    }

    /// Runs one job so that whatever it does, an error or a panic undoes that and nothing else.
    pub fn savepoint<T>(&mut self, work: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        if self.conn.is_autocommit() {
            return Err(Error::Busy);
        }
        let (head, mark) = (self.head, self.touches.rows().mark());
        run_kept(&self.conn, "savepoint job")?;
        let ran = caught(|| work(self)).unwrap_or_else(|panic| Err(Error::internal(panic)));
        if ran.is_err() {
            self.head = head;
            self.touches.rows().back_to(mark);
        }
        if !self.conn.is_autocommit()
            && let Err(error) = self.close_savepoint(ran.is_ok())
        {
            // A job that can be neither kept nor undone takes its group with it: nothing half done is ever committed.
            tracing::error!(%error, "a savepoint could not be closed");
            let _ = self.conn.execute_batch("rollback");
            return Err(Error::Busy);
        }
        ran
    }

    fn close_savepoint(&self, keep: bool) -> Result<()> {
        if !keep {
            run_kept(&self.conn, "rollback to job")?;
        }
        run_kept(&self.conn, "release job")
    }

    fn seal_if_due(&mut self) {
        let due = self.sealer.is_due(&self.head, self.clock.now());
        if (due || (self.ending && self.sealer.is_open(&self.head))) && !self.conn.is_autocommit() {
            // What is wrong is in the log, and the verifier says it of the trail.
            let _ = self.seal();
        }
    }

    fn file_if_due(&mut self) {
        self.filing.count(&self.touches.rows());
        if !self.filing.is_due() || self.conn.is_autocommit() {
            return;
        }
        // What could not be filed stays where it is and is found there.
        if let Err(error) = self.savepoint(|desk| desk.filing.file(&desk.conn)) {
            tracing::error!(%error, "appointments were not filed; the next group tries again");
        }
    }

    /// Signs the head as it is, inside the group's transaction; answers the newest checkpoint when there is nothing to sign.
    pub fn seal(&mut self) -> Result<Checkpoint> {
        if let Some(last) = self.sealer.last_at(&self.head) {
            return Ok(last);
        }
        let now = self.clock.now();
        let sealed = self.savepoint(|desk| desk.sealer.seal(&desk.conn, &desk.head, now));
        if let Err(error) = &sealed {
            tracing::error!(%error, "the trail could not be sealed");
            self.sealer.give_up();
        }
        sealed
    }

    /// After everyone is answered: the copies are flushed to disk on their own.
    fn copy_outside(&mut self) {
        if self.sealer.newest() > self.outside.newest()
            && let Err(error) = self.outside.catch_up(&self.conn)
        {
            tracing::error!(%error, "checkpoints were not copied outside; the next one tries again");
        }
    }
}

impl Message {
    fn into_job(self) -> Option<Job> {
        match self {
            Self::Job(job) => Some(job),
            Self::Noted => None,
        }
    }
}
