//! A clinic's file as it was at one moment: copied while others write, told in figures, held against those figures later.
//!
//! `copy` writes the copy, encrypted from its first byte with the clinic's own key; [`contents`] says what a file holds;
//! [`proof`] says whether a copy holds it.
pub mod contents;
mod copy;
mod pace;
pub mod proof;

use std::path::{Path, PathBuf};

pub use contents::Contents;
pub use pace::Pace;
pub use proof::{Depth, Flaw};

use super::{
    OpenError,
    clinic::{DATABASE, SLOTS},
    key::DataKey,
    slots::{RecoveryCode, Slots},
};

/// The files of one clinic in one folder, and the key that opens them. The folder may be a clinic's own or a copy's.
#[derive(Debug)]
pub struct Files {
    id: i64,
    folder: PathBuf,
    key: DataKey,
}

impl Files {
    /// The names of a clinic's files.
    pub const NAMES: [&str; 2] = [DATABASE, SLOTS];
    /// The name of the encrypted file.
    pub const DATABASE: &str = DATABASE;
    /// The name of the file with the wrapped key.
    pub const SLOTS: &str = SLOTS;

    /// The files of clinic `id` in `folder`, their key unwrapped by the machine's key file in `data`.
    pub fn unlock_here(data: &Path, folder: &Path, id: i64) -> Result<Self, OpenError> {
        let path = folder.join(SLOTS);
        let key = Slots::read(&path, id)?.unlock_here(data, &path)?;
        Ok(Self { id, folder: folder.to_owned(), key })
    }

    /// The same by the recovery code; none when it is another one's. The key is wrapped for the machine of `data` as well, in the
    /// slots file of this very folder.
    pub fn unlock_with(
        data: &Path,
        folder: &Path,
        id: i64,
        code: &RecoveryCode,
    ) -> Result<Option<Self>, OpenError> {
        let path = folder.join(SLOTS);
        let mut slots = Slots::read(&path, id)?;
        let Some(key) = slots.unlock_with(code) else { return Ok(None) };
        slots.rewrap_here(data, &key)?;
        slots.write(&path)?;
        Ok(Some(Self { id, folder: folder.to_owned(), key }))
    }

    /// The same clinic's files in another folder.
    pub fn again_in(&self, folder: &Path) -> Self {
        Self { id: self.id, folder: folder.to_owned(), key: self.key.clone() }
    }

    /// The clinic's number.
    pub fn id(&self) -> i64 {
        self.id
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// What only who has the clinic's key can say of some bytes, under a name for what they are.
    pub fn sign(&self, what: &str, bytes: &[u8]) -> [u8; 32] {
        self.key.sign(what, bytes)
    }

    /// The key's name in a slots file, which does not tell the key; none where there is no such file.
    pub fn key_name(folder: &Path, id: i64) -> Option<String> {
        Slots::read(&folder.join(SLOTS), id).ok().map(|slots| slots.key_id().to_owned())
    }

    /// Bytes that a copy of the file takes, about: itself and what SQLite has written ahead of it.
    pub fn bytes(&self) -> u64 {
        let size = |name: &str| std::fs::metadata(self.folder.join(name)).map_or(0, |meta| meta.len());
        size(DATABASE) + size(&format!("{DATABASE}-wal"))
    }

    pub(super) fn database(&self) -> PathBuf {
        self.folder.join(DATABASE)
    }
}
