//! The first run.
use poem::{Request, http::Method};
use serde_json::json;
use taskmed::{
    db::{Clinics, slots::RecoveryCode},
    web::edge::{Arrival, Peer},
};

use crate::support::{World, world::PASSWORD};

fn founding() -> serde_json::Value {
    json!({ "clinic_name": "Clínica Aurora", "owner_name": "Ana Prado", "email": "Ana@Aurora.example", "password": PASSWORD })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clinic_is_founded_once_and_its_recovery_code_asked_back() {
    let world = World::empty();
    let mut desk = world.stranger();
    assert_eq!(desk.get("/api/setup").await.expect(200)["needs_setup"], true);
    let answer = desk.post("/api/setup", founding()).await;
    desk.keep_cookie(&answer);
    let founded = answer.expect(201);
    let code = founded["recovery_code"].as_str().unwrap();
    assert_eq!(founded["user"]["email"], "ana@aurora.example");
    assert_eq!(desk.get("/api/setup").await.expect(200)["needs_setup"], false);
    desk.post("/api/setup", founding()).await.problem(409, "already_set_up");

    let confirm = |answer: String| desk.post("/api/clinic/1/recovery/confirm", json!({ "answer": answer }));
    assert_eq!(confirm("0000".into()).await.wrong_fields(), ["/answer wrong_answer"]);
    confirm(code.rsplit('-').next().unwrap().to_lowercase()).await.expect(204);
    // The shown code is forgotten now: from here on all of it is needed.
    confirm(code.rsplit('-').next().unwrap().into()).await.problem(422, "invalid");
    confirm(code.into()).await.expect(204);
    assert_eq!(desk.get("/api/auth/session").await.expect(200)["clinic"]["recovery_confirmed"], true);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_recovery_code_ends_the_one_before_and_is_asked_back() {
    let world = World::empty();
    let mut desk = world.stranger();
    let answer = desk.post("/api/setup", founding()).await;
    desk.keep_cookie(&answer);
    let old = answer.expect(201)["recovery_code"].as_str().unwrap().to_owned();
    let confirm = |answer: String| desk.post("/api/clinic/1/recovery/confirm", json!({ "answer": answer }));
    let confirmed = || desk.get("/api/auth/session");
    confirm(old.clone()).await.expect(204);

    let renew = |password: &str| desk.post("/api/clinic/1/recovery", json!({ "password": password }));
    assert_eq!(renew("errada mesmo 1").await.wrong_fields(), ["/password wrong_password"]);
    confirm(old.clone()).await.expect(204);
    let first = renew(PASSWORD).await.expect(200)["recovery_code"].as_str().unwrap().to_owned();
    assert_eq!(confirmed().await.expect(200)["clinic"]["recovery_confirmed"], false);
    let new = renew(PASSWORD).await.expect(200)["recovery_code"].as_str().unwrap().to_owned();
    for ended in [&old, &first] {
        assert_eq!(confirm(ended.clone()).await.wrong_fields(), ["/answer wrong_answer"]);
    }
    confirm(new.rsplit('-').next().unwrap().into()).await.expect(204);
    assert_eq!(confirmed().await.expect(200)["clinic"]["recovery_confirmed"], true);

    // The file opens by the new code alone, and by this machine as before.
    world.context.close();
    let recover = |code: &str| Clinics::recover(world.folder.path(), 1, &RecoveryCode::parse(code).unwrap());
    assert!(recover(&old).is_err());
    recover(&new).unwrap();
    assert!(Clinics::open(world.folder.path(), world.clock.clone()).unwrap().failed().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crash_before_the_new_code_is_in_place_leaves_the_old_one_working() {
    let world = World::empty();
    let mut desk = world.stranger();
    let answer = desk.post("/api/setup", founding()).await;
    desk.keep_cookie(&answer);
    let old = answer.expect(201)["recovery_code"].as_str().unwrap().to_owned();
    // Where the new file would be written first there is a folder: the replacing fails as a full disk or a crash would.
    let folder = world.folder.path().join("clinics/1");
    std::fs::create_dir(folder.join("clinic.new")).unwrap();
    desk.post("/api/clinic/1/recovery", json!({ "password": PASSWORD })).await.problem(500, "internal");
    let session = desk.get("/api/auth/session").await.expect(200);
    assert_eq!(session["clinic"]["recovery_confirmed"], false);
    desk.post("/api/clinic/1/recovery/confirm", json!({ "answer": old })).await.expect(204);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_wrong_field_of_a_founding_is_said_at_once() {
    let world = World::empty();
    let body = json!({ "clinic_name": " ", "email": "ana", "password": "curta", "time_zone": "Mars/Base" });
    assert_eq!(
        world.stranger().post("/api/setup", body).await.wrong_fields(),
        [
            "/clinic_name required",
            "/email invalid_email",
            "/owner_name required",
            "/password weak_password",
            "/time_zone unknown_value"
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn two_who_found_at_once_do_not_both_succeed() {
    let world = World::empty();
    let tries: Vec<_> = (0..6)
        .map(|_| {
            let desk = world.stranger();
            tokio::spawn(async move { desk.post("/api/setup", founding()).await.status.as_u16() })
        })
        .collect();
    let mut statuses = Vec::new();
    for one in tries {
        statuses.push(one.await.unwrap());
    }
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409, 409, 409, 409, 409]);
    assert_eq!(world.clinics.all().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clinic_is_founded_only_from_this_machine() {
    let world = World::empty();
    let request = Request::builder()
        .method(Method::POST)
        .uri_str("/api/setup")
        .content_type("application/json")
        .extension(Arrival::from(Peer {
            addr: "192.168.0.9:4000".parse().unwrap(),
            tls: true,
            loopback: false,
        }))
        .body(founding().to_string());
    world.stranger().ask(request).await.problem(403, "forbidden");
    assert!(world.context.clinics().is_empty());
}
