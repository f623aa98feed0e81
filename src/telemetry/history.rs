//! The last 30 days at the grain of a minute: one file a day, records appended, each with its sum. A record that was cut short by
//! a crash is cut off when the file is next opened; nothing before it is touched. No personal data is in these files.
use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use super::{
    bytes::{Reader, frame, unframe},
    minute::{Minute, Routes},
};

/// Days kept.
const DAYS: i64 = 30;
/// Bytes all files may take together; the oldest days go first.
const BOUND_BYTES: u64 = 50_000_000;
/// How every file begins.
const MAGIC: &[u8] = b"taskmed measures 1\n";
const DAY_SECONDS: i64 = 86_400;

/// What one record is.
#[derive(Debug, Clone, PartialEq)]
pub enum Kept {
    /// A minute.
    Minute(Box<Minute>),
    /// What the routes did since the last of its kind.
    Routes(Routes),
}

/// The folder of the files, and the one being written.
#[derive(Debug)]
pub struct History {
    folder: PathBuf,
    bound: u64,
    open: Option<(i64, File)>,
}

impl History {
    /// The history in `folder`, which is made with the first record.
    pub fn new(folder: PathBuf) -> Self {
        Self { folder, bound: BOUND_BYTES, open: None }
    }

    /// Appends a record of the time `at` (seconds since 1970).
    pub fn append(&mut self, at: i64, kept: &Kept) -> io::Result<()> {
        let record = frame(&encode(kept));
        let day = at.div_euclid(DAY_SECONDS);
        let file = match self.open.take() {
            Some((open, file)) if open == day => file,
            _ => {
                fs::create_dir_all(&self.folder)?;
                self.sweep(day)?;
                open_day(&self.path(day))?
            }
        };
        let (_, file) = self.open.insert((day, file));
        let written = file.write_all(&record);
        if written.is_err() {
            // What was half written is cut off when the file is opened again.
            self.open = None;
        }
        written
    }

    /// Shows all that is kept from `from` on (seconds since 1970), in the order in which it was written; one at a time, for a month
    /// of them unpacked would fill the memory.
    pub fn each_since(&self, from: i64, mut show: impl FnMut(Kept)) {
        let first = from.div_euclid(DAY_SECONDS);
        for (_, path) in self.days().into_iter().filter(|(day, _)| *day >= first) {
            let bytes = fs::read(path).unwrap_or_default();
            let Some(mut rest) = bytes.strip_prefix(MAGIC) else { continue };
            while let Some(record) = unframe(&mut rest) {
                decode(record).filter(|kept| at(kept) >= from).into_iter().for_each(&mut show);
            }
        }
    }

    /// Bytes of all files.
    pub fn bytes(&self) -> u64 {
        self.days().iter().filter_map(|(_, path)| fs::metadata(path).ok()).map(|meta| meta.len()).sum()
    }

    /// Removes days that are too old, and the oldest ones while all together are too large. A day has room for its own growth.
    fn sweep(&self, today: i64) -> io::Result<()> {
        let mut days = self.days();
        days.retain(|(day, _)| *day != today);
        let size = |path: &Path| fs::metadata(path).map_or(0, |meta| meta.len());
        let largest = days.iter().map(|(_, path)| size(path)).max().unwrap_or(0);
        let mut whole: u64 = days.iter().map(|(_, path)| size(path)).sum();
        for (day, path) in days {
            if day <= today - DAYS || whole + largest > self.bound {
                whole -= size(&path);
                fs::remove_file(path)?;
            }
        }
        Ok(())
    }

    fn path(&self, day: i64) -> PathBuf {
        self.folder.join(format!("{day}.measures"))
    }

    /// Every file with its day (days since 1970), oldest first.
    fn days(&self) -> Vec<(i64, PathBuf)> {
        let entries = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        let day = |path: PathBuf| {
            let name = path.file_name()?.to_str()?.strip_suffix(".measures")?;
            Some((name.parse().ok()?, path))
        };
        let mut days: Vec<(i64, PathBuf)> = entries.filter_map(|entry| day(entry.path())).collect();
        days.sort_unstable();
        days
    }
}

/// Opens a day's file for more, cut off after its last whole record.
fn open_day(path: &Path) -> io::Result<File> {
    let bytes = match fs::read(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
        read => read?,
    };
    let whole = whole_length(&bytes);
    let mut file = OpenOptions::new().create(true).append(true).open(path)?;
    if whole < bytes.len() {
        file.set_len(whole as u64)?;
    }
    if whole == 0 {
        file.write_all(MAGIC)?;
    }
    Ok(file)
}

