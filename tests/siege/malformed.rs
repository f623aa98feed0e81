//! What is not HTTP, or only nearly: no request is made of it, none is smuggled behind another, and nothing falls over.
use std::{sync::Arc, time::Duration};

use super::wire::{dial, dial_secure, exchange, get};
use crate::browser::program::Program;

/// How long a connection may be silent before the next one is tried. Those that wait for more to come are left.
const SILENCE: Duration = Duration::from_millis(400);

/// Requests of which none may be answered with success. `SECRET` stands where only a smuggled request would ask for it.
fn corpus() -> Vec<Vec<u8>> {
    let host = "host: localhost\r\n";
    let smuggled = format!("GET /livez?SECRET HTTP/1.1\r\n{host}\r\n");
    let post =
        |headers: &str, body: &str| format!("POST /api/auth/login HTTP/1.1\r\n{host}{headers}\r\n{body}");
    let texts = [
        // The first line.
        "\r\n\r\n\r\n\r\n".to_owned(),
        "GET\r\n\r\n".into(),
        "GET /livez\r\n\r\n".into(),
        "GET /livez HTTP/9.9\r\n\r\n".into(),
        format!("GET /livez HTTP/1.2\r\n{host}\r\n"),
        format!("GET /livez http/1.1\r\n{host}\r\n"),
        format!("GET  /livez  HTTP/1.1\r\n{host}\r\n"),
        format!("GET /live\tz HTTP/1.1\r\n{host}\r\n"),
        format!("GET /li vez HTTP/1.1\r\n{host}\r\n"),
        format!("GET livez HTTP/1.1\r\n{host}\r\n"),
        format!("GE\0T /livez HTTP/1.1\r\n{host}\r\n"),
        format!("GET /livez\0 HTTP/1.1\r\n{host}\r\n"),
        format!("G{}T /livez HTTP/1.1\r\n{host}\r\n", "E".repeat(70_000)),
        format!("GET /{} HTTP/1.1\r\n{host}\r\n", "a".repeat(70_000)),
        format!("CONNECT localhost:22 HTTP/1.1\r\n{host}\r\n"),
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".into(),
        "\u{16}\u{3}\u{1}\0\u{5}hello".into(),
        "SSH-2.0-OpenSSH_9.6\r\n".into(),
        // Whose request it is.
        "GET /livez HTTP/1.1\r\n\r\n".into(),
        "GET /livez HTTP/1.1\r\nhost:\r\n\r\n".into(),
        "GET /livez HTTP/1.1\r\nhost: localhost\r\nhost: localhost\r\n\r\n".into(),
        "GET /livez HTTP/1.1\r\nhost: localhost, evil.example\r\n\r\n".into(),
        "GET /livez HTTP/1.1\r\nhost: evil.example@localhost\r\n\r\n".into(),
        "GET /livez HTTP/1.1\r\nhost: localhost:99999999\r\n\r\n".into(),
        "GET http://evil.example/livez HTTP/1.1\r\nhost: localhost\r\n\r\n".into(),
        "GET /livez HTTP/1.1\r\nhost: local\u{7f}host\r\n\r\n".into(),
        // Header lines.
        format!("GET /livez HTTP/1.1\r\n{host}no colon\r\n\r\n"),
        format!("GET /livez HTTP/1.1\r\n{host}: no name\r\n\r\n"),
        format!("GET /livez HTTP/1.1\r\n{host}bad name: 1\r\n\r\n"),
        format!("GET /livez HTTP/1.1\r\n{host}x: a\r\n folded\r\n\r\n"),
        format!("GET /livez HTTP/1.1\r\n{host}x: a\0b\r\n\r\n"),
        format!("GET /livez HTTP/1.1\r\n{host}x : 1\r\n\r\n"),
        format!("GET /livez HTTP/1.1\r\n{host}x: {}\r\n\r\n", "b".repeat(100_000)),
        format!("GET /livez HTTP/1.1\r\n{host}{}\r\n", "x: b\r\n".repeat(300)),
        // Where a body ends, told in two ways.
        post("content-length: 1\r\ncontent-length: 2\r\n", &smuggled),
        post("content-length: 5, 6\r\n", &smuggled),
        post("content-length: -1\r\n", &smuggled),
        post("content-length: +5\r\n", &smuggled),
        post("content-length: 0x10\r\n", &smuggled),
        post("content-length: 99999999999999999999999\r\n", &smuggled),
        post("content-length: 5\r\ntransfer-encoding: chunked\r\n", &format!("0\r\n\r\n{smuggled}")),
        post(
            "transfer-encoding: chunked\r\ntransfer-encoding: identity\r\n",
            &format!("0\r\n\r\n{smuggled}"),
        ),
        post("transfer-encoding: chunked, gzip\r\n", &smuggled),
        post("transfer-encoding: xchunked\r\n", &smuggled),
        post("transfer-encoding: \u{b}chunked\r\n", &smuggled),
        post("transfer-encoding: chunked\r\n", &format!("zz\r\n{smuggled}")),
        post("transfer-encoding: chunked\r\n", &format!("-1\r\n{smuggled}")),
        post("transfer-encoding: chunked\r\n", &format!("fffffffffffffffff\r\n{smuggled}")),
        post("transfer-encoding: chunked\r\n", &format!("2\r\nab{smuggled}")),
        post("transfer-encoding: chunked\r\n", &format!("1;{}\r\na\r\n{smuggled}", "e".repeat(100_000))),
        post(
            "upgrade: h2c\r\nconnection: upgrade, http2-settings\r\nhttp2-settings: AAMAAABkAAQCAAAAAAIAAAAA\r\n",
            "",
        ),
        post("expect: 200-ok\r\ncontent-length: 2\r\n", "{}"),
    ];
    let mut all: Vec<Vec<u8>> = texts.into_iter().map(String::into_bytes).collect();
    all.push((0..=255).cycle().take(4096).collect());
    all.push(b"GET /livez\xff\xfe HTTP/1.1\r\nhost: localhost\r\nx\xff: 1\r\n\r\n".to_vec());
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_http_reaches_no_route_and_breaks_nothing() {
    let program = Arc::new(Program::start());
    let mut tries = tokio::task::JoinSet::new();
    for nonsense in corpus() {
        let program = Arc::clone(&program);
        tries.spawn(async move {
            let shown = String::from_utf8_lossy(&nonsense[..nonsense.len().min(200)]).into_owned();
            let plain = exchange(dial(&program).await, &nonsense, SILENCE).await;
            let secure = exchange(dial_secure(&program, b"http/1.1").await, &nonsense, SILENCE).await;
            for answer in [plain, secure] {
                assert!(!answer.contains(" 200 ") && !answer.contains("SECRET"), "{shown:?}: {answer}");
                assert!(!answer.contains("HTTP/1.1 5"), "{shown:?}: {answer}");
                let codes = answer.matches("HTTP/1.1 4").count();
                assert!(codes <= 1, "{shown:?} was taken for {codes} requests: {answer}");
            }
        });
    }
    while let Some(tried) = tries.join_next().await {
        tried.unwrap();
    }
    assert!(get(&program, "/livez").await.contains(" 200 "));
}

#[tokio::test(flavor = "multi_thread")]
async fn noise_on_a_good_connection_breaks_nothing() {
    let program = Program::start();
    let good = b"GET /livez HTTP/1.1\r\nhost: localhost\r\naccept: text/plain\r\n\r\n";
    let mut random = fastrand::Rng::new();
    for _ in 0..300 {
        let mut noisy = good.to_vec();
        for _ in 0..random.usize(1..4) {
            let at = random.usize(0..noisy.len());
            match random.u8(0..3) {
                0 => noisy[at] = random.u8(..),
                1 => _ = noisy.remove(at),
                _ => noisy.insert(at, random.u8(..)),
            }
        }
        noisy.extend(b"\r\nconnection: close\r\n\r\n");
        let answer = exchange(dial(&program).await, &noisy, Duration::from_millis(20)).await;
        assert!(!answer.contains("HTTP/1.1 5"), "{}: {answer}", String::from_utf8_lossy(&noisy));
    }
    assert!(get(&program, "/livez").await.contains(" 200 "));
}
