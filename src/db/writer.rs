//! The single writer of a clinic's file.
//!
//! Jobs queue up; the writer drains its queue into one transaction, runs each job in a savepoint of its own (a failing job rolls
//! back alone, a panic costs one request), appends the trail, compares acts with the rows truly touched, commits once, moves the
//! generations on, and only then answers everyone. Nothing slow runs here.
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Mutex, PoisonError, RwLock,
        atomic::{AtomicUsize, Ordering},
        mpsc::{Receiver, SyncSender, TrySendError, sync_channel},
    },
    thread::JoinHandle,
};

use rusqlite::Connection;
use tokio::sync::oneshot;

use super::{
    Act, Actor, Audited, Event, OpenError, Table, WriteTx,
    error::translate,
    events::Stream,
    generations::Generations,
    idempotency,
    trail::{self, Head},
    tx::Touched,
};
use crate::base::{Clock, Error, Result};

const QUEUE: usize = 4096;
const GROUP: usize = 512;

type Touches = Arc<Mutex<Vec<Touched>>>;
type Answer = Box<dyn FnOnce(Result<()>) + Send>;
type Job = Box<dyn FnOnce(&mut Desk) -> Finished + Send>;

/// A job that ran: what to announce, and how to answer once the group is committed.
struct Finished {
    events: Vec<Event>,
    answer: Answer,
}

/// What a writing transaction came to.
#[derive(Debug)]
pub enum Written<T> {
    /// The work was done now.
    Fresh(T),
    /// The same `Idempotency-Key` was answered before: the first answer, as JSON.
    Replayed(String),
}

/// The handle through which everyone reaches the writer.
pub struct Writer {
    queue: RwLock<Option<SyncSender<Job>>>,
    waiting: Arc<AtomicUsize>,
    done: Arc<AtomicUsize>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

/// What the writer's thread owns.
struct Desk {
    conn: Connection,
    clock: Clock,
    head: Head,
    touches: Touches,
    waiting: Arc<AtomicUsize>,
    done: Arc<AtomicUsize>,
    generations: Arc<Generations>,
    stream: Arc<Stream>,
}

impl Writer {
    /// Starts the writer's thread on an open connection.
    pub(super) fn start(
        mut conn: Connection,
        clock: Clock,
        generations: Arc<Generations>,
        stream: Arc<Stream>,
    ) -> std::result::Result<Self, OpenError> {
        let touches = Touches::default();
        watch_rows(&mut conn, Arc::clone(&touches))?;
        let head = Head::read(&conn)?;
        let (sender, receiver) = sync_channel::<Job>(QUEUE);
        let (waiting, done): (Arc<AtomicUsize>, Arc<AtomicUsize>) = Default::default();
        let counts = (Arc::clone(&waiting), Arc::clone(&done));
        let mut desk =
            Desk { conn, clock, head, touches, waiting: counts.0, done: counts.1, generations, stream };
        let body = move || {
            while let Ok(first) = receiver.recv() {
                desk.group(first, &receiver);
            }
        };
        let thread = std::thread::Builder::new().name("clinic writer".into()).spawn(body)?;
        Ok(Self { queue: RwLock::new(Some(sender)), waiting, done, thread: Mutex::new(Some(thread)) })
    }

    /// Jobs handed in and not yet committed.
    pub fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }

    /// Jobs that have run since the start, whatever came of them.
    pub fn done(&self) -> usize {
        self.done.load(Ordering::Relaxed)
    }