/// How far a file's bytes are good.
fn whole_length(bytes: &[u8]) -> usize {
    let Some(mut rest) = bytes.strip_prefix(MAGIC) else { return 0 };
    while unframe(&mut rest).is_some() {}
    bytes.len() - rest.len()
}

fn encode(kept: &Kept) -> Vec<u8> {
    let mut bytes = Vec::new();
    match kept {
        Kept::Minute(minute) => {
            bytes.push(1);
            minute.write(&mut bytes);
        }
        Kept::Routes(routes) => {
            bytes.push(2);
            routes.write(&mut bytes);
        }
    }
    bytes
}

fn decode(record: &[u8]) -> Option<Kept> {
    let (kind, rest) = record.split_first()?;
    match kind {
        1 => Minute::read(&mut Reader(rest)).map(|minute| Kept::Minute(Box::new(minute))),
        2 => Routes::read(&mut Reader(rest)).map(Kept::Routes),
        _ => None,
    }
}

fn at(kept: &Kept) -> i64 {
    match kept {
        Kept::Minute(minute) => minute.at,
        Kept::Routes(routes) => routes.at,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: i64 = 1_795_521_600;

    impl History {
        fn since(&self, from: i64) -> Vec<Kept> {
            let mut all = Vec::new();
            self.each_since(from, |kept| all.push(kept));
            all
        }
    }

    fn minute(at: i64) -> Kept {
        Kept::Minute(Box::new(Minute { at, seconds: 60, errors: 2, people: 7, ..Minute::default() }))
    }

    fn history() -> (tempfile::TempDir, History) {
        let folder = tempfile::tempdir().unwrap();
        let history = History::new(folder.path().join("measures"));
        (folder, history)
    }

    #[test]
    fn what_was_written_comes_back_in_its_order_over_midnight() {
        let (_folder, mut history) = history();
        let routes = Kept::Routes(Routes { at: NOON + 600, of: vec![] });
        let all = [minute(NOON), routes, minute(NOON + DAY_SECONDS)];
        all.iter().for_each(|kept| history.append(at(kept), kept).unwrap());
        assert_eq!(history.since(NOON), all);
        assert_eq!(history.since(NOON + 1), all[1..]);
        assert_eq!(history.days().len(), 2);
    }

    #[test]
    fn a_crash_anywhere_in_a_record_costs_that_record_and_no_other() {
        let (folder, mut history) = history();
        history.append(NOON, &minute(NOON)).unwrap();
        history.append(NOON, &minute(NOON + 60)).unwrap();
        let path = history.path(NOON / DAY_SECONDS);
        let whole = fs::read(&path).unwrap();
        let record = frame(&encode(&minute(NOON + 60))).len();
        for lost in 1..=record {
            fs::write(&path, &whole[..whole.len() - lost]).unwrap();
            let mut history = History::new(folder.path().join("measures"));
            assert_eq!(history.since(0), [minute(NOON)], "{lost} bytes lost");
            history.append(NOON, &minute(NOON + 120)).unwrap();
            assert_eq!(history.since(0), [minute(NOON), minute(NOON + 120)], "{lost} bytes lost");
        }
    }

    #[test]
    fn only_thirty_days_are_kept() {
        let (_folder, mut history) = history();
        for day in 0..40 {
            let at = NOON + day * DAY_SECONDS;
            history.append(at, &minute(at)).unwrap();
        }
        assert_eq!(history.days().len(), 30);
        assert_eq!(history.since(0).len(), 30);
    }

    #[test]
    fn the_oldest_days_go_when_all_together_are_too_large() {
        let (_folder, mut history) = history();
        history.bound = 20_000;
        for number in 0..20_000 {
            let at = NOON + number * 60;
            history.append(at, &minute(at)).unwrap();
        }
        assert!(history.bytes() <= history.bound + 1440 * 64, "{} bytes", history.bytes());
        let left = history.since(0);
        assert_eq!(left.last(), Some(&minute(NOON + 19_999 * 60)));
        assert!(left.len() < 20_000);
    }

    #[test]
    fn a_file_that_is_not_ours_is_neither_read_nor_taken_for_ours() {
        let (_folder, mut history) = history();
        history.append(NOON, &minute(NOON)).unwrap();
        fs::write(history.folder.join("20000.measures"), b"something else").unwrap();
        fs::write(history.folder.join("note.txt"), b"of a person").unwrap();
        assert_eq!(history.since(0), [minute(NOON)]);
    }
}
