//! Copies of the checkpoints in a file of their own beside the clinic's: an older copy of the clinic's file put in its place, or
//! a trail that was cut, contradicts them.
use std::{
    fs::{File, OpenOptions, read_to_string},
    io::{self, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

use rusqlite::Connection;

use super::Checkpoint;
use crate::{base::Instant, db::files::sync_folder};

const NAME: &str = "checkpoints.jsonl";
/// Bytes at the end of the file that surely hold a whole line.
const TAIL: u64 = 4096;

/// The copies kept in `folder`, oldest first. A line that is no checkpoint is none: a power cut can leave half of one.
pub fn all(folder: &Path, clinic_id: i64) -> Vec<Checkpoint> {
    lines(&read_to_string(folder.join(NAME)).unwrap_or_default(), clinic_id).collect()
}

/// The newest copy, found without reading twenty years of them.
pub fn newest(folder: &Path, clinic_id: i64) -> Option<Checkpoint> {
    let mut file = File::open(folder.join(NAME)).ok()?;
    let length = file.metadata().ok()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(TAIL))).ok()?;
    let mut tail = Vec::new();
    file.read_to_end(&mut tail).ok()?;
    lines(&String::from_utf8_lossy(&tail), clinic_id).last()
}

fn lines(text: &str, clinic_id: i64) -> impl Iterator<Item = Checkpoint> {
    text.lines().filter_map(move |line| Checkpoint::from_line(clinic_id, line))
}

/// The file, and how far it has come.
pub(in crate::db) struct Outside {
    clinic_id: i64,
    path: PathBuf,
    last: i64,
}

impl Outside {
    /// The file of the clinic in `folder`; there is none before the first checkpoint.
    pub fn open(folder: &Path, clinic_id: i64) -> Self {
        let last = newest(folder, clinic_id).map_or(0, |copy| copy.number);
        Self { clinic_id, path: folder.join(NAME), last }
    }

    /// Number of the newest copy; 0 when there is none.
    pub fn newest(&self) -> i64 {
        self.last
    }

    /// Adds the committed checkpoints it does not have yet and flushes them.
    pub fn catch_up(&mut self, conn: &Connection) -> io::Result<()> {
        let missing = Checkpoint::after(conn, self.last).map_err(io::Error::other)?;
        let Some(newest) = missing.last().map(|c| c.number) else { return Ok(()) };
        let mut file = self.append()?;
        for checkpoint in &missing {
            // The line feed comes first, so that a line a power cut broke off stays alone.
            write!(file, "\n{}", checkpoint.to_line(self.clinic_id))?;
        }
        writeln!(file)?;
        file.sync_all()?;
        self.last = newest;
        Ok(())
    }

    /// Puts the copies there are aside, where they stay as evidence, and begins anew: what they contradict was accepted.
    pub fn begin_anew(&mut self, now: Instant) -> io::Result<()> {
        let aside = self.path.with_extension(format!("{}.jsonl", now.as_second()));
        std::fs::rename(&self.path, aside)?;
        sync_folder(&self.path)?;
        self.last = 0;
        Ok(())
    }

    fn append(&self) -> io::Result<File> {
        let mut options = OpenOptions::new();
        options.append(true).create(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(&self.path)
    }
}
