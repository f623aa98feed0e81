//! Real time holds: over real connections, no answer, kept or fresh, whole or "not modified", is older than what had been
//! acknowledged to anybody when it was asked for. Seconds in every run, a minute by `cargo long-order`.
use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicI64, AtomicUsize, Ordering},
    },
    time::Duration,
};

use serde_json::{Value, json};

use crate::{
    browser::api::Api,
    support::shift::{Shift, slot},
};

/// Those who write, each a patient and an appointment of their own; as many read.
const WRITERS: usize = 8;

/// The newest version of each record that somebody has been told of.
#[derive(Default)]
struct Told {
    contacts: [AtomicI64; WRITERS],
    appointments: [AtomicI64; WRITERS],
    writes: AtomicUsize,
    reads: AtomicUsize,
    not_modified: AtomicUsize,
}

/// What one writer owns.
#[derive(Clone)]
struct Own {
    number: usize,
    contact: i64,
    appointment: i64,
}

struct Clinic {
    shift: Shift,
    owned: Vec<Own>,
    day: String,
}

impl Clinic {
    async fn open() -> Self {
        let shift = Shift::open(WRITERS).await;
        let mut owned = Vec::new();
        for (number, contact) in shift.patients.iter().copied().enumerate() {
            let booking = json!({
                "professional_id": shift.professionals[number], "contact_id": contact, "starts_at": slot(20), "duration_min": 30,
            });
            let made = shift.owner.post("/api/appointments", booking).await;
            owned.push(Own { number, contact, appointment: made["id"].as_i64().unwrap() });
        }
        let starts_at: jiff::Timestamp = slot(20).parse().unwrap();
        let day = starts_at.in_tz("America/Sao_Paulo").unwrap().date().to_string();
        Self { shift, owned, day }
    }
}

/// Changes the own patient and appointment in turn; tells of each version once it is acknowledged.
async fn write(api: Api, own: Own, told: Arc<Told>, stop: Arc<AtomicBool>) {
    let mut versions = (json!(1), json!(1));
    while !stop.load(Ordering::SeqCst) {
        let note = json!({ "notes": format!("nota {}", fastrand::u32(..)) });
        if fastrand::bool() {
            let saved = api.patch(&format!("/api/contacts/{}", own.contact), &versions.0, note).await;
            versions.0 = saved["version"].clone();
            told.contacts[own.number].store(saved["version"].as_i64().unwrap(), Ordering::SeqCst);
        } else {
            let saved = api.patch(&format!("/api/appointments/{}", own.appointment), &versions.1, note).await;
            versions.1 = saved["version"].clone();
            told.appointments[own.number].store(saved["version"].as_i64().unwrap(), Ordering::SeqCst);
        }
        told.writes.fetch_add(1, Ordering::SeqCst);
        // Now and then nobody writes, so that answers may be kept.
        tokio::time::sleep(Duration::from_millis(fastrand::u64(0..60))).await;
    }
}

/// The answers one reader has, with their tags, as a browser keeps them.
struct Reader {
    api: Api,
    kept: HashMap<String, (String, Value)>,
    told: Arc<Told>,
}

impl Reader {
    async fn look(&mut self, path: &str) -> Value {
        let tag = self.kept.get(path).map(|(tag, _)| tag.clone());
        let (status, new, body) = self.api.look_again(path, tag.as_deref()).await;
        self.told.reads.fetch_add(1, Ordering::SeqCst);
        if status.as_u16() == 304 {
            self.told.not_modified.fetch_add(1, Ordering::SeqCst);
            return self.kept[path].1.clone();
        }
        let body: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(status.as_u16(), 200, "{path}: {body}");
        if let Some(new) = new {
            self.kept.insert(path.to_owned(), (new, body.clone()));
        }
        body
    }

    /// Asks for something and holds it against what everybody knew before the question.
    async fn ask(&mut self, owned: &[Own], day: &str) {
        let read = |all: &[AtomicI64; WRITERS]| all.each_ref().map(|one| one.load(Ordering::SeqCst));
        let (contacts, appointments) = (read(&self.told.contacts), read(&self.told.appointments));
        let own = &owned[fastrand::usize(0..owned.len())];
        match fastrand::u8(0..4) {
            0 => {
                let agenda = self.look(&format!("/api/agenda?date={day}")).await;
                holds(&agenda["appointments"], owned, |own| own.appointment, &appointments);
            }
            1 => {
                let list = self.look("/api/contacts?search=paciente&limit=50").await;
                holds(&list["items"], owned, |own| own.contact, &contacts);
            }
            2 => {
                let one = self.look(&format!("/api/contacts/{}", own.contact)).await;
                assert!(one["version"].as_i64().unwrap() >= contacts[own.number], "{one}");
            }
            _ => {
                let one = self.look(&format!("/api/appointments/{}", own.appointment)).await;
                assert!(one["version"].as_i64().unwrap() >= appointments[own.number], "{one}");
            }
        }
    }
}

/// Each record of a list is at least at the version its writer had told of.
fn holds(list: &Value, owned: &[Own], id: impl Fn(&Own) -> i64, floors: &[i64; WRITERS]) {
    let found = list.as_array().unwrap();
    for own in owned {
        let one = found.iter().find(|one| one["id"] == id(own)).unwrap();
        let version = one["version"].as_i64().unwrap();
        let floor = floors[own.number];
        assert!(version >= floor, "version {version} when {floor} was acknowledged: {one}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_answer_is_older_than_what_was_acknowledged_before_the_question() {
    in_order(Duration::from_secs(3)).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "a minute: cargo long-order"]
async fn in_a_minute_no_answer_is_older_than_what_was_acknowledged_before_the_question() {
    in_order(Duration::from_secs(60)).await;
}

async fn in_order(time: Duration) {
    let clinic = Clinic::open().await;
    let (told, stop) = (Arc::new(Told::default()), Arc::new(AtomicBool::new(false)));
    let mut all = tokio::task::JoinSet::new();
    for own in clinic.owned.clone() {
        let api = clinic.shift.owner.on_own_connection();
        all.spawn(write(api, own, Arc::clone(&told), Arc::clone(&stop)));
        let api = clinic.shift.owner.on_own_connection();
        let mut reader = Reader { api, kept: HashMap::new(), told: Arc::clone(&told) };
        let (owned, day, stop) = (clinic.owned.clone(), clinic.day.clone(), Arc::clone(&stop));
        all.spawn(async move {
            while !stop.load(Ordering::SeqCst) {
                reader.ask(&owned, &day).await;
            }
        });
    }
    tokio::time::sleep(time).await;
    stop.store(true, Ordering::SeqCst);
    while let Some(done) = all.join_next().await {
        done.unwrap();
    }
    let count = |of: &AtomicUsize| of.load(Ordering::SeqCst);
    let (writes, reads, same) = (count(&told.writes), count(&told.reads), count(&told.not_modified));
    println!("{writes} writes, {reads} reads, {same} of them not modified: none older than acknowledged");
    assert!(writes > 40 && reads > 100 && same > 0, "{writes} writes, {reads} reads, {same} not modified");
}
