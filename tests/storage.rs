//! The clinic's file: encrypted, refused with the wrong key, trailed, versioned, and opened by one program at a time.
use std::{fs, path::Path, sync::mpsc};

use serde_json::json;
use taskmed::{
    access::{Grant, permissions::EditScheduleSetup},
    base::{Clock, Error, Id},
    db::{Act, Clinic, Clinics, OfTables, OpenError, ReadTx, Table, key::DataKey},
    features::rooms::{self, model::RoomFields},
};

use crate::support::{
    World,
    world::{SOL, copy_folder},
};

fn rooms(world: &World) -> Grant<EditScheduleSetup> {
    Grant::of_program(world.clinic(SOL), "test")
}

fn room(name: &str) -> RoomFields {
    RoomFields { name: name.into(), active: true }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_name_number_or_secret_stands_in_clear_in_any_file() {
    let world = World::new().await;
    rooms(&world).write(|tx| rooms::store::create(tx, &room("Sala Marcada 7391"))).await.unwrap();
    let mut seen = 0;
    for needle in ["Sala Marcada 7391", "Olívia Prado", "owner@sol.example", "argon2id", "SQLite format 3"] {
        seen += holding(world.folder.path(), needle.as_bytes());
    }
    assert_eq!(seen, 0);
    world.clinics.close();
    assert_eq!(holding(world.folder.path(), b"Sala Marcada 7391"), 0);
}

/// How many files under `folder` hold `needle`.
fn holding(folder: &Path, needle: &[u8]) -> usize {
    let mut count = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        count += match path.is_dir() {
            true => holding(&path, needle),
            false => usize::from(fs::read(&path).unwrap().windows(needle.len()).any(|w| w == needle)),
        };
    }
    count
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_stays_short_while_people_read_and_write() {
    let world = World::new().await;
    let log = world.clinic(SOL).folder().join("clinic.db-wal");
    let mut longest = 0;
    for number in 0..500 {
        let room = room(&format!("Sala {number}"));
        rooms(&world).write(move |tx| rooms::store::create(tx, &room)).await.unwrap();
        let rooms = rooms(&world).read(|tx| tx.number("select count(*) from rooms", [])).await.unwrap();
        assert_eq!(rooms, number + 1);
        longest = longest.max(fs::metadata(&log).unwrap().len());
    }
    assert!(longest < 9 << 20, "{longest} bytes of log");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_writer_sees_what_it_has_just_written_and_nothing_of_it_is_kept_when_it_is_undone() {
    struct Rooms(i64);
    impl OfTables for Rooms {
        const TABLES: &'static [Table] = &[Table::Rooms];
    }
    fn count(tx: &ReadTx<'_>) -> Result<i64, Error> {
        tx.of_tables("rooms", || tx.number("select count(*) from rooms", []).map(Rooms)).map(|rooms| rooms.0)
    }
    let world = World::new().await;
    assert_eq!(rooms(&world).read(count).await.unwrap(), 0);
    for undone in [true, false] {
        let grant = rooms(&world);
        let told = grant.write(move |tx| {
            let before = count(tx)?;
            let made = rooms::store::create(tx, &room("Sala"))?;
            let seen = if (before, count(tx)?) == (0, 1) { "as it is" } else { "as it was" };
            if undone { Err(Error::conflict(seen)) } else { Ok(made) }
        });
        match told.await {
            Err(Error::Conflict { code, .. }) => assert_eq!((undone, code), (true, "as it is")),
            other => assert!(!undone, "{other:?}"),
        }
        assert_eq!(rooms(&world).read(count).await.unwrap(), i64::from(!undone));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_wal_stays_behind_a_closed_clinic() {
    let world = World::new().await;
    rooms(&world).write(|tx| rooms::store::create(tx, &room("Sala 1"))).await.unwrap();
    let folder = world.clinic(SOL).folder().to_owned();
    assert!(folder.join("clinic.db-wal").exists());
    world.clinics.close();
    assert!(!folder.join("clinic.db-wal").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_key_a_missing_key_and_a_foreign_file_are_refused_by_name() {
    let world = World::new().await;
    let folder = world.clinic(SOL).folder().to_owned();
    let data = world.folder.path().to_owned();
    world.clinics.close();
    let open = || Clinic::open(&data, &folder, SOL, Clock::system()).map(drop).unwrap_err();
    let good = fs::read(folder.join("clinic.db")).unwrap();

    let (slots, _) = taskmed::db::slots::Slots::create(&data, SOL, &DataKey::random().unwrap()).unwrap();
    let key = fs::read(folder.join("clinic.key")).unwrap();
    slots.write(&folder.join("clinic.key")).unwrap();
    assert!(matches!(open(), OpenError::WrongKey(_)), "{}", open());
    fs::remove_file(folder.join("clinic.key")).unwrap();
    assert!(matches!(open(), OpenError::Missing(_)));
    fs::write(folder.join("clinic.key"), "not a key").unwrap();
    assert!(matches!(open(), OpenError::Locked(_)));
    fs::write(folder.join("clinic.key"), key).unwrap();
    assert_eq!(fs::read(folder.join("clinic.db")).unwrap(), good, "a refusal changes nothing");
    drop(Clinic::open(&data, &folder, SOL, Clock::system()).unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_another_clinic_is_refused() {
    let world = World::new().await;
    let (sol, lua) = (world.clinic(1).folder().to_owned(), world.clinic(2).folder().to_owned());
    let data = world.folder.path().to_owned();
    world.clinics.close();
    fs::copy(lua.join("clinic.db"), sol.join("clinic.db")).unwrap();
    fs::copy(lua.join("clinic.key"), sol.join("clinic.key")).unwrap();
    let clinics = Clinics::open(&data, Clock::system()).unwrap();
    let error = &clinics.failed()[&SOL];
    assert!(matches!(error, OpenError::WrongClinic { expected: 1, found: 2 }), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_without_its_act_never_commits() {
    let world = World::new().await;
    let grant = rooms(&world);
    let sneaky = grant.write(|tx| {
        tx.insert("insert into rooms (created_at, updated_at, name) values (1, 1, 'Escondida')", [])?;
        tx.audited(Act::created::<RoomFields>(999), ())
    });
    assert!(matches!(sneaky.await, Err(Error::Internal(_))));
    let kept = grant.housekeep(|tx| tx.run("update rooms set name = 'x' where id > 0", [])).await;
    assert_eq!(kept.unwrap(), 0, "there is no room");
    grant.write(|tx| rooms::store::create(tx, &room("Sala 1"))).await.unwrap();
    let quiet = grant.housekeep(|tx| tx.run("update rooms set name = 'x' where id > 0", [])).await;
    assert!(matches!(quiet, Err(Error::Internal(_))), "book-keeping may not touch records");
    assert_eq!(grant.read(rooms::store::list).await.unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_and_an_error_undo_their_own_work_and_no_one_elses() {
    let world = World::new().await;
    let grant = rooms(&world);
    let mut jobs = Vec::new();
    for number in 0..60 {
        let grant = grant.clone();
        jobs.push(tokio::spawn(async move {
            grant
                .write(move |tx| {
                    let made = rooms::store::create(tx, &room(&format!("Sala {number}")))?;
                    match number % 3 {
                        0 => panic!("a defect in a transaction"),
                        1 => Err(Error::conflict("no")),
                        _ => Ok(made),
                    }
                })
                .await
        }));
    }
    let mut good = 0;
    for job in jobs {
        good += usize::from(job.await.unwrap().is_ok());
    }
    let left = grant.read(rooms::store::list).await.unwrap();
    assert_eq!((good, left.len()), (20, 20));
    let report = tokio::task::spawn_blocking(move || world.clinic(SOL).check()).await.unwrap().unwrap();
    assert_eq!(report.problems, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn half_of_those_who_are_at_it_are_written_together_while_the_others_wait() {
    let world = World::new().await;
    let (grant, clinic) = (rooms(&world), world.clinic(SOL));
    let groups = move || clinic.meter().group_jobs.counts().count();
    let before = groups();
    let written = tokio::task::spawn_blocking(move || {
        let ((begun, has_begun), (go, gate)) = (mpsc::channel(), mpsc::channel::<()>());
        let first = grant.hand_in(move |tx| {
            begun.send(()).unwrap();
            gate.recv().unwrap();
            rooms::store::create(tx, &room("Sala 0"))
        });
        has_begun.recv().unwrap();
        let others = (1..=64).map(|number| {
            grant.hand_in(move |tx| rooms::store::create(tx, &room(&format!("Sala {number}"))))
        });
        let handed_in: Vec<_> = std::iter::once(first).chain(others).map(Result::unwrap).collect();
        go.send(()).unwrap();
        handed_in.into_iter().filter_map(|job| job.wait().ok()).count()
    });
    assert_eq!(written.await.unwrap(), 65);
    // One who was alone, with the few that are never parted; half of the 65 known of then; the rest.
    assert_eq!(groups() - before, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn earlier_values_are_filed_and_the_trail_names_the_changed_columns_only() {
    let world = World::new().await;
    let grant = rooms(&world);
    let made = grant.write(|tx| rooms::store::create(tx, &room("Sala 1"))).await.unwrap();
    let id = Id::new(made.id());
    grant.write(move |tx| rooms::store::update(tx, id, 1, |_| Ok(room("Sala Azul")))).await.unwrap();
    let filed: (i64, String) = grant
        .read(|tx| {
            let sql = "select version, old from history where entity = 'rooms'";
            tx.one("history", sql, [], |r| Ok((r.get(0)?, r.get(1)?)))
        })
        .await
        .unwrap();
    assert_eq!(filed.0, 1);
    assert!(filed.1.contains("\"name\":\"Sala 1\""), "{}", filed.1);
    let told: (String, String) = grant
        .read(|tx| {
            let sql = "select verb, columns from audit where entity = 'room' order by seq desc limit 1";
            tx.one("audit", sql, [], |r| Ok((r.get(0)?, r.get(1)?)))
        })
        .await
        .unwrap();
    assert_eq!(told, ("updated".to_owned(), "name".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_trail_cannot_be_edited_through_the_program() {
    let world = World::new().await;
    let grant = rooms(&world);
    for statement in ["update audit set verb = 'x' where seq = 1", "delete from audit where seq = 1"] {
        let edited = grant.housekeep(move |tx| tx.run(statement, [])).await;
        assert!(edited.is_err(), "{statement}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cached_answer_is_never_older_than_the_last_commit() {
    let world = World::new().await;
    let grant = rooms(&world);
    let ask = async || {
        let rooms = grant.cached("rooms".into(), &[taskmed::db::Table::Rooms], rooms::store::list);
        rooms.await.map(|kept| kept.encoded)
    };
    let empty = ask().await.unwrap();
    let again = ask().await.unwrap();
    assert_eq!((empty.etag.clone(), &*empty.bytes), (again.etag, &b"[]"[..]));
    grant.write(|tx| rooms::store::create(tx, &room("Sala 1"))).await.unwrap();
    let fresh = ask().await.unwrap();
    assert_ne!(fresh.etag, empty.etag);
    assert!(String::from_utf8_lossy(&fresh.bytes).contains("Sala 1"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_post_is_answered_and_not_done_again() {
    use poem::http::Method;
    let world = World::new().await;
    let desk = world.front_desk().await;
    let post = |key: &'static str, name: &'static str| {
        let desk = desk.clone();
        async move {
            let body = json!({ "name": name });
            desk.send(Method::POST, "/api/clinic/1/rooms", &[("idempotency-key", key)], Some(body)).await
        }
    };
    let first = post("k1", "Sala 1").await.expect(201);
    let second = post("k1", "Sala 1").await.expect(201);
    assert_eq!(first, second);
    assert_eq!(post("k1", "Sala 2").await.wrong_fields(), [" idempotency_key_reused"]);
    post("k2", "Sala 2").await.expect(201);
    assert_eq!(desk.get("/api/clinic/1/rooms").await.expect(200)["items"].as_array().unwrap().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copied_folder_opens_elsewhere_and_without_its_machine_key_by_the_recovery_code() {
    use taskmed::{db::slots::RecoveryCode, features::setup};
    let world = World::empty();
    let clinics = std::sync::Arc::clone(&world.clinics);
    let founding = json!({
        "clinic_name": "Clínica Aurora", "owner_name": "Ana Prado", "email": "ana@aurora.example", "password": "trem azul 42 janelas",
    });
    let founding = taskmed::base::fields::parse(founding.as_object().unwrap()).unwrap();
    let found = move || setup::api::found_here(&clinics, founding).map(|(_, code, _)| code).unwrap();
    let code = tokio::task::spawn_blocking(found).await.unwrap();
    world.clinics.close();

    let copy = tempfile::tempdir().unwrap();
    copy_folder(world.folder.path(), copy.path());
    let opens = || Clinics::open(copy.path(), Clock::system()).unwrap().failed().is_empty();
    assert!(opens());
    fs::remove_file(copy.path().join("machine.key")).unwrap();
    assert!(!opens());
    let wrong = RecoveryCode::parse("not a code");
    assert!(wrong.is_none());
    Clinics::recover(copy.path(), 1, &code).unwrap();
    assert!(opens());
}
