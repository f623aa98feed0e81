//! The trail against someone who has the file and its key: whatever they change, take away, put in or put back is found, and
//! told by the entry at which it shows.
use std::{fs, path::Path};

use fastrand::Rng;
use rusqlite::{Connection, params};
use serde_json::json;
use sha2::{Digest, Sha256};
use taskmed::{
    access::{Grant, permissions::EditContacts, permissions::EditScheduleSetup},
    base::{Clock, Id},
    db::{
        Clinic,
        trail::{Checkpoint, Fault, Why, checkpoint::Standing, outside, proof},
    },
    features::{
        contacts::model::ContactFields,
        rooms::{self, model::RoomFields},
    },
};

use crate::support::{
    World, file,
    world::{LUA, SOL},
};

/// Few in every run, as many as asked by `TASKMED_ROUNDS` (the promise is for a thousand).
fn rounds() -> usize {
    std::env::var("TASKMED_ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(100)
}

fn room(name: String) -> RoomFields {
    RoomFields { name, active: true }
}

/// Makes `count` rooms and renames each: two entries and an earlier version apiece.
async fn work(world: &World, clinic: i64, count: usize) {
    let grant = Grant::<EditScheduleSetup>::of_program(world.clinic(clinic), "test");
    let one = |n: usize| {
        let (grant, mark) = (grant.clone(), format!("{n} {}", fastrand::u64(..)));
        async move {
            let made =
                grant.write(move |tx| rooms::store::create(tx, &room(format!("Sala {mark}")))).await.unwrap();
            let (id, name) = (Id::new(made.id()), format!("Consultório {}", made.id()));
            grant.write(move |tx| rooms::store::update(tx, id, 1, |_| Ok(room(name)))).await.unwrap();
        }
    };
    let all: Vec<_> = (0..count).map(|n| tokio::spawn(one(n))).collect();
    for done in all {
        done.await.unwrap();
    }
}

/// A closed folder of two clinics with a few checkpoints each.
async fn closed() -> World {
    let world = World::new().await;
    for _ in 0..4 {
        work(&world, SOL, 12).await;
        work(&world, LUA, 3).await;
        world.clock.advance(3600);
    }
    world.clinics.close();
    world
}

/// A file in hostile hands.
struct Victim<'a> {
    conn: &'a Connection,
    rng: &'a mut Rng,
    entries: i64,
    versions: i64,
}

/// Where an edit must show: the first fault's entry lies in this range.
type Place = std::ops::RangeInclusive<i64>;

