//! Health: what strangers and owners are told, what it costs, and a clinic that cannot be opened beside one that can.
use std::{fs, path::Path};

use serde_json::{Value, json};
use taskmed::access::Role;

use crate::{
    browser::program::Program,
    support::{
        Desk, World,
        world::{LUA, PASSWORD, SOL},
    },
};

const HEALTH: &str = "/api/observability/health";

/// Overwrites the first page of Lua's database.
fn damage(data: &Path) {
    let path = data.join("clinics/2/clinic.db");
    let mut bytes = fs::read(&path).unwrap();
    bytes[..4096].fill(0x5a);
    fs::write(path, bytes).unwrap();
}

async fn after(world: World, ruin: impl FnOnce(&Path) + Send + 'static) -> World {
    tokio::task::spawn_blocking(move || world.after(ruin)).await.unwrap()
}

fn login(clinic: Option<i64>, email: &str) -> Value {
    json!({ "clinic_id": clinic, "email": email, "password": PASSWORD })
}

async fn ready(desk: &Desk) -> (u16, String) {
    let answer = desk.get("/readyz").await;
    (answer.status.as_u16(), String::from_utf8(answer.bytes).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clinic_that_cannot_be_opened_is_named_and_keeps_no_other_from_work() {
    let world = after(World::new().await, damage).await;
    let (owner, stranger) = (world.owner().await, world.stranger());
    owner.post("/api/clinic/1/rooms", json!({ "name": "Sala 1" })).await.expect(201);
    let knock = async |clinic, email| stranger.post("/api/auth/login", login(clinic, email)).await;
    knock(Some(LUA), "owner@lua.example").await.problem(503, "clinic_failed");
    // Two clinics lie here, so one that is not named is not guessed.
    knock(None, "owner@sol.example").await.problem(401, "wrong_credentials");
    assert_eq!(ready(&stranger).await, (200, "ready\nfailed: clinic 2\n".to_owned()));
    let health = owner.get(HEALTH).await.expect(200);
    assert_eq!((&health["status"], &health["failed_clinics"]), (&json!("degraded"), &json!([LUA])));
    assert_eq!(health["checks"]["clinics_failed"], json!({ "status": "degraded", "value": 1 }));
    // Nothing is founded in its place, and nothing of it is touched.
    assert_eq!(stranger.get("/api/setup").await.expect(200)["needs_setup"], false);
    let left = fs::read(world.folder.path().join("clinics/2/clinic.db")).unwrap();
    assert!(left[..4096].iter().all(|byte| *byte == 0x5a));
}

#[tokio::test(flavor = "multi_thread")]
async fn where_no_clinic_can_be_opened_the_program_says_so_and_is_not_ready() {
    let ruin = |data: &Path| {
        fs::remove_dir_all(data.join("clinics/1")).unwrap();
        damage(data);
    };
    let world = after(World::new().await, ruin).await;
    let stranger = world.stranger();
    stranger.post("/api/auth/login", login(None, "owner@lua.example")).await.problem(503, "clinic_failed");
    assert_eq!(ready(&stranger).await, (503, "not ready\nfailed: clinic 2\n".to_owned()));
    assert_eq!(stranger.get("/api/setup").await.expect(200)["needs_setup"], false);
    assert_eq!(stranger.get(HEALTH).await.expect(503)["status"], "unhealthy");
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_hear_the_state_and_only_those_who_may_hear_why() {
    let world = World::new().await;
    let short = json!({ "status": "healthy", "version": null, "uptime_s": null, "checks": null, "failed_clinics": null });
    assert_eq!(world.stranger().get(HEALTH).await.expect(200), short);
    assert_eq!(world.front_desk().await.get(HEALTH).await.expect(200), short);
    for role in [Role::Owner, Role::Technician] {
        let health = world.desk(role).await.get(HEALTH).await.expect(200);
        assert_eq!(health["version"], env!("CARGO_PKG_VERSION"));
        assert_eq!(health["checks"]["database"]["status"], "healthy");
    }
    let locked = world.owner().await;
    locked.post("/api/auth/lock", json!({})).await.expect(204);
    assert_eq!(locked.get(HEALTH).await.expect(200), short);
}

#[tokio::test(flavor = "multi_thread")]
async fn asking_without_end_costs_the_writer_next_to_nothing() {
    let world = World::new().await;
    let clinic = world.clinic(SOL);
    let before = clinic.writer().done();
    let asked: Vec<_> = (0..400)
        .map(|number| {
            let desk = world.stranger();
            let path = if number % 2 == 0 { HEALTH } else { "/readyz" };
            tokio::spawn(async move { desk.get(path).await.status.as_u16() })
        })
        .collect();
    for one in asked {
        assert_eq!(one.await.unwrap(), 200);
    }
    // One check at a time, and its answer serves everyone for a second.
    let jobs = clinic.writer().done() - before;
    assert!((1..=5).contains(&jobs), "{jobs} jobs for 400 questions");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_monitor_that_is_told_that_all_is_well_leaves_no_line_in_the_log() {
    let mut program = tokio::task::spawn_blocking(Program::start).await.unwrap();
    let client = reqwest::Client::new();
    for path in ["/livez", "/readyz", HEALTH, "/api/setup"] {
        let answer = client.get(format!("{}{path}", program.address)).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{path}");
    }
    let refused = client.post(format!("{}/livez", program.address)).send().await.unwrap();
    assert_eq!(refused.status(), 405);
    // What was said is written by the time it has stopped.
    let stop = move || {
        program.stop();
        program
    };
    let program = tokio::task::spawn_blocking(stop).await.unwrap();
    let logs = fs::read_dir(program.folder.path().join("logs")).unwrap();
    let said: String = logs.map(|file| fs::read_to_string(file.unwrap().path()).unwrap()).collect();
    let answered: Vec<&str> = said.lines().filter(|line| line.contains("answered")).collect();
    assert_eq!(answered.len(), 2, "{said}");
    assert!(answered[0].contains("/api/setup") && answered[1].contains("405"), "{said}");
}
