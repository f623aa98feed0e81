//! What a program built with the feature `otel` tells a collector: every request, and nothing anybody typed.
use std::sync::{Arc, Mutex};

use poem::http::Method;
use serde_json::json;
use taskmed::web::otel;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

use crate::support::World;

/// Stands in everything that is typed.
const MARK: &str = "Quetzalmarca";

/// A collector of the test's own: the path and the body of each request, as text where it is text.
struct Collector {
    address: String,
    heard: Arc<Mutex<Vec<(String, String)>>>,
}

impl Collector {
    async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let heard = Arc::new(Mutex::new(Vec::new()));
        let told = Arc::clone(&heard);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let told = Arc::clone(&told);
                tokio::spawn(async move {
                    if let Some(request) = take(stream).await {
                        told.lock().unwrap().push(request);
                    }
                });
            }
        });
        Self { address, heard }
    }

    fn told(&self, path: &str) -> String {
        let heard = self.heard.lock().unwrap();
        heard.iter().filter(|(to, _)| to == path).map(|(_, body)| body.as_str()).collect()
    }
}

async fn take(mut stream: TcpStream) -> Option<(String, String)> {
    let (mut bytes, mut buffer) = (Vec::new(), [0; 16 * 1024]);
    loop {
        let n = stream.read(&mut buffer).await.ok().filter(|n| *n > 0)?;
        bytes.extend_from_slice(&buffer[..n]);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let Some((head, _)) = text.split_once("\r\n\r\n") else { continue };
        let length = head
            .to_ascii_lowercase()
            .split("content-length: ")
            .nth(1)?
            .split("\r\n")
            .next()?
            .parse::<usize>()
            .ok()?;
        if bytes.len() >= head.len() + 4 + length {
            let body = String::from_utf8_lossy(&bytes[head.len() + 4..]).into_owned();
            stream
                .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
                .await
                .ok()?;
            return Some((head.split(' ').nth(1)?.to_owned(), body));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collector_hears_of_every_request_and_of_nothing_that_was_typed() {
    let (world, collector) = (World::new().await, Collector::open().await);
    otel::start(&world.context, &collector.address).unwrap();
    let desk = world.front_desk().await;
    let person = json!({ "name": format!("{MARK} da Silva"), "phone": "11 98765-4321", "notes": MARK });
    let made = desk.post("/api/contacts", person).await.expect(201);
    desk.get(&format!("/api/contacts/{}", made["id"])).await.expect(200);
    desk.get(&format!("/api/contacts?search={MARK}")).await.expect(200);
    desk.get(&format!("/api/contacts/{MARK}")).await;
    desk.send(Method::from_bytes(MARK.to_uppercase().as_bytes()).unwrap(), "/api/contacts", &[], None).await;
    otel::flush(&world.context).await;
    let spans = collector.told("/v1/traces");
    for told in [
        "POST /api/contacts",
        "GET /api/contacts/{id}",
        "_OTHER /api/contacts",
        "http.route",
        "taskmed.request_id",
        "taskmed.clinic",
        "taskmed",
    ] {
        assert!(spans.contains(told), "{told} is not in {spans}");
    }
    let figures = collector.told("/v1/metrics");
    for told in ["http.server.request.duration", "/api/contacts/{id}", "taskmed.alerts.firing"] {
        assert!(figures.contains(told), "{told} is not in {figures}");
    }
    for marked in [MARK, &MARK.to_uppercase(), "98765", "front_desk@sol.example", "127.0.0.1"] {
        assert!(!spans.contains(marked) && !figures.contains(marked), "{marked} was told");
    }
    otel::stop(&world.context).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collector_that_is_not_there_keeps_nobody_waiting() {
    let world = World::new().await;
    otel::start(&world.context, "http://127.0.0.1:1").unwrap();
    let desk = world.front_desk().await;
    let begun = std::time::Instant::now();
    for _ in 0..50 {
        desk.get("/api/contacts").await.expect(200);
    }
    assert!(begun.elapsed() < std::time::Duration::from_secs(5), "{:?}", begun.elapsed());
    otel::stop(&world.context).await;
}
