//! A clock that is wrong and is set right: it may end sessions early, never keep one or a closed door longer than meant, and the
//! trail goes on.
use poem::http::Method;
use serde_json::json;
use taskmed::access::{session, throttle};

use crate::support::{
    Practice, World,
    practice::{WEDNESDAY, at},
    world::{PASSWORD, SOL},
};

const DAY: i64 = 24 * 3600;

#[tokio::test(flavor = "multi_thread")]
async fn a_door_closed_by_a_clock_that_was_a_day_ahead_does_not_stay_closed_for_a_day() {
    let world = World::new().await;
    let stranger = world.stranger();
    let try_with = |email: &'static str, password: &'static str| {
        stranger.post("/api/auth/login", json!({ "clinic_id": SOL, "email": email, "password": password }))
    };
    world.clock.advance(DAY);
    for _ in 0..throttle::FAILURES {
        try_with("owner@sol.example", "wrong").await.problem(401, "wrong_credentials");
    }
    for n in throttle::FAILURES..i64::from(throttle::TRIES_PER_ADDRESS) {
        let email = format!("n{n}@sol.example");
        let body = json!({ "clinic_id": SOL, "email": email, "password": "wrong" });
        stranger.post("/api/auth/login", body).await.problem(401, "wrong_credentials");
    }
    try_with("owner@sol.example", PASSWORD).await.problem(429, "too_many");
    world.clock.advance(-DAY);
    try_with("owner@sol.example", PASSWORD).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_door_closed_to_everyone_opens_when_the_clock_is_set_back() {
    let world = World::new().await;
    world.clock.advance(DAY);
    let grant = taskmed::access::Grant::<taskmed::access::permissions::OwnSession>::of_program(
        world.clinic(SOL),
        "test",
    );
    let fail = |tx: &mut taskmed::db::WriteTx<'_>| {
        (0..throttle::FAILURES_IN_ALL).try_for_each(|_| throttle::failed(tx, 1))
    };
    grant.housekeep(fail).await.unwrap();
    assert!(grant.read(|tx| throttle::door_is_open(tx, 1)).await.is_err());
    world.clock.advance(-DAY);
    grant.read(|tx| throttle::door_is_open(tx, 1)).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_opened_tomorrow_does_not_outlive_one_opened_today() {
    let world = World::new().await;
    world.clock.advance(DAY);
    let desk = world.front_desk().await;
    desk.get("/api/clinic/1/rooms").await.expect(200);
    world.clock.advance(-DAY);
    desk.get("/api/clinic/1/rooms").await.problem(401, "unauthenticated");
    // Clocks are put right by seconds all the time: that ends nothing.
    let desk = world.front_desk().await;
    world.clock.advance(-session::SKEW_SECONDS);
    desk.get("/api/clinic/1/rooms").await.expect(200);
    let listed = desk.get("/api/auth/sessions").await.expect(200);
    assert_eq!(
        listed["items"].as_array().unwrap().len(),
        1,
        "the one of tomorrow is not among them: {listed}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_trail_and_the_agenda_go_on_whichever_way_the_clock_jumps() {
    let practice = Practice::new().await;
    let mut booked = Vec::new();
    for (hour, jump) in [(8, DAY), (9, -DAY), (10, -DAY), (14, 2 * DAY), (15, -DAY)] {
        let desk = practice.world.front_desk().await;
        let starts_at = at(WEDNESDAY, &format!("{hour:02}:00"));
        let body = practice.request(json!({ "starts_at": starts_at }));
        let made = desk.post("/api/appointments", body.clone()).await.expect(201);
        desk.send(Method::POST, "/api/appointments", &[], Some(body)).await.problem(409, "slot_taken");
        booked.push(made["id"].clone());
        practice.world.clock.advance(jump);
    }
    let desk = practice.world.front_desk().await;
    let day = desk.get(&format!("/api/agenda?date={WEDNESDAY}")).await.expect(200);
    assert_eq!(day["appointments"].as_array().unwrap().len(), booked.len());
    let check = move || practice.world.clinic(SOL).check().unwrap();
    let report = tokio::task::spawn_blocking(check).await.unwrap();
    assert_eq!(report.problems, Vec::<String>::new());
    assert!(report.audit_entries > 10);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_trail_is_read_in_the_order_in_which_it_was_written_whichever_way_the_clock_jumps() {
    let world = World::new().await;
    for (number, jump) in [DAY, -DAY, -DAY, 2 * DAY, -DAY].into_iter().enumerate() {
        let desk = world.front_desk().await;
        let phone = format!("11 98888-777{number}");
        desk.post("/api/contacts", json!({ "name": "Ana", "phone": phone })).await.expect(201);
        world.clock.advance(jump);
    }
    let owner = world.owner().await;
    let (mut url, mut read) = ("/api/audit?limit=3".to_owned(), Vec::new());
    loop {
        let page = owner.get(&url).await.expect(200);
        read.extend(page["items"].as_array().unwrap().clone());
        let Some(next) = page["next"].as_str() else { break };
        url = format!("/api/audit?limit=3&cursor={next}");
    }
    let seqs: Vec<_> = read.iter().map(|entry| entry["seq"].as_i64().unwrap()).collect();
    assert_eq!(seqs, (1..=seqs[0]).rev().collect::<Vec<_>>());
    // A day has what its own clock said, in that order too.
    let of_day = "/api/audit?date_from=2026-11-25&date_to=2026-11-25";
    let tomorrow = owner.get(of_day).await.expect(200)["items"].as_array().unwrap().clone();
    let told: Vec<_> =
        read.iter().filter(|entry| entry["at"].as_str().unwrap().starts_with("2026-11-25")).collect();
    assert_eq!(tomorrow.iter().collect::<Vec<_>>(), told);
    assert!(tomorrow.len() > 1);
}