impl Victim<'_> {
    fn run(&self, sql: &str, values: impl rusqlite::Params) {
        self.conn.execute(sql, values).unwrap();
    }

    fn number(&self, sql: &str, value: i64) -> i64 {
        self.conn.query_row(sql, [value], |r| r.get(0)).unwrap()
    }

    fn entry(&mut self) -> i64 {
        self.rng.i64(1..=self.entries)
    }

    fn version(&mut self) -> (i64, Place) {
        let id = self.rng.i64(1..=self.versions);
        let seq = self.number("select min(seq) from audit where history_to >= ?1", id);
        (id, seq..=seq)
    }

    fn changes_an_entry(&mut self) -> Place {
        const EDITS: [&str; 12] = [
            "at = at + 1",
            "user_id = coalesce(user_id, 0) + 1",
            "outcome = (outcome + 1) % 3",
            "roles = roles || 'x'",
            "verb = 'x' || verb",
            "entity = entity || 's'",
            "record_id = coalesce(record_id, 0) + 1",
            "last_id = coalesce(last_id, 0) + 1",
            "columns = columns || ',name'",
            "origin = '10.0.0.1'",
            "request_id = request_id || '0'",
            "reason = reason || ' '",
        ];
        let (seq, edit) = (self.entry(), EDITS[self.rng.usize(..EDITS.len())]);
        self.run(&format!("update audit set {edit} where seq = ?1"), [seq]);
        seq..=seq
    }

    fn changes_a_hash(&mut self) -> Place {
        let seq = self.entry();
        self.run("update audit set hash = randomblob(32) where seq = ?1", [seq]);
        seq..=seq
    }

    fn deletes_an_entry(&mut self) -> Place {
        let seq = self.entry();
        self.run("delete from audit where seq = ?1", [seq]);
        seq..=seq
    }

    fn swaps_two_entries(&mut self) -> Place {
        let first = self.rng.i64(1..self.entries);
        let second = self.rng.i64(first + 1..=self.entries);
        for (from, to) in [(first, -1), (second, first), (-1, second)] {
            self.run("update audit set seq = ?2 where seq = ?1", [from, to]);
        }
        first..=first
    }

    fn cuts_the_end_off(&mut self) -> Place {
        let seq = self.entry();
        self.run("delete from audit where seq >= ?1", [seq]);
        seq..=seq
    }

    /// With the checkpoints that would tell: the key they would need again is gone.
    fn cuts_the_end_and_its_checkpoints_off(&mut self) -> Place {
        let seq = self.entry();
        self.run("delete from audit where seq >= ?1", [seq]);
        self.run("delete from checkpoints where seq >= ?1", [seq]);
        self.number("select coalesce(max(seq), 0) + 1 from checkpoints where ?1", 1)..=seq
    }

    /// Changes an entry and makes every later hash fit: only a checkpoint knows better.
    fn rewrites_the_rest(&mut self) -> Place {
        let seq = self.entry();
        self.run("update audit set origin = origin || '9' where seq = ?1", [seq]);
        rehash(self.conn, seq);
        let sealed = self.number("select min(seq) from checkpoints where seq >= ?1", seq);
        sealed..=sealed
    }

    fn changes_a_version(&mut self) -> Place {
        let (id, place) = self.version();
        self.run("update history set old = json_set(old, '$.name', 'Sala Falsa') where id = ?1", [id]);
        place
    }

    fn changes_where_a_version_belongs(&mut self) -> Place {
        let (id, place) = self.version();
        self.run(
            "update history set record_id = record_id + 1, replaced_at = replaced_at - 60 where id = ?1",
            [id],
        );
        place
    }

    fn changes_a_salt(&mut self) -> Place {
        let (id, place) = self.version();
        self.run("update history set salt = randomblob(16) where id = ?1", [id]);
        place
    }

    fn deletes_a_version(&mut self) -> Place {
        let (id, place) = self.version();
        self.run("delete from history where id = ?1", [id]);
        place
    }

    fn swaps_two_versions(&mut self) -> Place {
        let first = self.rng.i64(1..self.versions);
        for (from, to) in [(first, -1), (first + 1, first), (-1, first + 1)] {
            self.run("update history set id = ?2 where id = ?1", [from, to]);
        }
        let seq = self.number("select min(seq) from audit where history_to >= ?1", first);
        seq..=seq
    }

    fn adds_a_version(&mut self) -> Place {
        self.run("insert into history (entity, record_id, version, replaced_at, old) values ('rooms', 1, 9, 9, '{}')", []);
        self.entries + 1..=self.entries + 1
    }

    /// As a lawful erasure would look, digest and all, but for the entry that says so.
    fn erases_a_version_quietly(&mut self) -> Place {
        let (id, place) = self.version();
        let digest = digest_of(self.conn, id);
        let said = self.entry();
        self.run(
            "update history set old = null, salt = null, digest = ?2, erased_seq = ?3 where id = ?1",
            params![id, digest, said],
        );
        place
    }

    fn forges_a_checkpoint(&mut self) -> Place {
        let number = self.number("select abs(random()) % count(*) + ?1 from checkpoints", 1);
        let column = ["head", "key", "next_key"][self.rng.usize(..3)];
        self.run(&format!("update checkpoints set {column} = randomblob(32) where number = ?1"), [number]);
        let seq = self.number("select seq from checkpoints where number = ?1", number);
        seq..=seq
    }
}

