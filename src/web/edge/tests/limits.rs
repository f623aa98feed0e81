//! Slow, endless and too many.
use std::time::Instant;

use super::*;

/// Resident memory of this process in bytes, where the system tells.
fn resident() -> u64 {
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    pages.split(' ').nth(1).and_then(|n| n.parse::<u64>().ok()).unwrap_or_default() * 4096
}

#[tokio::test]
async fn slow_heads_are_dropped_even_when_they_drip() {
    let rig = Rig::start(short()).await;
    let mut stream = rig.connect().await;
    let start = Instant::now();
    stream.write_all(b"GET / HTTP/1.1\r\nhost: localhost\r\n").await.unwrap();
    let (mut from, mut to) = stream.split();
    let drip = async {
        while to.write_all(b"x-a: b\r\n").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
    };
    let mut end = Vec::new();
    let closed = async { from.read_to_end(&mut end).await };
    tokio::select! { () = drip => {}, _ = closed => {} }
    assert!(start.elapsed() < Duration::from_secs(2), "open for {:?}", start.elapsed());
}

#[tokio::test]
async fn a_client_that_says_nothing_is_dropped() {
    let rig = Rig::start(short()).await;
    for address in [rig.plain, rig.secure] {
        let mut silent = TcpStream::connect(address).await.unwrap();
        assert_eq!(read_all(&mut silent).await, "");
    }
}

#[tokio::test]
async fn slow_bodies_are_cut_off() {
    let rig = Rig::start(short()).await;
    let mut stream = rig.connect().await;
    stream
        .write_all(b"POST /upload HTTP/1.1\r\nhost: localhost\r\ncontent-length: 9000\r\n\r\n")
        .await
        .unwrap();
    let start = Instant::now();
    let (mut from, mut to) = stream.split();
    let drip = async {
        while to.write_all(b"x").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        std::future::pending::<()>().await;
    };
    let mut answer = vec![0; 1024];
    tokio::select! { () = drip => {}, read = from.read(&mut answer) => { read.unwrap(); } }
    assert!(answer.starts_with(b"HTTP/1.1 400"), "{}", String::from_utf8_lossy(&answer));
    assert!(start.elapsed() < Duration::from_secs(2));
}

/// Floods `path` with chunks until the server answers; returns the answer and the bytes sent.
async fn flood(rig: &Rig, path: &str) -> (String, usize) {
    let mut stream = rig.connect().await;
    let head = format!("POST {path} HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    let chunk = [b"10000\r\n".as_slice(), &vec![b'x'; 0x10000], b"\r\n"].concat();
    let (mut from, mut to) = stream.split();
    let mut sent = 0;
    let send = async {
        while sent < 200 << 20 && to.write_all(&chunk).await.is_ok() {
            sent += chunk.len();
        }
        std::future::pending::<()>().await;
    };
    let mut answer = vec![0; 8192];
    tokio::select! { () = send => {}, read = from.read(&mut answer) => answer.truncate(read.unwrap_or(0)) }
    (String::from_utf8_lossy(&answer).into_owned(), sent)
}

#[tokio::test]
async fn a_chunked_flood_is_refused_in_little_memory() {
    let rig = Rig::start(Limits::default()).await;
    let before = resident();
    let (answer, sent) = flood(&rig, "/upload").await;
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer:?} after {sent}");
    let (answer, sent) = flood(&rig, "/careless").await;
    assert!(answer.ends_with("cut"), "{answer:?} after {sent}");
    // Other tests of this process grow meanwhile; without the limit it would be 200 MB each.
    let grown = resident().saturating_sub(before);
    assert!(grown < 64 << 20, "grew by {grown}");
}

#[tokio::test]
async fn an_announced_flood_is_refused_before_it_is_sent() {
    let rig = Rig::start(Limits::default()).await;
    let post =
        |length: u64| format!("POST /upload HTTP/1.1\r\nhost: localhost\r\ncontent-length: {length}\r\n\r\n");
    for length in [10_001, 1 << 40] {
        let mut stream = rig.connect().await;
        stream.write_all(post(length).as_bytes()).await.unwrap();
        let mut answer = [0; 12];
        stream.read_exact(&mut answer).await.unwrap();
        assert_eq!(&answer, b"HTTP/1.1 413", "{length}");
    }
    let fits = rig
        .ask("POST /upload HTTP/1.1\r\nhost: localhost\r\ncontent-length: 2\r\nconnection: close\r\n\r\nhi")
        .await;
    assert!(fits.ends_with("\r\n\r\n2"), "{fits}");
}

#[tokio::test]
async fn whoever_is_refused_in_the_middle_of_sending_hears_why() {
    let rig = Rig::start(Limits::default()).await;
    for (sender, status) in [("host: evil.example", "421"), ("host: localhost\r\norigin: null", "403")] {
        let mut stream = rig.connect().await;
        let head = format!("POST /upload HTTP/1.1\r\n{sender}\r\ncontent-length: 4194304\r\n\r\n");
        stream.write_all(head.as_bytes()).await.unwrap();
        tokio::time::sleep(Duration::from_millis(50)).await;
        stream.write_all(&vec![b'x'; 4 << 20]).await.expect("the rest is taken");
        let mut answer = [0; 12];
        stream.read_exact(&mut answer).await.unwrap();
        assert_eq!(answer, format!("HTTP/1.1 {status}").as_bytes());
    }
}

#[tokio::test]
async fn an_oversized_head_is_refused() {
    let rig = Rig::start(short()).await;
    let many = "x-a: b\r\n".repeat(300);
    let large = format!("x-a: {}\r\n", "b".repeat(100_000));
    for headers in [many, large] {
        let answer = rig.ask(&format!("GET / HTTP/1.1\r\nhost: localhost\r\n{headers}\r\n")).await;
        assert!(answer.starts_with("HTTP/1.1 431") || answer.is_empty(), "{answer}");
        assert!(!answer.contains("hello"));
    }
}

#[tokio::test]
async fn a_crowd_of_silent_clients_does_not_lock_others_out() {
    let rig = Rig::start(Limits { waiting: 20, ..Limits::default() }).await;
    let mut crowd = Vec::new();
    for _ in 0..100 {
        crowd.push(rig.connect().await);
    }
    let start = Instant::now();
    assert!(rig.get("/").await.ends_with("hello"));
    assert!(start.elapsed() < Duration::from_secs(2));
}
