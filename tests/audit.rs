//! The trail over the API: who looked, searched, took out or was refused is in it, and no patient's name is.
use std::time::{Duration, Instant};

use poem::http::Method;
use serde_json::{Value, json};
use taskmed::{
    access::{Grant, Role, permissions::ViewAudit},
    app,
    db::Act,
    web::Route,
};

use crate::support::{
    Desk, Practice, World, file,
    practice::{TODAY, WEDNESDAY, url},
    world::{LUA, SOL},
};

/// Only a person's record has these.
const PERSONAL: [&str; 7] = [
    "\"cpf\"",
    "\"cns\"",
    "\"birth_date\"",
    "\"display_name\"",
    "\"mother_name\"",
    "\"social_name\"",
    "\"contact_display_name\"",
];
/// Texts about the program itself.
const IMPERSONAL: [&str; 8] = [
    "/livez",
    "/readyz",
    "/metrics",
    "/openapi.json",
    "/docs",
    "/problems/{code}",
    "/trust/ca.pem",
    "/api/events",
];

/// The entries of the trail, newest first.
async fn entries(desk: &Desk, query: &str) -> Vec<Value> {
    let page = desk.get(&format!("/api/audit?limit=200{query}")).await.expect(200);
    page["items"].as_array().unwrap().clone()
}

/// How often an entry says that its look was taken.
fn times(entry: &Value) -> usize {
    let columns = entry["columns"].as_array().unwrap().iter();
    columns.filter_map(|c| c.as_str()?.strip_prefix("times=")?.parse().ok()).next().unwrap_or(1)
}

fn told(entry: &Value) -> (&str, &str, &Value) {
    (entry["verb"].as_str().unwrap(), entry["entity"].as_str().unwrap(), &entry["entity_id"])
}

/// Whether the answer of a route holds data of people, by what its types promise.
fn answers_people(route: &Route) -> bool {
    let operation = route.operation(schemars::SchemaGenerator::default());
    let mut generator = operation.schemas;
    let named = serde_json::to_string(&generator.take_definitions(true)).unwrap();
    let answers = serde_json::to_string(&operation.responses).unwrap();
    let is_text = answers.contains("text/csv") || answers.contains("text/plain");
    is_text || PERSONAL.iter().any(|word| named.contains(word))
}

