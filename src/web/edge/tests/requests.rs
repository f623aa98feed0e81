//! What is let through, what is refused, and what every answer carries.
use super::*;

fn head_of(answer: &str) -> String {
    answer.split("\r\n\r\n").next().unwrap_or_default().to_ascii_lowercase()
}

#[tokio::test]
async fn a_plain_request_is_answered() {
    let rig = Rig::start(Limits::default()).await;
    let answer = rig.get("/").await;
    assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("hello"), "{answer}");
    assert!(rig.get("/who").await.ends_with("tls=false loopback=true"));
}

#[tokio::test]
async fn a_foreign_or_missing_host_is_refused() {
    let rig = Rig::start(Limits::default()).await;
    let rebound = rig.ask("GET / HTTP/1.1\r\nhost: evil.example\r\nconnection: close\r\n\r\n").await;
    assert!(rebound.starts_with("HTTP/1.1 421") && rebound.contains("application/problem+json"), "{rebound}");
    assert!(rebound.contains("\"code\":\"foreign_host\""));
    let missing = rig.ask("GET / HTTP/1.1\r\nconnection: close\r\n\r\n").await;
    assert!(missing.starts_with("HTTP/1.1 400") && missing.contains("unclear_host"), "{missing}");
}

#[tokio::test]
async fn another_site_may_not_write() {
    let rig = Rig::start(Limits::default()).await;
    let post = |more: &str| {
        format!("POST / HTTP/1.1\r\nhost: localhost\r\n{more}content-length: 0\r\nconnection: close\r\n\r\n")
    };
    for more in ["sec-fetch-site: cross-site\r\n", "origin: https://evil.example\r\n", "origin: null\r\n"] {
        let answer = rig.ask(&post(more)).await;
        assert!(answer.starts_with("HTTP/1.1 403") && answer.contains("cross_site"), "{more}: {answer}");
    }
    assert!(
        rig.ask(&post("sec-fetch-site: same-origin\r\norigin: http://localhost\r\n")).await.contains("200")
    );
}

#[tokio::test]
async fn every_answer_carries_the_headers() {
    let rig = Rig::start(Limits::default()).await;
    let foreign = rig.ask("GET / HTTP/1.1\r\nhost: evil.example\r\nconnection: close\r\n\r\n").await;
    for answer in [rig.get("/").await, rig.get("/nowhere").await, rig.get("/broken").await, foreign] {
        let head = head_of(&answer);
        for name in [
            "content-security-policy: default-src 'none'",
            "cross-origin-resource-policy: same-origin",
            "referrer-policy: no-referrer",
            "x-content-type-options: nosniff",
            "cache-control: no-store",
            "x-request-id: ",
        ] {
            assert!(head.contains(name), "{name} is missing in {head}");
        }
        assert!(!head.contains("strict-transport-security"));
    }
}

#[tokio::test]
async fn a_panic_costs_one_request() {
    let rig = Rig::start(Limits::default()).await;
    let mut stream = rig.connect().await;
    let twice = "GET /broken HTTP/1.1\r\nhost: localhost\r\n\r\n\
                 GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
    stream.write_all(twice.as_bytes()).await.unwrap();
    let answers = read_all(&mut stream).await;
    assert!(answers.contains("HTTP/1.1 500") && answers.contains("\"code\":\"internal\""), "{answers}");
    assert!(!answers.contains("on purpose"));
    assert!(answers.ends_with("hello"));
}

#[tokio::test]
async fn head_has_the_length_and_no_body() {
    let rig = Rig::start(Limits::default()).await;
    let answer = rig.ask("HEAD /ping HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("\r\n\r\n"), "{answer}");
    assert!(head_of(&answer).contains("content-length: 4"), "{answer}");
}

#[tokio::test]
async fn malformed_requests_never_reach_a_route() {
    let rig = Rig::start(short()).await;
    for nonsense in [
        "GET / HTTP/1.1\r\nhost: localhost\r\nhost: localhost\r\n\r\n",
        "GET / HTTP/1.1\r\nhost: localhost\r\nbad header\r\n\r\n",
        "\0\0\0\0\r\n\r\n",
        "POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nxx",
        "POST / HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked, gzip\r\n\r\nxx",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ] {
        let answer = rig.ask(nonsense).await;
        assert!(!answer.contains("hello") && !answer.contains("HTTP/1.1 5"), "{nonsense:?}: {answer}");
    }
}
