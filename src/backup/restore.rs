//! Brings a copy back. All of it is verified beside the clinic's place, in a folder of its own, before anything is touched; what
//! was there is kept under another name; and the trail of the restored clinic begins with who brought it back and from when.
use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{Manifest, Refusal, Taken, manifest, place, place::copies_in, refusal::stamp, take::room};
use crate::{
    access::{Grant, permissions::AcceptRestored},
    base::{Clock, Instant},
    db::{
        Act, Clinic,
        slots::RecoveryCode,
        snapshot::{Depth, Files, Flaw, Pace},
        swap,
    },
};

/// The newest copy in a folder, made no later than `at`: the folder is a copy, a clinic's copies, or those of several clinics.
pub fn find(from: &Path, clinic: Option<i64>, at: Option<Instant>) -> Result<Taken, Refusal> {
    if from.join(manifest::NAME).exists() {
        let manifest = Manifest::read(from)?;
        return Ok(Taken { folder: from.to_owned(), manifest });
    }
    let mut newest = Vec::new();
    for folder in folders(from) {
        newest.extend(newest_in(&folder, clinic, at)?);
    }
    match newest.len() {
        0 | 1 => newest.pop().ok_or_else(|| Refusal::NoCopy(from.to_owned())),
        _ => Err(Refusal::Several(newest.iter().map(|copy| copy.manifest.clinic_id).collect())),
    }
}

/// Folders that may hold the copies of one clinic.
fn folders(from: &Path) -> Vec<PathBuf> {
    let inside =
        |folder: PathBuf| fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut all: Vec<_> = inside(from.to_owned()).chain(inside(from.join(place::FOLDER))).collect();
    all.push(from.to_owned());
    all.sort();
    all
}

fn newest_in(folder: &Path, clinic: Option<i64>, at: Option<Instant>) -> Result<Option<Taken>, Refusal> {
    let found = copies_in(folder);
    let wanted = |copy: &Taken| {
        at.is_none_or(|at| copy.manifest.made_at <= at)
            && clinic.is_none_or(|id| copy.manifest.clinic_id == id)
    };
    let chosen = found.copies.into_iter().find(wanted);
    // A later one that is damaged is never passed over in silence for an earlier one.
    let before = at.map(|at| folder.join(stamp(at)));
    let later = |path: &&PathBuf| {
        chosen.as_ref().is_none_or(|chosen| **path > chosen.folder)
            && before.as_ref().is_none_or(|before| *path <= before)
    };
    match found.unreadable.iter().filter(later).max() {
        Some(damaged) => Manifest::read(damaged).map(|_| chosen),
        None => Ok(chosen),
    }
}

/// A copy that was verified and can take its clinic's place.
#[derive(Debug)]
pub struct Prepared {
    data: PathBuf,
    staged: PathBuf,
    /// What it says of itself.
    pub manifest: Manifest,
    /// Whether something is in its place.
    pub occupied: bool,
    /// What is in its place: how many entries its trail has, and when the newest was written; none where there is no clinic, or
    /// none that can be read.
    pub present: Option<(i64, Instant)>,
}

/// What came of it.
#[derive(Debug)]
pub struct Restored {
    /// The clinic's number.
    pub clinic_id: i64,
    /// Where the files that were in its place lie now; none where there were none.
    pub replaced: Option<PathBuf>,
}

impl Drop for Prepared {
    fn drop(&mut self) {
        // Once it is in place there is nothing left here.
        let _ = fs::remove_dir_all(&self.staged);
    }
}

/// Verifies all of a copy beside the place it is for, in a data folder nobody else is using. A machine that does not know the
/// clinic's key opens it with the recovery code. Blocks.
pub fn prepare(data: &Path, copy: &Taken, code: Option<&RecoveryCode>) -> Result<Prepared, Refusal> {
    let id = copy.manifest.clinic_id;
    let clinics = data.join("clinics");
    let place = clinics.join(id.to_string());
    fs::create_dir_all(&clinics).map_err(Refusal::disk(&clinics))?;
    swap::forget_ready(data, id).map_err(Refusal::disk(&clinics))?;
    let staged = clinics.join(format!("{id}.restoring"));
    let mut prepared = Prepared {
        data: data.to_owned(),
        staged,
        manifest: copy.manifest.clone(),
        occupied: place.exists(),
        present: None,
    };
    bring(copy, &prepared.staged)?;
    let (own, there) = (Files::key_name(&prepared.staged, id), Files::key_name(&place, id));
    if there.is_some() && there != own {
        return Err(Refusal::OtherClinic(id));
    }
    let files = prove(data, copy, code, &prepared.staged)?;
    prepared.present = files.again_in(&place).newest();
    Ok(prepared)
}

