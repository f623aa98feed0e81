//! Signing in and out, the lock, passwords, and the door that closes.
use poem::http::Method;
use serde_json::json;
use taskmed::access::{Grant, Role, permissions::OwnSession, session, throttle};

use crate::support::{
    World,
    world::{LUA, PASSWORD, SOL},
};

#[tokio::test(flavor = "multi_thread")]
async fn a_person_signs_in_is_known_and_signs_out() {
    let world = World::new().await;
    let desk = world.front_desk().await;
    let state = desk.get("/api/auth/session").await.expect(200);
    assert_eq!(state["user"]["roles"], json!(["front_desk"]));
    assert_eq!(state["clinic"]["name"], "Clínica sol");
    assert_eq!(state["locked"], false);
    desk.post("/api/auth/logout", json!({})).await.expect(204);
    desk.get("/api/auth/session").await.problem(401, "unauthenticated");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_person_and_a_wrong_password_are_answered_alike() {
    let world = World::new().await;
    let stranger = world.stranger();
    let mut answers = Vec::new();
    for (email, password) in [("owner@sol.example", "wrong"), ("nobody@sol.example", PASSWORD)] {
        let body = json!({ "clinic_id": SOL, "email": email, "password": password });
        let mut problem = stranger.post("/api/auth/login", body).await.problem(401, "wrong_credentials");
        problem["request_id"] = json!("");
        answers.push(problem);
    }
    assert_eq!(answers[0], answers[1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_eleventh_try_is_refused_even_if_right_and_the_door_opens_again() {
    let world = World::new().await;
    let stranger = world.stranger();
    for email in ["owner@sol.example", "nobody@sol.example"] {
        let try_with = |password: &'static str| {
            let body = json!({ "clinic_id": SOL, "email": email, "password": password });
            stranger.post("/api/auth/login", body)
        };
        for _ in 0..throttle::FAILURES {
            try_with("wrong").await.problem(401, "wrong_credentials");
        }
        let refused = try_with(PASSWORD).await;
        assert_eq!(refused.header("retry-after"), "300", "{email}");
        refused.problem(429, "too_many");
        world.clock.advance(throttle::LOCK_SECONDS + 1);
    }
    let body = json!({ "clinic_id": SOL, "email": "owner@sol.example", "password": PASSWORD });
    stranger.post("/api/auth/login", body).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_locked_screen_answers_nothing_until_the_password_is_given() {
    let world = World::new().await;
    let desk = world.front_desk().await;
    desk.post("/api/auth/lock", json!({})).await.expect(204);
    desk.get("/api/clinic/1/rooms").await.problem(401, "session_locked");
    assert_eq!(desk.get("/api/auth/session").await.expect(200)["locked"], true);
    desk.post("/api/auth/unlock", json!({ "password": "wrong" })).await.problem(401, "wrong_credentials");
    desk.post("/api/auth/unlock", json!({ "password": PASSWORD })).await.expect(200);
    desk.get("/api/clinic/1/rooms").await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_end_by_idleness_and_by_age() {
    let world = World::new().await;
    let idle = world.front_desk().await;
    world.clock.advance(session::IDLE_SECONDS + 1);
    idle.get("/api/auth/session").await.problem(401, "unauthenticated");
    let busy = world.front_desk().await;
    for _ in 0..(session::ABSOLUTE_SECONDS / 3600) - 1 {
        world.clock.advance(3600);
        busy.get("/api/clinic/1/rooms").await.expect(200);
        wait_until_seen(&world).await;
    }
    world.clock.advance(3600);
    busy.get("/api/auth/session").await.problem(401, "unauthenticated");
}

/// The last use is noted behind the answer: wait for it, or the next hour would count as idle.
async fn wait_until_seen(world: &World) {
    let grant = Grant::<OwnSession>::of_program(world.clinic(SOL), "test");
    let now = world.clock.seconds();
    for _ in 0..1000 {
        let seen = grant.read(|tx| tx.number("select max(last_seen_at) from sessions", [])).await.unwrap();
        if seen == now {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    panic!("the last use was never noted");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_password_must_be_good_and_ends_the_other_sessions() {
    let world = World::new().await;
    let (here, there) = (world.front_desk().await, world.front_desk().await);
    let change = |current: &str, new: &str| {
        here.post("/api/auth/password", json!({ "current_password": current, "new_password": new }))
    };
    assert_eq!(
        change("wrong", "outra senha boa 77").await.wrong_fields(),
        ["/current_password wrong_password"]
    );
    assert_eq!(change(PASSWORD, PASSWORD).await.wrong_fields(), ["/new_password same_password"]);
    assert_eq!(change(PASSWORD, "senha12345").await.wrong_fields(), ["/new_password common_password"]);
    change(PASSWORD, "outra janela boa 77").await.expect(204);
    here.get("/api/auth/session").await.expect(200);
    there.get("/api/auth/session").await.problem(401, "unauthenticated");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_of_one_clinic_sees_another_as_if_it_did_not_exist() {
    let world = World::new().await;
    let desk = world.front_desk().await;
    let mut foreign = desk.get(&format!("/api/clinic/{LUA}")).await.problem(404, "not_found");
    let mut missing = desk.get("/api/clinic/99").await.problem(404, "not_found");
    foreign["request_id"] = json!("");
    missing["request_id"] = json!("");
    assert_eq!(foreign, missing);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_sees_and_ends_own_sessions_only() {
    let world = World::new().await;
    let (here, there) = (world.front_desk().await, world.front_desk().await);
    let owner = world.owner().await;
    let sessions = here.get("/api/auth/sessions").await.expect(200);
    let items = sessions["items"].as_array().unwrap();
    assert_eq!(items.len(), 2);
    let other = items.iter().find(|s| s["current"] == false).unwrap()["id"].as_i64().unwrap();
    let path = format!("/api/auth/sessions/{other}");
    owner.send(Method::DELETE, &path, &[], None).await.problem(404, "not_found");
    here.send(Method::DELETE, &path, &[], None).await.expect(204);
    there.get("/api/auth/session").await.problem(401, "unauthenticated");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_of_roles_takes_effect_at_once() {
    let world = World::new().await;
    let (owner, desk) = (world.owner().await, world.desk(Role::FrontDesk).await);
    let team = owner.get("/api/clinic/1/users/management").await.expect(200);
    let person =
        team["items"].as_array().unwrap().iter().find(|m| m["role"] == "front_desk").unwrap().clone();
    let path = format!("/api/clinic/1/users/{}", person["id"]);
    owner.patch(&path, person["version"].as_i64().unwrap(), json!({ "active": false })).await.expect(200);
    desk.get("/api/auth/session").await.problem(401, "unauthenticated");
}

#[tokio::test(flavor = "multi_thread")]
async fn preferences_are_kept_and_checked() {
    let world = World::new().await;
    let desk = world.front_desk().await;
    let prefer = |body| desk.send(Method::PATCH, "/api/auth/preferences", &[], Some(body));
    assert_eq!(prefer(json!({ "theme": "pink" })).await.wrong_fields(), ["/theme unknown_value"]);
    let me = prefer(json!({ "theme": "dark", "language": "en" })).await.expect(200);
    assert_eq!((me["theme"].as_str(), me["language"].as_str()), (Some("dark"), Some("en")));
    assert_eq!(desk.get("/api/auth/session").await.expect(200)["user"]["theme"], "dark");
}
