//! There and back again.
use std::sync::{
    Arc, Mutex,
    atomic::{AtomicBool, Ordering},
};

use poem::http::Method;
use serde_json::json;
use taskmed::{
    access::Role,
    backup::restore,
    base::Clock,
    db::{Clinics, trail::checkpoint::Standing},
};

use super::{after, blocking, bytes_of, copies, copy_to, found, register};
use crate::support::{
    World,
    world::{LUA, NOW, PASSWORD, SOL},
};

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_brings_one_clinic_back_as_it_was_and_leaves_the_other_alone() {
    let world = World::new().await;
    let (owner, lua) = (world.owner().await, world.desk_in(LUA, Role::Owner).await);
    register(&owner, "Antes Souza").await;
    register(&lua, "Vizinha Lima").await;
    let told = owner.post("/api/backups", json!({})).await.expect(200);
    assert_eq!((told["items"].as_array().unwrap().len(), &told["entries_since"]), (1, &json!(0)), "{told}");
    assert_eq!((&told["items"][0]["reason"], &told["items"][0]["made_at"]), (&json!("by_hand"), &json!(NOW)));
    world.clock.advance(3601);
    register(&owner, "Depois Souza").await;
    assert!(owner.get("/api/backups").await.expect(200)["entries_since"].as_i64().unwrap() > 0);
    let world = after(world, |data| {
        let other = bytes_of(&data.join("clinics/2"));
        let was = bytes_of(&data.join("clinics/1"));
        let copy = restore::find(&data.join("backups"), Some(SOL), None).unwrap();
        let prepared = restore::prepare(data, &copy, None).unwrap();
        let entries = prepared.manifest.contents.entries;
        assert!(prepared.present.is_some_and(|(newest, _)| newest > entries), "{prepared:?}");
        let clock = Clock::standing_at("2026-11-24T14:00:00Z".parse().unwrap());
        let restored = prepared.carry_out(clock, "taskmed restore").unwrap();
        let kept: Vec<_> = bytes_of(&restored.replaced.unwrap()).into_iter().map(|file| file.1).collect();
        assert!(kept == was.into_iter().map(|file| file.1).collect::<Vec<_>>(), "what was there is kept");
        assert!(bytes_of(&data.join("clinics/2")) == other, "the other clinic was touched");
        assert!(!data.join("clinics/1/clinic.db-wal").exists() && !data.join("clinics/1.restoring").exists());
    })
    .await;
    world.clock.advance(3 * 3600);
    let cookie = [("cookie", owner.cookie())];
    let before = world.stranger().send(Method::GET, "/api/auth/session", &cookie, None).await;
    before.problem(401, "unauthenticated");
    let owner = world.owner().await;
    assert_eq!((found(&owner, "Antes Souza").await, found(&owner, "Depois Souza").await), (1, 0));
    let told = owner.get("/api/audit?verb=restored").await.expect(200);
    assert_eq!(
        (&told["items"][0]["origin"], &told["items"][0]["columns"], told["items"].as_array().unwrap().len()),
        (&json!("taskmed restore"), &json!([format!("copy={NOW}")]), 1)
    );
    assert_eq!(owner.get("/api/audit/checkpoint").await.expect(200)["copies"], "holds");
    register(&owner, "Mais Tarde").await;
    let clinic = world.clinic(SOL);
    let (report, standing) = blocking(move || (clinic.check().unwrap(), clinic.copies_hold().unwrap())).await;
    assert_eq!((report.problems, standing), (Vec::new(), Standing::Holds));
    let lua = world.desk_in(LUA, Role::Owner).await;
    assert_eq!(found(&lua, "Vizinha Lima").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn copies_are_for_who_keeps_the_clinic_and_its_machine() {
    let world = World::new().await;
    for role in [Role::FrontDesk, Role::Professional, Role::Finance, Role::Auditor] {
        let desk = world.desk(role).await;
        desk.get("/api/backups").await.problem(403, "forbidden");
        desk.post("/api/backups", json!({})).await.problem(403, "forbidden");
    }
    let technician = world.desk(Role::Technician).await;
    let empty = technician.get("/api/backups").await.expect(200);
    assert_eq!(
        (&empty["items"], &empty["drill"], &empty["beside_the_data"]),
        (&json!([]), &json!(null), &json!(true))
    );
    technician.post("/api/backups", json!({})).await.expect(200);
    let lua = world.desk_in(LUA, Role::Owner).await;
    assert_eq!(
        lua.get("/api/backups").await.expect(200)["items"],
        json!([]),
        "the other clinic's copy is shown"
    );
    let told = world.owner().await.get("/api/audit?verb=backup_made").await.expect(200);
    assert_eq!(told["items"][0]["entity"], "backup");
    assert_eq!(copies(world.folder.path(), SOL).len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_taken_while_sixteen_write_has_all_that_was_acknowledged_before_it() {
    let world = World::new().await;
    let (stop, ledger) = (Arc::new(AtomicBool::new(false)), Arc::new(Mutex::new(Vec::<i64>::new())));
    let desk = world.front_desk().await;
    let writers: Vec<_> = (0..16)
        .map(|_| {
            let (desk, stop, ledger) = (desk.clone(), Arc::clone(&stop), Arc::clone(&ledger));
            tokio::spawn(async move {
                while !stop.load(Ordering::SeqCst) {
                    let made = register(&desk, "Paciente Corrente").await;
                    ledger.lock().unwrap().push(made["id"].as_i64().unwrap());
                }
            })
        })
        .collect();
    let (data, seen, to) =
        (world.folder.path().to_owned(), Arc::clone(&ledger), tempfile::tempdir().unwrap());
    let root = to.path().to_owned();
    let taken = blocking(move || {
        let mut taken = Vec::new();
        for _ in 0..5 {
            let before = seen.lock().unwrap().clone();
            let copy = copy_to(&data, SOL, &root);
            let after = seen.lock().unwrap().len();
            taken.push((before, copy, after));
        }
        taken
    });
    let taken = taken.await;
    stop.store(true, Ordering::SeqCst);
    for writer in writers {
        writer.await.unwrap();
    }
    let data = world.folder.path().to_owned();
    blocking(move || {
        let mut meanwhile = 0;
        for (before, copy, after) in taken {
            meanwhile += after - before.len();
            let elsewhere = tempfile::tempdir().unwrap();
            std::fs::copy(data.join("machine.key"), elsewhere.path().join("machine.key")).unwrap();
            let prepared = restore::prepare(elsewhere.path(), &copy, None).unwrap();
            prepared.carry_out(Clock::system(), "taskmed restore").unwrap();
            let clinics = Clinics::open(elsewhere.path(), Clock::system()).unwrap();
            let clinic = clinics.get(SOL).unwrap();
            assert_eq!(clinic.check().unwrap().problems, Vec::<String>::new());
            clinics.close();
            let conn = crate::support::file::open(elsewhere.path(), SOL);
            for id in before {
                let there = conn
                    .query_row("select count(*) from contacts where id = ?1", [id], |r| r.get::<_, i64>(0));
                assert_eq!(there.unwrap(), 1, "{id} was acknowledged before the copy");
            }
        }
        assert!(meanwhile > 0, "the copies kept everybody waiting");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_run_brings_a_clinic_back_with_copy_and_code_alone() {
    let (old, new, disk) = (World::empty(), World::empty(), tempfile::tempdir().unwrap());
    let founding = json!({
        "clinic_name": "Clínica Nova", "owner_name": "Olívia Prado", "email": "owner@sol.example", "password": PASSWORD,
    });
    let code = old.stranger().post("/api/setup", founding.clone()).await.expect(201)["recovery_code"].clone();
    register(&old.owner().await, "Antes Souza").await;
    let (data, root) = (old.folder.path().to_owned(), disk.path().to_owned());
    blocking(move || copy_to(&data, SOL, &root)).await;
    drop(old);

    let ask = |folder: &str, code: &serde_json::Value| {
        let (stranger, body) = (new.stranger(), json!({ "folder": folder, "recovery_code": code }));
        async move { stranger.post("/api/setup/restore", body).await }
    };
    let folder = disk.path().to_str().unwrap();
    assert_eq!(ask("/nowhere", &code).await.wrong_fields(), ["/folder no_backup_there"]);
    assert_eq!(ask(folder, &json!("0000")).await.wrong_fields(), ["/recovery_code wrong_code"]);
    let told = ask(folder, &code).await.expect(200);
    assert_eq!(told["clinic_id"], 1);
    assert_eq!(new.stranger().get("/api/setup").await.expect(200)["needs_setup"], false);
    assert_eq!(found(&new.owner().await, "Antes Souza").await, 1);
    ask(folder, &code).await.problem(409, "already_set_up");
    new.stranger().post("/api/setup", founding).await.problem(409, "already_set_up");
}
