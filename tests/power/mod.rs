//! The power goes while the program writes: whatever the disk may hold then, everything acknowledged is in it.
//!
//! A recorder between the real program and the disk notes every change and every flush; from its journal the disk is made as it
//! may have been at any instant, and each of those is opened, checked and held against what had been acknowledged by then.
mod disk;

use std::{
    collections::BTreeMap,
    fs::{self, File, OpenOptions},
    io::Write,
    path::Path,
    sync::Arc,
    time::Duration,
};

use disk::{Disk, Event};
use fastrand::Rng;
use serde_json::{Value, json};

use crate::{
    browser::program::{self, Program},
    support::{
        file, preload,
        shift::{Ledger, Shift},
    },
};

/// Clients that write at the same time.
const WRITERS: usize = 8;

/// Notes what was acknowledged between the program's own records: whatever stands before it in the journal was done before it.
struct Journal(File);

impl Journal {
    fn say(&self, fact: &Value) {
        let record = disk::saying(fact.to_string().as_bytes());
        assert_eq!((&self.0).write(&record).unwrap(), record.len());
    }
}

impl Ledger for Journal {
    fn booked(&self, id: i64, starts_at: &str) {
        self.say(&json!({ "booking": id, "starts_at": starts_at }));
    }

    fn edited(&self, contact: i64, version: i64, notes: &str) {
        self.say(&json!({ "contact": contact, "version": version, "notes": notes }));
    }
}

/// Everything acknowledged up to some instant.
#[derive(Debug, Default, Clone)]
struct Promised {
    founded: bool,
    writes: i64,
    bookings: BTreeMap<i64, String>,
    edits: BTreeMap<i64, (i64, String)>,
}

impl Promised {
    fn hear(&mut self, said: &[u8]) {
        let fact: Value = serde_json::from_slice(said).unwrap();
        let number = |name: &str| fact[name].as_i64().unwrap();
        let text = |name: &str| fact[name].as_str().unwrap().to_owned();
        self.writes += 1;
        if fact["booking"].is_i64() {
            self.bookings.insert(number("booking"), text("starts_at"));
        } else if fact["contact"].is_i64() {
            self.edits.insert(number("contact"), (number("version"), text("notes")));
        } else {
            self.founded = true;
        }
    }

    /// What of it a clinic's data folder has lost; none when all is there.
    fn lost(&self, data: &Path) -> Option<String> {
        if !self.founded {
            return None;
        }
        let found = file::open(data, 1);
        for (id, starts_at) in &self.bookings {
            let at = starts_at.parse::<jiff::Timestamp>().unwrap().as_second();
            let sql = "select count(*) from appointments where id = ?1 and starts_at = ?2";
            let there: Result<i64, _> = found.query_row(sql, [id, &at], |row| row.get(0));
            if there != Ok(1) {
                return Some(format!("booking {id} of {}: {there:?}", self.bookings.len()));
            }
        }
        for (id, (version, notes)) in &self.edits {
            let sql = "select version, notes from contacts where id = ?1";
            let there: Result<(i64, String), _> =
                found.query_row(sql, [id], |row| Ok((row.get(0)?, row.get(1)?)));
            let fits = there.as_ref().is_ok_and(|(v, n)| v > version || (v == version && n == notes));
            if !fits {
                return Some(format!("edit {version} of contact {id}: {there:?}"));
            }
        }
        let entries: i64 = found.query_row("select count(*) from audit", [], |row| row.get(0)).unwrap();
        (entries < self.writes).then(|| format!("{entries} entries for {} writes", self.writes))
    }
}

/// Records the program from its first start over a graceful stop to the end, while many write.
async fn record(seconds: u64) -> Vec<Event> {
    let (data, home) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (root, path) = (data.path().canonicalize().unwrap(), home.path().join("journal"));
    let (recorder, into) = (preload::compiled("power/recorder.rs"), path.clone());
    let mut shift = Shift::open_at(
        Program::start_as(data, move |command| {
            command.env("LD_PRELOAD", &recorder).env("RECORDER_ROOT", &root).env("RECORDER_JOURNAL", &into);
        }),
        WRITERS,
    )
    .await;
    let journal = Arc::new(Journal(OpenOptions::new().append(true).open(&path).unwrap()));
    journal.say(&json!({ "founded": true }));
    for _ in 0..2 {
        let at_work = shift.begin(&journal);
        tokio::time::sleep(Duration::from_secs(seconds)).await;
        at_work.end().await;
        shift.program.stop();
        shift.program.start_again();
    }
    shift.program.stop();
    disk::read(&fs::read(&path).unwrap())
}

/// Cuts the power at so many instants of a recording; answers what was lost or broken at each that went wrong.
fn cuts(events: &[Event], mut disk: Disk, count: usize, seed: u64) -> Vec<String> {
    let mut random = Rng::with_seed(seed);
    let mut instants: Vec<usize> = (0..count).map(|_| random.usize(0..events.len())).collect();
    instants.sort_unstable();
    let (mut promised, mut wrong, mut done) = (Promised::default(), Vec::new(), 0);
    for instant in instants {
        for event in &events[done..=instant.max(done)] {
            disk.take(event);
            event.said().into_iter().for_each(|said| promised.hear(said));
        }
        done = instant + 1;
        let left = tempfile::tempdir().unwrap();
        disk.cut(&mut random, left.path());
        if let Some(why) = verdict(left.path(), &promised) {
            wrong.push(format!("cut at {instant} of {}: {why}", events.len()));
        }
    }
    wrong
}

/// What is wrong with what a cut has left.
fn verdict(left: &Path, promised: &Promised) -> Option<String> {
    if promised.founded || left.join("clinics/1").exists() {
        let report = program::check(left);
        if report["ok"] != true {
            return Some(report.to_string());
        }
    }
    promised.lost(left)
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn nothing_acknowledged_is_lost_when_the_power_goes() {
    power_goes(1, 10).await;
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
#[ignore = "minutes: cargo long-power-cuts"]
async fn nothing_acknowledged_is_lost_in_200_power_cuts() {
    power_goes(10, 200).await;
}

async fn power_goes(seconds: u64, count: usize) {
    let events = record(seconds).await;
    let said = events.iter().filter(|event| event.said().is_some()).count();
    assert!(said > 100, "only {said} acknowledged writes");
    assert!(events.iter().any(Event::is_checkpoint), "the log never went into the database");
    let judge = move || {
        let seed = fastrand::u64(..);
        let wrong = cuts(&events, Disk::default(), count, seed);
        assert!(wrong.is_empty(), "seed {seed}: {} of {count}: {wrong:#?}", wrong.len());
        println!("{count} power cuts over {said} acknowledged writes: nothing lost");
        // The same disk, were it to forget what it was told to flush, is found out.
        let wrong = cuts(&events, Disk::that_lies_about("-wal"), 10, seed);
        assert!(!wrong.is_empty(), "seed {seed}: a disk that forgets the log was not noticed");
    };
    tokio::task::spawn_blocking(judge).await.unwrap();
}
