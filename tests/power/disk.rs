//! A disk in a power cut, after a recording of what the program did to it.
//!
//! What was flushed is there. Of what was not, any part may be: each write whole, torn at a sector, or not at all, in any order.
//! A name (a new file, a renamed or removed one) is sure only once its folder was flushed; names not flushed stay or go in order.
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use fastrand::Rng;

/// What a disk writes whole or not at all.
const SECTOR: usize = 512;

/// One record of the journal.
#[derive(Debug)]
pub struct Event {
    kind: u8,
    path: String,
    offset: usize,
    data: Vec<u8>,
}

impl Event {
    /// What the test itself wrote between the program's records, if this is of that kind.
    pub fn said(&self) -> Option<&[u8]> {
        (self.kind == b'A').then_some(&self.data)
    }

    /// Whether the database itself was written, not its log.
    pub fn is_checkpoint(&self) -> bool {
        self.kind == b'W' && self.path.ends_with("clinic.db")
    }
}

/// The bytes of a record the test itself puts into the journal.
pub fn saying(data: &[u8]) -> Vec<u8> {
    let mut record = vec![b'A'];
    record.extend(0_i64.to_le_bytes());
    record.extend(0_u32.to_le_bytes());
    record.extend(u32::try_from(data.len()).unwrap().to_le_bytes());
    record.extend(data);
    record
}

/// Reads a journal.
pub fn read(mut bytes: &[u8]) -> Vec<Event> {
    let number = |bytes: &[u8]| u32::from_le_bytes(bytes.try_into().unwrap()) as usize;
    let mut events = Vec::new();
    while bytes.len() >= 17 {
        let (path, data) = (number(&bytes[9..13]), number(&bytes[13..17]));
        let end = 17 + path + data;
        if bytes.len() < end {
            break;
        }
        events.push(Event {
            kind: bytes[0],
            offset: usize::try_from(i64::from_le_bytes(bytes[1..9].try_into().unwrap())).unwrap(),
            path: String::from_utf8(bytes[17..17 + path].to_vec()).unwrap(),
            data: bytes[17 + path..end].to_vec(),
        });
        bytes = &bytes[end..];
    }
    events
}

#[derive(Debug, Clone)]
enum Change {
    Write(usize, Vec<u8>),
    Length(usize),
}

/// A file: what is surely on the disk, and what may be.
#[derive(Debug, Default)]
struct File {
    sure: Vec<u8>,
    loose: Vec<Change>,
    /// How many of the loose changes a flush that has begun will have covered.
    begun: usize,
}

#[derive(Debug, Clone)]
enum Naming {
    File(String, usize),
    Folder(String),
    Moved(String, String),
    Gone(String),
}

/// A disk that obeys. One that `lies` takes flushes of such files and does nothing.
#[derive(Debug, Default)]
pub struct Disk {
    files: Vec<File>,
    /// Names as the program sees them.
    seen: BTreeMap<String, usize>,
    /// Namings in order, and whether each is sure.
    namings: Vec<(Naming, bool)>,
    lies: Option<&'static str>,
}

impl Disk {
    /// A disk that forgets to flush the files whose names end so.
    pub fn that_lies_about(ending: &'static str) -> Self {
        Self { lies: Some(ending), ..Self::default() }
    }

    /// What the program did next.
    pub fn take(&mut self, event: &Event) {
        let path = event.path.as_str();
        match event.kind {
            b'O' => _ = self.file(path),
            b'T' => self.file(path).loose.push(Change::Length(0)),
            b'L' => self.file(path).loose.push(Change::Length(event.offset)),
            b'W' => self.file(path).loose.push(Change::Write(event.offset, event.data.clone())),
            b'B' if self.seen.contains_key(path) => {
                let file = self.file(path);
                file.begun = file.loose.len();
            }
            b'E' if self.lies.is_some_and(|ending| path.ends_with(ending)) => {}
            b'E' if self.seen.contains_key(path) => self.file(path).settle(),
            b'E' => self.settle_names(path),
            b'D' => self.namings.push((Naming::Folder(path.to_owned()), false)),
            b'U' => {
                self.seen.remove(path);
                self.namings.push((Naming::Gone(path.to_owned()), false));
            }
            b'R' => {
                let to = String::from_utf8(event.data.clone()).unwrap();
                move_names(&mut self.seen, path, &to);
                self.namings.push((Naming::Moved(path.to_owned(), to), false));
            }
            _ => {}
        }
    }

