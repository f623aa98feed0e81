//! At the sign-in door: who works here is told by no byte and by no moment; a session is nobody's but the one's who opened it.
use std::time::{Duration, Instant};

use poem::{Request, http::Method};
use serde_json::{Value, json};
use taskmed::{
    access::throttle,
    web::edge::{Arrival, Peer},
};

use crate::{
    browser::{
        api::{Api, OWNER},
        program::Program,
    },
    siege::wire::{dial, exchange},
    support::{
        Answer, Desk, World,
        world::{PASSWORD, SOL},
    },
};

/// What the running program answers to a try, without what differs in every answer.
async fn raw_answer(program: &Program, email: &str, password: &str) -> String {
    let body = json!({ "clinic_id": 1, "email": email, "password": password }).to_string();
    let request = format!(
        "POST /api/auth/login HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    );
    let answer = exchange(dial(program).await, request.as_bytes(), Duration::from_secs(10)).await;
    let id = answer.split("x-request-id: ").nth(1).unwrap().split("\r\n").next().unwrap().to_owned();
    let date = answer.split("\r\ndate: ").nth(1).unwrap().split("\r\n").next().unwrap().to_owned();
    answer.replace(&id, "<id>").replace(&date, "<date>")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_bytes_of_a_refusal_do_not_tell_who_works_here() {
    let program = Program::start();
    let (owner, _) = Api::found(&program, "Clínica Sol", "America/Sao_Paulo").await;
    let person = |name: &str, email: &str| json!({ "name": name, "email": email, "roles": ["front_desk"] });
    owner.post(&owner.clinic("/users"), person("Convidada", "convidada@sol.example")).await;
    let gone = owner.post(&owner.clinic("/users"), person("Antiga", "antiga@sol.example")).await;
    let path = owner.clinic(&format!("/users/{}", gone["user"]["id"]));
    owner.patch(&path, &gone["user"]["version"], json!({ "active": false })).await;
    let known = raw_answer(&program, OWNER, "senha errada 1").await;
    assert!(known.starts_with("HTTP/1.1 401") && known.contains("wrong_credentials"), "{known}");
    for email in [
        "ninguem@sol.example",
        "convidada@sol.example",
        "antiga@sol.example",
        "x@y.example",
        "OLIVIA@SOL.EXAMPLE",
    ] {
        assert_eq!(raw_answer(&program, email, "senha errada 1").await, known, "{email}");
    }
}

/// Median times of wrong tries as each of these people, in turn.
async fn medians(world: &World, emails: &[&str], tries: usize) -> Vec<Duration> {
    let stranger = world.stranger();
    let mut times = vec![Vec::new(); emails.len()];
    for _ in 0..tries {
        for (email, times) in emails.iter().zip(&mut times) {
            world.clock.advance(throttle::LOCK_SECONDS);
            let body = json!({ "clinic_id": SOL, "email": email, "password": "senha errada 1" });
            let start = Instant::now();
            stranger.post("/api/auth/login", body).await.problem(401, "wrong_credentials");
            times.push(start.elapsed());
        }
    }
    let median = |mut all: Vec<Duration>| {
        all.sort();
        all[all.len() / 2]
    };
    times.into_iter().map(median).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_time_of_a_refusal_does_not_tell_who_works_here() {
    let world = World::new().await;
    let owner = world.owner().await;
    let invited = json!({ "name": "Convidada", "email": "convidada@sol.example", "roles": ["front_desk"] });
    owner.post("/api/clinic/1/users", invited).await.expect(201);
    let emails = ["owner@sol.example", "nobody@sol.example", "convidada@sol.example"];
    // A machine that is busy just then tells nothing either way; what tells, tells every time.
    let mut told = Vec::new();
    for _ in 0..3 {
        let medians = medians(&world, &emails, 40).await;
        let (least, most) = (medians.iter().min().unwrap(), medians.iter().max().unwrap());
        if most.as_secs_f64() < least.as_secs_f64() * 1.05 {
            println!("median times of a refusal: {medians:?}");
            return;
        }
        told.push(medians);
    }
    panic!("the time of a refusal tells {emails:?} apart: {told:?}");
}

/// Signs in with a cookie already there; answers what the program set.
async fn sign_in_holding(desk: &Desk, cookie: &str) -> Answer {
    let body = json!({ "clinic_id": SOL, "email": "owner@sol.example", "password": PASSWORD });
    desk.send(Method::POST, "/api/auth/login", &[("cookie", cookie)], Some(body)).await
}

async fn who(world: &World, cookie: &str, peer: Option<Peer>) -> u16 {
    let mut request =
        Request::builder().method(Method::GET).uri_str("/api/auth/session").header("cookie", cookie).finish();
    if let Some(peer) = peer {
        request.extensions_mut().insert(Arrival::from(peer));
    }
    world.stranger().ask(request).await.status.as_u16()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_somebody_planted_beforehand_is_not_the_one_that_opens() {
    let world = World::new().await;
    let planted = format!("taskmed_session=1.{}", "ab".repeat(32));
    let answer = sign_in_holding(&world.stranger(), &planted).await;
    let set = answer.header("set-cookie").to_owned();
    answer.expect(200);
    assert!(set.contains("HttpOnly") && set.contains("SameSite=Strict") && set.contains("Path=/"), "{set}");
    let opened = set.split(';').next().unwrap();
    assert_ne!(opened, planted);
    assert_eq!(who(&world, &planted, None).await, 401);
    // Somebody else's open session, planted, is not taken over either.
    let thief = world.front_desk().await;
    let answer = sign_in_holding(&world.stranger(), thief.cookie()).await;
    assert_ne!(answer.header("set-cookie").split(';').next().unwrap(), thief.cookie());
    assert_eq!(thief.get("/api/auth/session").await.expect(200)["user"]["roles"], json!(["front_desk"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn no_cookie_but_the_very_one_opens_and_none_from_the_wrong_side() {
    let world = World::new().await;
    let desk = world.front_desk().await;
    let (name, token) = desk.cookie().split_once('=').unwrap();
    let (clinic, secret) = token.split_once('.').unwrap();
    assert_eq!((name, clinic), ("taskmed_session", "1"));
    let last = if secret.ends_with('0') { "1" } else { "0" };
    let near = format!("{}{last}", &secret[..secret.len() - 1]);
    for wrong in [
        format!("{name}={clinic}.{near}"),
        format!("{name}=2.{secret}"),
        format!("{name}=99.{secret}"),
        format!("{name}={secret}"),
        format!("{name}={clinic}.{}", &secret[..62]),
        format!("{name}={clinic}.{secret}00"),
        format!("{name}=1.' OR '1'='1"),
        format!("{name}="),
        format!("__Host-{name}={token}"),
    ] {
        assert_eq!(who(&world, &wrong, None).await, 401, "{wrong}");
    }
    // The cookie of plain HTTP on this machine is none over TLS from another.
    let outside = Peer { addr: ([192, 168, 0, 9], 40_000).into(), tls: true, loopback: false };
    assert_eq!(who(&world, desk.cookie(), Some(outside)).await, 401);
    assert_eq!(who(&world, desk.cookie(), None).await, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stolen_session_is_seen_by_its_owner_and_ends_at_their_word() {
    let world = World::new().await;
    for end in ["sign out", "revoke", "password"] {
        let mut owner = world.owner().await;
        let stolen = owner.cookie().to_owned();
        assert_eq!(who(&world, &stolen, None).await, 200);
        if end == "sign out" {
            owner.post("/api/auth/logout", json!({})).await.expect(204);
        } else {
            let first = owner;
            owner = world.owner().await;
            let all = owner.get("/api/auth/sessions").await.expect(200);
            let other = |one: &&Value| one["current"] == false;
            let other = all["items"].as_array().unwrap().iter().find(other).unwrap().clone();
            assert!(other["origin"].is_string() && other["user_agent"].is_string(), "{other}");
            if end == "revoke" {
                let path = format!("/api/auth/sessions/{}", other["id"]);
                owner.send(Method::DELETE, &path, &[], None).await.expect(204);
            } else {
                let change = json!({ "current_password": PASSWORD, "new_password": "outra janela boa 77" });
                owner.post("/api/auth/password", change).await.expect(204);
            }
            first.get("/api/auth/session").await.problem(401, "unauthenticated");
            world.clock.advance(throttle::WINDOW_SECONDS);
        }
        assert_eq!(who(&world, &stolen, None).await, 401, "after {end}");
    }
}
