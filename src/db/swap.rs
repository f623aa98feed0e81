//! Puts the folder of a clinic in the place of the one there. A power cut in the middle leaves the one or the other served at the
//! next start, and never none.
use std::{
    fs, io,
    path::{Path, PathBuf},
};

use super::files::sync_folder;

/// A folder that is whole and takes its clinic's place at the next start, if that place is empty.
const READY: &str = "restored";

/// Puts the whole and flushed folder `fresh` in the place of clinic `id` of a data folder. The one that was there is renamed to
/// `aside`, with all that is in it.
pub fn put_in_place(data: &Path, id: i64, fresh: &Path, aside: &Path) -> io::Result<()> {
    let clinics = data.join("clinics");
    let (place, ready) = (clinics.join(id.to_string()), ready(&clinics, id));
    fs::rename(fresh, &ready)?;
    sync_folder(&ready)?;
    if place.exists() {
        fs::rename(&place, aside)?;
    }
    fs::rename(&ready, &place)?;
    sync_folder(&place)
}

/// Forgets a folder that was made ready and not put in place, because its clinic is there as it was.
pub fn forget_ready(data: &Path, id: i64) -> io::Result<()> {
    match fs::remove_dir_all(ready(&data.join("clinics"), id)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

/// Finishes what a power cut interrupted.
pub(super) fn finish(clinics: &Path) -> io::Result<()> {
    for entry in fs::read_dir(clinics)? {
        let path: PathBuf = entry?.path();
        let place = path.with_extension("");
        if path.extension().is_some_and(|ending| ending == READY) && !place.exists() {
            fs::rename(&path, &place)?;
            sync_folder(&place)?;
        }
    }
    Ok(())
}

fn ready(clinics: &Path, id: i64) -> PathBuf {
    clinics.join(format!("{id}.{READY}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_at_any_step_leaves_the_old_folder_or_the_new_one() {
        let here = |text: &str| {
            let data = tempfile::tempdir().unwrap();
            for name in text.split(' ') {
                fs::create_dir_all(data.path().join("clinics").join(name)).unwrap();
                fs::write(data.path().join("clinics").join(name).join("is"), name).unwrap();
            }
            data
        };
        let served = |data: &Path| fs::read_to_string(data.join("clinics/1/is")).unwrap();
        for (cut, expected) in
            [("1 1.restoring", "1"), ("1 1.restored", "1"), ("1.restored replaced-1", "1.restored")]
        {
            let data = here(cut);
            finish(&data.path().join("clinics")).unwrap();
            assert_eq!(served(data.path()), expected, "{cut}");
        }
        let data = here("1 1.restoring");
        let clinics = data.path().join("clinics");
        put_in_place(data.path(), 1, &clinics.join("1.restoring"), &clinics.join("replaced-1")).unwrap();
        assert_eq!(served(data.path()), "1.restoring");
        assert_eq!(fs::read_to_string(clinics.join("replaced-1/is")).unwrap(), "1");
        forget_ready(data.path(), 1).unwrap();
    }
}
