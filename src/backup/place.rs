//! Where copies lie. Each clinic has a folder of its own, named by its number and by its key, so that clinics of two computers
//! share a disk without ever taking each other's copies for their own.
use std::{
    fs, io,
    path::{Path, PathBuf},
};

use super::{Manifest, Refusal, manifest};
use crate::db::snapshot::Files;

/// The folder of copies in a data folder.
pub const FOLDER: &str = "backups";
/// What a copy that is not whole yet is called.
const PART: &str = "part";

/// A folder for copies of clinics.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    root: PathBuf,
    /// A folder on another disk is never made: where it is missing, so is the disk.
    own: bool,
}

/// A copy.
#[derive(Debug, Clone)]
pub struct Taken {
    /// Its folder.
    pub folder: PathBuf,
    /// What it says of itself.
    pub manifest: Manifest,
}

/// The copies of one clinic.
#[derive(Debug, Default)]
pub struct Found {
    /// Those that can be read, newest first.
    pub copies: Vec<Taken>,
    /// Folders that look like copies and cannot be read.
    pub unreadable: Vec<PathBuf>,
}

impl Place {
    /// The folder of the settings, or the one in a data folder.
    pub fn of(settings: Option<&Path>, data: &Path) -> Self {
        match settings {
            Some(root) => Self { root: root.to_owned(), own: false },
            None => Self { root: data.join(FOLDER), own: true },
        }
    }

    /// A folder somebody names.
    pub fn named(root: &Path) -> Self {
        Self { root: root.to_owned(), own: true }
    }

    /// The folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The folder of the clinic of these files, made if it is not there.
    pub(super) fn made_for(&self, files: &Files) -> Result<PathBuf, Refusal> {
        if !self.own && !self.root.is_dir() {
            return Err(Refusal::NoFolder(self.root.clone()));
        }
        let folder = self.of_clinic(files.folder(), files.id())?;
        fs::create_dir_all(&folder).map_err(Refusal::disk(&folder))?;
        Ok(folder)
    }

    /// The folder of the clinic `id` whose files lie in `clinic`.
    pub fn of_clinic(&self, clinic: &Path, id: i64) -> Result<PathBuf, Refusal> {
        let key = Files::key_name(clinic, id).ok_or_else(|| Refusal::NoCopy(clinic.to_owned()))?;
        let short: String = key.chars().filter(char::is_ascii_hexdigit).take(8).collect();
        Ok(self.root.join(format!("clinic-{id}-{short}")))
    }
}

/// The copies in the folder of one clinic.
pub fn copies_in(folder: &Path) -> Found {
    let mut found = Found::default();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if !path.join(manifest::NAME).is_file() || is_part(&path) {
            continue;
        }
        match Manifest::read(&path) {
            Ok(manifest) => found.copies.push(Taken { folder: path, manifest }),
            Err(_) => found.unreadable.push(path),
        }
    }
    found.copies.sort_by(|a, b| (b.manifest.made_at, &b.folder).cmp(&(a.manifest.made_at, &a.folder)));
    found
}

/// A name in a folder that is not taken yet, `plain` or numbered: the one to write under, and the one it has once it is whole.
pub(super) fn names(folder: &Path, plain: &str) -> (PathBuf, PathBuf) {
    let numbered = (2..).map(|n| format!("{plain}-{n}"));
    let free = std::iter::once(plain.to_owned()).chain(numbered).find(|name| !folder.join(name).exists());
    let name = free.unwrap_or_else(|| plain.to_owned());
    (folder.join(format!("{name}.{PART}")), folder.join(name))
}

/// Removes what a cut left half written.
pub(super) fn clear_parts(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if is_part(&entry.path()) {
            remove(&entry.path());
        }
    }
}

fn is_part(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == PART)
}

/// Removes a copy so that a cut in the middle leaves none that looks like one.
pub(super) fn remove(folder: &Path) {
    let gone = fs::remove_file(folder.join(manifest::NAME)).or_else(|error| match error.kind() {
        io::ErrorKind::NotFound => Ok(()),
        _ => Err(error),
    });
    if let Err(error) = gone.and_then(|()| fs::remove_dir_all(folder)) {
        tracing::warn!(%error, folder = %folder.display(), "an old copy could not be removed");
    }
}

/// Flushes a file, or the names in a folder, to the disk.
pub(super) fn flush(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    fs::File::open(path)?.sync_all()?;
    #[cfg(not(unix))]
    if path.is_file() {
        fs::OpenOptions::new().write(true).open(path)?.sync_all()?;
    }
    Ok(())
}
