//! One TaskMed per data folder: a lock the operating system lets go of by itself, and a note of where the holder answers.
use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io,
    path::{Path, PathBuf},
};

use super::Addresses;

/// The lock on a data folder, held while this value lives.
#[derive(Debug)]
pub struct Instance {
    folder: PathBuf,
    _lock: File,
}

/// Who holds a data folder.
#[derive(Debug)]
pub struct Running {
    /// Plain HTTP address of the holder; none while it is still starting, or when it is a command and not a server.
    pub http: Option<String>,
}

impl Instance {
    /// Takes the folder, or says who has it.
    pub fn take(folder: &Path) -> io::Result<Result<Self, Running>> {
        fs::create_dir_all(folder)?;
        let lock =
            OpenOptions::new().create(true).truncate(false).write(true).open(folder.join("taskmed.lock"))?;
        match lock.try_lock() {
            Ok(()) => {
                // What an earlier holder noted before it was killed is no longer true.
                let _ = fs::remove_file(folder.join("running.json"));
                Ok(Ok(Self { folder: folder.to_owned(), _lock: lock }))
            }
            Err(TryLockError::WouldBlock) => Ok(Err(Running { http: noted(folder) })),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    /// Notes where this program answers, for whoever starts a second one.
    pub fn announce(&self, addresses: &Addresses) -> io::Result<()> {
        let fresh = self.folder.join("running.new");
        fs::write(&fresh, serde_json::to_vec(addresses).map_err(io::Error::other)?)?;
        fs::rename(fresh, self.folder.join("running.json"))
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        let _ = fs::remove_file(self.folder.join("running.json"));
    }
}

fn noted(folder: &Path) -> Option<String> {
    let text = fs::read_to_string(folder.join("running.json")).ok()?;
    let note: serde_json::Value = serde_json::from_str(&text).ok()?;
    note.get("http")?.as_str().map(str::to_owned)
}
