//! The recovery code of a clinic: proving it, opening the key with it, replacing it. All of it is the slots file's; the database
//! is not touched.
use std::{
    path::Path,
    sync::{Mutex, PoisonError},
};

use super::{
    Clinic, OpenError,
    clinic::{DATABASE, SLOTS},
    files::sync_folder,
    open,
    slots::{RecoveryCode, Slots},
};
use crate::base::Result;

/// A slots file is read, changed and written by one at a time.
static TURN: Mutex<()> = Mutex::new(());

impl Clinic {
    /// Wraps the clinic's key for this machine, opening it with the recovery code.
    pub(super) fn recover(data: &Path, folder: &Path, id: i64, code: &RecoveryCode) -> Result<(), OpenError> {
        let path = folder.join(SLOTS);
        let mut slots = Slots::read(&path, id)?;
        let key = slots
            .unlock_with(code)
            .ok_or_else(|| OpenError::Broken("the recovery code is of another clinic".into()))?;
        slots.rewrap_here(data, &key)?;
        let fresh = path.with_extension("fresh");
        slots.write(&fresh)?;
        let read_back = Slots::read(&fresh, id)?.unlock_here(data, &fresh)?;
        open::open(&folder.join(DATABASE), &read_back, id, open::Role::Reader)?;
        std::fs::rename(&fresh, &path)?;
        Ok(sync_folder(&path)?)
    }

    /// Whether `code` is this clinic's recovery code.
    pub fn recovery_code_matches(&self, code: &RecoveryCode) -> Result<bool> {
        Ok(Slots::read(&self.folder().join(SLOTS), self.id())?.recovery_code_matches(code))
    }

    /// Gives the clinic another recovery code, which is returned once and kept nowhere; from then on the old one opens nothing.
    /// A power cut leaves the old file or the new one, each whole. Blocks.
    pub fn renew_recovery_code(&self) -> Result<RecoveryCode> {
        let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
        let path = self.folder().join(SLOTS);
        let mut slots = Slots::read(&path, self.id())?;
        let key = slots.unlock_here(self.data_folder(), &path)?;
        let code = slots.renew_recovery(&key)?;
        slots.write(&path)?;
        Ok(code)
    }
}
