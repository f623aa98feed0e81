//! Where a demonstration lies, and how it is taken away again. Only what is certainly one is ever removed, file by file: in
//! doubt everything stays.
use std::{
    fs::{self, File, OpenOptions},
    path::{Path, PathBuf},
    sync::Arc,
};

use crate::{
    access::{Grant, permissions::ViewClinic},
    base::{Clock, Error, Result},
    db::Clinic,
    features::clinic,
};

/// The demonstration's folder inside a data folder.
pub fn folder_in(data: &Path) -> PathBuf {
    data.join("demo")
}

/// Removes the demonstration in `folder` and leaves whatever else is there. A folder with a clinic that is not made up, or that
/// cannot be read, is a conflict and stays as it is. Blocks.
pub fn discard(folder: &Path, clock: &Clock) -> Result<()> {
    let clinics = clinics_in(folder)?;
    if clinics.is_empty() {
        return Ok(());
    }
    let _lock = lock(folder)?;
    for (id, place) in &clinics {
        if !is_made_up(folder, place, *id, clock) {
            return Err(Error::conflict("not_a_demonstration"));
        }
    }
    clinics.iter().try_for_each(|(_, place)| remove_clinic(place))
}

/// Removes the demonstration in `folder` and, where nothing else is in it, the folder. Blocks.
pub fn remove(folder: &Path, clock: &Clock) -> Result<()> {
    discard(folder, clock)?;
    // Without a clinic neither the key of this machine's demonstrations nor the lock is of use to anybody.
    for name in ["machine.key", "taskmed.lock"] {
        remove_file(&folder.join(name))?;
    }
    // Folders with something in them stay.
    let _ = fs::remove_dir(folder.join("clinics"));
    let _ = fs::remove_dir(folder);
    Ok(())
}

/// Numbers and folders of the clinics in a data folder.
fn clinics_in(folder: &Path) -> Result<Vec<(i64, PathBuf)>> {
    let Ok(entries) = fs::read_dir(folder.join("clinics")) else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    for entry in entries {
        let place = entry.map_err(Error::internal)?.path();
        let number =
            place.file_name().and_then(|name| name.to_str()).and_then(|name| name.parse::<i64>().ok());
        found.extend(number.map(|id| (id, place)));
    }
    Ok(found)
}

/// Another program that serves this folder must not lose its files.
fn lock(folder: &Path) -> Result<File> {
    let path = folder.join("taskmed.lock");
    let file =
        OpenOptions::new().create(true).truncate(false).write(true).open(path).map_err(Error::internal)?;
    file.try_lock().map_err(|_| Error::Busy)?;
    Ok(file)
}

fn is_made_up(folder: &Path, place: &Path, id: i64, clock: &Clock) -> bool {
    match Clinic::open(folder, place, id, clock.clone()) {
        Ok(opened) => {
            let grant = Grant::<ViewClinic>::of_program(Arc::new(opened), "demonstration");
            grant.read_here(clinic::store::marks).is_ok_and(|(is_demo, _)| is_demo)
        }
        Err(error) => {
            tracing::warn!(%error, "a clinic in the demonstration's folder cannot be read and stays");
            false
        }
    }
}

fn remove_clinic(place: &Path) -> Result<()> {
    for name in ["clinic.db", "clinic.db-wal", "clinic.db-shm", "clinic.key", "checkpoints.jsonl"] {
        remove_file(&place.join(name))?;
    }
    // A folder with something else in it stays, and is in the way of the next clinic.
    fs::remove_dir(place).map_err(|_| Error::conflict("not_a_demonstration"))
}

fn remove_file(path: &Path) -> Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(Error::internal(error)),
        _ => Ok(()),
    }
}
