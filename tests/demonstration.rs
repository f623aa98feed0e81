//! The demonstration: made, looked around in, left again, and never mixed up with a real clinic.
use std::{fs, path::Path, process::Command, sync::Arc, time::Instant};

use poem::{Request, http::Method};
use serde_json::{Value, json};
use taskmed::{
    access::{Grant, Role, permissions::ViewClinic},
    base::{Choice, Clock, Id},
    db::{Clinic, Clinics},
    demo::Size,
    features::{
        contacts,
        demonstration::{fill::fill, model::DemoClinic},
    },
    web::edge::{Arrival, Peer},
};

use crate::support::{Desk, World, world::NOW};

/// Makes the demonstration through the API; answers what came back and the owner's desk.
async fn made(world: &World) -> (Value, Desk) {
    let mut desk = world.stranger();
    let answer = desk.post("/api/setup/demo", json!({})).await;
    desk.keep_cookie(&answer);
    (answer.expect(201), desk)
}

fn filled(folder: &Path, seed: u64, size: Size) -> (Arc<Clinic>, DemoClinic) {
    let clinics = Clinics::open(folder, Clock::standing_at(NOW.parse().unwrap())).unwrap();
    let made = fill(&clinics, seed, size, &mut |_| ()).unwrap();
    (clinics.get(made.clinic_id).unwrap(), made)
}

fn number(clinic: &Arc<Clinic>, sql: &str) -> i64 {
    let grant = Grant::<ViewClinic>::of_program(Arc::clone(clinic), "test");
    grant.read_here(|tx| tx.number(sql, [])).unwrap()
}

fn texts(clinic: &Arc<Clinic>, sql: &str) -> Vec<String> {
    let grant = Grant::<ViewClinic>::of_program(Arc::clone(clinic), "test");
    grant.read_here(|tx| tx.all(sql, [], |r| r.get(0))).unwrap()
}

