//! The clinics of one data folder. The folder is held by one program at a time.
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard},
};

use super::{Audited, Clinic, OpenError, WriteTx, slots::RecoveryCode, swap};
use crate::base::{Clock, Error, Result};

/// Every clinic whose files lie under one data folder.
#[derive(Debug)]
pub struct Clinics {
    data: PathBuf,
    clock: Clock,
    open: RwLock<BTreeMap<i64, Arc<Clinic>>>,
    failed: BTreeMap<i64, OpenError>,
}

impl Clinics {
    /// Opens every clinic found under `data`; a folder without clinics is a first run. One that cannot be opened is left as it
    /// is, and keeps no other from being served.
    pub fn open(data: &Path, clock: Clock) -> std::result::Result<Self, OpenError> {
        fs::create_dir_all(data.join("clinics"))?;
        swap::finish(&data.join("clinics"))?;
        let (mut open, mut failed) = (BTreeMap::new(), BTreeMap::new());
        for entry in fs::read_dir(data.join("clinics"))? {
            let folder = entry?.path();
            let id = folder.file_name().and_then(|n| n.to_str()).and_then(|n| n.parse::<i64>().ok());
            let Some(id) = id.filter(|id| *id > 0) else { continue };
            match Clinic::open(data, &folder, id, clock.clone()) {
                Ok(clinic) => drop(open.insert(id, Arc::new(clinic))),
                Err(error) => {
                    tracing::error!(clinic = id, %error, "a clinic cannot be opened; the others are served");
                    failed.insert(id, error);
                }
            }
        }
        Ok(Self { data: data.to_owned(), clock, open: RwLock::new(open), failed })
    }

    /// Opens the key of clinic `id` with its recovery code and wraps it for this machine; the old key file stays beside it until
    /// the new one has been read back. Nothing else is touched.
    pub fn recover(data: &Path, id: i64, code: &RecoveryCode) -> std::result::Result<(), OpenError> {
        let folder = data.join("clinics").join(id.to_string());
        Clinic::recover(data, &folder, id, code)
    }

    /// The data folder.
    pub fn folder(&self) -> &Path {
        &self.data
    }

    /// The clock every clinic's transactions use.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Whether this is a first run: there is no clinic, not even one that cannot be opened.
    pub fn is_empty(&self) -> bool {
        self.failed.is_empty() && self.read().is_empty()
    }

    /// Clinics whose files are there and were not opened, by number, with the reason.
    pub fn failed(&self) -> &BTreeMap<i64, OpenError> {
        &self.failed
    }

    /// The clinic of that number.
    pub fn get(&self, id: i64) -> Option<Arc<Clinic>> {
        self.read().get(&id).cloned()
    }

    /// All clinics, by number.
    pub fn all(&self) -> Vec<Arc<Clinic>> {
        self.read().values().cloned().collect()
    }

    /// The clinic meant by a number, or by none where there is only one. [`Error::Unavailable`] when that one cannot be opened.
    pub fn meant(&self, id: Option<i64>) -> Result<Option<Arc<Clinic>>> {
        let open = self.read();
        let only = || open.keys().chain(self.failed.keys()).copied();
        let Some(id) = id.or_else(|| only().next().filter(|_| only().count() == 1)) else { return Ok(None) };
        if self.failed.contains_key(&id) {
            Err(Error::Unavailable("clinic_failed"))
        } else {
            Ok(open.get(&id).cloned())
        }
    }

    /// Founds the first clinic of the folder; two who try at once do not both succeed. See [`Clinics::create`]. Blocks.
    pub fn create_first<T: Send + 'static>(
        &self,
        found: impl FnOnce(&mut WriteTx<'_>, i64) -> Result<Audited<T>> + Send + 'static,
    ) -> Result<(Arc<Clinic>, RecoveryCode, T)> {
        let open = self.open.write().unwrap_or_else(PoisonError::into_inner);
        if open.is_empty() && self.failed.is_empty() {
            self.create_next(open, found)
        } else {
            Err(Error::conflict("already_set_up"))
        }
    }

    /// Serves the clinic that `put` puts in its place in this folder, which has none; answers what `put` answers beside the clinic's
    /// number. Blocks.
    pub fn bring_in<T>(&self, put: impl FnOnce(&Path) -> Result<(i64, T)>) -> Result<T> {
        let mut open = self.open.write().unwrap_or_else(PoisonError::into_inner);
        if !open.is_empty() || !self.failed.is_empty() {
            return Err(Error::conflict("already_set_up"));
        }
        let (id, value) = put(&self.data)?;
        let folder = self.data.join("clinics").join(id.to_string());
        open.insert(id, Arc::new(Clinic::open(&self.data, &folder, id, self.clock.clone())?));
        Ok(value)
    }

    /// Founds the clinic with the next free number. See [`Clinic::create`]. Blocks.
    pub fn create<T: Send + 'static>(
        &self,
        found: impl FnOnce(&mut WriteTx<'_>, i64) -> Result<Audited<T>> + Send + 'static,
    ) -> Result<(Arc<Clinic>, RecoveryCode, T)> {
        self.create_next(self.open.write().unwrap_or_else(PoisonError::into_inner), found)
    }

    fn create_next<T: Send + 'static>(
        &self,
        mut open: RwLockWriteGuard<'_, BTreeMap<i64, Arc<Clinic>>>,
        found: impl FnOnce(&mut WriteTx<'_>, i64) -> Result<Audited<T>> + Send + 'static,
    ) -> Result<(Arc<Clinic>, RecoveryCode, T)> {
        let last = open.keys().chain(self.failed.keys()).max();
        let id = last.map_or(1, |last| last + 1);
        let folder = self.data.join("clinics").join(id.to_string());
        let (clinic, code, value) =
            Clinic::create(&self.data, &folder, id, self.clock.clone(), move |tx| found(tx, id))?;
        let clinic = Arc::new(clinic);
        open.insert(id, Arc::clone(&clinic));
        Ok((clinic, code, value))
    }

    /// Closes every clinic, leaving no -wal behind. Blocks.
    pub fn close(&self) {
        self.all().iter().for_each(|clinic| clinic.close());
    }

    fn read(&self) -> RwLockReadGuard<'_, BTreeMap<i64, Arc<Clinic>>> {
        self.open.read().unwrap_or_else(PoisonError::into_inner)
    }
}
