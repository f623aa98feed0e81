//! Very many connections, and too few descriptors to hold them.
use std::{
    fs,
    process::Command,
    time::{Duration, Instant},
};

use poem::http::{Method, StatusCode};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use super::wire::{dial, get, resident};
use crate::browser::{api::Api, program::Program};

/// Idle connections.
const IDLE: usize = 5_000;
/// Those of them that have been answered once; the others have never said a word.
const SERVED: usize = 3_500;

/// What all of them may cost: some 30 kB for each that is held, and no more than 4,608 are.
const MEMORY: u64 = 160 << 20;

/// Lets this process have enough sockets for a crowd.
fn raise_own_limit() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let maximum = getrlimit(Resource::Nofile).maximum;
    setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum }).unwrap();
    assert!(maximum.is_none_or(|most| most > 12_000), "needs 12,000 descriptors, may have {maximum:?}");
}

async fn idle_after_one_answer(program: &Program) -> TcpStream {
    let mut line = dial(program).await;
    line.write_all(b"GET /livez HTTP/1.1\r\nhost: localhost\r\n\r\n").await.unwrap();
    let mut start = [0; 12];
    line.read_exact(&mut start).await.unwrap();
    assert_eq!(&start, b"HTTP/1.1 200");
    line
}

#[tokio::test(flavor = "multi_thread")]
async fn five_thousand_idle_connections_hold_nobody_up() {
    raise_own_limit();
    let program = Program::start();
    let (desk, _) = Api::found(&program, "Clínica Sol", "America/Sao_Paulo").await;
    let before = resident(&program);
    let mut crowd = Vec::with_capacity(IDLE);
    let begun = Instant::now();
    for number in 0..IDLE {
        crowd.push(if number < SERVED {
            idle_after_one_answer(&program).await
        } else {
            dial(&program).await
        });
    }
    let gathered = begun.elapsed();
    let grown = resident(&program).saturating_sub(before);
    let mut times = Vec::new();
    for number in 0..30 {
        // A newcomer, and somebody at work.
        let start = Instant::now();
        assert!(get(&program, "/livez").await.contains(" 200 "));
        let path = if number % 2 == 0 { desk.clinic("/rooms") } else { desk.clinic("") };
        let (status, _) = desk.ask(Method::GET, &path, None, None).await;
        assert_eq!(status, StatusCode::OK);
        times.push(start.elapsed() / 2);
    }
    times.sort();
    // Other programs on this machine may hold up a few.
    let (most, worst) = (times[times.len() * 8 / 10], times[times.len() - 1]);
    println!(
        "{IDLE} idle connections gathered in {gathered:?}: answers in {most:?}, the worst in {worst:?}, memory grew by {grown}"
    );
    assert!(most < Duration::from_millis(100) && worst < Duration::from_secs(2), "{times:?}");
    assert!(grown < MEMORY, "memory grew by {grown}");
    drop(crowd);
}

fn descriptors(program: &Program) -> usize {
    fs::read_dir(format!("/proc/{}/fd", program.id())).unwrap().count()
}

fn allow(program: &Program, descriptors: &str) {
    let limit = format!("--nofile={descriptors}:");
    let done = Command::new("prlimit").args([&limit, "--pid", &program.id().to_string()]).status();
    assert!(done.unwrap().success());
}

#[cfg(target_os = "linux")]
fn threads(program: &Program) -> usize {
    fs::read_dir(format!("/proc/{}/task", program.id())).unwrap().count()
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn a_burst_finds_the_threads_it_needs_and_makes_none() {
    let program = Program::start();
    let (desk, _) = Api::found(&program, "Clínica Sol", "America/Sao_Paulo").await;
    let before = threads(&program);
    let asked = (0..60).map(|number| {
        let desk = desk.on_own_connection();
        async move { desk.get(&format!("/api/contacts?search=ana{number}")).await }
    });
    asked.collect::<tokio::task::JoinSet<_>>().join_all().await;
    let after = threads(&program);
    // One more may be looking after the program itself just now.
    assert!(after <= before + 2, "{before} threads before, {after} after");
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn a_program_out_of_descriptors_serves_those_it_has_and_recovers() {
    let program = Program::start();
    let (desk, _) = Api::found(&program, "Clínica Sol", "America/Sao_Paulo").await;
    let patient = |n: usize| json!({ "name": format!("Paciente {n}"), "phone": format!("1195555{n:04}") });
    desk.post("/api/contacts", patient(0)).await;
    allow(&program, &(descriptors(&program) + 6).to_string());
    let mut crowd = Vec::new();
    for _ in 0..80 {
        let mut line = dial(&program).await;
        let _ = line.write_all(b"GET /livez HTTP/1.1\r\nhost: localhost\r\n\r\n").await;
        crowd.push(line);
    }
    tokio::time::sleep(Duration::from_millis(300)).await;
    // Whoever was connected works on, also by writing.
    for n in 1..10 {
        let (status, body) = desk.ask(Method::POST, "/api/contacts", None, Some(patient(n))).await;
        assert_eq!(status, StatusCode::CREATED, "{body}");
    }
    drop(crowd);
    let start = Instant::now();
    assert!(get(&program, "/livez").await.contains(" 200 "));
    assert!(start.elapsed() < Duration::from_secs(2), "back only after {:?}", start.elapsed());
    allow(&program, "4096");
    assert_eq!(desk.get("/api/contacts?search=paciente").await["items"].as_array().unwrap().len(), 10);
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_gets_very_few_descriptors_still_serves_a_desk() {
    let mut program = Program::start_under("ulimit -n 64");
    let (desk, _) = Api::found(&program, "Clínica Sol", "America/Sao_Paulo").await;
    let mut crowd = Vec::new();
    for _ in 0..100 {
        crowd.push(dial(&program).await);
    }
    let patient = json!({ "name": "Paciente", "phone": "11955550000" });
    let (status, body) = ask_again(&desk, Method::POST, "/api/contacts", Some(patient)).await;
    assert_eq!(status, StatusCode::CREATED, "{body}");
    // A browser opens six connections and keeps them.
    let lines: Vec<Api> = (0..6).map(|_| desk.on_own_connection()).collect();
    for line in &lines {
        let (status, _) = ask_again(line, Method::GET, &desk.clinic("/rooms"), None).await;
        assert_eq!(status, StatusCode::OK);
    }
    drop(crowd);
    let (_, found) = ask_again(&desk, Method::GET, "/api/contacts?search=paciente", None).await;
    assert_eq!(found["items"].as_array().unwrap().len(), 1);
    program.stop();
    assert_eq!(program.check()["ok"], true);
}

/// Asks as a browser does where there are few connections to be had: a lost one is tried again, for four seconds.
#[cfg(target_os = "linux")]
async fn ask_again(desk: &Api, method: Method, path: &str, body: Option<Value>) -> (StatusCode, Value) {
    for _ in 0..20 {
        if let Some(answer) = desk.try_ask(method.clone(), path, None, body.clone()).await {
            return answer;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    panic!("{path} is not answered");
}