/// Appointments of one professional, room or patient that begin before an earlier one ends.
fn overlaps(clinic: &Arc<Clinic>, column: &str) -> i64 {
    let sql = format!(
        "select count(*) from (
             select starts_at, max(ends_at) over (
                 partition by {column} order by starts_at, id rows between unbounded preceding and 1 preceding) as busy_until
             from appointments where {column} is not null and fit_in = 0
                 and status not in ('no_show', 'left', 'cancelled_by_patient', 'cancelled_by_clinic'))
         where starts_at < busy_until"
    );
    number(clinic, &sql)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_demonstration_is_made_and_its_owner_signed_in() {
    let world = World::empty();
    let (shown, owner) = made(&world).await;
    assert_eq!(shown["clinic"]["is_demo"], true);
    assert_eq!(shown["user"]["roles"], json!(["owner"]));
    let session = owner.get("/api/auth/session").await.expect(200);
    assert_eq!((&session["clinic"]["is_demo"], &session["user"]["id"]), (&json!(true), &shown["user"]["id"]));
    let state = owner.get("/api/setup").await.expect(200);
    assert_eq!((&state["in_demonstration"], &state["needs_setup"]), (&json!(true), &json!(false)));
    let rooms = owner.get("/api/clinic/1/rooms").await.expect(200);
    assert_eq!(rooms["items"].as_array().unwrap().len(), 3);
    let team = owner.get("/api/clinic/1/users/management").await.expect(200);
    assert_eq!(team["items"].as_array().unwrap().len(), 14);
    let clinic = owner.get("/api/clinic/1").await.expect(200);
    assert_eq!(clinic["opening_hours"].as_array().unwrap().len(), 6);
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_of_the_answer_signs_in_with_their_roles() {
    let world = World::empty();
    let (shown, _) = made(&world).await;
    let mut seen = Vec::new();
    for user in shown["users"].as_array().unwrap() {
        let mut desk = world.stranger();
        desk.sign_in(user["email"].as_str().unwrap(), user["password"].as_str().unwrap()).await;
        let session = desk.get("/api/auth/session").await.expect(200);
        assert_eq!(session["user"]["roles"], user["roles"]);
        seen.push(user["roles"][0].as_str().unwrap().to_owned());
    }
    for role in Role::ALL {
        assert!(seen.iter().any(|code| code == role.code()), "{role:?}");
    }
}

#[test]
fn a_filled_clinic_is_whole_and_soon_made() {
    let folder = tempfile::tempdir().unwrap();
    let begun = Instant::now();
    let (clinic, made) = filled(folder.path(), 1, Size::Clinic);
    // The promise is for a release build on a machine with nothing else to do; a busy one must not fail for that.
    let most = if cfg!(debug_assertions) { 120 } else { 20 };
    assert!(begun.elapsed().as_secs() < most, "{:?}", begun.elapsed());
    assert_eq!(number(&clinic, "select count(*) from contacts"), 3_000);
    assert_eq!(number(&clinic, "select count(*) from appointments"), 18_000);
    assert_eq!(number(&clinic, "select count(*) from users"), made.users.len() as i64);
    assert_eq!(
        number(&clinic, "select count(*) from contacts_search where contacts_search match 'silva'"),
        number(&clinic, "select count(*) from contacts where ' ' || search_text || ' ' like '% silva %'")
    );
    for column in ["professional_id", "room_id", "contact_id"] {
        assert_eq!(overlaps(&clinic, column), 0, "{column}");
    }
    assert!(number(&clinic, "select count(*) from appointments where fit_in = 1") > 100);
    assert!(clinic.check().unwrap().problems.is_empty());
}

#[test]
fn the_times_and_payments_of_the_books_are_believable() {
    let folder = tempfile::tempdir().unwrap();
    let (clinic, _) = filled(folder.path(), 3, Size::Clinic);
    let now = clinic.clock().seconds();
    let wrong = [
        format!("select count(*) from appointments where created_at > {now} or updated_at > {now} or updated_at < created_at"),
        "select count(*) from appointments where created_at >= starts_at".into(),
        "select count(*) from appointments a join contacts c on c.id = a.contact_id where c.created_at > a.created_at".into(),
        "select count(*) from appointments where (status = 'done') <> (done_at is not null)".into(),
        "select count(*) from appointments where (payment_status in ('none', 'waived')) <> (amount_cents is null)".into(),
        "select count(*) from appointments where created_by is null".into(),
        format!("select count(*) from contacts where created_at > {now}"),
        "select count(*) from contacts where search_text = '' or record_number <> id".into(),
    ];
    for sql in wrong {
        assert_eq!(number(&clinic, &sql), 0, "{sql}");
    }
    let paid = number(
        &clinic,
        "select 100 * count(*) filter (where payment_status = 'paid') / count(*) from appointments where status = 'done'",
    );
    assert!((40..80).contains(&paid), "{paid} in a hundred are paid");
}

#[test]
fn patients_are_found_as_if_the_register_had_written_them() {
    let folder = tempfile::tempdir().unwrap();
    let (clinic, _) = filled(folder.path(), 4, Size::Clinic);
    let grant = Grant::<ViewClinic>::of_program(Arc::clone(&clinic), "test");
    let stored = texts(&clinic, "select search_text from contacts order by id");
    grant
        .read_here(|tx| {
            for (id, stored) in (1..).zip(&stored) {
                let contact = contacts::store::find(tx, Id::new(id))?;
                assert_eq!(&contacts::indexed::text_of(&contact.saved.fields), stored);
            }
            Ok(())
        })
        .unwrap();
}

#[test]
fn one_seed_makes_one_clinic_with_a_password_of_its_own() {
    let folders = [(); 3].map(|()| tempfile::tempdir().unwrap());
    let [(one, first), (again, second), (other, _)] =
        [(5, 0), (5, 1), (6, 2)].map(|(seed, at)| filled(folders[at].path(), seed, Size::Clinic));
    let names = "select name || ' ' || created_at || ' ' || search_text from contacts order by id";
    assert_eq!(texts(&one, names), texts(&again, names));
    assert_ne!(texts(&one, names), texts(&other, names));
    let agenda =
        "select contact_id || ' ' || starts_at || ' ' || status || ' ' || payment_status || ' ' || created_by
        from appointments order by id";
    assert_eq!(texts(&one, agenda), texts(&again, agenda));
    assert_ne!(first.users[0].password, second.users[0].password);
    assert!(first.users.iter().all(|user| user.password == first.users[0].password));
}

#[tokio::test(flavor = "multi_thread")]
async fn leaving_goes_back_to_set_up_and_takes_the_files_along() {
    let world = World::empty();
    let (_, owner) = made(&world).await;
    assert!(world.folder.path().join("demo/clinics/1/clinic.db").exists());
    world.stranger().post("/api/setup/demo/leave", json!({})).await.problem(401, "unauthenticated");
    let left = owner.post("/api/setup/demo/leave", json!({})).await;
    assert!(left.header("set-cookie").contains("Max-Age=0"));
    left.expect(204);
    assert!(!world.folder.path().join("demo").exists());
    let state = owner.get("/api/setup").await.expect(200);
    assert_eq!((&state["in_demonstration"], &state["needs_setup"]), (&json!(false), &json!(true)));
    owner.get("/api/auth/session").await.problem(401, "unauthenticated");
    let (shown, _) = made(&world).await;
    assert_eq!(shown["clinic"]["is_demo"], true, "and it can be made again");
}

#[tokio::test(flavor = "multi_thread")]
async fn its_sign_ins_are_told_at_this_machine_and_only_while_it_is_shown() {
    let world = World::empty();
    let told = async |desk: &Desk| desk.get("/api/setup").await.expect(200)["demo_users"].clone();
    assert_eq!(told(&world.stranger()).await, json!([]));
    let (shown, owner) = made(&world).await;
    assert_eq!(told(&world.stranger()).await, shown["users"]);
    let peer = Peer { addr: ([192, 168, 0, 9], 50_000).into(), tls: true, loopback: false };
    let request =
        Request::builder().method(Method::GET).uri_str("/api/setup").extension(Arrival::from(peer)).finish();
    let elsewhere = world.stranger().ask(request).await.expect(200);
    assert_eq!((&elsewhere["in_demonstration"], &elsewhere["demo_users"]), (&json!(true), &json!([])));
    owner.post("/api/setup/demo/leave", json!({})).await.expect(204);
    assert_eq!(told(&world.stranger()).await, json!([]));
    let clinic = World::new().await;
    assert_eq!(told(&clinic.owner().await).await, json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_of_the_demonstration_is_none_of_the_clinic_and_the_reverse() {
    let world = World::empty();
    let (_, visitor) = made(&world).await;
    // A second demonstration in the first one's place knows nothing of its sessions.
    let (_, again) = made(&world).await;
    visitor.get("/api/auth/session").await.problem(401, "unauthenticated");
    again.post("/api/setup/demo/leave", json!({})).await.expect(204);
    let founding = json!({
        "clinic_name": "Sol", "owner_name": "Olívia Prado", "email": "owner@sol.example", "password": "trem azul 42 janelas",
    });
    let mut owner = world.stranger();
    let answer = owner.post("/api/setup", founding).await;
    owner.keep_cookie(&answer);
    assert_eq!(answer.expect(201)["clinic"]["id"], 1, "both are clinic 1");
    again.get("/api/auth/session").await.problem(401, "unauthenticated");
    again.get("/api/clinic/1").await.problem(401, "unauthenticated");
    // The clinic's owner, while a demonstration is what is served.
    let folder = tempfile::tempdir().unwrap();
    let clinics = Arc::new(Clinics::open(folder.path(), world.clock.clone()).unwrap());
    let elsewhere = Arc::clone(&clinics);
    tokio::task::spawn_blocking(move || fill(&elsewhere, 1, Size::Clinic, &mut |_| ()).unwrap())
        .await
        .unwrap();
    // Also what was at hand a moment before is none of a visitor's.
    let both = ["/api/clinic/1", "/api/agenda?clinic_id=1&date=2026-11-25"];
    for _ in 0..3 {
        for path in both {
            owner.get(path).await.expect(200);
        }
    }
    world.context.serve(clinics, Vec::new());
    for path in both {
        owner.get(path).await.problem(401, "unauthenticated");
    }
    world.context.serve_home();
    owner.get("/api/clinic/1").await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn where_there_is_a_clinic_no_demonstration_is_made_or_left() {
    let world = World::new().await;
    let owner = world.owner().await;
    owner.post("/api/setup/demo", json!({})).await.problem(409, "already_set_up");
    owner.post("/api/setup/demo/leave", json!({})).await.problem(404, "not_found");
    assert!(!world.folder.path().join("demo").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn other_machines_neither_make_nor_leave_a_demonstration() {
    let world = World::empty();
    let (_, owner) = made(&world).await;
    for path in ["/api/setup/demo", "/api/setup/demo/leave"] {
        let mut request =
            Request::builder().method(Method::POST).uri_str(path).header("cookie", owner.cookie()).finish();
        let peer = Peer { addr: ([192, 168, 0, 9], 50_000).into(), tls: false, loopback: false };
        request.extensions_mut().insert(Arrival::from(peer));
        owner.ask(request).await.problem(403, "forbidden");
    }
    owner.get("/api/auth/session").await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_made_up_is_never_removed() {
    let (world, other) = (World::empty(), World::new().await);
    let demo = world.folder.path().join("demo");
    fs::create_dir_all(demo.join("clinics/1")).unwrap();
    let real = other.folder.path();
    fs::copy(real.join("machine.key"), demo.join("machine.key")).unwrap();
    for name in ["clinic.db", "clinic.key"] {
        fs::copy(real.join("clinics/1").join(name), demo.join("clinics/1").join(name)).unwrap();
    }
    let before = fs::read(demo.join("clinics/1/clinic.key")).unwrap();
    world.stranger().post("/api/setup/demo", json!({})).await.problem(409, "not_a_demonstration");
    assert_eq!(fs::read(demo.join("clinics/1/clinic.key")).unwrap(), before);
    assert!(demo.join("clinics/1/clinic.db").exists());
    let state = world.stranger().get("/api/setup").await.expect(200);
    assert_eq!(state["needs_setup"], true);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_demonstration_gives_way_and_a_strangers_file_stays() {
    let world = World::empty();
    let (_, first) = made(&world).await;
    let note = world.folder.path().join("demo/note.txt");
    fs::write(&note, "mine").unwrap();
    let (_, second) = made(&world).await;
    assert_ne!(first.cookie(), second.cookie());
    second.post("/api/setup/demo/leave", json!({})).await.expect(204);
    assert_eq!(fs::read_to_string(note).unwrap(), "mine");
    assert!(!world.folder.path().join("demo/clinics").exists());
}

fn taskmed(args: &[&str], folder: &Path) -> (Option<i32>, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_taskmed"));
    let ran = command.args(args).arg("--data").arg(folder).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (ran.status.code(), text(&ran.stdout), text(&ran.stderr))
}

#[test]
fn the_command_makes_a_clinic_that_passes_the_check_and_refuses_a_second() {
    let folder = tempfile::tempdir().unwrap();
    let (code, out, progress) = taskmed(&["demo", "--json", "--seed", "7"], folder.path());
    assert_eq!(code, Some(0), "{progress}");
    assert!(progress.contains("patients: 3000 of 3000"), "{progress}");
    let line: Value = serde_json::from_str(out.lines().last().unwrap()).unwrap();
    assert_eq!((&line["clinic_id"], line.as_object().unwrap().len()), (&json!(1), 2));
    assert_eq!(line["users"][0]["roles"], json!(["owner"]));
    let (code, out, _) = taskmed(&["check", "--json"], folder.path());
    assert_eq!((code, serde_json::from_str::<Value>(&out).unwrap()["ok"].clone()), (Some(0), json!(true)));
    let (code, out, why) = taskmed(&["demo"], folder.path());
    assert_eq!((code, out.as_str()), (Some(1), ""));
    assert!(why.contains("already"), "{why}");
}
