//! Inviting, roles, deactivating, and what nobody may do.
use serde_json::json;

use crate::support::World;

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
