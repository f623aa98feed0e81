//! A page of another name that has been pointed at this machine (DNS rebinding) is answered nothing, on either listener and in
//! either version of HTTP.
use std::time::Duration;

use http_body_util::{BodyExt as _, Empty};
use hyper::body::Bytes;

use super::wire::{dial, dial_secure, dial2, exchange};
use crate::browser::program::Program;

const FOREIGN: [&str; 8] = [
    "evil.example",
    "localhost.evil.example",
    "evil.example.localhost.",
    "127.0.0.1.nip.example",
    "203.0.113.7",
    "[2001:db8::1]",
    "0.0.0.0",
    "evil.example:80",
];
const PATHS: [&str; 5] = ["/", "/api/setup", "/api/auth/session", "/trust/ca.pem", "/livez"];

#[tokio::test(flavor = "multi_thread")]
async fn a_rebound_name_is_answered_nothing_on_any_listener_in_any_version() {
    let program = Program::start();
    let patience = Duration::from_secs(5);
    for host in FOREIGN {
        for path in PATHS {
            let request = format!("GET {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n");
            let plain = exchange(dial(&program).await, request.as_bytes(), patience).await;
            let secure =
                exchange(dial_secure(&program, b"http/1.1").await, request.as_bytes(), patience).await;
            for answer in [plain, secure] {
                assert!(answer.starts_with("HTTP/1.1 421"), "{host}{path}: {answer}");
                assert!(answer.contains("foreign_host") && !answer.contains("set-cookie"), "{answer}");
            }
        }
        let mut send = dial2(&program).await;
        let request =
            hyper::Request::get(format!("https://{host}/api/setup")).body(Empty::<Bytes>::new()).unwrap();
        let (head, body) = send.send_request(request).await.unwrap().into_parts();
        assert_eq!(head.status, 421, "{host} over HTTP/2");
        let said = body.collect().await.unwrap().to_bytes();
        assert!(String::from_utf8_lossy(&said).contains("foreign_host"), "{host}");
    }
    for own in ["localhost", "127.0.0.1", "LOCALHOST", "localhost:8080"] {
        let request = format!("GET /livez HTTP/1.1\r\nhost: {own}\r\nconnection: close\r\n\r\n");
        let answer = exchange(dial(&program).await, request.as_bytes(), patience).await;
        assert!(answer.starts_with("HTTP/1.1 200"), "{own}: {answer}");
    }
}
