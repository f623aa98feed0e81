//! Inviting, roles, deactivating, and what nobody may do.
use poem::http::Method;
use serde_json::json;
use taskmed::access::{Grant, permissions::ViewTeam};

use crate::support::{World, world::SOL};

const TEAM: &str = "/api/clinic/1/users/management";

#[tokio::test(flavor = "multi_thread")]
async fn someone_invited_chooses_a_password_once_and_comes_in() {
    let world = World::new().await;
    let owner = world.owner().await;
    let body = json!({
        "name": "Dra. Iara Montenegro", "email": "iara@sol.example", "roles": ["professional", "owner"], "is_professional": true,
        "council": { "kind": "CRM", "number": "123456", "state": "SP" }, "specialty": "Pediatria",
    });
    let invited = owner.post("/api/clinic/1/users", body).await.expect(201);
    assert_eq!(invited["user"]["status"], "invited");
    assert_eq!(invited["user"]["roles"], json!(["owner", "professional"]));
    let code = invited["invite_code"].as_str().unwrap().to_lowercase();
    let accept = |code: &str, password: &str| {
        let body = json!({ "clinic_id": 1, "email": "iara@sol.example", "code": code, "password": password });
        let stranger = world.stranger();
        async move { stranger.post("/api/auth/accept-invite", body).await }
    };
    accept("AAAA-AAAA", "trem verde 43 portas").await.problem(401, "wrong_credentials");
    assert_eq!(accept(&code, "montenegro 2026").await.wrong_fields(), ["/password password_contains_name"]);
    accept(&code, "trem verde 43 portas").await.expect(200);
    accept(&code, "trem verde 44 portas").await.problem(401, "wrong_credentials");
    let mut desk = world.stranger();
    desk.sign_in("iara@sol.example", "trem verde 43 portas").await;
    desk.get(TEAM).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_wrong_field_of_a_person_is_said_at_once() {
    let world = World::new().await;
    let owner = world.owner().await;
    let body = json!({
        "name": "", "email": "x", "roles": ["boss"], "council": { "kind": "CRM", "number": "?", "state": "XX" }, "color": 99, "pay": 1,
    });
    assert_eq!(
        owner.post("/api/clinic/1/users", body).await.wrong_fields(),
        [
            "/color out_of_range",
            "/council/state invalid_state",
            "/email invalid_email",
            "/name required",
            "/pay unknown_field",
            "/roles/0 unknown_value",
        ]
    );
    let taken = json!({ "name": "Bia", "email": "owner@sol.example", "roles": ["finance"], "room_id": 999 });
    assert_eq!(
        owner.post("/api/clinic/1/users", taken).await.wrong_fields(),
        ["/email taken", "/room_id not_found"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_owner_stays_and_nobody_raises_own_rights() {
    let world = World::new().await;
    let owner = world.owner().await;
    let me = owner.get("/api/clinic/1/users/1").await.expect(200);
    let version = me["version"].as_i64().unwrap();
    owner
        .patch("/api/clinic/1/users/1", version, json!({ "active": false }))
        .await
        .problem(409, "last_owner");
    owner
        .patch("/api/clinic/1/users/1", version, json!({ "roles": ["owner", "auditor"] }))
        .await
        .problem(403, "forbidden");
    owner.patch("/api/clinic/1/users/1", version, json!({ "name": "Olívia Prado Lima" })).await.expect(200);
    owner.patch("/api/clinic/1/users/1", version, json!({ "name": "Outra" })).await.problem(412, "stale");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_password_is_replaced_by_a_code_and_ends_the_sessions() {
    let world = World::new().await;
    let (owner, desk) = (world.owner().await, world.front_desk().await);
    let me = desk.get("/api/auth/session").await.expect(200)["user"]["id"].clone();
    let code = owner.post(&format!("/api/clinic/1/users/{me}/invite"), json!({})).await.expect(200);
    assert_eq!(code["invite_code"].as_str().unwrap().len(), 9);
    desk.get("/api/auth/session").await.problem(401, "unauthenticated");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_one_time_code_is_kept_nowhere_in_clear() {
    let world = World::new().await;
    let owner = world.owner().await;
    let invite = |email: Option<&str>| {
        let body =
            json!({ "name": "Iara", "email": email, "roles": ["professional"], "is_professional": true });
        owner.send(Method::POST, "/api/clinic/1/users", &[("idempotency-key", "k1")], Some(body))
    };
    let code = invite(Some("iara@sol.example")).await.expect(201)["invite_code"].clone();
    let grant = Grant::<ViewTeam>::of_program(world.clinic(SOL), "test");
    let code = code.as_str().unwrap().to_owned();
    let kept = grant
        .read(move |tx| tx.number("select count(*) from idempotency where instr(answer, ?1) > 0", [&code]))
        .await
        .unwrap();
    assert_eq!(kept, 0);
    assert_eq!(invite(Some("iara@sol.example")).await.wrong_fields(), ["/email taken"]);
    let first = invite(None).await.expect(201);
    assert_eq!(invite(None).await.expect(201), first, "nothing secret in it: the first answer again");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_takes_away_the_email_they_sign_in_with() {
    let world = World::new().await;
    let owner = world.owner().await;
    let me = owner.get("/api/clinic/1/users/1").await.expect(200);
    let changes = json!({ "email": null, "is_professional": true });
    let answer = owner.patch("/api/clinic/1/users/1", me["version"].as_i64().unwrap(), changes).await;
    assert_eq!(answer.wrong_fields(), ["/email required"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn someone_who_loses_the_email_is_signed_out() {
    let world = World::new().await;
    let (owner, desk) = (world.owner().await, world.front_desk().await);
    let id = desk.get("/api/auth/session").await.expect(200)["user"]["id"].clone();
    let path = format!("/api/clinic/1/users/{id}");
    let person = owner.get(&path).await.expect(200);
    let changes = json!({ "email": null, "is_professional": true });
    owner.patch(&path, person["version"].as_i64().unwrap(), changes).await.expect(200);
    desk.get("/api/auth/session").await.problem(401, "unauthenticated");
}

#[tokio::test(flavor = "multi_thread")]
async fn someone_who_never_chose_a_password_stays_invited_after_the_code_ran_out() {
    let world = World::new().await;
    let owner = world.owner().await;
    let body = json!({ "name": "Iara", "email": "iara@sol.example", "roles": ["finance"] });
    let invited = owner.post("/api/clinic/1/users", body).await.expect(201)["user"].clone();
    let column = json!({ "name": "Dr. Sem Conta", "is_professional": true });
    let professional = owner.post("/api/clinic/1/users", column).await.expect(201)["user"].clone();
    assert_eq!(
        (&professional["status"], &professional["invite_expires_at"]),
        (&json!("active"), &json!(null))
    );
    world.clock.advance(4 * 24 * 3600);
    let owner = world.owner().await;
    let later = owner.get(&format!("/api/clinic/1/users/{}", invited["id"])).await.expect(200);
    assert_eq!(later["status"], "invited");
    assert!(invited["invite_expires_at"].is_string());
    assert_eq!(later["invite_expires_at"], invited["invite_expires_at"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_must_be_given_is_missed_when_it_is_null_or_blank() {
    let world = World::new().await;
    let owner = world.owner().await;
    let block = json!({ "starts_at": "", "ends_at": null });
    assert_eq!(
        owner.post("/api/clinic/1/blocks", block).await.wrong_fields(),
        ["/ends_at required", "/starts_at required"]
    );
    let tag = json!({ "name": "Convênio", "color": null });
    assert_eq!(owner.post("/api/clinic/1/appointment-tags", tag).await.wrong_fields(), ["/color required"]);
    let booking = json!({ "contact_id": 1, "professional_id": 1, "starts_at": " ", "duration_min": null });
    assert_eq!(
        owner.post("/api/appointments", booking).await.wrong_fields(),
        ["/duration_min required", "/starts_at required"]
    );
    let version = owner.get("/api/clinic/1").await.expect(200)["version"].as_i64().unwrap();
    let hours = json!({ "opening_hours": [{ "weekday": null, "opens": null, "closes": 1080 }] });
    assert_eq!(
        owner.patch("/api/clinic/1", version, hours).await.wrong_fields(),
        ["/opening_hours/0/opens required", "/opening_hours/0/weekday required"]
    );
}
