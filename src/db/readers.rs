//! Connections that cannot write. Short look-ups and long reports have places of their own, so neither waits for the other.
use std::{
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

use rusqlite::Connection;
use tokio::sync::Semaphore;

use super::{OpenError, ReadTx, error::translate, key::DataKey, open};
use crate::base::{Clock, Error, Result};

const LOOKUPS: usize = 4;

/// The readers of one clinic's file.
pub struct Readers {
    path: PathBuf,
    key: DataKey,
    clinic_id: i64,
    clock: Clock,
    idle: Mutex<Vec<Connection>>,
    places: Semaphore,
}

impl Readers {
    /// Opens the first reader, so that a file that cannot be read is noticed at start.
    pub(super) fn start(
        path: PathBuf,
        key: DataKey,
        clinic_id: i64,
        clock: Clock,
    ) -> std::result::Result<Self, OpenError> {
        let first = open::open(&path, &key, clinic_id, open::Role::Reader)?;
        Ok(Self {
            path,
            key,
            clinic_id,
            clock,
            idle: Mutex::new(vec![first]),
            places: Semaphore::new(LOOKUPS),
        })
    }

    /// Runs a reading transaction off the request threads.
    pub(super) async fn read<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&ReadTx<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let _place = self.places.acquire().await.map_err(|_| Error::Busy)?;
        let readers = Arc::clone(self);
        tokio::task::spawn_blocking(move || readers.read_here(work)).await.map_err(Error::internal)?
    }

    /// Runs a reading transaction on this thread.
    pub(super) fn read_here<T>(&self, work: impl FnOnce(&ReadTx<'_>) -> Result<T>) -> Result<T> {
        let conn = self.take()?;
        let run = || {
            conn.execute_batch("begin").map_err(translate)?;
            let result = work(&ReadTx::new(&conn, self.clock.now()));
            conn.execute_batch("commit").map_err(translate)?;
            result
        };
        let result = run();
        if conn.is_autocommit() {
            self.idle().push(conn);
        }
        result
    }

    fn take(&self) -> Result<Connection> {
        if self.places.is_closed() {
            return Err(Error::Busy);
        }
        if let Some(conn) = self.idle().pop() {
            return Ok(conn);
        }
        Ok(open::open(&self.path, &self.key, self.clinic_id, open::Role::Reader)?)
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Connection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets no new reader in and closes the idle ones.
    pub(super) fn stop(&self) {
        self.places.close();
        self.idle().clear();
    }
}
