//! The event stream: what one desk commits, another hears at once, and what it missed it hears on return.
use std::time::Duration;

use poem::{Endpoint, Request, Response};
use serde_json::json;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    time::timeout,
};

use crate::support::{Desk, World};

async fn listen(world: &World, desk: &Desk, last: Option<i64>) -> Response {
    let mut request = Request::builder().uri_str("/api/events?clinic_id=1").header("cookie", desk.cookie());
    if let Some(last) = last {
        request = request.header("last-event-id", last);
    }
    world.endpoint.call(request.finish()).await.unwrap()
}

/// Reads lines until one with `data:` of an act comes.
async fn next_act(lines: &mut (impl AsyncBufReadExt + Unpin)) -> serde_json::Value {
    let mut line = String::new();
    loop {
        line.clear();
        timeout(Duration::from_secs(5), lines.read_line(&mut line)).await.unwrap().unwrap();
        if let Some(data) = line.strip_prefix("data: ") {
            return serde_json::from_str(data).unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_hears_what_another_commits_and_what_it_missed() {
    let world = World::new().await;
    let (here, there) = (world.front_desk().await, world.owner().await);
    let mut stream = BufReader::new(listen(&world, &there, None).await.into_body().into_async_read());
    here.post("/api/clinic/1/rooms", json!({ "name": "Sala 1" })).await.expect(201);
    let heard = next_act(&mut stream).await;
    assert_eq!((heard["verb"].as_str(), heard["entity"].as_str()), (Some("created"), Some("room")));
    assert_eq!(heard["user_name"], "Pessoa front_desk");
    drop(stream);
    here.post("/api/clinic/1/rooms", json!({ "name": "Sala 2" })).await.expect(201);
    let last = heard["seq"].as_i64();
    let mut stream = BufReader::new(listen(&world, &there, last).await.into_body().into_async_read());
    assert_eq!(next_act(&mut stream).await["id"], 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_in_is_nobody_elses_news_and_a_closed_session_closes_its_stream() {
    let world = World::new().await;
    let desk = world.owner().await;
    let mut stream = BufReader::new(listen(&world, &desk, Some(0)).await.into_body().into_async_read());
    let first = next_act(&mut stream).await;
    assert_ne!(first["verb"], "signed_in");
    desk.post("/api/auth/logout", json!({})).await.expect(204);
    let mut rest = Vec::new();
    let ended =
        timeout(Duration::from_secs(8), tokio::io::AsyncReadExt::read_to_end(&mut stream, &mut rest)).await;
    assert!(ended.is_ok(), "the stream of a closed session must end");
    assert!(!String::from_utf8_lossy(&rest).contains("signed_in"));
}