    /// Whether the writer still takes work.
    pub fn is_alive(&self) -> bool {
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner);
        thread.as_ref().is_some_and(|t| !t.is_finished())
    }

    /// Hands in audited work of `actor`. With a remembered idempotency key the work may answer with an earlier result.
    pub(super) fn submit<T, W>(
        &self,
        actor: Arc<Actor>,
        encode: Option<fn(&T) -> String>,
        work: W,
    ) -> Result<oneshot::Receiver<Result<Written<T>>>>
    where
        T: Send + 'static,
        W: FnOnce(&mut WriteTx<'_>) -> Result<Audited<T>> + Send + 'static,
    {
        let (sender, receiver) = oneshot::channel();
        self.send(Box::new(move |desk| {
            let ran = desk.savepoint(|desk| desk.audited(&actor, encode, work));
            answered(ran, sender)
        }))?;
        Ok(receiver)
    }

    /// Hands in book-keeping: rows of support tables only, which need no entry in the trail.
    pub(super) fn housekeep<T, W>(
        &self,
        actor: Arc<Actor>,
        work: W,
    ) -> Result<oneshot::Receiver<Result<Written<T>>>>
    where
        T: Send + 'static,
        W: FnOnce(&mut WriteTx<'_>) -> Result<T> + Send + 'static,
    {
        let (sender, receiver) = oneshot::channel();
        self.send(Box::new(move |desk| {
            let ran = desk.savepoint(|desk| {
                let mark = desk.touches().len();
                let mut tx = WriteTx::new(&desk.conn, desk.clock.now(), &actor);
                let value = work(&mut tx)?;
                desk.compare(mark, &[])?;
                Ok((Written::Fresh(value), Vec::new()))
            });
            answered(ran, sender)
        }))?;
        Ok(receiver)
    }

    fn send(&self, job: Job) -> Result<()> {
        let queue = self.queue.read().unwrap_or_else(PoisonError::into_inner);
        self.waiting.fetch_add(1, Ordering::Relaxed);
        let sent = queue.as_ref().map(|q| q.try_send(job));
        match sent {
            Some(Ok(())) => Ok(()),
            Some(Err(TrySendError::Full(_) | TrySendError::Disconnected(_))) | None => {
                self.waiting.fetch_sub(1, Ordering::Relaxed);
                Err(Error::Busy)
            }
        }
    }

    /// Finishes what was handed in, then closes the file so that no -wal stays behind.
    pub(super) fn stop(&self) {
        self.queue.write().unwrap_or_else(PoisonError::into_inner).take();
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread {
            let _ = thread.join();
        }
    }
}

/// The update hook sees every row a statement or trigger changes: the compare step holds the acts against it.
fn watch_rows(conn: &mut Connection, touches: Touches) -> rusqlite::Result<()> {
    conn.update_hook(Some(move |_, _: &str, table: &str, row: i64| {
        if let Some(table) = Table::named(table) {
            touches.lock().unwrap_or_else(PoisonError::into_inner).push((table, row));
        }
    }))
}

fn answered<T: Send + 'static>(
    ran: Result<(Written<T>, Vec<Event>)>,
    sender: oneshot::Sender<Result<Written<T>>>,
) -> Finished {
    // A caller that has gone away does not undo its work.
    match ran {
        Ok((value, events)) => {
            let answer = move |committed: Result<()>| drop(sender.send(committed.map(|()| value)));
            Finished { events, answer: Box::new(answer) }
        }
        Err(error) => {
            Finished { events: Vec::new(), answer: Box::new(move |_| drop(sender.send(Err(error)))) }
        }
    }
}

impl Desk {
    /// One group: begin, every waiting job, commit, announce, answer.
    fn group(&mut self, first: Job, more: &Receiver<Job>) {
        self.touches().clear();
        let head = self.head;
        let begun = self.conn.execute_batch("begin immediate").map_err(translate);
        let mut finished = Vec::new();
        let mut next = Some(first);
        while let Some(job) = next {
            finished.push(job(self));
            let lost = begun.is_ok() && self.conn.is_autocommit();
            next = if lost || finished.len() >= GROUP { None } else { more.try_recv().ok() };
        }
        let committed = begun.and_then(|()| self.commit());
        self.waiting.fetch_sub(finished.len(), Ordering::Relaxed);
        self.done.fetch_add(finished.len(), Ordering::Relaxed);
        match committed {
            Ok(()) => self.acknowledge(finished),
            Err(error) => self.give_up(finished, head, &error),
        }
    }

