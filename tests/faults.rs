//! The real program under attack: killed while many write, and raced for one slot over real connections.
use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicI64, Ordering},
    },
    time::{Duration, Instant},
};

use jiff::{ToSpan, civil::Date, tz::TimeZone};
use poem::http::Method;
use serde_json::{Value, json};

use crate::browser::{api::Api, program::Program};

const ZONE: &str = "America/Sao_Paulo";
/// Clients that write at the same time.
const WRITERS: usize = 16;

/// How many rounds of a fault test: few in every run, as many as asked by `TASKMED_ROUNDS` (the promise is for 100 kills and
/// 50 races).
pub fn rounds(usual: usize) -> usize {
    std::env::var("TASKMED_ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

/// A running clinic, always open, with a professional and a patient per writer.
struct Clinic {
    program: Program,
    owner: Api,
    professionals: Vec<i64>,
    patients: Vec<i64>,
}

impl Clinic {
    async fn open(people: usize) -> Self {
        let program = Program::start();
        let (owner, _) = Api::found(&program, "Clínica Sol", ZONE).await;
        let clinic = owner.get(&owner.clinic("")).await;
        let hours: Vec<Value> =
            (1..=7).map(|day| json!({ "weekday": day, "opens": 0, "closes": 1440 })).collect();
        let change = json!({ "opening_hours": hours, "open_on_holidays": true });
        owner.patch(&owner.clinic(""), &clinic["version"], change).await;
        let (mut professionals, mut patients) = (Vec::new(), Vec::new());
        for number in 0..people {
            let person = json!({ "name": format!("Dra. {number}"), "roles": ["professional"], "is_professional": true });
            let made = owner.post(&owner.clinic("/users"), person).await;
            professionals.push(made["user"]["id"].as_i64().unwrap());
            let contact =
                json!({ "name": format!("Paciente {number}"), "phone": format!("1198888{number:04}") });
            patients.push(owner.post("/api/contacts", contact).await["id"].as_i64().unwrap());
        }
        Self { program, owner, professionals, patients }
    }

    fn booking(&self, professional: usize, patient: usize, starts_at: &str) -> Value {
        json!({
            "professional_id": self.professionals[professional], "contact_id": self.patients[patient],
            "starts_at": starts_at, "duration_min": 30,
        })
    }
}

/// The `n`th half hour from next Monday-or-so on; every one is bookable.
fn slot(n: i64) -> String {
    let today: Date = jiff::Timestamp::now().to_zoned_datetime(TimeZone::get(ZONE).unwrap()).date();
    let start = (today + 7.days()).to_zoned_datetime(TimeZone::get(ZONE).unwrap()).unwrap();
    (start.timestamp() + (n * 30).minutes()).to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_who_want_one_slot_get_one_booking_and_199_conflicts() {
    let mut clinic = Clinic::open(1).await;
    let mut patients = Vec::new();
    for number in 0..200 {
        let contact = json!({ "name": format!("Rival {number}"), "phone": format!("1197777{number:04}") });
        patients.push(clinic.owner.post("/api/contacts", contact).await["id"].as_i64().unwrap());
    }
    for round in 0..rounds(5) {
        let starts_at = slot(i64::try_from(round).unwrap());
        let wants = patients.iter().map(|patient| {
            let body = json!({
                "professional_id": clinic.professionals[0], "contact_id": patient, "starts_at": starts_at, "duration_min": 30,
            });
            let own_connection = clinic.owner.on_own_connection();
            tokio::spawn(async move { own_connection.ask(Method::POST, "/api/appointments", None, Some(body)).await })
        });
        let mut counts: HashMap<u16, usize> = HashMap::new();
        for want in wants.collect::<Vec<_>>() {
            let (status, body) = want.await.unwrap();
            if status.as_u16() == 409 {
                assert_eq!(body["code"], "slot_taken", "{body}");
                assert_eq!(body["alternatives"].as_array().unwrap().len(), 3, "{body}");
            }
            *counts.entry(status.as_u16()).or_default() += 1;
        }
        assert_eq!(counts, HashMap::from([(201, 1), (409, 199)]), "round {round}");
    }
    // An independent look: SQL over the closed file finds no overlap.
    stop(&mut clinic.program);
    check(&clinic.program);
}

/// What the server acknowledged, by writer.
#[derive(Default)]
struct Ledger {
    bookings: Mutex<Vec<(i64, String)>>,
    edits: Mutex<HashMap<i64, (i64, String)>>,
    acknowledged: AtomicI64,
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_acknowledged_is_lost_when_the_program_is_killed() {
    let mut clinic = Clinic::open(WRITERS).await;
    let ledger = Arc::new(Ledger::default());
    let next_slot = Arc::new(AtomicI64::new(0));
    for round in 0..rounds(8) {
        let stop = Arc::new(AtomicBool::new(false));
        let writers: Vec<_> = (0..WRITERS)
            .map(|n| {
                let writer = Writer {
                    api: clinic.owner.on_own_connection(),
                    patient: clinic.patients[n],
                    body: clinic.booking(n, n, ""),
                    ledger: Arc::clone(&ledger),
                    next_slot: Arc::clone(&next_slot),
                };
                tokio::spawn(writer.run(Arc::clone(&stop)))
            })
            .collect();
        tokio::time::sleep(Duration::from_millis(fastrand::u64(50..600))).await;
        clinic.program.kill();
        stop.store(true, Ordering::SeqCst);
        for writer in writers {
            writer.await.unwrap();
        }
        let start = Instant::now();
        clinic.program.start_again();
        let took = start.elapsed();
        assert!(took < Duration::from_secs(2), "round {round}: opened only after {took:?}");
        verify(&clinic.owner, &ledger).await;
    }
    let acknowledged = ledger.acknowledged.load(Ordering::SeqCst);
    println!("{acknowledged} acknowledged writes, none lost");
    assert!(acknowledged > 100, "too few writes for this to mean anything: {acknowledged}");
    stop(&mut clinic.program);
    let report = check(&clinic.program);
    let entries = report["clinics"][0]["audit_entries"].as_i64().unwrap();
    assert!(entries >= acknowledged, "{entries} entries in the trail for {acknowledged} acknowledged writes");
}

struct Writer {
    api: Api,
    patient: i64,
    body: Value,
    ledger: Arc<Ledger>,
    next_slot: Arc<AtomicI64>,
}

impl Writer {
    /// Books and edits in turn until the program is gone; notes only what was answered.
    async fn run(mut self, stop: Arc<AtomicBool>) {
        while !stop.load(Ordering::SeqCst) {
            if self.book().await.is_none() || self.edit().await.is_none() {
                return;
            }
        }
    }

    async fn book(&mut self) -> Option<()> {
        let starts_at = slot(self.next_slot.fetch_add(1, Ordering::SeqCst));
        self.body["starts_at"] = json!(starts_at);
        let (status, made) =
            self.api.try_ask(Method::POST, "/api/appointments", None, Some(self.body.clone())).await?;
        assert_eq!(status.as_u16(), 201, "{made}");
        self.ledger.bookings.lock().unwrap().push((made["id"].as_i64().unwrap(), starts_at));
        self.ledger.acknowledged.fetch_add(1, Ordering::SeqCst);
        Some(())
    }

    async fn edit(&self) -> Option<()> {
        let path = format!("/api/contacts/{}", self.patient);
        let (_, now) = self.api.try_ask(Method::GET, &path, None, None).await?;
        let note = format!("nota {}", fastrand::u64(..));
        let change = json!({ "notes": note });
        let (status, saved) =
            self.api.try_ask(Method::PATCH, &path, Some(&now["version"]), Some(change)).await?;
        assert_eq!(status.as_u16(), 200, "{saved}");
        let version = saved["version"].as_i64().unwrap();
        self.ledger.edits.lock().unwrap().insert(self.patient, (version, note));
        self.ledger.acknowledged.fetch_add(1, Ordering::SeqCst);
        Some(())
    }
}

/// Every acknowledged booking is there; every acknowledged edit is there or has been followed by a later one.
async fn verify(api: &Api, ledger: &Ledger) {
    let bookings = std::mem::take(&mut *ledger.bookings.lock().unwrap());
    for (id, starts_at) in bookings {
        let found = api.get(&format!("/api/appointments/{id}")).await;
        assert_eq!(found["starts_at"], json!(starts_at));
    }
    let edits = ledger.edits.lock().unwrap().clone();
    for (patient, (version, note)) in edits {
        let found = api.get(&format!("/api/contacts/{patient}")).await;
        let now = found["version"].as_i64().unwrap();
        assert!(now >= version, "an acknowledged edit of {patient} was lost");
        assert!(now > version || found["notes"] == json!(note));
    }
}

/// Stops the program as a service manager would; nothing may be left half done.
fn stop(program: &mut Program) {
    program.stop();
    let wal = program.folder.path().join("clinics/1/clinic.db-wal");
    assert!(!wal.exists(), "a -wal was left behind");
}

/// `taskmed check` over a folder: must find nothing wrong.
fn check(program: &Program) -> Value {
    let report = program.check();
    assert_eq!(report["ok"], true, "{report}");
    report
}
