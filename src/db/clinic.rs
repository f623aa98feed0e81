//! One clinic: its file, its writer, its readers, its cached answers and its event stream.
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use serde::Serialize;
use tokio::runtime::Handle;

use super::{
    Audited, Encoded, Listener, OfRows, OpenError, ReadTx, Sources, WriteTx, Written,
    cache::{Answers, Key},
    events::Stream,
    files::sync_folder,
    generations::Generations,
    key::DataKey,
    making::Making,
    open,
    pending::Pending,
    readers::Readers,
    slots::{RecoveryCode, Slots},
    trail::run::Runs,
    views::Views,
    writer::Writer,
};
use crate::base::{Clock, Error, RequestId, Result};

/// Who a transaction is for: what the trail needs to know.
#[derive(Debug, Clone, Default)]
pub struct Actor {
    /// The person; none for the program itself and for strangers at the door.
    pub user_id: Option<i64>,
    /// Their name, for other screens.
    pub name: Arc<str>,
    /// Their roles at this moment, comma-separated codes.
    pub roles: Arc<str>,
    /// Address the request came from, or the name of the command.
    pub origin: String,
    /// The request's number, as in the log.
    pub request_id: RequestId,
    /// Set when the request may be a repeated one.
    pub idempotency: Option<IdempotencyKey>,
}

/// The key a client gave to a POST, and the hash of what came with it.
#[derive(Debug, Clone)]
pub struct IdempotencyKey {
    /// The client's key.
    pub key: String,
    /// SHA-256 of method, path and body.
    pub body_hash: Vec<u8>,
}

/// An open clinic. All data of the clinic is behind this value, and no other clinic's is.
pub struct Clinic {
    id: i64,
    folder: PathBuf,
    data: PathBuf,
    clock: Clock,
    writer: Writer,
    readers: Arc<Readers>,
    pub(super) generations: Arc<Generations>,
    pub(super) answers: Answers,
    making: Making,
    pub(super) stream: Arc<Stream>,
    pub(super) runs: Runs,
}

impl std::fmt::Debug for Clinic {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Clinic({})", self.id)
    }
}

pub(super) const DATABASE: &str = "clinic.db";
pub(super) const SLOTS: &str = "clinic.key";

