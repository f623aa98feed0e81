//! Signing in and out, the lock, passwords, and the door that closes.
use poem::{Request, http::Method};
use serde_json::{Value, json};
use taskmed::{
    access::{Grant, Role, password, permissions::OwnSession, session, throttle},
    base::Error,
    features::sessions::store,
    web::edge::{Arrival, Peer},
};

use crate::support::{
    Desk, World,
    desk::Answer,
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
        assert_eq!(refused.header("retry-after"), "600", "{email}");
        refused.problem(429, "too_many");
        world.clock.advance(throttle::LOCK_SECONDS + 1);
    }
    let body = json!({ "clinic_id": SOL, "email": "owner@sol.example", "password": PASSWORD });
    stranger.post("/api/auth/login", body).await.expect(200);
}

/// Asks the door from another machine.
async fn from(address: [u8; 4], desk: &Desk, path: &str, body: &Value) -> Answer {
    let mut request = Request::builder()
        .method(Method::POST)
        .uri_str(path)
        .content_type("application/json")
        .body(body.to_string());
    let peer = Peer { addr: (address, 40_000).into(), tls: false, loopback: false };
    request.extensions_mut().insert(Arrival::from(peer));
    desk.ask(request).await
}

#[tokio::test(flavor = "multi_thread")]
async fn someone_elses_guesses_do_not_shut_a_person_out_at_their_own_desk() {
    let world = World::new().await;
    let stranger = world.stranger();
    let guess = json!({ "clinic_id": SOL, "email": "owner@sol.example", "password": "wrong" });
    for _ in 0..throttle::FAILURES {
        from([10, 0, 0, 66], &stranger, "/api/auth/login", &guess).await.problem(401, "wrong_credentials");
    }
    from([10, 0, 0, 66], &stranger, "/api/auth/login", &guess).await.problem(429, "too_many");
    world.owner().await.get("/api/auth/session").await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn guesses_from_many_addresses_close_the_door_for_known_and_unknown_alike() {
    let world = World::new().await;
    let stranger = world.stranger();
    for email in ["owner@sol.example", "nobody@sol.example"] {
        let guess = json!({ "clinic_id": SOL, "email": email, "password": "wrong" });
        for n in 0..throttle::FAILURES_IN_ALL {
            let address = [10, 0, 1, u8::try_from(n % 20).unwrap()];
            from(address, &stranger, "/api/auth/login", &guess).await.problem(401, "wrong_credentials");
        }
        let body = json!({ "clinic_id": SOL, "email": email, "password": PASSWORD });
        let refused = from([10, 0, 2, 1], &stranger, "/api/auth/login", &body).await;
        assert_eq!(refused.header("retry-after"), "300", "{email}");
        refused.problem(429, "too_many");
    }
    world.clock.advance(throttle::LOCK_IN_ALL_SECONDS + 1);
    world.owner().await.get("/api/auth/session").await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn guesses_made_all_at_once_are_no_more_than_those_made_in_turn() {
    let world = World::new().await;
    let mut tries = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let stranger = world.stranger();
        let body = json!({ "clinic_id": SOL, "email": "owner@sol.example", "password": "wrong" });
        tries.spawn(async move { stranger.post("/api/auth/login", body).await.status.as_u16() });
    }
    let answers = tries.join_all().await;
    assert_eq!(answers.iter().filter(|status| **status == 401).count(), 10, "{answers:?}");
    assert_eq!(answers.iter().filter(|status| **status == 429).count(), 10, "{answers:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_door_closes_for_a_clinic_that_does_not_exist_too_and_for_each_clinic_apart() {
    let world = World::new().await;
    let stranger = world.stranger();
    let guess = |clinic: i64| {
        let body = json!({ "clinic_id": clinic, "email": "nobody@sol.example", "password": "wrong" });
        stranger.post("/api/auth/login", body)
    };
    for _ in 0..throttle::FAILURES {
        guess(99).await.problem(401, "wrong_credentials");
    }
    guess(99).await.problem(429, "too_many");
    guess(SOL).await.problem(401, "wrong_credentials");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_code_an_invitation_tells_nothing_about_who_works_here() {
    let world = World::new().await;
    let stranger = world.stranger();
    let mut answers = Vec::new();
    for email in ["front_desk@sol.example", "nobody@sol.example"] {
        // Made of the known person's own name: that must not be said to someone without the code.
        let body =
            json!({ "clinic_id": SOL, "email": email, "code": "AAAA-AAAA", "password": "pessoa front 42" });
        for _ in 0..throttle::FAILURES {
            let mut problem = stranger.post("/api/auth/accept-invite", body.clone()).await.expect(401);
            problem["request_id"] = json!("");
            answers.push(problem);
        }
        stranger.post("/api/auth/accept-invite", body).await.problem(429, "too_many");
        let weak = json!({ "clinic_id": SOL, "email": email, "code": "AAAA-AAAA", "password": "curta1" });
        let said = stranger.post("/api/auth/accept-invite", weak).await;
        assert_eq!(said.wrong_fields(), ["/password weak_password"]);
        world.clock.advance(throttle::WINDOW_SECONDS + 1);
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "{answers:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_passwords_at_one_locked_screen_close_no_other() {
    let world = World::new().await;
    let (here, there) = (world.front_desk().await, world.front_desk().await);
    there.post("/api/auth/lock", json!({})).await.expect(204);
    for _ in 0..throttle::FAILURES {
        let wrong = json!({ "password": "wrong" });
        here.post("/api/auth/unlock", wrong).await.problem(401, "wrong_credentials");
    }
    here.post("/api/auth/unlock", json!({ "password": PASSWORD })).await.problem(429, "too_many");
    let change = json!({ "current_password": PASSWORD, "new_password": "outra janela boa 77" });
    here.post("/api/auth/password", change).await.problem(429, "too_many");
    there.post("/api/auth/unlock", json!({ "password": PASSWORD })).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn tries_of_someone_signed_in_count_for_their_address_too() {
    let world = World::new().await;
    let desk = world.front_desk().await;
    for n in 1..throttle::TRIES_PER_ADDRESS {
        let body = json!({ "clinic_id": SOL, "email": format!("n{n}@sol.example"), "password": "wrong" });
        desk.post("/api/auth/login", body).await.problem(401, "wrong_credentials");
    }
    for (path, body) in [
        ("/api/auth/unlock", json!({ "password": PASSWORD })),
        (
            "/api/auth/password",
            json!({ "current_password": PASSWORD, "new_password": "outra janela boa 77" }),
        ),
    ] {
        let refused = desk.post(path, body).await;
        assert_eq!(refused.header("retry-after"), "60", "{path}");
        refused.problem(429, "too_many");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_replaced_while_it_was_checked_lets_nobody_in() {
    let world = World::new().await;
    let grant = Grant::<OwnSession>::of_program(world.clinic(SOL), "test");
    let stale = Some(password::hash(PASSWORD).unwrap());
    let entered = grant.write(move |tx| store::enter(tx, 1, stale.as_deref(), ([7; 32], "")));
    assert!(matches!(entered.await, Err(Error::Unauthenticated("wrong_credentials"))));
    let nothing = grant.write(move |tx| store::enter(tx, 1, None, ([7; 32], "")));
    assert!(matches!(nothing.await, Err(Error::Unauthenticated("wrong_credentials"))));
    let stored = grant.read(|tx| store::known_by_id(tx, 1)).await.unwrap().password_hash;
    grant.write(move |tx| store::enter(tx, 1, stored.as_deref(), ([7; 32], ""))).await.unwrap();
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
async fn that_others_come_and_go_has_nobodys_session_read_anew() {
    let world = World::new().await;
    let (mine, other) = (world.front_desk().await, world.owner().await);
    let rooms = "/api/clinic/1/rooms";
    let misses = || {
        let looks = world.clinic(SOL).looks();
        looks.into_iter().find(|(domain, ..)| *domain == "sessions").unwrap().2
    };
    world.clock.advance(session::SEEN_GRAIN_SECONDS + 1);
    for desk in [&mine, &other] {
        desk.get(rooms).await.expect(200);
    }
    wait_until_seen(&world).await;
    mine.get(rooms).await.expect(200);
    let before = misses();
    world.clock.advance(session::SEEN_GRAIN_SECONDS - 1);
    world.front_desk().await.post("/api/auth/logout", json!({})).await.expect(204);
    other.post("/api/auth/lock", json!({})).await.expect(204);
    let between = misses();
    mine.get(rooms).await.expect(200);
    assert!(between > before, "those who came were read");
    assert_eq!(misses(), between, "mine was not");
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