    fn commit(&self) -> Result<()> {
        if self.conn.is_autocommit() {
            // SQLite itself rolled the transaction back: a full disk does that.
            return Err(Error::StorageFull);
        }
        self.conn.execute_batch("commit").map_err(translate)
    }

    fn acknowledge(&self, finished: Vec<Finished>) {
        self.generations.advance(&self.touches());
        for done in finished {
            (done.answer)(Ok(()));
            done.events.into_iter().for_each(|event| self.stream.tell(event));
        }
    }

    fn give_up(&mut self, finished: Vec<Finished>, head: Head, error: &Error) {
        tracing::error!(%error, jobs = finished.len(), "a group of writes was not committed");
        if !self.conn.is_autocommit() {
            let _ = self.conn.execute_batch("rollback");
        }
        self.head = head;
        for done in finished {
            (done.answer)(Err(match error {
                Error::StorageFull => Error::StorageFull,
                _ => Error::Busy,
            }));
        }
    }

    /// Runs one job so that whatever it does, an error or a panic undoes that and nothing else.
    fn savepoint<T>(&mut self, work: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        if self.conn.is_autocommit() {
            return Err(Error::Busy);
        }
        let (head, mark) = (self.head, self.touches().len());
        self.conn.execute_batch("savepoint job").map_err(translate)?;
        let ran = catch_unwind(AssertUnwindSafe(|| work(self)))
            .unwrap_or_else(|_| Err(Error::internal("a writing transaction panicked")));
        if ran.is_err() {
            self.head = head;
            self.touches().truncate(mark);
        }
        let undo = if ran.is_err() { "rollback to job; release job" } else { "release job" };
        if !self.conn.is_autocommit()
            && let Err(error) = self.conn.execute_batch(undo)
        {
            // A job that can be neither kept nor undone takes its group with it: nothing half done is ever committed.
            tracing::error!(%error, "a savepoint could not be closed");
            let _ = self.conn.execute_batch("rollback");
            return Err(Error::Busy);
        }
        ran
    }

    fn audited<T>(
        &mut self,
        actor: &Actor,
        encode: Option<fn(&T) -> String>,
        work: impl FnOnce(&mut WriteTx<'_>) -> Result<Audited<T>>,
    ) -> Result<(Written<T>, Vec<Event>)> {
        let now = self.clock.now();
        let remember = actor.idempotency.as_ref().zip(encode);
        if let Some((key, _)) = remember
            && let Some(answer) = idempotency::find(&self.conn, actor, key, now)?
        {
            return Ok((Written::Replayed(answer), Vec::new()));
        }
        let mark = self.touches().len();
        let mut tx = WriteTx::new(&self.conn, now, actor);
        let Audited(value) = work(&mut tx)?;
        let acts = tx.into_acts();
        self.compare(mark, &acts)?;
        let mut events = Vec::with_capacity(acts.len());
        for act in &acts {
            events.push(trail::append(&self.conn, &mut self.head, now, actor, act)?);
        }
        if let Some((key, encode)) = remember {
            idempotency::keep(&self.conn, actor, key, &encode(&value), now)?;
        }
        Ok((Written::Fresh(value), events))
    }

    /// Every record row that was touched since `mark` must be covered by an act: a write without its entry never commits.
    fn compare(&self, mark: usize, acts: &[Act]) -> Result<()> {
        let touches = self.touches();
        let touched = touches.get(mark..).unwrap_or_default();
        let stray = touched
            .iter()
            .find(|(table, row)| table.is_record() && !acts.iter().any(|a| a.covers(*table, *row)));
        match stray {
            Some((table, row)) => {
                Err(Error::internal(format!("{} {row} was written without an act", table.name())))
            }
            None => Ok(()),
        }
    }

    fn touches(&self) -> std::sync::MutexGuard<'_, Vec<Touched>> {
        self.touches.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