impl Clinic {
    /// Makes the file of a new clinic in `folder` of the data folder `data`, with a key of its own. `found` writes the first rows
    /// (the clinic's and its owner's) in the transaction that founds it. The recovery code is returned once and kept nowhere.
    pub fn create<T>(
        data: &Path,
        folder: &Path,
        id: i64,
        clock: Clock,
        found: impl FnOnce(&mut WriteTx<'_>) -> Result<Audited<T>> + Send + 'static,
    ) -> Result<(Self, RecoveryCode, T)>
    where
        T: Send + 'static,
    {
        if folder.exists() {
            return Err(Error::internal(format!("{} exists already", folder.display())));
        }
        // Founded aside and then put in its place in one step: a power cut in the middle leaves nothing that looks like a clinic.
        let aside = folder.with_extension("new");
        let put_in_place = || std::fs::rename(&aside, folder).and_then(|()| sync_folder(folder));
        let founded = Self::found(data, &aside, id, clock.clone(), found)
            .and_then(|made| Ok(put_in_place().map(|()| made).map_err(OpenError::from)?));
        let (code, value) = founded.inspect_err(|_| drop(std::fs::remove_dir_all(&aside)))?;
        // Nobody has been told of it yet: one that cannot be opened is none.
        let opened = Self::open(data, folder, id, clock);
        Ok((opened.inspect_err(|_| drop(std::fs::remove_dir_all(folder)))?, code, value))
    }

    /// Makes the files in `folder` anew and runs the founding transaction.
    fn found<T: Send + 'static>(
        data: &Path,
        folder: &Path,
        id: i64,
        clock: Clock,
        found: impl FnOnce(&mut WriteTx<'_>) -> Result<Audited<T>> + Send + 'static,
    ) -> Result<(RecoveryCode, T)> {
        let begun_before = if folder.exists() { std::fs::remove_dir_all(folder) } else { Ok(()) };
        begun_before.and_then(|()| std::fs::create_dir_all(folder)).map_err(OpenError::from)?;
        let key = DataKey::random()?;
        let (slots, code) = Slots::create(data, id, &key)?;
        slots.write(&folder.join(SLOTS))?;
        let conn = open::create(&folder.join(DATABASE), &key)?;
        let generations = Arc::new(Generations::starting_at(start_of_run()));
        let shared = (generations, Arc::default(), Arc::new(Stream::new()));
        let writer = Writer::start((conn, None), (id, folder), clock, shared)?;
        let actor = Arc::new(Actor { origin: "setup".into(), ..Actor::default() });
        let founded = writer.submit(actor, None, None, found).map(Pending::new).and_then(Pending::wait);
        writer.stop();
        founded.map(|value| (code, value))
    }

    /// Opens clinic `id` in `folder`, its key unwrapped by this machine's key file in `data`.
    pub fn open(data: &Path, folder: &Path, id: i64, clock: Clock) -> std::result::Result<Self, OpenError> {
        let slots_path = folder.join(SLOTS);
        let path = folder.join(DATABASE);
        let key = Slots::read(&slots_path, id)?.unlock_here(data, &slots_path)?;
        let conn = open::open(&path, &key, id, open::Role::Writer)?;
        let log = open::open(&path, &key, id, open::Role::Sweep)?;
        let stream = Arc::new(Stream::new());
        let generations = Arc::new(Generations::starting_at(start_of_run()));
        let views = Arc::new(Views::default());
        let shared = (Arc::clone(&generations), Arc::clone(&views));
        let readers = Arc::new(Readers::start(path, key, id, clock.clone(), shared)?);
        let shared = (Arc::clone(&generations), views, Arc::clone(&stream));
        let writer = Writer::start((conn, Some(log)), (id, folder), clock.clone(), shared)?;
        let (folder, data) = (folder.to_owned(), data.to_owned());
        Ok(Self {
            id,
            folder,
            data,
            clock,
            writer,
            readers,
            generations,
            answers: Answers::new(),
            making: Making::new(),
            stream,
            runs: Runs::default(),
        })
    }

    /// The clinic's number.
    pub fn id(&self) -> i64 {
        self.id
    }

    /// Where its files lie.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The clock its transactions use.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Its writer, for health.
    pub fn writer(&self) -> &Writer {
        &self.writer
    }

    /// Forgets every answer and every row kept in memory, as a program that has just been started: for measuring and for tests.
    pub fn forget_kept(&self) {
        self.answers.forget();
        self.generations.kept.forget();
    }

    /// What is kept of a row and still true; none where it has to be read.
    pub(crate) fn kept<T: OfRows>(&self, id: i64) -> Option<Arc<T>> {
        self.generations.kept.get_now(id)
    }

    /// State of `sources` as one number: changes with every commit that touches one of them.
    pub fn state_of(&self, sources: impl Into<Sources>) -> u64 {
        self.generations.mix(&sources.into())
    }

    /// Commits from now on, as they happen.
    pub fn listen(&self) -> Listener {
        self.stream.listen()
    }

    /// The data folder this clinic lives in.
    pub fn data_folder(&self) -> &Path {
        &self.data
    }

    /// Runs a reading transaction. Only `access` calls this: features go through a grant.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&ReadTx<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.readers.read(work).await
    }

    /// Asks one question about a few rows. Only `access` calls this: features go through a grant.
    pub(crate) async fn glance<T: Send + 'static>(
        &self,
        work: impl FnOnce(&ReadTx<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.readers.glance(work).await
    }

    /// Runs a reading transaction in the places kept for letting people in. Only `access` calls this.
    pub(crate) async fn admit<T: Send + 'static>(
        &self,
        work: impl FnOnce(&ReadTx<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.readers.admit(work).await
    }

