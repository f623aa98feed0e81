//! Connections that cannot write, a few per clinic. Whoever reads holds a place until the reading ends, even if nobody waits for
//! it any more; letting people in has places of its own, so that it never waits behind long lists.
use std::{
    collections::VecDeque,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

use rusqlite::Connection;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::{
    OpenError, ReadTx,
    generations::Generations,
    kept::{Epoch, Kept},
    key::DataKey,
    open,
    tx::run_kept,
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
    /// Taken in turn, so that all of them are warm and hold what they will hold before long.
    idle: Mutex<VecDeque<Connection>>,
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
        generations: Arc<Generations>,
    ) -> std::result::Result<Self, OpenError> {
        let open = |_| open::open(&path, &key, clinic_id, open::Role::Reader);
        let idle = (0..PLACES + ADMISSIONS).map(open).collect::<std::result::Result<VecDeque<_>, _>>()?;
        let hands = Hands::start("clinic reader", PLACES + ADMISSIONS)
            .map_err(|error| OpenError::Broken(error.to_string()))?;
        Ok(Self {
            path,
            key,
            clinic_id,
            clock,
            generations,
            idle: Mutex::new(idle),
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
            Ok(_place) => self.with_reader(|conn, kept, epoch| {
                work(&ReadTx::new(conn, self.clock.now()).with_kept(kept, epoch))
            }),
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
        self.with_reader(|conn, kept, epoch| self.transact(conn, (kept, epoch), work))
    }

    /// As [`Readers::read_here`], on a connection of its own that has read nothing before: a check sees the file, not what was
    /// kept of it. SQLite's check of the search index, for one, trusts the outline of the index its connection read last.
    pub(super) fn read_afresh<T>(&self, work: impl FnOnce(&ReadTx<'_>) -> Result<T>) -> Result<T> {
        let conn = open::open(&self.path, &self.key, self.clinic_id, open::Role::Check)?;
        let kept = Kept::default();
        self.transact(&conn, (&kept, kept.epoch()), work)
    }

    fn transact<T>(
        &self,
        conn: &Connection,
        (kept, epoch): (&Kept, Epoch),
        work: impl FnOnce(&ReadTx<'_>) -> Result<T>,
    ) -> Result<T> {
        run_kept(conn, "begin")?;
        let result = work(&ReadTx::new(conn, self.clock.now()).with_kept(kept, epoch));
        run_kept(conn, "commit")?;
        result
    }

    fn with_reader<T>(&self, work: impl FnOnce(&Connection, &Kept, Epoch) -> Result<T>) -> Result<T> {
        let conn = self.take()?;
        let kept = &self.generations.kept;
        let result = work(&conn, kept, kept.epoch());
        let mut idle = self.idle();
        if conn.is_autocommit() && idle.len() < PLACES + ADMISSIONS && !self.places.is_closed() {
            idle.push_back(conn);
        }
        drop(idle);
        result
    }

    fn take(&self) -> Result<Connection> {
        if self.places.is_closed() {
            return Err(Error::Busy);
        }
        if let Some(conn) = self.idle().pop_front() {
            return Ok(conn);
        }
        Ok(open::open(&self.path, &self.key, self.clinic_id, open::Role::Reader)?)
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, VecDeque<Connection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets no new reader in, waits for those at work, and closes all of them.
    pub(super) fn stop(&self) {
        self.places.close();
        self.admissions.close();
        self.hands.stop();
        self.idle().clear();
    }
}