fn edits<'a>() -> [fn(&mut Victim<'a>) -> Place; 15] {
    [
        Victim::changes_an_entry,
        Victim::changes_a_hash,
        Victim::deletes_an_entry,
        Victim::swaps_two_entries,
        Victim::cuts_the_end_off,
        Victim::cuts_the_end_and_its_checkpoints_off,
        Victim::rewrites_the_rest,
        Victim::changes_a_version,
        Victim::changes_where_a_version_belongs,
        Victim::changes_a_salt,
        Victim::deletes_a_version,
        Victim::swaps_two_versions,
        Victim::adds_a_version,
        Victim::erases_a_version_quietly,
        Victim::forges_a_checkpoint,
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn every_hostile_edit_is_found_and_told_by_its_entry() {
    let world = closed().await;
    let conn = file::open(world.folder.path(), SOL);
    let count =
        |table: &str| conn.query_row(&format!("select count(*) from {table}"), [], |r| r.get(0)).unwrap();
    let (entries, versions): (i64, i64) = (count("audit"), count("history"));
    assert!(entries > 90 && versions > 40, "too little to edit: {entries} entries, {versions} versions");
    assert_eq!(faults(&conn, &[]), []);
    let mut rng = Rng::with_seed(41);
    for round in 0..rounds() {
        conn.execute_batch("begin").unwrap();
        file::unlock(&conn);
        let kind = round % edits().len();
        let place = edits()[kind](&mut Victim { conn: &conn, rng: &mut rng, entries, versions });
        // Nothing but the file itself, the hardest case.
        let found = faults(&conn, &[]);
        let first = found.first().unwrap_or_else(|| panic!("round {round}: edit {kind} was not found"));
        assert!(
            place.contains(&first.seq),
            "round {round}, edit {kind}: expected at {place:?}, found {found:?}"
        );
        conn.execute_batch("rollback").unwrap();
    }
    assert_eq!(faults(&conn, &[]), [], "the edits were undone");
}

fn faults(conn: &Connection, copies: &[Checkpoint]) -> Vec<Fault> {
    proof::verify(conn, SOL, copies, &|_| ()).unwrap().faults
}

/// The canonical form of an entry, written down a second time: hashes from entry `seq` on are made to fit.
fn rehash(conn: &Connection, seq: i64) {
    let sql = "select seq, at, user_id, outcome, record_id, last_id, history_to, roles, verb, entity, columns, origin,
        request_id, reason, commitment from audit where seq >= ?1 order by seq";
    let mut previous: Vec<u8> = conn
        .query_row("select coalesce((select hash from audit where seq = ?1), zeroblob(32))", [seq - 1], |r| {
            r.get(0)
        })
        .unwrap();
    let mut statement = conn.prepare(sql).unwrap();
    let mut rows = statement.query([seq]).unwrap();
    let mut made = Vec::new();
    while let Some(row) = rows.next().unwrap() {
        let mut digest = Sha256::new_with_prefix(&previous);
        (0..7).for_each(|i| {
            digest.update(row.get::<_, Option<i64>>(i).unwrap().unwrap_or(i64::MIN).to_be_bytes());
        });
        for i in 7..14 {
            let text: String = row.get(i).unwrap();
            digest.update((text.len() as u64).to_be_bytes());
            digest.update(text);
        }
        digest.update(row.get::<_, Option<Vec<u8>>>(14).unwrap().unwrap_or_default());
        previous = digest.finalize().to_vec();
        made.push((row.get::<_, i64>(0).unwrap(), previous.clone()));
    }
    for (seq, hash) in made {
        conn.execute("update audit set hash = ?2 where seq = ?1", params![seq, hash]).unwrap();
    }
}

/// The digest of an earlier version, written down a second time.
fn digest_of(conn: &Connection, id: i64) -> Vec<u8> {
    let sql =
        "select salt, id, record_id, version, replaced_at, removed, entity, old from history where id = ?1";
    conn.query_row(sql, [id], |r| {
        let mut digest = Sha256::new_with_prefix(r.get::<_, Vec<u8>>(0)?);
        for i in 1..6 {
            digest.update(r.get::<_, i64>(i)?.to_be_bytes());
        }
        for i in 6..8 {
            let text: String = r.get(i)?;
            digest.update((text.len() as u64).to_be_bytes());
            digest.update(text);
        }
        Ok(digest.finalize().to_vec())
    })
    .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_copy_of_the_file_contradicts_the_copies_kept_outside() {
    let world = closed().await;
    let folder = world.folder.path().join("clinics/1");
    let older = fs::read(folder.join("clinic.db")).unwrap();
    let clinic = open(&world);
    let grant = Grant::<EditScheduleSetup>::of_program(clinic, "test");
    grant.write(|tx| rooms::store::create(tx, &room("Sala Nova".into()))).await.unwrap();
    drop(grant);
    fs::write(folder.join("clinic.db"), older).unwrap();
    let clinic = open(&world);
    let verdict = clinic.verify_trail(&|_| ()).unwrap();
    assert_eq!(whys(&verdict.faults), [Why::RolledBack]);
    assert_eq!(clinic.copies_hold().unwrap(), Standing::Missing);
    assert!(clinic.check().unwrap().problems.iter().any(|problem| problem.contains("rolled_back")));
    // Going on from there does not cover it up.
    let grant = Grant::<EditScheduleSetup>::of_program(std::sync::Arc::clone(&clinic), "test");
    grant.write(|tx| rooms::store::create(tx, &room("Sala Outra".into()))).await.unwrap();
    clinic.close();
    let clinic = open(&world);
    assert_eq!(whys(&clinic.verify_trail(&|_| ()).unwrap().faults), [Why::CopyDiffers]);
    assert_eq!(clinic.copies_hold().unwrap(), Standing::Differs);
}

fn whys(faults: &[Fault]) -> Vec<Why> {
    faults.iter().map(|fault| fault.why).collect()
}

fn open(world: &World) -> std::sync::Arc<Clinic> {
    let folder = world.folder.path().join("clinics/1");
    std::sync::Arc::new(Clinic::open(world.folder.path(), &folder, SOL, world.clock.clone()).unwrap())
}

fn copies(world: &World) -> Vec<Checkpoint> {
    outside::all(&world.folder.path().join("clinics/1"), SOL)
}

/// The copies once there are so many, or those of two seconds later: they are made after the writes are acknowledged.
async fn copies_soon(world: &World, count: usize) -> Vec<Checkpoint> {
    for _ in 0..200 {
        if copies(world).len() >= count {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    copies(world)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_checkpoint_is_signed_every_thousand_entries_every_hour_and_at_the_end() {
    let world = World::new().await;
    let founded = copies(&world).len();
    work(&world, SOL, 1010).await;
    let sealed: Vec<i64> =
        copies_soon(&world, founded + 2).await.iter().map(|c| c.seq).skip(founded).collect();
    assert_eq!(sealed.len(), 2, "2,020 entries and more: {sealed:?}");
    assert_eq!(sealed[1] - sealed[0], 1000, "{sealed:?}");
    world.clock.advance(3600);
    work(&world, SOL, 1).await;
    assert_eq!(copies_soon(&world, founded + 3).await.len(), founded + 3, "an hour passed");
    world.clinics.close();
    let all = copies(&world);
    assert_eq!(all.len(), founded + 4, "the program stopped");
    let clinic = open(&world);
    let length = clinic.trail_length().unwrap();
    assert_eq!(length, all.last().unwrap().seq);
    let heard = std::cell::RefCell::new(Vec::new());
    clinic.verify_trail(&|entries| heard.borrow_mut().push(entries)).unwrap();
    assert_eq!(heard.into_inner(), [1000, 2000, length], "progress is told");
    clinic.close();
    assert_eq!(copies(&world), all, "who only looks signs nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_key_of_a_signed_checkpoint_is_gone_and_only_the_next_one_is_there() {
    let world = closed().await;
    let secret = |conn: &Connection| -> [u8; 32] {
        conn.query_row("select secret from trail_key", [], |r| r.get(0)).unwrap()
    };
    let public = |secret| ed25519_dalek::SigningKey::from_bytes(&secret).verifying_key().to_bytes();
    let before = secret(&file::open(world.folder.path(), SOL));
    assert_eq!(public(before), copies(&world).last().unwrap().next_key);
    let clinic = open(&world);
    let grant = Grant::<EditScheduleSetup>::of_program(clinic, "test");
    grant.write(|tx| rooms::store::create(tx, &room("Sala Nova".into()))).await.unwrap();
    drop(grant);
    let last = copies(&world).pop().unwrap();
    assert_eq!(public(before), last.key, "it signed");
    let after = secret(&file::open(world.folder.path(), SOL));
    assert_eq!(public(after), last.next_key);
    assert_ne!(before, after);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trail_without_its_key_is_never_continued_with_another() {
    let world = closed().await;
    let before = copies(&world);
    file::open(world.folder.path(), SOL).execute("update trail_key set secret = randomblob(32)", []).unwrap();
    let clinic = open(&world);
    let grant = Grant::<EditScheduleSetup>::of_program(std::sync::Arc::clone(&clinic), "test");
    grant.write(|tx| rooms::store::create(tx, &room("Sala Nova".into()))).await.unwrap();
    assert_eq!(whys(&clinic.verify_trail(&|_| ()).unwrap().faults), [Why::KeyReplaced]);
    clinic.close();
    assert_eq!(copies(&world), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lawful_erasure_takes_the_values_and_leaves_the_trail_whole() {
    let world = World::new().await;
    let desk = world.front_desk().await;
    let body = json!({ "name": "Canário Amarelo", "phone": "11 98888-7777", "notes": "primeira nota" });
    let made = desk.post("/api/contacts", body).await.expect(201);
    let (id, path) = (made["id"].as_i64().unwrap(), format!("/api/contacts/{}", made["id"]));
    desk.patch(&path, 1, json!({ "notes": "segunda nota" })).await.expect(200);
    desk.patch(&path, 2, json!({ "notes": "terceira nota" })).await.expect(200);
    let clinic = world.clinic(SOL);
    let whole = clinic.verify_trail(&|_| ()).unwrap();
    let grant = Grant::<EditContacts>::of_program(std::sync::Arc::clone(&clinic), "test");
    let erase = move |tx: &mut taskmed::db::WriteTx<'_>| {
        let erased = tx.erase_history::<ContactFields>(id, "art. 18")?;
        tx.audited(taskmed::db::Act::seen("told", "contact", Some(id)), erased)
    };
    assert_eq!(grant.write(erase).await.unwrap(), 2);
    let left = grant
        .read(|tx| tx.number("select count(*) from history where old like '%nota%' or salt is not null and entity = 'contacts'", []))
        .await
        .unwrap();
    let verdict = clinic.verify_trail(&|_| ()).unwrap();
    assert_eq!((left, verdict.erased, verdict.versions), (0, 2, whole.versions));
    assert_eq!(verdict.faults, []);
    let again =
        grant.housekeep(|tx| tx.run("update history set erased_seq = 1 where digest is not null", [])).await;
    assert!(again.is_err(), "what is erased stays as it is");
    let past = desk.get(&format!("{path}/history")).await.expect(200);
    assert!(past["items"][0]["erased"] == true && !past.to_string().contains("nota"), "{past}");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_clinics_checkpoints_prove_nothing_in_another() {
    let world = closed().await;
    let (sol, lua) = (copies(&world), outside::all(&world.folder.path().join("clinics/2"), LUA));
    assert!(sol[0].follows(SOL, None) && !sol[0].follows(LUA, None));
    assert!(outside::all(&world.folder.path().join("clinics/2"), SOL).is_empty());
    let conn = file::open(world.folder.path(), SOL);
    assert_eq!(faults(&conn, &sol), []);
    assert_eq!(whys(&faults(&conn, &lua)), [Why::CopyDiffers]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_copies_are_for_the_owner_of_the_machine_alone_and_survive_half_a_line() {
    let world = closed().await;
    let path = world.folder.path().join("clinics/1/checkpoints.jsonl");
    owner_only(&path);
    let whole = copies(&world);
    let mut text = fs::read_to_string(&path).unwrap();
    text.push_str("{\"clinic\":1,\"numb");
    fs::write(&path, text).unwrap();
    assert_eq!(copies(&world), whole);
    let clinic = Clinic::open(world.folder.path(), path.parent().unwrap(), SOL, Clock::system()).unwrap();
    let grant = Grant::<EditScheduleSetup>::of_program(std::sync::Arc::new(clinic), "test");
    grant.write(|tx| rooms::store::create(tx, &room("Sala Nova".into()))).await.unwrap();
    drop(grant);
    assert_eq!(copies(&world).len(), whole.len() + 1);
}

#[cfg(unix)]
fn owner_only(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    assert_eq!(fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600);
}

#[cfg(not(unix))]
fn owner_only(_: &Path) {}