    /// Runs a reading transaction on this thread, for the command line.
    pub(crate) fn read_here<T>(&self, work: impl FnOnce(&ReadTx<'_>) -> Result<T>) -> Result<T> {
        self.readers.read_here(work)
    }

    /// As [`Clinic::read_here`], by what the file says and not what is kept of it.
    pub(super) fn read_afresh<T>(&self, work: impl FnOnce(&ReadTx<'_>) -> Result<T>) -> Result<T> {
        self.readers.read_afresh(work)
    }

    /// What is kept of `question` and is true in the state of `sources`; the look is not counted. Only `access` calls this.
    pub(crate) fn kept_answer(&self, question: &Arc<str>, sources: &Sources) -> Option<Encoded> {
        self.answers.get(&Key { question: Arc::clone(question), state: self.generations.mix(sources) })
    }

    /// Whether `etag` is that of the answer to `question` in the state that `sources` are in now, whether it is kept or not. Only
    /// `access` calls this.
    pub(crate) fn is_unchanged(&self, question: &Arc<str>, sources: &Sources, etag: &[u8]) -> bool {
        Key { question: Arc::clone(question), state: self.generations.mix(sources) }.is_tagged(etag)
    }

    /// Answers `question` from the cache, or reads, encodes and keeps it. `sources` are all that the answer is read from.
    pub(crate) async fn cached<T: Serialize>(
        self: &Arc<Self>,
        question: Arc<str>,
        sources: &Sources,
        work: impl FnOnce(&ReadTx<'_>) -> Result<T> + Send + 'static,
    ) -> Result<Encoded> {
        let key = Key { question, state: self.generations.mix(sources) };
        let found = self.answers.get(&key);
        self.meter().looked(&key.question, found.is_some());
        if let Some(hit) = found {
            return Ok(hit);
        }
        let place = self.readers.place().await?;
        let clinic = Arc::clone(self);
        let make = move || {
            let read = || clinic.readers.read_here(work);
            let encode = |value: T| serde_json::to_vec(&value).map_err(Error::internal);
            clinic.answers.get_with(key, || clinic.making.time(|| read().and_then(encode)))
        };
        if self.making.is_quick() {
            let _place = place;
            return make();
        }
        self.readers.off_thread(place, make).await
    }

    /// Runs a writing transaction. Only `access` calls this: features go through a grant.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        actor: Arc<Actor>,
        encode: Option<fn(&T) -> String>,
        work: impl FnOnce(&mut WriteTx<'_>) -> Result<Audited<T>> + Send + 'static,
    ) -> Result<Written<T>> {
        self.writer.submit(actor, encode, Handle::try_current().ok(), work)?.await.unwrap_or(Err(Error::Busy))
    }

    /// Runs a writing transaction from a thread that may block.
    pub(crate) fn write_here<T: Send + 'static>(
        &self,
        actor: Arc<Actor>,
        work: impl FnOnce(&mut WriteTx<'_>) -> Result<Audited<T>> + Send + 'static,
    ) -> Result<T> {
        self.hand_in(actor, work)?.wait()
    }

    /// Hands a writing transaction in without waiting for it: those handed in together share one commit, in their order.
    pub(crate) fn hand_in<T: Send + 'static>(
        &self,
        actor: Arc<Actor>,
        work: impl FnOnce(&mut WriteTx<'_>) -> Result<Audited<T>> + Send + 'static,
    ) -> Result<Pending<T>> {
        self.writer.submit(actor, None, None, work).map(Pending::new)
    }

    /// Changes rows of support tables only: sessions, counters, keys of repeated requests.
    pub(crate) async fn housekeep<T: Send + 'static>(
        &self,
        actor: Arc<Actor>,
        work: impl FnOnce(&mut WriteTx<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        match self.writer.housekeep(actor, work)?.await.unwrap_or(Err(Error::Busy))? {
            Written::Fresh(value) => Ok(value),
            Written::Replayed(_) => Err(Error::internal("no key was given")),
        }
    }

    /// Finishes what is under way and closes the file, leaving no -wal behind. Blocks.
    pub fn close(&self) {
        self.readers.stop();
        self.writer.stop();
    }
}

impl Drop for Clinic {
    fn drop(&mut self) {
        self.close();
    }
}

/// A number no earlier run has used, so that entity tags of two runs differ.
fn start_of_run() -> u64 {
    u64::try_from(jiff::Timestamp::now().as_nanosecond()).unwrap_or(1)
}
