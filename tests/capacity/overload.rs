//! Three times as many people as were measured: those at work go on working, the others are told to wait, and when it is over
//! all is as before.
use std::{
    fs,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    process::Command,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use hyper::Method;
use jiff::{Timestamp, ToSpan, tz::TimeZone};
use serde_json::{Value, json};
use taskmed::{
    access::house,
    measure::{
        load::{Crowd, Door, Link, Pace},
        person::Person,
        place::Workplace,
        scenario::Scenario,
        seat::Seat,
        usage,
    },
};

use crate::browser::program::Program;

/// How many people were measured, and how many come.
const CAPACITY: usize = 4;
const COME: usize = 3 * CAPACITY;
/// What those at work must keep, 95 of a hundred. Without optimisation everything takes several times as long.
const P95: Duration = Duration::from_millis(if cfg!(debug_assertions) { 500 } else { 100 });

struct Clinic {
    program: Program,
    door: Arc<Door>,
    people: Vec<Value>,
}

fn made_up() -> Clinic {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_taskmed"));
    let made = command.args(["demo", "--json", "--data"]).arg(folder.path()).output().unwrap();
    let made: Value = serde_json::from_slice(&made.stdout).unwrap();
    let kept = json!({
        "version": "0.1.0", "measured_at": "2026-11-24T12:00:00Z", "people": CAPACITY * 5 / 4, "recommended": CAPACITY,
        "alert_at": CAPACITY * 4 / 5,
    });
    fs::write(folder.path().join(house::FILE), kept.to_string()).unwrap();
    let mut people = made["users"].as_array().unwrap().clone();
    // Those with an agenda are at work; whoever sees no patients only tries to come in.
    people.retain(|who| who["roles"][0] != "owner");
    people.sort_by_key(|who| who["roles"][0] != "professional");
    let program = Program::start_in(folder);
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, program.port()));
    let door = Arc::new(Door { address, authority: address.to_string(), tls: None });
    Clinic { program, door, people }
}

impl Clinic {
    /// Everybody comes from an address of their own.
    fn seat(&self, number: usize) -> Seat {
        let from = Ipv4Addr::from_bits(Ipv4Addr::new(127, 20, 0, 1).to_bits() + number as u32);
        Seat::new(Link::new(Arc::clone(&self.door), cfg!(target_os = "linux").then_some(IpAddr::V4(from))))
    }

    fn who(&self, number: usize) -> Value {
        json!({ "email": self.people[number]["email"], "password": self.people[number]["password"] })
    }
}

fn workplace() -> Arc<Workplace> {
    let today = TimeZone::get("America/Sao_Paulo").unwrap().to_datetime(Timestamp::now()).date();
    Arc::new(Workplace {
        clinic: 1,
        days: (0..5_i64).map(|ahead| today.saturating_add(ahead.days()).to_string()).collect(),
        later: Vec::new(),
        professionals: (7..=14).collect(),
        patients: 3_000,
        names: ["Maria", "José Souza", "Ana"].map(str::to_owned).to_vec(),
        feeds: Vec::new(),
        ledger: Mutex::default(),
    })
}

/// Tries to come in again and again, as impatient people do; answers how often they were told to wait, and what else was said.
async fn knock(mut seat: Seat, who: Value, over: Arc<AtomicBool>, told: Arc<AtomicU64>) -> Vec<String> {
    let mut other = Vec::new();
    while !over.load(Ordering::Relaxed) {
        let answer = seat.enter("/api/auth/login", &who).await.unwrap();
        let code = serde_json::from_slice::<Value>(&answer.body).unwrap_or_default()["code"].clone();
        match (answer.status.as_u16(), answer.headers.contains_key("retry-after")) {
            (503, true) if code == "full" => drop(told.fetch_add(1, Ordering::Relaxed)),
            // Thirty tries a minute are all that one address has.
            (429, true) => {}
            (status, _) => other.push(format!("{status} {code}")),
        }
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
    other
}

async fn overload(time: Duration) {
    let clinic = tokio::task::block_in_place(made_up);
    let (mut crowd, place) = (Crowd::default(), workplace());
    for number in 0..CAPACITY {
        let mut seat = clinic.seat(number);
        let answer = seat.enter("/api/auth/login", &clinic.who(number)).await.unwrap();
        assert_eq!(answer.status, 200, "{answer:?}");
        let person = Person::new(seat, Arc::clone(&place), Scenario::NormalDay, number as u64);
        crowd.join(person, Pace::Every(Duration::from_millis(400)), number as u64);
    }
    let pid = clinic.program.id();
    let before = usage::of(pid).memory;
    let (over, told) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
    let come = |number: usize| {
        let (seat, who) = (clinic.seat(number), clinic.who(number % clinic.people.len()));
        tokio::spawn(knock(seat, who, Arc::clone(&over), Arc::clone(&told)))
    };
    let outside: Vec<_> = (CAPACITY..COME).map(come).collect();
    let measured = crowd.measure(CAPACITY, Duration::from_secs(1), time, || false).await;
    over.store(true, Ordering::Relaxed);
    for one in outside {
        assert_eq!(
            one.await.unwrap(),
            Vec::<String>::new(),
            "nobody more came in, and nothing else was said"
        );
    }
    let (all, times) = (measured.tally.requests(), measured.tally.times().unwrap());
    let p95 = Duration::from_micros(times.value_at_quantile(0.95));
    let bad: Vec<_> = measured.tally.lines.values().flat_map(|line| line.badly.keys()).collect();
    assert!(all > 20 && bad.is_empty(), "{all} requests of those at work, of which went wrong: {bad:?}");
    assert!(p95 <= P95, "p95 of those at work: {p95:?}");
    assert!(told.load(Ordering::Relaxed) as usize >= COME - CAPACITY, "each was told to wait: {told:?}");
    if let Some((before, after)) = before.zip(usage::of(pid).memory) {
        assert!(after < before + (64 << 20), "memory grew from {before} to {after}");
    }
    crowd.leave().await;
    recovers(&clinic).await;
}

/// Once somebody leaves, somebody else comes in within five seconds.
async fn recovers(clinic: &Clinic) {
    let (leaver, comer) = (clinic.seat(200), clinic.seat(201));
    let (mut leaver, mut comer) = (leaver, comer);
    let answer = leaver.enter("/api/auth/login", &clinic.who(0)).await.unwrap();
    assert_eq!(answer.status, 200, "who is at work may sign in once more");
    let sessions = leaver.read("/api/auth/sessions?clinic_id=1").await.unwrap();
    let mut sessions = sessions["items"].as_array().unwrap().clone();
    // The one that asks goes last.
    sessions.sort_by_key(|session| session["current"] == true);
    for session in sessions {
        let path = format!("/api/auth/sessions/{}?clinic_id=1", session["id"]);
        assert!(leaver.ask(Method::DELETE, &path, None, None).await.unwrap().status.is_success());
    }
    let begun = Instant::now();
    loop {
        let answer = comer.enter("/api/auth/login", &clinic.who(COME - 1)).await.unwrap();
        if answer.status == 200 {
            break;
        }
        assert!(begun.elapsed() < Duration::from_secs(5), "still not let in: {answer:?}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn with_three_times_as_many_people_those_at_work_go_on_working() {
    overload(Duration::from_secs(8)).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "two minutes: cargo test --release --test taskmed two_minutes_of_three_times -- --ignored"]
async fn two_minutes_of_three_times_as_many_people_change_nothing_for_those_at_work() {
    overload(Duration::from_secs(120)).await;
}
