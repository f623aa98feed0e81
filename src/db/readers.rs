//! Connections that cannot write, a few per clinic. Whoever reads holds a place until the reading ends, even if nobody waits for
//! it any more; letting people in has places of its own, so that it never waits behind long lists.
use std::{path::PathBuf, sync::Arc};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::{
    OpenError, ReadTx,
    generations::Generations,
    key::DataKey,
    open,
    views::{Reader, Turn, Views},
};
use crate::{
    base::{Clock, Error, Hands, Result},
    telemetry::Stopwatch,
};

/// Readings of features at one time: two long lists leave room for two who only look.
const PLACES: usize = 4;
/// Look-ups of sessions at one time.
const ADMISSIONS: usize = 2;

/// The readers of one clinic's file.
pub struct Readers {
    path: PathBuf,
    key: DataKey,
    clinic_id: i64,
    clock: Clock,
    generations: Arc<Generations>,
    views: Arc<Views>,
    places: Arc<Semaphore>,
    admissions: Arc<Semaphore>,
    hands: Hands,
}

impl Readers {
    /// Opens all readers: a file that cannot be read is noticed at start, nobody waits later for one to be opened, and a busy
    /// moment does not leave more of them than there were before.
    pub(super) fn start(
        path: PathBuf,
        key: DataKey,
        clinic_id: i64,
        clock: Clock,
        (generations, views): (Arc<Generations>, Arc<Views>),
    ) -> std::result::Result<Self, OpenError> {
        for _ in 0..PLACES + ADMISSIONS {
            let reader = Reader::new(open::open(&path, &key, clinic_id, open::Role::Reader)?);
            views.give_back(reader, None, PLACES + ADMISSIONS);
        }
        let hands = Hands::start("clinic reader", PLACES + ADMISSIONS)
            .map_err(|error| OpenError::Broken(error.to_string()))?;
        Ok(Self {
            path,
            key,
            clinic_id,
            clock,
            generations,
            views,
            places: Arc::new(Semaphore::new(PLACES)),
            admissions: Arc::new(Semaphore::new(ADMISSIONS)),
            hands,
        })
    }

    /// Runs a reading transaction off the request threads.
    pub(super) async fn read<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&ReadTx<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let place = self.place().await?;
        self.read_in(place, work).await
    }

    /// Asks one question about a few rows on this very thread: it is answered before the work could have been handed to another
    /// one. Where every place is taken it waits for one off the request threads.
    pub(super) async fn glance<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&ReadTx<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        match self.places.try_acquire() {
            // A single statement is a transaction by itself.
            Ok(_place) => self.with_reader(Turn::is_quiet, work),
            Err(_) => self.read(work).await,
        }
    }

    /// As [`Readers::read`], in the places kept for letting people in.
    pub(super) async fn admit<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&ReadTx<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let place = Arc::clone(&self.admissions).acquire_owned().await.map_err(|_| Error::Busy)?;
        self.read_in(place, work).await
    }

    /// A place among the readers, held until it is dropped.
    pub(super) async fn place(&self) -> Result<OwnedSemaphorePermit> {
        let waiting = Stopwatch::start();
        let place = Arc::clone(&self.places).acquire_owned().await.map_err(|_| Error::Busy);
        self.generations.meter.reader_wait.time(waiting.elapsed());
        place
    }

    async fn read_in<T: Send + 'static>(
        self: &Arc<Self>,
        place: OwnedSemaphorePermit,
        work: impl FnOnce(&ReadTx<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let readers = Arc::clone(self);
        self.off_thread(place, move || readers.read_here(work)).await
    }

    /// Does something in a place, on one of the threads that read.
    pub(super) async fn off_thread<T: Send + 'static>(
        &self,
        place: OwnedSemaphorePermit,
        work: impl FnOnce() -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let run = move || {
            let _place = place;
            work()
        };
        self.hands.run(run).await?
    }

    /// Runs a reading transaction on this thread.
    pub(super) fn read_here<T>(&self, work: impl FnOnce(&ReadTx<'_>) -> Result<T>) -> Result<T> {
        self.with_reader(|_| true, work)
    }

    /// As [`Readers::read_here`], on a connection of its own that has read nothing before: a check sees the file, not what was
    /// kept of it. SQLite's check of the search index, for one, trusts the outline of the index its connection read last.
    pub(super) fn read_afresh<T>(&self, work: impl FnOnce(&ReadTx<'_>) -> Result<T>) -> Result<T> {
        let mut reader = Reader::new(open::open(&self.path, &self.key, self.clinic_id, open::Role::Check)?);
        reader.begin()?;
        work(&ReadTx::new(reader.conn(), self.clock.now()))
    }

    /// Does something on a reader at rest, in a view of one state of the file where `is_view` says so of the turn it is.
    fn with_reader<T>(
        &self,
        is_view: impl FnOnce(Turn) -> bool,
        work: impl FnOnce(&ReadTx<'_>) -> Result<T>,
    ) -> Result<T> {
        let kept = &self.generations.kept;
        // Both are asked for before a view is taken or begun: what changes after that is not in it, or is taken for not in it.
        let (epoch, turn) = (kept.epoch(), self.views.turn());
        let mut reader = self.take()?;
        if is_view(turn) {
            reader.begin()?;
        }
        let result = work(&ReadTx::new(reader.conn(), self.clock.now()).with_kept(kept, epoch));
        if !self.places.is_closed() {
            self.views.give_back(reader, result.is_ok().then_some(turn), PLACES + ADMISSIONS);
        }
        result
    }

    fn take(&self) -> Result<Reader> {
        if self.places.is_closed() {
            return Err(Error::Busy);
        }
        let idle = self.views.take().map(Ok);
        let new = || open::open(&self.path, &self.key, self.clinic_id, open::Role::Reader).map(Reader::new);
        Ok(idle.unwrap_or_else(new)?)
    }

    /// Lets no new reader in, waits for those at work, and closes all of them.
    pub(super) fn stop(&self) {
        self.places.close();
        self.admissions.close();
        self.hands.stop();
        self.views.clear();
    }
}