    fn file(&mut self, path: &str) -> &mut File {
        let next = self.files.len();
        let number = *self.seen.entry(path.to_owned()).or_insert(next);
        if number == next {
            self.files.push(File::default());
            self.namings.push((Naming::File(path.to_owned(), next), false));
        }
        &mut self.files[number]
    }

    /// A folder was flushed: the names in it are sure.
    fn settle_names(&mut self, folder: &str) {
        for (naming, sure) in &mut self.namings {
            *sure |= match naming {
                Naming::File(path, _) | Naming::Folder(path) | Naming::Gone(path) => parent(path) == folder,
                // Both ends of a move are one entry of a file system's own journal.
                Naming::Moved(from, to) => parent(to) == folder || parent(from) == folder,
            };
        }
    }

    /// Writes what may be left if the power goes now into an empty folder.
    pub fn cut(&self, random: &mut Rng, into: &Path) {
        let kept = random.usize(0..=self.namings.iter().filter(|(_, sure)| !sure).count());
        let (mut names, mut folders) = (BTreeMap::new(), BTreeSet::from([String::new()]));
        let mut loose = 0;
        for (naming, sure) in &self.namings {
            loose += usize::from(!sure);
            if *sure || loose <= kept {
                apply(naming, &mut names, &mut folders);
            }
        }
        for folder in &folders {
            fs::create_dir_all(into.join(folder.trim_start_matches('/'))).unwrap();
        }
        let mood = random.u8(0..3);
        for (path, number) in names {
            let bytes = self.files[number].after_cut(random, mood);
            fs::write(into.join(path.trim_start_matches('/')), bytes).unwrap();
        }
    }
}

fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// A name whose folder is not there is not there either.
fn apply(naming: &Naming, names: &mut BTreeMap<String, usize>, folders: &mut BTreeSet<String>) {
    match naming {
        Naming::File(path, number) if folders.contains(parent(path)) => {
            _ = names.insert(path.clone(), *number)
        }
        Naming::Folder(path) if folders.contains(parent(path)) => _ = folders.insert(path.clone()),
        Naming::Gone(path) => _ = names.remove(path),
        Naming::Moved(from, to) if folders.contains(parent(to)) => {
            if folders.remove(from) {
                folders.insert(to.clone());
            }
            move_names(names, from, to);
        }
        _ => {}
    }
}

/// Moves a file, or everything in a folder.
fn move_names(names: &mut BTreeMap<String, usize>, from: &str, to: &str) {
    let inside = format!("{from}/");
    let moved: Vec<String> =
        names.keys().filter(|name| *name == from || name.starts_with(&inside)).cloned().collect();
    for name in moved {
        let number = names.remove(&name).unwrap();
        names.insert(format!("{to}{}", &name[from.len()..]), number);
    }
}

impl File {
    fn settle(&mut self) {
        for change in self.loose.drain(..self.begun.min(self.loose.len())) {
            change.apply(&mut self.sure);
        }
        self.begun = 0;
    }

    /// The bytes after a cut. In one mood nothing loose has arrived, in another all but the end, in the third anything.
    fn after_cut(&self, random: &mut Rng, mood: u8) -> Vec<u8> {
        let mut bytes = self.sure.clone();
        let last = self.loose.len().saturating_sub(1);
        for (number, change) in self.loose.iter().enumerate() {
            let arrives = match mood {
                0 => false,
                1 => true,
                _ => random.bool(),
            };
            if number == last && mood != 0 {
                change.torn(random, &mut bytes);
            } else if arrives {
                change.apply(&mut bytes);
            }
        }
        bytes
    }
}

impl Change {
    fn apply(&self, bytes: &mut Vec<u8>) {
        match self {
            Self::Length(length) => bytes.resize(*length, 0),
            Self::Write(offset, data) => {
                let end = offset + data.len();
                bytes.resize(bytes.len().max(end), 0);
                bytes[*offset..end].copy_from_slice(data);
            }
        }
    }

    /// Some of its sectors, as the disk has them.
    fn torn(&self, random: &mut Rng, bytes: &mut Vec<u8>) {
        let Self::Write(offset, data) = self else { return };
        let (mut at, end) = (*offset, offset + data.len());
        while at < end {
            let next = ((at / SECTOR + 1) * SECTOR).min(end);
            if random.bool() {
                Self::Write(at, data[at - offset..next - offset].to_vec()).apply(bytes);
            }
            at = next;
        }
    }
}