#[test]
fn every_route_that_answers_data_of_people_says_so_in_the_table() {
    let silent: Vec<&str> = app::routes()
        .iter()
        .filter(|r| r.method == Method::GET && r.reads.is_none() && !IMPERSONAL.contains(&r.path))
        .filter(|r| answers_people(r))
        .map(|r| r.path)
        .collect();
    assert_eq!(silent, Vec::<&str>::new(), "these would be read without a trace");
    assert!(app::routes().iter().filter(|r| r.reads.is_some()).count() >= 12);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_route_that_says_so_makes_its_entry() {
    let practice = Practice::new().await;
    let owner = practice.world.owner().await;
    let booked = practice.book("09:00").await;
    let imported = imported(&owner).await;
    for route in app::routes() {
        let (Some(reads), true) = (route.reads, !route.path.contains("{secret}")) else { continue };
        let id = match route.path {
            path if path.starts_with("/api/appointments") => booked["id"].clone(),
            path if path.starts_with("/api/contacts/imports") => imported.clone(),
            _ => booked["contact_id"].clone(),
        };
        let extra = if route.path == "/api/agenda" { format!("?date={WEDNESDAY}") } else { String::new() };
        let path = format!("{}{extra}", route.path.replace("{id}", &id.to_string()));
        let answer = owner.get(&path).await;
        assert!(answer.status.is_success(), "{path}: {}", answer.status);
        let made = entries(&owner, &format!("&verb={}&entity={}", reads.verb, reads.entity)).await;
        let own = made.iter().find(|e| e["user_name"] == "Olívia Prado");
        let own = own.unwrap_or_else(|| panic!("{path} left no trace"));
        if route.path.contains("{id}") {
            assert_eq!(own["entity_id"], id, "{path}");
        }
    }
}

/// Brings a file in; answers the import's number.
async fn imported(desk: &Desk) -> Value {
    let csv = "nome;telefone\nBia Canário;11977776666\nSem Telefone;\n".as_bytes().to_vec();
    let path = "/api/contacts/import?dry_run=0&file_name=a.csv";
    let answer = desk.send_bytes(Method::POST, path, &[], (Some("text/csv"), csv)).await.expect(202);
    let import = format!("/api/contacts/imports/{}", answer["import_id"]);
    for _ in 0..100 {
        if desk.get(&import).await.expect(200)["status"] == "done" {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    answer["import_id"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_calendar_program_leaves_a_trace_too() {
    let practice = Practice::new().await;
    let owner = practice.world.owner().await;
    let made = owner
        .post("/api/calendar/integrations", json!({ "professional_id": practice.ana }))
        .await
        .expect(201);
    let address = made["url"].as_str().unwrap();
    let path = &address[address.find("/api").unwrap()..];
    practice.world.stranger().get(path).await;
    let seen = entries(&owner, "&entity=calendar&verb=exported").await;
    assert_eq!(seen.len(), 1, "{seen:?}");
    assert_eq!(seen[0]["user_id"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_look_is_in_the_trail_within_a_second_and_at_once_when_the_program_stops() {
    let practice = Practice::new().await;
    let booked = practice.book("09:00").await;
    let count = || async {
        let grant = Grant::<ViewAudit>::of_program(practice.world.clinic(SOL), "test");
        grant.read(|tx| tx.number("select count(*) from audit where verb = 'opened'", [])).await.unwrap()
    };
    practice.desk.get(&url(&booked)).await.expect(200);
    let (seen, started) = (count().await, Instant::now());
    assert_eq!(seen, 0, "it waits for others to share its commit");
    while count().await == 0 {
        assert!(started.elapsed() < Duration::from_secs(1), "the trail is late");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    practice.desk.get(&url(&booked)).await.expect(200);
    practice.world.clinics.close();
    let conn = file::open(practice.world.folder.path(), SOL);
    let kept: i64 =
        conn.query_row("select count(*) from audit where verb = 'opened'", [], |r| r.get(0)).unwrap();
    assert_eq!(kept, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_shown_that_cannot_be_put_on_record() {
    let practice = Practice::new().await;
    let booked = practice.book("09:00").await;
    let clinic = practice.world.clinic(SOL);
    tokio::task::spawn_blocking(move || clinic.close()).await.unwrap();
    assert_eq!(practice.desk.get(&url(&booked)).await.status.as_u16(), 503);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_search_only_the_kind_of_term_and_the_count_are_kept() {
    let practice = Practice::new().await;
    practice.book("09:00").await;
    let owner = practice.world.owner().await;
    for (typed, kind) in [("Rita+Nunes", "term=name"), ("98888", "term=number"), ("24/11/1980", "term=date")]
    {
        practice.desk.get(&format!("/api/contacts?search={typed}")).await.expect(200);
        let last = entries(&owner, "&verb=searched").await[0].clone();
        assert_eq!(last["columns"][0], kind);
    }
    let first = entries(&owner, "&verb=searched").await.pop().unwrap();
    assert_eq!(first["columns"], json!(["term=name", "found=1"]));
    practice.desk.get("/api/contacts/duplicates?phone=11988887777").await.expect(200);
    assert_eq!(entries(&owner, "&verb=searched").await[0]["columns"], json!(["term=phone", "found=1"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn no_name_number_or_note_of_a_patient_is_in_the_trail() {
    let practice = Practice::new().await;
    let canary = json!({
        "name": "Canária Zebrina", "social_name": "Zebrinha", "phone": "11 91234-5678", "cpf": "529.982.247-25",
        "notes": "alergia a canários", "allergies": ["penicilinazinha"], "birth_date": "1983-04-05",
    });
    let made = practice.desk.post("/api/contacts", canary).await.expect(201);
    let path = format!("/api/contacts/{}", made["id"]);
    practice
        .desk
        .patch(&path, 1, json!({ "notes": "segredo canoro", "name": "Canária Zebrina Lima" }))
        .await
        .expect(200);
    let booking = practice.request(json!({ "contact_id": made["id"], "starts_at": crate::support::practice::at(WEDNESDAY, "09:00"), "notes": "dor zebral" }));
    let booked = practice.desk.post("/api/appointments", booking).await.expect(201);
    practice.step(&booked, "cancelled_by_patient").await.expect(200);
    for asked in [
        path.clone(),
        format!("{path}/history"),
        format!("{path}/appointments"),
        url(&booked),
        "/api/contacts?search=zebrina".into(),
        "/api/contacts?search=52998224725".into(),
        "/api/contacts?search=05/04/1983".into(),
        "/api/contacts/duplicates?cpf=52998224725".into(),
        format!("/api/agenda?date={TODAY}"),
        "/api/contacts/zebrina".into(),
    ] {
        practice.desk.get(&asked).await;
    }
    practice.world.clinics.close();
    let conn = file::open(practice.world.folder.path(), SOL);
    let mut statement = conn.prepare("select * from audit").unwrap();
    let columns: Vec<String> = statement.column_names().map(str::to_owned).collect();
    let mut rows = statement.query([]).unwrap();
    let mut text = String::new();
    while let Some(row) = rows.next().unwrap() {
        for (i, column) in columns.iter().enumerate() {
            let value = row.get::<_, rusqlite::types::Value>(i).unwrap();
            // Digits by chance, drawn by the program itself: a year stands in one of some thousands.
            if column == "request_id" {
                let rusqlite::types::Value::Text(id) = &value else { panic!("{value:?}") };
                assert!(id.len() <= 16 && id.chars().all(|digit| digit.is_ascii_hexdigit()), "{id}");
                continue;
            }
            text.push_str(&format!("{value:?} "));
        }
    }
    let text = text.to_lowercase();
    assert!(text.contains("history_opened") && text.contains("searched"), "the canaries were read");
    for word in [
        "zebr",
        "canár",
        "canári",
        "52998224725",
        "529.982",
        "91234",
        "1983",
        "05/04",
        "alergia",
        "segredo",
        "penicilin",
        "dor ",
    ] {
        assert!(!text.contains(word), "{word} is in the trail");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn refusals_are_on_record_in_the_clinic_of_whoever_was_refused() {
    let practice = Practice::new().await;
    let booked = practice.book("09:00").await;
    let (owner, auditor) = (practice.world.owner().await, practice.world.desk(Role::Auditor).await);
    auditor.get(&format!("/api/contacts/{}", booked["contact_id"])).await.problem(403, "forbidden");
    auditor.get("/api/contacts?clinic_id=2").await.problem(404, "not_found");
    practice.desk.get("/api/contacts/4711").await.problem(404, "not_found");
    practice.desk.delete("/api/clinic/1/blocks/4711", 1).await.problem(404, "not_found");
    let refused = entries(&owner, "&outcome=refused").await;
    let kept: Vec<_> = refused.iter().map(|e| (told(e), &e["columns"][0], &e["user_name"])).collect();
    let desk = json!("Pessoa front_desk");
    let auditor = json!("Pessoa auditor");
    assert_eq!(
        kept,
        [
            (("refused", "clinic", &json!(4711)), &json!("not_found"), &desk),
            (("refused", "contact", &json!(4711)), &json!("not_found"), &desk),
            (("refused", "contact", &Value::Null), &json!("not_found"), &auditor),
            (("refused", "contact", &booked["contact_id"]), &json!("view_contacts"), &auditor),
        ]
    );
    let neighbour = practice.world.desk_in(LUA, Role::Owner).await;
    assert_eq!(entries(&neighbour, "&outcome=refused").await, Vec::<Value>::new());
    practice.world.stranger().get("/api/contacts").await.problem(401, "unauthenticated");
}

#[tokio::test(flavor = "multi_thread")]
async fn good_and_bad_sign_ins_are_told_apart() {
    let world = World::new().await;
    let owner = world.owner().await;
    let wrong = json!({ "clinic_id": SOL, "email": "owner@sol.example", "password": "errada de todo" });
    world.stranger().post("/api/auth/login", wrong).await.problem(401, "wrong_credentials");
    let failed = entries(&owner, "&outcome=failed").await;
    assert_eq!(failed.len(), 1);
    assert_eq!(failed[0]["verb"], "sign_in_failed");
    let good = entries(&owner, "&verb=signed_in").await[0].clone();
    assert_eq!((&good["outcome"], &good["user_name"]), (&json!("done"), &json!("Olívia Prado")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_screen_nobody_is_at_looks_once() {
    let practice = Practice::new().await;
    let owner = practice.world.owner().await;
    let path = format!("/api/agenda?date={WEDNESDAY}");
    let by_itself = [("x-taskmed-background", "1")];
    for _ in 0..3 {
        practice.desk.send(Method::GET, &path, &by_itself, None).await.expect(200);
    }
    assert_eq!(entries(&owner, "&entity=agenda").await.len(), 1);
    practice.desk.get(&path).await.expect(200);
    practice.desk.send(Method::GET, &format!("/api/agenda?date={TODAY}"), &by_itself, None).await.expect(200);
    let looks: usize = entries(&owner, "&entity=agenda").await.iter().map(times).sum();
    assert_eq!(looks, 3, "a person's look and another day are looks of their own");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_trail_is_filtered_by_day_person_act_record_and_end_and_comes_in_pages() {
    let practice = Practice::new().await;
    let (owner, auditor) = (practice.world.owner().await, practice.world.desk(Role::Auditor).await);
    let booked = practice.book("09:00").await;
    practice.world.clock.advance(86_400);
    let grant =
        Grant::<taskmed::access::permissions::EditClinic>::of_program(practice.world.clinic(SOL), "test");
    grant.write(|tx| tx.audited(Act::seen("told", "clinic", None), ())).await.unwrap();
    practice.world.clock.advance(-86_400);
    practice.change(&booked, json!({ "notes": "x" })).await.expect(200);
    let of_one = entries(&auditor, &format!("&entity=appointment&entity_id={}", booked["id"])).await;
    assert_eq!(
        of_one.iter().map(|e| e["verb"].as_str().unwrap()).collect::<Vec<_>>(),
        ["updated", "created"]
    );
    let tomorrow = entries(&auditor, &format!("&date_from={WEDNESDAY}&date_to={WEDNESDAY}")).await;
    assert!(
        tomorrow.iter().all(|e| e["at"].as_str().unwrap().starts_with("2026-11-25")) && !tomorrow.is_empty()
    );
    let today = entries(&auditor, &format!("&date_to={TODAY}")).await;
    assert!(today.iter().all(|e| e["at"].as_str().unwrap().starts_with("2026-11-24")));
    assert!(today.len() > 5);
    let mine = owner.get("/api/auth/session").await.expect(200)["user"]["id"].clone();
    assert!(entries(&auditor, &format!("&user_id={mine}")).await.iter().all(|e| e["user_id"] == mine));
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = auditor.get(&format!("/api/audit?verb=created&limit=3{cursor}")).await.expect(200);
        seen.extend(page["items"].as_array().unwrap().iter().map(|e| e["seq"].as_i64().unwrap()));
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    let mut sorted = seen.clone();
    sorted.sort_by_key(|seq| std::cmp::Reverse(*seq));
    sorted.dedup();
    assert_eq!(seen, sorted);
    assert_eq!(seen.len(), entries(&auditor, "&verb=created").await.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_trail_leaves_as_a_file_and_that_is_on_record() {
    let practice = Practice::new().await;
    let auditor = practice.world.desk(Role::Auditor).await;
    practice.book("09:00").await;
    let grant =
        Grant::<taskmed::access::permissions::EditClinic>::of_program(practice.world.clinic(SOL), "=cmd()");
    grant.write(|tx| tx.audited(Act::seen("told", "clinic", None), ())).await.unwrap();
    let csv = auditor.get("/api/audit/export?format=csv").await;
    assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");
    assert!(csv.header("content-disposition").contains("taskmed-audit-1.csv"));
    let text = String::from_utf8(csv.bytes).unwrap();
    let total = entries(&auditor, "&verb=exported").await[0]["seq"].as_i64().unwrap() - 1;
    assert_eq!(text.lines().count() as i64, total + 1);
    assert!(text.contains(",'=cmd(),"), "a formula would be calculated");
    let lines =
        String::from_utf8(auditor.get("/api/audit/export?format=jsonl&verb=created").await.bytes).unwrap();
    let rows: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(rows.len() > 5 && rows.iter().all(|row| row["verb"] == "created"));
    practice.desk.get("/api/audit/export").await.problem(403, "forbidden");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_trail_is_verified_over_the_api_and_the_broken_entry_named() {
    let practice = Practice::new().await;
    practice.book("09:00").await;
    let auditor = practice.world.desk(Role::Auditor).await;
    let whole = auditor.get("/api/audit/verify").await.expect(200);
    assert_eq!(
        (&whole["state"], &whole["ok"], &whole["first_broken"]),
        (&json!("done"), &json!(true), &Value::Null)
    );
    assert_eq!(whole["checked"], whole["total"]);
    let clinic = practice.world.clinic(SOL);
    tokio::task::spawn_blocking(move || clinic.close()).await.unwrap();
    let conn = file::open(practice.world.folder.path(), SOL);
    conn.execute_batch("drop trigger audit_is_not_edited; update audit set verb = 'x' where seq = 7")
        .unwrap();
    conn.execute_batch(
        "create trigger audit_is_not_edited before update on audit begin select raise (abort, 'x'); end",
    )
    .unwrap();
    drop(conn);
    let again = crate::support::world::reopen(&practice.world);
    let mut auditor = again.stranger();
    auditor.sign_in("auditor@sol.example", crate::support::world::PASSWORD).await;
    let broken = auditor.get("/api/audit/verify").await.expect(200);
    assert_eq!(broken["first_broken"], json!({ "seq": 7, "why": "entry_changed", "checkpoint": null }));
    assert_eq!(broken["ok"], false);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_days_code_on_paper_still_fits_later_and_another_does_not() {
    let practice = Practice::new().await;
    let auditor = practice.world.desk(Role::Auditor).await;
    let closing = auditor.post("/api/audit/closing", json!({})).await.expect(200);
    assert_eq!(closing["day"], TODAY);
    practice.world.clock.advance(86_400);
    let auditor = practice.world.desk(Role::Auditor).await;
    let typed = closing["code"].as_str().unwrap().to_lowercase().replace('-', " ");
    let check = |day: &str, code: &str| {
        let (auditor, body) = (auditor.clone(), json!({ "day": day, "code": code }));
        async move { auditor.post("/api/audit/closing/check", body).await.expect(200) }
    };
    let fits = check(TODAY, &typed).await;
    assert_eq!((&fits["holds"], &fits["closing"]), (&json!(true), &closing));
    for (day, code) in [(TODAY, "0000-0000-0000"), (WEDNESDAY, typed.as_str())] {
        assert_eq!(check(day, code).await, json!({ "holds": false, "closing": null }));
    }
    let told = entries(&auditor, "&verb=code_checked").await;
    assert_eq!(
        told.iter().map(|e| e["outcome"].as_str().unwrap()).collect::<Vec<_>>(),
        ["failed", "failed", "done"]
    );
    practice.world.front_desk().await.post("/api/audit/closing", json!({})).await.problem(403, "forbidden");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_that_remembers_a_checkpoint_hears_whether_it_holds() {
    let practice = Practice::new().await;
    let owner = practice.world.owner().await;
    let first = owner.get("/api/audit/checkpoint").await.expect(200);
    let latest = &first["latest"];
    assert_eq!((&first["known"], &first["copies"]), (&Value::Null, &json!("holds")));
    let ask = |number: i64, signature: &str| {
        let (owner, path) = (
            owner.clone(),
            format!("/api/audit/checkpoint?known_number={number}&known_signature={signature}"),
        );
        async move { owner.get(&path).await.expect(200)["known"].clone() }
    };
    let (number, signature) = (latest["number"].as_i64().unwrap(), latest["signature"].as_str().unwrap());
    assert_eq!(ask(number, signature).await, "holds");
    assert_eq!(ask(number + 1, signature).await, "missing");
    assert_eq!(ask(number, &"0".repeat(128)).await, "differs");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_printed_is_on_record() {
    let practice = Practice::new().await;
    let owner = practice.world.owner().await;
    practice.desk.post("/api/audit/prints", json!({ "entity": "agenda" })).await.expect(204);
    practice.desk.post("/api/audit/prints", json!({ "entity": "contact", "entity_id": 3 })).await.expect(204);
    let printed = entries(&owner, "&verb=printed").await;
    assert_eq!(
        printed.iter().map(told).collect::<Vec<_>>(),
        [("printed", "contact", &json!(3)), ("printed", "agenda", &Value::Null)]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_that_does_not_begin_where_the_trail_says_is_told_by_the_check() {
    for change in [
        "update audit_days set day = day + 1",
        "delete from audit_days where true",
        "insert into audit_days select max(seq), 7 from audit",
    ] {
        let practice = Practice::new().await;
        practice.book("09:00").await;
        let (clinic, data) = (practice.world.clinic(1), practice.world.folder.path().to_owned());
        let told = tokio::task::spawn_blocking(move || {
            let before = clinic.check().unwrap().problems;
            crate::support::file::open(&data, 1).execute_batch(change).unwrap();
            (before, clinic.check().unwrap().problems)
        });
        let (before, after) = told.await.unwrap();
        assert_eq!(before, Vec::<String>::new());
        assert!(after.iter().any(|p| p.ends_with("is not found by its day")), "{change}: {after:?}");
    }
}
