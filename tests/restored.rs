//! A clinic's file brought back alone from a backup: the copies of the trail's signatures beside it contradict it until its owner
//! says, with the password and on record, that this was meant. And what a start and a night find by themselves.
use std::{fs, path::Path};

use serde_json::json;
use taskmed::{access::Role, db::trail::checkpoint::Standing};

use crate::support::{
    Desk, World, file,
    world::{PASSWORD, SOL},
};

const DATABASE: &str = "clinics/1/clinic.db";

async fn after(world: World, act: impl FnOnce(&Path) + Send + 'static) -> World {
    tokio::task::spawn_blocking(move || world.after(act)).await.unwrap()
}

async fn make_room(world: &World, name: &str) {
    let owner = world.owner().await;
    owner.post("/api/clinic/1/rooms", json!({ "name": name })).await.expect(201);
}

/// A world whose first clinic's file is older than what lies beside it.
async fn brought_back() -> World {
    let world = World::new().await;
    make_room(&world, "Sala de antes").await;
    let backup = tempfile::tempdir().unwrap();
    let kept = backup.path().join("clinic.db");
    let (from, to) = (kept.clone(), kept);
    let world = after(world, move |data| assert!(fs::copy(data.join(DATABASE), to).is_ok())).await;
    for number in 0..3 {
        make_room(&world, &format!("Sala perdida {number}")).await;
        world.clock.advance(3601);
    }
    let world = after(world, |_| ()).await;
    after(world, move |data| {
        let _keeps_the_backup = &backup;
        fs::copy(from, data.join(DATABASE)).unwrap();
    })
    .await
}

async fn accept(desk: &Desk, password: &str) -> crate::support::Answer {
    desk.post("/api/audit/restored", json!({ "password": password })).await
}

/// What health says of the trail after the newest part was proven, as at every start.
async fn chain(world: &World, owner: &Desk) -> serde_json::Value {
    let clinic = world.clinic(SOL);
    tokio::task::spawn_blocking(move || clinic.verify_at_start().unwrap()).await.unwrap();
    world.clock.advance(60);
    owner.get("/api/observability/health").await.expect(200)["checks"]["chain"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_owners_word_makes_good_what_the_copies_contradict() {
    let world = brought_back().await;
    let owner = world.owner().await;
    let seen = owner.get("/api/audit/checkpoint").await.expect(200);
    assert_eq!(seen["copies"], "missing");
    assert_eq!(chain(&world, &owner).await["status"], "degraded");
    accept(&world.desk(Role::Auditor).await, PASSWORD).await.problem(403, "forbidden");
    assert_eq!(accept(&owner, "errada").await.wrong_fields(), ["/password wrong_password"]);
    assert_eq!(owner.get("/api/audit/checkpoint").await.expect(200)["copies"], "missing");

    let witness = accept(&owner, PASSWORD).await.expect(200);
    assert_eq!(witness["copies"], "holds", "{witness}");
    let told = owner.get("/api/audit?verb=restored_accepted").await.expect(200);
    assert_eq!(told["items"].as_array().unwrap().len(), 1);
    assert_eq!(told["items"][0]["user_name"], "Olívia Prado");
    let verified = owner.get("/api/audit/verify").await.expect(200);
    assert_eq!(verified["ok"], true, "{verified}");
    assert_eq!(world.clinic(SOL).proven().faults, []);
    // Once more is no second acceptance, and what the copies said is kept beside them.
    accept(&owner, PASSWORD).await.expect(200);
    let told = owner.get("/api/audit?verb=restored_accepted").await.expect(200);
    assert_eq!(told["items"].as_array().unwrap().len(), 1);
    make_room(&world, "Sala de depois").await;
    let world = after(world, |data| {
        let names = fs::read_dir(data.join("clinics/1")).unwrap().map(|entry| entry.unwrap().file_name());
        let copies = names.filter(|name| name.to_string_lossy().starts_with("checkpoints."));
        assert_eq!(copies.count(), 2, "the old copies are put aside");
    })
    .await;
    let clinic = world.clinic(SOL);
    let report =
        tokio::task::spawn_blocking(move || (clinic.copies_hold().unwrap(), clinic.check().unwrap()));
    let (copies, report) = report.await.unwrap();
    assert_eq!((copies, report.problems), (Standing::Holds, Vec::new()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_start_sees_what_was_done_to_the_newest_part_of_the_trail() {
    for edit in [
        "delete from audit where seq = (select max(seq) from audit)",
        "delete from audit where seq > (select max(seq) - 3 from audit)",
        "update audit set verb = 'listed' where seq = (select max(seq) from audit)",
        "update audit set hash = zeroblob(32) where seq = (select seq from checkpoints order by number desc limit 1)",
        "delete from checkpoints where number = (select max(number) from checkpoints)",
        "update checkpoints set signature = zeroblob(64) where number = (select max(number) from checkpoints)",
        "update trail_key set secret = zeroblob(32)",
        "insert into history (entity, record_id, version, replaced_at, removed, old, salt, digest)
            select entity, record_id, version, replaced_at, removed, old, salt, digest from history order by id desc limit 1",
    ] {
        let world = World::new().await;
        let owner = world.owner().await;
        let made = owner.post("/api/clinic/1/rooms", json!({ "name": "Sala 1" })).await.expect(201);
        let path = format!("/api/clinic/1/rooms/{}", made["id"]);
        owner.patch(&path, 1, json!({ "name": "Sala Azul" })).await.expect(200);
        let world = after(world, move |data| {
            let conn = file::open(data, SOL);
            file::unlock(&conn);
            assert_eq!(conn.execute(edit, []).unwrap().min(1), 1, "{edit}");
        })
        .await;
        let clinic = world.clinic(SOL);
        let verdict = tokio::task::spawn_blocking(move || clinic.verify_newest().unwrap()).await.unwrap();
        assert!(!verdict.faults.is_empty(), "not seen: {edit}");
    }
    let world = World::new().await;
    make_room(&world, "Sala 1").await;
    let world = after(world, |_| ()).await;
    make_room(&world, "Sala 2").await;
    let clinic = world.clinic(SOL);
    let verdict = tokio::task::spawn_blocking(move || clinic.verify_newest().unwrap()).await.unwrap();
    assert_eq!(verdict.faults, []);
    assert!(verdict.entries > 0 && verdict.sealed_to > 0, "{verdict:?}");
}
