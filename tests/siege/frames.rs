//! HTTP/2 by hand: frames that cost nothing to send, without an end, and nothing read of what comes back. The connection is ended
//! or goes on at its own cost; the program spends little on it, and others notice nothing.
use std::time::{Duration, Instant};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    time::timeout,
};

use super::{
    floods::others_are_served,
    wire::{dial_secure, get, honest_request, processor_time, resident},
};
use crate::browser::program::Program;

const DATA: u8 = 0;
const HEADERS: u8 = 1;
const PRIORITY: u8 = 2;
const SETTINGS: u8 = 4;
const PING: u8 = 6;
const WINDOW_UPDATE: u8 = 8;
const CONTINUATION: u8 = 9;
const END_HEADERS: u8 = 4;

/// Bytes sent at most in each way; more than any honest client sends before it has an answer.
const MOST: usize = 24 << 20;

fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    [&length[1..], &[kind, flags], &stream.to_be_bytes(), payload].concat()
}

/// What the endless frames of one connection may cost at most, in honest requests.
const REQUESTS: f64 = 20_000.0;

/// `POST https://localhost/`, in the table's own words (RFC 7541).
fn request() -> Vec<u8> {
    [b"\x83\x87\x84\x41\x09".as_slice(), b"localhost"].concat()
}

/// What is sent first, and what is sent again and again.
fn floods() -> Vec<(&'static str, Vec<u8>, Vec<u8>)> {
    let open = frame(HEADERS, END_HEADERS, 1, &request());
    let line = b"\x00\x03x-a\x02bc".repeat(1500);
    vec![
        ("continuation", frame(HEADERS, 0, 1, &request()), frame(CONTINUATION, 0, 1, &line)),
        ("empty continuation", frame(HEADERS, 0, 1, &request()), frame(CONTINUATION, 0, 1, b"").repeat(1000)),
        ("empty data", open.clone(), frame(DATA, 0, 1, b"").repeat(1000)),
        ("padding", open.clone(), frame(DATA, 8, 1, &[&[255], [0; 255].as_slice()].concat()).repeat(50)),
        ("ping", Vec::new(), frame(PING, 0, 0, &[7; 8]).repeat(1000)),
        ("settings", Vec::new(), frame(SETTINGS, 0, 0, b"").repeat(1000)),
        ("priority", Vec::new(), frame(PRIORITY, 0, 3, &[0, 0, 0, 1, 1]).repeat(1000)),
        ("window", open, frame(WINDOW_UPDATE, 0, 1, &[0, 0, 0, 1]).repeat(1000)),
        ("unknown", Vec::new(), frame(0xee, 0, 0, &[1; 64]).repeat(200)),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn frames_without_an_end_cost_the_program_little() {
    let program = Program::start();
    assert!(get(&program, "/livez").await.contains(" 200 "));
    let honest = honest_request(&program).await;
    for (name, first, again) in floods() {
        let (before, used, start) = (resident(&program), processor_time(&program), Instant::now());
        let mut line = dial_secure(&program, b"h2").await;
        line.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").await.unwrap();
        line.write_all(&[frame(SETTINGS, 0, 0, b""), first].concat()).await.unwrap();
        let mut sent = 0;
        while sent < MOST
            && let Ok(Ok(())) = timeout(Duration::from_millis(700), line.write_all(&again)).await
        {
            sent += again.len();
        }
        others_are_served(&program).await;
        let grown = resident(&program).saturating_sub(before);
        let used = processor_time(&program) - used;
        let ended = timeout(Duration::from_millis(200), async {
            while line.read(&mut [0; 16 * 1024]).await.is_ok_and(|read| read > 0) {}
        });
        let ended = ended.await.is_ok();
        let requests = used as f64 / honest;
        println!(
            "{name}: {sent} bytes in {:?}, ended {ended}, processor of {requests:.0} requests, {grown} bytes",
            start.elapsed()
        );
        assert!(grown < 24 << 20, "{name}: grew by {grown}");
        assert!(requests < REQUESTS, "{name}: as dear as {requests:.0} requests for {sent} bytes");
    }
}
