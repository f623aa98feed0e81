//! Slow and endless clients against the real program with its real limits.
use std::time::{Duration, Instant};

use http_body_util::Empty;
use hyper::body::Bytes;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

use super::wire::{dial, dial2, get, honest_request, processor_time, resident};
use crate::browser::program::Program;

/// Somebody else is answered soon, whatever goes on: the quickest of three, for other programs on this machine may hold up one.
pub async fn others_are_served(program: &Program) {
    let mut waited = Duration::MAX;
    for _ in 0..3 {
        let start = Instant::now();
        assert!(get(program, "/livez").await.contains(" 200 "));
        waited = waited.min(start.elapsed());
    }
    assert!(waited < Duration::from_millis(500), "another waited {waited:?}");
}

/// Drips one more header line every second and says how long the program put up with it.
async fn drip(mut line: TcpStream, start: &'static [u8], drop: &'static [u8]) -> Duration {
    let begun = Instant::now();
    let (mut from, mut to) = line.split();
    let send = async {
        if to.write_all(start).await.is_ok() {
            while to.write_all(drop).await.is_ok() {
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        }
        std::future::pending::<()>().await;
    };
    let mut answer = [0; 1024];
    let closed = async { while from.read(&mut answer).await.is_ok_and(|read| read > 0) {} };
    tokio::select! {
        () = send => {}
        () = closed => {}
        () = tokio::time::sleep(Duration::from_secs(30)) => {}
    }
    begun.elapsed()
}

#[tokio::test(flavor = "multi_thread")]
async fn slow_heads_and_slow_bodies_are_dropped_and_hold_nobody_up() {
    let program = Program::start();
    let head = b"GET / HTTP/1.1\r\nhost: localhost\r\n";
    let body =
        b"POST /api/auth/login HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 900\r\n\r\n{";
    let mut slow = tokio::task::JoinSet::new();
    for number in 0..400 {
        let line = dial(&program).await;
        slow.spawn(async move {
            if number % 2 == 0 { drip(line, head, b"x-a: b\r\n").await } else { drip(line, body, b" ").await }
        });
    }
    for _ in 0..10 {
        others_are_served(&program).await;
    }
    let mut longest = Duration::ZERO;
    while let Some(endured) = slow.join_next().await {
        longest = longest.max(endured.unwrap());
    }
    println!("400 slow clients: the last was let go after {longest:?}");
    assert!(longest < Duration::from_secs(20), "one was endured for {longest:?}");
}

/// Sends without an end until the program closes or has answered; answers what it said.
async fn flood(program: &Program, head: &[u8], part: &[u8], most: usize) -> (String, usize) {
    let mut line = dial(program).await;
    line.write_all(head).await.unwrap();
    let (mut from, mut to) = line.split();
    let mut sent = 0;
    let send = async {
        while sent < most && to.write_all(part).await.is_ok() {
            sent += part.len();
        }
        std::future::pending::<()>().await;
    };
    let mut answer = vec![0; 4096];
    let read = async { timeout(Duration::from_secs(10), from.read(&mut answer)).await };
    let read = tokio::select! { () = send => 0, read = read => read.map_or(0, |read| read.unwrap_or(0)) };
    answer.truncate(read);
    (String::from_utf8_lossy(&answer).into_owned(), sent)
}

#[tokio::test(flavor = "multi_thread")]
async fn floods_of_headers_and_bodies_are_refused_in_little_memory() {
    let program = Program::start();
    others_are_served(&program).await;
    let before = resident(&program);
    let post = "POST /api/auth/login HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n";
    let lines = b"x-header: value\r\n".repeat(4096);
    let chunk = [b"10000\r\n".as_slice(), &vec![b'x'; 0x10000], b"\r\n"].concat();
    let long = vec![b'y'; 0x10000];
    for round in 0..20 {
        let (said, sent) = flood(&program, b"GET / HTTP/1.1\r\nhost: localhost\r\n", &lines, 200 << 20).await;
        assert!(said.is_empty() || said.starts_with("HTTP/1.1 431"), "{said} after {sent}");
        let (said, sent) = flood(&program, b"GET /", &long, 200 << 20).await;
        assert!(said.is_empty() || said.starts_with("HTTP/1.1 4"), "{said} after {sent}");
        let head = format!("{post}transfer-encoding: chunked\r\n\r\n");
        let (said, sent) = flood(&program, head.as_bytes(), &chunk, 200 << 20).await;
        assert!(said.starts_with("HTTP/1.1 413"), "round {round}: {said:?} after {sent}");
        assert!(sent < 64 << 20, "took {sent}");
    }
    others_are_served(&program).await;
    let grown = resident(&program).saturating_sub(before);
    assert!(grown < 48 << 20, "grew by {grown}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_resets_stream_after_stream_costs_little_and_harms_only_itself() {
    let program = Program::start();
    others_are_served(&program).await;
    let honest = honest_request(&program).await;
    let (before, used) = (resident(&program), processor_time(&program));
    let mut opened = 0;
    for _ in 0..5 {
        let mut send = dial2(&program).await;
        for _ in 0..1000 {
            let Ok(()) = send.ready().await else { break };
            let request =
                hyper::Request::get("https://localhost/api/setup").body(Empty::<Bytes>::new()).unwrap();
            // Dropping the answer resets the stream.
            let _ = timeout(Duration::from_micros(1), send.send_request(request)).await;
            opened += 1;
        }
    }
    others_are_served(&program).await;
    let (grown, used) = (resident(&program).saturating_sub(before), processor_time(&program) - used);
    let each = used as f64 / honest / f64::from(opened);
    println!("{opened} streams opened and reset: each the processor of {each:.2} requests, {grown} bytes");
    assert!(each < 3.0, "a stream that is reset is as dear as {each:.2} requests");
    assert!(grown < 48 << 20, "grew by {grown}");
}
