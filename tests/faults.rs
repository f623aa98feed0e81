//! The real program under attack: killed while many write, and raced for one slot over real connections.
use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, Instant},
};

use poem::http::Method;
use serde_json::{Value, json};

use crate::{
    browser::{api::Api, program::Program},
    support::shift::{Ledger, Shift, slot},
};

/// How many rounds of a fault test: few in every run, as many as asked by `TASKMED_ROUNDS`.
pub fn rounds(usual: usize) -> usize {
    std::env::var("TASKMED_ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_who_want_one_slot_get_one_booking_and_199_conflicts() {
    one_slot(rounds(5)).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "minutes: cargo long-races"]
async fn fifty_times_two_hundred_who_want_one_slot_get_one_booking_each_time() {
    one_slot(50).await;
}

async fn one_slot(rounds: usize) {
    let mut clinic = Shift::open(1).await;
    let mut patients = Vec::new();
    for number in 0..200 {
        let contact = json!({ "name": format!("Rival {number}"), "phone": format!("1197777{number:04}") });
        patients.push(clinic.owner.post("/api/contacts", contact).await["id"].as_i64().unwrap());
    }
    for round in 0..rounds {
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

/// What the server acknowledged.
#[derive(Default)]
struct Kept {
    bookings: Mutex<Vec<(i64, String)>>,
    edits: Mutex<HashMap<i64, (i64, String)>>,
    acknowledged: AtomicI64,
}

impl Ledger for Kept {
    fn booked(&self, id: i64, starts_at: &str) {
        self.bookings.lock().unwrap().push((id, starts_at.to_owned()));
        self.acknowledged.fetch_add(1, Ordering::SeqCst);
    }

    fn edited(&self, contact: i64, version: i64, notes: &str) {
        self.edits.lock().unwrap().insert(contact, (version, notes.to_owned()));
        self.acknowledged.fetch_add(1, Ordering::SeqCst);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_acknowledged_is_lost_when_the_program_is_killed() {
    killed(rounds(8), 16).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "minutes: cargo long-kills"]
async fn nothing_acknowledged_to_32_writers_is_lost_in_500_kills() {
    killed(500, 32).await;
}

/// Kills the program at random instants while so many write.
async fn killed(kills: usize, writers: usize) {
    let mut clinic = Shift::open(writers).await;
    let ledger = Arc::new(Kept::default());
    let mut starts = Vec::new();
    for round in 0..kills {
        let at_work = clinic.begin(&ledger);
        tokio::time::sleep(Duration::from_millis(fastrand::u64(50..600))).await;
        clinic.program.kill();
        at_work.end().await;
        let start = Instant::now();
        clinic.program.start_again();
        let took = start.elapsed();
        starts.push(took);
        assert!(took < Duration::from_secs(2), "round {round}: opened only after {took:?}");
        verify(&clinic.owner, &ledger).await;
    }
    let acknowledged = ledger.acknowledged.load(Ordering::SeqCst);
    starts.sort();
    let p95 = starts[starts.len() * 95 / 100];
    println!("{kills} kills, {acknowledged} acknowledged writes, none lost; starts: p95 {p95:?}");
    assert!(acknowledged > 100, "too few writes for this to mean anything: {acknowledged}");
    stop(&mut clinic.program);
    let report = check(&clinic.program);
    let entries = report["clinics"][0]["audit_entries"].as_i64().unwrap();
    assert!(entries >= acknowledged, "{entries} entries in the trail for {acknowledged} acknowledged writes");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_told_to_stop_the_moment_it_is_up_stops_in_good_order() {
    let mut program = Program::start();
    Api::found(&program, "Clínica Sol", "America/Sao_Paulo").await;
    for _ in 0..rounds(15) {
        program.kill();
        program.start_again();
        stop(&mut program);
        program.start_again();
    }
}

/// Every acknowledged booking is there; every acknowledged edit is there or has been followed by a later one.
async fn verify(api: &Api, ledger: &Kept) {
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
