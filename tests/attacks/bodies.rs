//! Bodies that are small on the wire and large or deep inside, and bodies that are simply too large: each is refused for what it
//! is, in little time, by every route that takes one.
use std::time::{Duration, Instant};

use poem::http::Method;
use taskmed::{app, web::Route};

use crate::{
    browser::{api::Api, program::Program},
    support::{Desk, World},
};

/// What a refusal may take in an unoptimised program beside others; a body that is really unpacked takes minutes.
const QUICK: Duration = Duration::from_secs(4);

fn takes(route: &Route, kind: &str) -> bool {
    let operation = route.operation(schemars::SchemaGenerator::default());
    operation.body.is_some_and(|body| body["content"][kind].is_object())
}

fn url(route: &Route) -> String {
    route
        .path
        .replace("{clinic_id}", "1")
        .replace("{id}", "1")
        .replace("{secret}", "x")
        .replace("{rule}", "disk")
}

/// Every route that takes JSON, but the one that makes a demonstration of nothing.
fn of_json() -> Vec<Route> {
    app::routes()
        .into_iter()
        .filter(|route| takes(route, "application/json") && route.path != "/api/setup/demo")
        .collect()
}

async fn send(owner: &Desk, route: &Route, kind: &str, bytes: Vec<u8>) -> (u16, Duration) {
    let (start, url) = (Instant::now(), url(route));
    let answer = owner.send_bytes(route.method.clone(), &url, &[("if-match", "\"1\"")], (Some(kind), bytes));
    let status = answer.await.status.as_u16();
    (status, start.elapsed())
}

#[tokio::test(flavor = "multi_thread")]
async fn deep_and_repetitive_json_is_refused_by_every_route_at_once() {
    let world = World::new().await;
    let owner = world.owner().await;
    let deep = [
        "[".repeat(100_000),
        "{\"a\":".repeat(50_000),
        format!("{{\"name\":{}1{}}}", "[".repeat(90_000), "]".repeat(90_000)),
    ];
    let routes = of_json();
    assert!(routes.len() > 15);
    for route in &routes {
        for body in &deep {
            let (status, took) = send(&owner, route, "application/json", body.clone().into_bytes()).await;
            assert!(matches!(status, 400 | 413), "{} {}: {status}", route.method, route.path);
            assert!(took < QUICK, "{} {} took {took:?}", route.method, route.path);
        }
        // Many members, many elements, numbers without an end, half a letter.
        for body in [
            format!("{{{}\"z\":1}}", (0..20_000).map(|n| format!("\"k{n}\":1,")).collect::<String>()),
            format!("{{\"allergies\":[{}\"x\"]}}", "\"x\",".repeat(50_000)),
            format!("{{\"name\":1{}}}", "0".repeat(200_000)),
            "{\"name\":1e999999999}".to_owned(),
            "{\"name\":\"\\ud800\"}".to_owned(),
        ] {
            let (status, took) = send(&owner, route, "application/json", body.into_bytes()).await;
            assert!((400..500).contains(&status), "{} {}: {status}", route.method, route.path);
            assert!(took < QUICK, "{} {} took {took:?}", route.method, route.path);
        }
    }
}

/// A gigabyte of nothing as gzip says it: some 1 MB, here the start of it, which is enough to be taken for it.
const GZIP: [u8; 18] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 3, 0xec, 0xc1, 1, 1, 0, 0, 0, 0x80];

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_is_packed_is_unpacked() {
    let program = Program::start();
    let (owner, _) = Api::found(&program, "Clínica Sol", "America/Sao_Paulo").await;
    for route in
        app::routes().iter().filter(|route| takes(route, "application/json") || takes(route, "text/csv"))
    {
        let kind = if takes(route, "text/csv") { "text/csv" } else { "application/json" };
        for encoding in ["gzip", "deflate", "br", "zstd", "compress", "gzip, gzip", "x-unknown"] {
            let url = url(route);
            let sent = owner.send_encoded(route.method.clone(), &url, (kind, encoding), GZIP.to_vec());
            let status = sent.await;
            assert_eq!(status.as_u16(), 415, "{} {} as {encoding}", route.method, route.path);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_is_an_archive_is_no_list_and_one_too_large_is_not_taken() {
    let world = World::new().await;
    let owner = world.owner().await;
    let path = "/api/contacts/import?dry_run=1&file_name=lista.csv";
    let archive = [b"PK\x03\x04\x14\0\0\0\x08\0".as_slice(), &[0x5a; 4096]].concat();
    for bytes in [archive, GZIP.to_vec(), vec![0; 100_000]] {
        let answer = owner.send_bytes(Method::POST, path, &[], (Some("text/csv"), bytes)).await;
        assert!(
            matches!(answer.status.as_u16(), 400 | 415 | 422),
            "{}",
            String::from_utf8_lossy(&answer.bytes)
        );
    }
    for kind in ["application/zip", "application/gzip", "multipart/form-data; boundary=x", "text/html"] {
        let answer = owner.send_bytes(Method::POST, path, &[], (Some(kind), b"name\n".to_vec())).await;
        assert_eq!(answer.status.as_u16(), 415, "{kind}");
    }
    let start = Instant::now();
    let endless = vec![b'x'; 70 << 20];
    let answer = owner.send_bytes(Method::POST, path, &[], (Some("text/csv"), endless)).await;
    assert_eq!(answer.status.as_u16(), 413);
    assert!(start.elapsed() < Duration::from_secs(5));
}
