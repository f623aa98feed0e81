//! The measured limit at the sign-in door, and what gives way where too much is under way.
use std::fs;

use serde_json::{Value, json};
use taskmed::{
    access::{Role, house},
    base::Choice,
    web::Weight,
};

use crate::support::{
    Desk, World,
    desk::Answer,
    world::{PASSWORD, SOL},
};

/// Writes down a measurement with this limit.
fn measured(world: &World, recommended: usize) {
    let kept = json!({
        "version": "0.1.0", "measured_at": "2026-11-24T12:00:00Z", "people": recommended * 5 / 4,
        "recommended": recommended, "alert_at": recommended * 4 / 5,
    });
    fs::write(world.folder.path().join(house::FILE), kept.to_string()).unwrap();
}

async fn try_password(world: &World, email: &str, password: &str) -> Answer {
    let who = json!({ "clinic_id": SOL, "email": email, "password": password });
    Desk::new(world.endpoint.clone(), SOL).post("/api/auth/login", who).await
}

async fn try_to_enter(world: &World, email: &str) -> Answer {
    try_password(world, email, PASSWORD).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_house_asks_newcomers_to_wait_and_lets_those_at_work_and_the_owner_in() {
    let world = World::new().await;
    measured(&world, 2);
    let desk = world.desk(Role::FrontDesk).await;
    let professional = world.desk(Role::Professional).await;
    let answer = try_to_enter(&world, "finance@sol.example").await;
    assert_eq!(answer.header("retry-after"), "20");
    answer.problem(503, "full");
    assert_eq!(desk.get("/api/contacts").await.status, 200, "who is at work goes on");
    assert_eq!(try_to_enter(&world, "front_desk@sol.example").await.status, 200, "at a second screen");
    assert_eq!(try_to_enter(&world, "owner@sol.example").await.status, 200, "the owner always");
    assert_eq!(world.stranger().get("/api/observability/health").await.status, 200);
    assert_eq!(professional.post("/api/auth/logout", json!({})).await.status, 204);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_leaves_or_is_away_for_five_minutes_makes_room() {
    let world = World::new().await;
    measured(&world, 1);
    let desk = world.desk(Role::FrontDesk).await;
    try_to_enter(&world, "finance@sol.example").await.problem(503, "full");
    assert_eq!(desk.post("/api/auth/logout", json!({})).await.status, 204);
    // A count serves for a second.
    tokio::time::sleep(std::time::Duration::from_millis(1100)).await;
    assert_eq!(try_to_enter(&world, "finance@sol.example").await.status, 200);
    try_to_enter(&world, "front_desk@sol.example").await.problem(503, "full");
    world.clock.advance(house::AT_WORK_SECONDS + 1);
    tokio::time::sleep(std::time::Duration::from_millis(1100)).await;
    assert_eq!(try_to_enter(&world, "front_desk@sol.example").await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_measurement_nobody_is_turned_away() {
    let world = World::new().await;
    for role in Role::ALL.iter().copied() {
        world.desk(role).await;
    }
    fs::write(world.folder.path().join(house::FILE), "not what it should be").unwrap();
    tokio::time::sleep(std::time::Duration::from_millis(1100)).await;
    assert_eq!(try_to_enter(&world, "finance@sol.example").await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_house_says_the_same_to_everyone_who_is_not_let_in() {
    let world = World::new().await;
    measured(&world, 1);
    world.desk(Role::FrontDesk).await;
    let said = |answer: Answer| {
        let mut body: Value = answer.json();
        body.as_object_mut().unwrap().remove("request_id");
        (answer.status, answer.header("retry-after").to_owned(), body)
    };
    let newcomer = said(try_to_enter(&world, "finance@sol.example").await);
    for (email, password) in [
        ("finance@sol.example", "wrong"),
        ("nobody@sol.example", "wrong"),
        ("owner@sol.example", "wrong"),
        ("front_desk@sol.example", "wrong"),
    ] {
        assert_eq!(said(try_password(&world, email, password).await), newcomer, "{email}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn guesses_in_a_full_house_count_as_ever() {
    let world = World::new().await;
    measured(&world, 1);
    world.desk(Role::FrontDesk).await;
    for _ in 0..10 {
        try_password(&world, "owner@sol.example", "wrong").await.problem(503, "full");
    }
    try_to_enter(&world, "owner@sol.example").await.problem(429, "too_many");
}

#[tokio::test(flavor = "multi_thread")]
async fn too_much_under_way_refuses_what_is_heavy_and_still_answers_what_is_light() {
    let world = World::new().await;
    let (desk, owner) = (world.front_desk().await, world.owner().await);
    let book = || desk.post("/api/contacts", json!({ "name": "Rita Nunes", "phone": "11 98888-7777" }));
    let mut held = Vec::new();
    while let Ok(running) = world.context.in_flight.begin(Weight::Heavy) {
        held.push(running);
    }
    let refused = book().await;
    assert_eq!(refused.header("retry-after"), "1");
    refused.problem(503, "busy");
    owner.get("/api/audit").await.problem(503, "busy");
    assert_eq!(desk.get("/api/agenda?date=2026-11-24").await.status, 200);
    while let Ok(running) = world.context.in_flight.begin(Weight::Light) {
        held.push(running);
    }
    desk.get("/api/agenda?date=2026-11-24").await.problem(503, "busy");
    for path in ["/livez", "/readyz", "/api/observability/health"] {
        assert_eq!(world.stranger().get(path).await.status, 200, "{path}");
    }
    assert_eq!(try_to_enter(&world, "finance@sol.example").await.status, 200);
    assert_eq!(owner.post("/api/auth/logout", json!({})).await.status, 204);
    held.clear();
    assert_eq!(book().await.status, 201);
}

#[tokio::test(flavor = "multi_thread")]
async fn measuring_wants_to_be_confirmed_while_the_clinic_is_open_and_is_not_for_everyone() {
    let world = World::new().await;
    let owner = world.owner().await;
    // Tuesday, nine in the morning.
    owner.post("/api/observability/capacity", json!({})).await.problem(409, "clinic_open");
    // The tests' machine starts no program.
    let confirmed = owner.post("/api/observability/capacity", json!({ "confirmed": true })).await;
    confirmed.problem(503, "cannot_measure");
    let wrong = owner.post("/api/observability/capacity", json!({ "people": 0, "minutes": 99 })).await;
    assert_eq!(wrong.wrong_fields(), ["/minutes out_of_range", "/people out_of_range"]);
    let desk = world.front_desk().await;
    desk.post("/api/observability/capacity", json!({})).await.problem(403, "forbidden");
    // Eight in the evening.
    world.clock.advance(11 * 3600);
    let owner = world.owner().await;
    owner.post("/api/observability/capacity", json!({})).await.problem(503, "cannot_measure");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_owner_sees_how_full_it_is_and_what_was_measured_before() {
    let world = World::new().await;
    let owner = world.owner().await;
    let before = owner.get("/api/observability/capacity").await.expect(200);
    assert_eq!(before["now"]["limit"], house::UNMEASURED);
    assert_eq!((&before["now"]["measured"], &before["past"]), (&json!(false), &json!([])));
    measured(&world, 40);
    let folder = world.folder.path().join("capacity");
    fs::create_dir_all(&folder).unwrap();
    for (day, people) in [(20, 100), (22, 60)] {
        let at = format!("2026-11-{day}T12:00:00Z");
        let report = json!({
            "version": "0.1.0", "measured_at": at, "people": people, "recommended": people * 4 / 5, "alert_at": people * 16 / 25,
        });
        fs::write(folder.join(format!("2026-11-{day}T12-00-00Z.json")), report.to_string()).unwrap();
    }
    fs::write(folder.join("broken.json"), "{").unwrap();
    tokio::time::sleep(std::time::Duration::from_millis(1100)).await;
    let seen = owner.get("/api/observability/capacity").await.expect(200);
    assert_eq!(seen["now"], json!({ "people": 1, "limit": 40, "alert_at": 32, "measured": true }));
    assert_eq!(seen["past"][0]["people"], 60);
    assert_eq!((&seen["past"][1]["people"], &seen["worse_by_percent"]), (&json!(100), &json!(40)));
    assert_eq!(seen["under_way"], Value::Null);
}
