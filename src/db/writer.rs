//! The single writer of a clinic's file.
//!
//! Jobs queue up; the writer takes a group of them into one transaction, runs each job in a savepoint of its own (a failing job
//! rolls back alone, a panic costs one request), appends the trail, compares acts with the rows truly touched, commits once, moves
//! the generations on, and only then has everyone answered. Nothing slow runs here. This is the handle; the thread's side is its
//! desk.
use std::{
    path::Path,
    sync::{
        Arc, Mutex, PoisonError, RwLock,
        atomic::{AtomicUsize, Ordering},
        mpsc::{SyncSender, TrySendError, sync_channel},
    },
    thread::JoinHandle,
};

use rusqlite::{Connection, functions::FunctionFlags};
use tokio::{runtime::Handle, sync::oneshot};

use super::{
    Actor, Audited, Checkpoint, Event, Note, OpenError, Table, WriteTx,
    desk::{Desk, Finished, Job, Message},
    events::Stream,
    filing::Filing,
    generations::Generations,
    homing::Homing,
    touches::Touches,
    trail::{Head, Outside, notes::Notes, sealer::Sealer},
    views::Views,
};
use crate::base::{Clock, Error, Result};

const QUEUE: usize = 4096;

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
    queue: RwLock<Option<SyncSender<Message>>>,
    waiting: Arc<AtomicUsize>,
    done: Arc<AtomicUsize>,
    notes: Arc<Notes>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Writer {
    /// Starts the writer's thread on an open connection to the file of clinic `id` in `folder`; the other one, if there is one,
    /// brings the log home.
    pub(super) fn start(
        (mut conn, log): (Connection, Option<Connection>),
        (id, folder): (i64, &Path),
        clock: Clock,
        (generations, views, stream): (Arc<Generations>, Arc<Views>, Arc<Stream>),
    ) -> std::result::Result<Self, OpenError> {
        let touches = Touches::default();
        watch_rows(&mut conn, touches.clone())?;
        let homing = log.map(|log| Homing::start(&mut conn, log)).transpose()?;
        let head = Head::read(&conn)?;
        let sealer = Sealer::open(&conn, id, head.seq)?;
        let outside = Outside::open(folder, id);
        let filing = Filing::of(&conn)?;
        let (waiting, done): (Arc<AtomicUsize>, Arc<AtomicUsize>) = Default::default();
        let notes = Arc::new(Notes::new());
        let (sender, receiver) = sync_channel::<Message>(QUEUE);
        let desk = Desk {
            conn,
            clock,
            head,
            sealer,
            outside,
            touches,
            waiting: Arc::clone(&waiting),
            done: Arc::clone(&done),
            notes: Arc::clone(&notes),
            generations,
            views,
            stream,
            homing,
            filing,
            last: 0,
            ending: false,
        };
        let thread =
            std::thread::Builder::new().name("clinic writer".into()).spawn(move || desk.run(&receiver))?;
        Ok(Self { queue: RwLock::new(Some(sender)), waiting, done, notes, thread: Mutex::new(Some(thread)) })
    }

    /// Jobs handed in and not yet committed.
    pub fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }

    /// Jobs that have run since the start, whatever came of them.
    pub fn done(&self) -> usize {
        self.done.load(Ordering::Relaxed)
    }

    /// How long the oldest look or refusal has waited to be put on record; none when none waits.
    pub fn trail_lag(&self) -> Option<std::time::Duration> {
        self.notes.age()
    }

    /// Whether the writer still takes work.
    pub fn is_alive(&self) -> bool {
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner);
        thread.as_ref().is_some_and(|t| !t.is_finished())
    }

    /// Hands in audited work of `actor`. With a remembered idempotency key the work may answer with an earlier result. `home` is the
    /// runtime in which the caller waits, if it is not a thread that does.
    pub(super) fn submit<T, W>(
        &self,
        actor: Arc<Actor>,
        encode: Option<fn(&T) -> String>,
        home: Option<Handle>,
        work: W,
    ) -> Result<oneshot::Receiver<Result<Written<T>>>>
    where
        T: Send + 'static,
        W: FnOnce(&mut WriteTx<'_>) -> Result<Audited<T>> + Send + 'static,
    {
        let (caller, receiver) = Caller::waiting(home);
        self.send(Box::new(move |desk| {
            let ran = desk.savepoint(|desk| desk.audited(&actor, encode, work));
            answered(ran, caller)
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
        let (caller, receiver) = Caller::waiting(Handle::try_current().ok());
        self.send(Box::new(move |desk| {
            let ran = desk.savepoint(|desk| desk.unaudited(&actor, work));
            answered(ran, caller)
        }))?;
        Ok(receiver)
    }

    /// Puts something on record that changed nothing, within a second; waits only when too many others wait.
    pub(super) async fn note(&self, note: Note) -> Result<()> {
        if self.notes.put(note).await? {
            let queue = self.queue.read().unwrap_or_else(PoisonError::into_inner);
            // A queue that is full wakes the writer itself.
            let _ = queue.as_ref().map(|q| q.try_send(Message::Noted));
        }
        Ok(())
    }

    /// Counts a note that waits already, if there is one like it.
    pub(super) fn noted_again(&self, note: &Note) -> bool {
        self.notes.again(note)
    }

    /// Signs the trail as it is; answers the checkpoint that covers all of it.
    pub(super) fn seal(&self) -> Result<oneshot::Receiver<Result<Written<Checkpoint>>>> {
        let (caller, receiver) = Caller::waiting(Handle::try_current().ok());
        self.send(Box::new(move |desk| {
            answered(desk.seal().map(|sealed| (Written::Fresh(sealed), Vec::new())), caller)
        }))?;
        Ok(receiver)
    }

    /// Begins the copies of checkpoints outside anew; the next commit fills them.
    pub(super) fn renew_copies(&self) -> Result<oneshot::Receiver<Result<Written<()>>>> {
        let (caller, receiver) = Caller::waiting(Handle::try_current().ok());
        self.send(Box::new(move |desk| {
            let now = desk.clock.now();
            let renewed = desk.outside.begin_anew(now).map_err(Error::internal);
            answered(renewed.map(|()| (Written::Fresh(()), Vec::new())), caller)
        }))?;
        Ok(receiver)
    }

    fn send(&self, job: Job) -> Result<()> {
        let queue = self.queue.read().unwrap_or_else(PoisonError::into_inner);
        self.waiting.fetch_add(1, Ordering::Relaxed);
        let sent = queue.as_ref().map(|q| q.try_send(Message::Job(job)));
        match sent {
            Some(Ok(())) => Ok(()),
            Some(Err(TrySendError::Full(_) | TrySendError::Disconnected(_))) | None => {
                self.waiting.fetch_sub(1, Ordering::Relaxed);
                Err(Error::Busy)
            }
        }
    }

    /// Finishes what was handed in, seals the trail, then closes the file so that no -wal stays behind.
    pub(super) fn stop(&self) {
        self.notes.close();
        self.queue.write().unwrap_or_else(PoisonError::into_inner).take();
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread {
            let _ = thread.join();
        }
    }
}

/// The update hook sees every row a statement or trigger changes: the compare step holds the acts against it. What no row tells,
/// that somebody has another appointment, a trigger of `schema.sql` says.
fn watch_rows(conn: &mut Connection, touches: Touches) -> rusqlite::Result<()> {
    let told = touches.clone();
    conn.create_scalar_function("visits_changed", 1, FunctionFlags::SQLITE_UTF8, move |call| {
        told.rows().push(Table::FirstVisits, call.get(0)?);
        Ok(true)
    })?;
    conn.update_hook(Some(move |_, _: &str, table: &str, row: i64| {
        if let Some(table) = Table::named(table) {
            touches.rows().push(table, row);
        }
    }))
}

/// Who waits for what comes of a job.
struct Caller<T> {
    sender: oneshot::Sender<Result<Written<T>>>,
    home: Option<Handle>,
}

impl<T> Caller<T> {
    fn waiting(home: Option<Handle>) -> (Self, oneshot::Receiver<Result<Written<T>>>) {
        let (sender, receiver) = oneshot::channel();
        (Self { sender, home }, receiver)
    }
}

fn answered<T: Send + 'static>(
    ran: Result<(Written<T>, Vec<Event>)>,
    Caller { sender, home }: Caller<T>,
) -> Finished {
    // A caller that has gone away does not undo its work.
    match ran {
        Ok((value, events)) => {
            let answer = move |committed: Result<()>| drop(sender.send(committed.map(|()| value)));
            Finished { events, answer: Box::new(answer), home }
        }
        Err(error) => {
            let answer = move |_| drop(sender.send(Err(error)));
            Finished { events: Vec::new(), answer: Box::new(answer), home }
        }
    }
}