impl Prepared {
    /// Puts it in its place. `origin` says on the trail by which way.
    pub fn carry_out(self, clock: Clock, origin: &str) -> Result<Restored, Refusal> {
        let id = self.manifest.clinic_id;
        let now = clock.now();
        self.put_on_record(clock, origin)?;
        let clinics = self.data.join("clinics");
        let (_, aside) = place::names(&clinics, &format!("replaced-{id}-{}", stamp(now)));
        swap::put_in_place(&self.data, id, &self.staged, &aside).map_err(Refusal::disk(clinics))?;
        Ok(Restored { clinic_id: id, replaced: aside.exists().then_some(aside) })
    }

    /// The first entry after the copy's own. Whoever was signed in then is not any more.
    fn put_on_record(&self, clock: Clock, origin: &str) -> Result<(), Refusal> {
        let clinic = Arc::new(Clinic::open(&self.data, &self.staged, self.manifest.clinic_id, clock)?);
        let grant = Grant::<AcceptRestored>::of_program(Arc::clone(&clinic), origin);
        let act = Act::seen("restored", "clinic", None)
            .with_columns(vec![format!("copy={}", self.manifest.made_at)]);
        grant.write_here(move |tx| {
            tx.run("delete from sessions where id > 0", [])?;
            tx.audited(act, ())
        })?;
        // Closing signs the trail.
        clinic.close();
        Ok(())
    }
}

/// Opens the files that were brought into a folder, and holds what they contain against what was copied.
pub(super) fn prove(
    data: &Path,
    copy: &Taken,
    code: Option<&RecoveryCode>,
    into: &Path,
) -> Result<Files, Refusal> {
    let files = unlock(data, into, copy.manifest.clinic_id, code)?;
    if !copy.manifest.is_signed_by(&files) {
        return Err(Refusal::Damaged { file: copy.folder.join(manifest::NAME), flaw: Flaw::Bytes });
    }
    let file = copy.folder.join(Files::DATABASE);
    match files.flaw(&copy.manifest.contents, Depth::Whole, Pace::Gentle)? {
        Some(flaw) => Err(Refusal::Damaged { file, flaw }),
        None => Ok(files),
    }
}

/// Copies a copy's files into a fresh folder, with every byte held against what was written.
pub(super) fn bring(copy: &Taken, into: &Path) -> Result<(), Refusal> {
    if into.exists() {
        fs::remove_dir_all(into).map_err(Refusal::disk(into))?;
    }
    fs::create_dir_all(into).map_err(Refusal::disk(into))?;
    room(into, copy.manifest.size())?;
    for name in Files::NAMES {
        let (from, to) = (copy.folder.join(name), into.join(name));
        let mut file = private(&to).map_err(Refusal::disk(&to))?;
        let sum = manifest::copy_summing(&from, &mut file).map_err(Refusal::disk(&from))?;
        if copy.manifest.files.get(name) != Some(&sum) {
            return Err(Refusal::Damaged { file: from, flaw: Flaw::Bytes });
        }
        file.sync_all().map_err(Refusal::disk(&to))?;
    }
    place::flush(into).map_err(Refusal::disk(into))
}

fn private(path: &Path) -> std::io::Result<fs::File> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn unlock(data: &Path, folder: &Path, id: i64, code: Option<&RecoveryCode>) -> Result<Files, Refusal> {
    if let Ok(files) = Files::unlock_here(data, folder, id) {
        return Ok(files);
    }
    let code = code.ok_or(Refusal::NeedsCode)?;
    Files::unlock_with(data, folder, id, code)?.ok_or(Refusal::WrongCode)
}
