//! Makes a copy.
use std::{
    fs::{self, File},
    path::Path,
};

use jiff::tz::TimeZone;

use super::{Manifest, Place, Reason, Refusal, Taken, manifest, place, refusal::stamp, thin};
use crate::{
    base::{Error, Instant},
    db::snapshot::{Depth, Files, Flaw, Pace},
};

/// Room that is left to everything else on the disk.
const SPARE: u64 = 64 << 20;

/// Copies the clinic of `files` as it is now to its folder in `place`, and verifies what was written. Nothing that is there already
/// is touched. Blocks.
pub fn take(
    files: &Files,
    place: &Place,
    (at, reason): (Instant, Reason),
    pace: Pace,
) -> Result<Taken, Refusal> {
    let folder = place.made_for(files)?;
    let _turn = turn(&folder)?;
    place::clear_parts(&folder);
    room(&folder, files.bytes())?;
    let (part, whole) = place::names(&folder, &stamp(at));
    let made = write(files, &part, (at, reason), pace).and_then(|manifest| {
        fs::rename(&part, &whole).map_err(Refusal::disk(&whole))?;
        place::flush(&folder).map_err(Refusal::disk(&folder))?;
        Ok(Taken { folder: whole, manifest })
    });
    made.inspect_err(|_| place::remove(&part))
}

/// Removes the copies of a clinic's folder that need not be kept. Whatever cannot be read is left alone.
pub fn thin_out(folder: &Path, now: Instant, zone: &TimeZone) -> Result<(), Refusal> {
    let _turn = turn(folder)?;
    let copies = place::copies_in(folder).copies;
    let made: Vec<Instant> = copies.iter().map(|copy| copy.manifest.made_at).collect();
    let keep = thin::kept(&made, now, zone);
    let old = copies.iter().filter(|copy| !keep.contains(&copy.manifest.made_at));
    old.for_each(|copy| place::remove(&copy.folder));
    Ok(())
}

/// One at a time in a folder, whoever it is: the operating system lets go of the lock by itself.
fn turn(folder: &Path) -> Result<File, Refusal> {
    let path = folder.join("copying.lock");
    let file = File::options().create(true).truncate(false).write(true).open(&path);
    let file = file.map_err(Refusal::disk(&path))?;
    file.try_lock().map_err(|error| match error {
        fs::TryLockError::WouldBlock => Refusal::Underway,
        fs::TryLockError::Error(error) => Refusal::Disk(path, error),
    })?;
    Ok(file)
}

/// A disk that would be filled up by a copy gets none.
pub(super) fn room(folder: &Path, bytes: u64) -> Result<(), Refusal> {
    match fs4::available_space(folder) {
        Ok(free) if free < bytes.saturating_add(SPARE) => Err(Refusal::NoRoom(folder.to_owned())),
        // Where it cannot be told, the copy itself will.
        _ => Ok(()),
    }
}

fn write(
    files: &Files,
    part: &Path,
    (at, reason): (Instant, Reason),
    pace: Pace,
) -> Result<Manifest, Refusal> {
    fs::create_dir(part).map_err(Refusal::disk(part))?;
    let database = part.join(Files::DATABASE);
    let contents = files.copy_to(&database, pace).map_err(|error| match error {
        Error::StorageFull => Refusal::NoRoom(part.to_owned()),
        other => other.into(),
    })?;
    fs::copy(files.folder().join(Files::SLOTS), part.join(Files::SLOTS)).map_err(Refusal::disk(part))?;
    let copied = files.again_in(part);
    if let Some(flaw) = copied.flaw(&contents, Depth::Quick, pace)? {
        return Err(Refusal::Damaged { file: database, flaw });
    }
    let made = Manifest::of(&copied, (at, reason), contents)?;
    let path = part.join(manifest::NAME);
    fs::write(&path, made.bytes()).map_err(Refusal::disk(&path))?;
    for name in Files::NAMES.iter().chain([&manifest::NAME]) {
        place::flush(&part.join(name)).map_err(Refusal::disk(part.join(name)))?;
    }
    place::flush(part).map_err(Refusal::disk(part))?;
    // What the disk kept, not what was meant to be written.
    (Manifest::read(part)? == made).then_some(made).ok_or(Refusal::Damaged { file: path, flaw: Flaw::Bytes })
}
