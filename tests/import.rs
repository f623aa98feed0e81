//! Bringing a CSV file of contacts in: what is told before, what is written, what is refused, and taking it back.
use std::time::Duration;

use poem::http::Method;
use serde_json::{Value, json};
use taskmed::{
    access::{Grant, Role, permissions::ImportContacts},
    features::contacts::import,
};

use crate::support::{
    Desk, World,
    desk::Answer,
    world::{LUA, SOL},
};

const IMPORT: &str = "/api/contacts/import";
const IMPORTS: &str = "/api/contacts/imports";

const LIST: &str = "Nome;Nascimento;CPF;Celular;E-mail;Cidade;Cor favorita\r\n\
    ANA SOUZA;23/11/1980;529.982.247-25;(11) 98765-4321;ana@example.com;São Paulo;azul\r\n\
    João Ávila;05/03/79;;11 91234-5678;;Santos;\r\n\
    Bia Lima;31/02/1980;111.111.111-11;11 90000-0000;;;verde\r\n\
    ana souza;1980-11-23;;11 95555-5555;;;\r\n";

async fn send(desk: &Desk, query: &str, file: impl Into<Vec<u8>>) -> Answer {
    let path = format!("{IMPORT}?file_name=lista.csv{query}");
    desk.send_bytes(Method::POST, &path, &[], (Some("text/csv"), file.into())).await
}

/// Brings a file in and waits until the import has ended.
async fn bring(desk: &Desk, file: impl Into<Vec<u8>>) -> Value {
    let started = send(desk, "", file).await.expect(202);
    ended(desk, started["import_id"].as_i64().unwrap()).await
}

async fn ended(desk: &Desk, id: i64) -> Value {
    for _ in 0..3000 {
        let import = desk.get(&format!("{IMPORTS}/{id}")).await.expect(200);
        if import["status"] != "running" {
            return import;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("import {id} did not end");
}

async fn names(desk: &Desk) -> Vec<String> {
    let page = desk.get("/api/contacts?limit=200").await.expect(200);
    page["items"].as_array().unwrap().iter().map(|c| c["name"].as_str().unwrap().to_owned()).collect()
}

/// Every row of contacts and of the search index, as text.
async fn register(world: &World) -> Vec<String> {
    let grant = Grant::<ImportContacts>::of_program(world.clinic(SOL), "test");
    let rows = "select json_array(id, version, record_number, import_id, name, cpf, phone, search_text) from contacts order by id";
    let found = "select rowid from contacts_search where contacts_search match '\"a\"* OR \"s\"* OR \"1\"*' order by rowid";
    grant
        .read(move |tx| {
            let mut all = tx.all(rows, [], |r| r.get::<_, String>(0))?;
            all.extend(tx.all(found, [], |r| Ok(format!("found {}", r.get::<_, i64>(0)?)))?);
            Ok(all)
        })
        .await
        .unwrap()
}

fn count(import: &Value) -> [i64; 4] {
    ["rows", "created", "duplicates", "invalid"].map(|name| import[name].as_i64().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_tells_everything_and_writes_nothing() {
    let world = World::new().await;
    let desk = world.front_desk().await;
    let before = register(&world).await;
    let check = send(&desk, "&dry_run=1", LIST).await.expect(200);
    assert_eq!(
        check["columns"][0],
        json!({ "header": "Nome", "field": "name", "sample": ["ANA SOUZA", "João Ávila", "Bia Lima"] })
    );
    assert_eq!(check["columns"][6]["field"], Value::Null);
    assert_eq!((&check["delimiter"], &check["encoding"]), (&json!(";"), &json!("utf-8")));
    assert_eq!(["rows", "ready", "duplicates", "invalid"].map(|n| check[n].as_i64().unwrap()), [4, 2, 1, 1]);
    assert_eq!(
        check["errors"],
        json!([
            { "line": 4, "column": "Nascimento", "code": "invalid_date", "value": "31/02/1980" },
            { "line": 4, "column": "CPF", "code": "invalid_cpf", "value": "111.111.111-11" },
            { "line": 5, "column": "", "code": "duplicate_in_file", "value": "ana souza" },
        ])
    );
    assert!(check["has_error_file"].as_bool().unwrap() && check["fields"].as_array().unwrap().len() > 20);
    assert_eq!(register(&world).await, before);
    assert_eq!(desk.get(IMPORTS).await.expect(200)["items"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn good_rows_are_written_and_the_others_are_given_back_with_reasons() {
    let world = World::new().await;
    let desk = world.front_desk().await;
    let import = bring(&desk, LIST).await;
    assert_eq!((import["status"].as_str(), count(&import)), (Some("done"), [4, 2, 1, 1]));
    assert_eq!((import["done"].as_i64(), import["file_name"].as_str()), (Some(4), Some("lista.csv")));
    assert_eq!(import["created_by"]["name"], "Pessoa front_desk");
    assert_eq!(names(&desk).await, ["ANA SOUZA", "João Ávila"]);
    let ana = desk.get("/api/contacts/1").await.expect(200);
    assert_eq!((ana["source"].as_str(), ana["birth_date"].as_str()), (Some("import"), Some("1980-11-23")));
    assert_eq!(
        (ana["address"]["city"].as_str(), ana["phone"].as_str()),
        (Some("São Paulo"), Some("11987654321"))
    );
    assert_eq!(desk.get("/api/contacts?search=avila").await.expect(200)["items"][0]["name"], "João Ávila");
    let errors = desk.get(&format!("{IMPORTS}/1/errors")).await;
    assert_eq!(errors.header("content-disposition"), "attachment; filename=\"import-1-refused.csv\"");
    let text = String::from_utf8(errors.bytes).unwrap();
    let lines: Vec<_> = text.lines().collect();
    assert!(lines[0].ends_with(";Cor favorita;Motivo"), "{text}");
    assert!(lines[1].ends_with("\"Nascimento: data não existe; CPF: CPF não confere\""), "{text}");
    assert!(lines[2].ends_with(";repetido neste arquivo") && lines.len() == 3, "{text}");
    let mended = text.replace("31/02/1980", "28/02/1980").replace("111.111.111-11", "");
    assert_eq!(count(&bring(&desk, mended).await), [2, 1, 1, 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_file_twice_adds_nobody() {
    let world = World::new().await;
    let desk = world.front_desk().await;
    let people: String =
        (0..1200).map(|n| format!("Pessoa {n};;11 9{n:08};\nSó Nome {n};;;p{n}@example.com\n")).collect();
    let file = format!("nome;nascimento;telefone;email\n{people}");
    assert_eq!(count(&bring(&desk, file.clone()).await), [2400, 2400, 0, 0]);
    let before = register(&world).await;
    assert_eq!(count(&bring(&desk, file).await), [2400, 0, 2400, 0]);
    assert_eq!(register(&world).await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_sent_again_hears_of_the_first_import() {
    let world = World::new().await;
    let desk = world.front_desk().await;
    let send = || {
        desk.send_bytes(Method::POST, IMPORT, &[("idempotency-key", "once")], (Some("text/csv"), LIST.into()))
    };
    let (first, second) = (send().await.expect(202), send().await.expect(202));
    assert_eq!(first, second);
    assert_eq!(count(&ended(&desk, 1).await), [4, 2, 1, 1]);
    assert_eq!(desk.get(IMPORTS).await.expect(200)["items"].as_array().unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn undoing_leaves_the_register_as_it_was() {
    let world = World::new().await;
    let desk = world.front_desk().await;
    bring(&desk, "nome;telefone\nQuem Fica;11 90000-0001").await;
    let before = register(&world).await;
    let people: String = (0..1300).map(|n| format!("Pessoa {n};11 9{n:08}\n")).collect();
    let import = bring(&desk, format!("nome;telefone\n{people}")).await;
    assert_eq!(register(&world).await.len(), before.len() + 2600);
    let found = async || {
        let page = desk.get("/api/contacts?search=pessoa").await.expect(200);
        page["items"].as_array().unwrap().len()
    };
    assert_eq!(found().await, 50);
    let path = format!("{IMPORTS}/{}/undo", import["id"]);
    let version = import["version"].as_i64().unwrap();
    desk.send(Method::POST, &path, &[], None).await.problem(428, "precondition_required");
    desk.post_at(&path, version - 1, json!({})).await.problem(412, "stale");
    let undone = desk.post_at(&path, version, json!({})).await.expect(200);
    assert_eq!(undone["status"], "undone");
    assert_eq!(register(&world).await, before);
    assert_eq!(found().await, 0, "what a search found is forgotten with the people");
    let again = desk.post_at(&path, undone["version"].as_i64().unwrap(), json!({})).await;
    assert_eq!(again.problem(409, "illegal_status")["from"], "undone");
    let next =
        desk.post("/api/contacts", json!({ "name": "Depois", "phone": "11 90000-0009" })).await.expect(201);
    assert_eq!(
        (next["id"].as_i64(), next["record_number"].as_i64()),
        (Some(1302), Some(2)),
        "an id is never given twice"
    );
    assert!(world.clinic(SOL).check().unwrap().problems.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_in_use_is_not_undone() {
    let world = World::new().await;
    let desk = world.front_desk().await;
    let import = bring(&desk, LIST).await;
    let undo = format!("{IMPORTS}/{}/undo", import["id"]);
    let version = import["version"].as_i64().unwrap();
    desk.patch("/api/contacts/2", 1, json!({ "notes": "ligou" })).await.expect(200);
    let before = register(&world).await;
    let problem = desk.post_at(&undo, version, json!({})).await.problem(409, "import_used");
    assert_eq!(problem["contacts"], json!([{ "id": 2, "display_name": "João Ávila" }]));
    assert_eq!(register(&world).await, before);
    assert_eq!(desk.get(&format!("{IMPORTS}/1")).await.expect(200)["status"], "done");
}

#[tokio::test(flavor = "multi_thread")]
async fn columns_become_what_a_person_says() {
    let world = World::new().await;
    let desk = world.front_desk().await;
    let file = "Quem;Fone;Prontuário\nAna;11 98765-4321;0700\nBia;11 98765-4322;\nCaio;11 98765-4323;700\n";
    let check = send(&desk, "&dry_run=1", file).await.expect(200);
    assert_eq!(
        (check["ready"].as_i64(), check["errors"][0]["code"].as_str()),
        (Some(0), Some("no_name_column"))
    );
    let mapping = "%7B%22Quem%22%3A%22name%22%7D";
    let check = send(&desk, &format!("&dry_run=1&mapping={mapping}"), file).await.expect(200);
    assert_eq!((check["ready"].as_i64(), check["invalid"].as_i64()), (Some(2), Some(1)));
    assert_eq!(check["errors"][0]["code"], "taken");
    let started = send(&desk, &format!("&mapping={mapping}"), file).await.expect(202);
    ended(&desk, started["import_id"].as_i64().unwrap()).await;
    let numbers = [1, 2]
        .map(async |id| desk.get(&format!("/api/contacts/{id}")).await.expect(200)["record_number"].clone());
    let [ana, bia] = numbers;
    assert_eq!((ana.await, bia.await), (json!(700), json!(701)));
    assert_eq!(
        send(&desk, "&mapping=%7B%22X%22%3A1%7D", file).await.wrong_fields(),
        ["/mapping/X unknown_value"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_file_is_refused_by_line_and_changes_nothing() {
    let world = World::new().await;
    let desk = world.front_desk().await;
    let before = register(&world).await;
    let many = format!("nome;telefone\n{}", "Ana;1\n".repeat(200_001));
    let cell = format!("nome;telefone\nAna;{}", "1".repeat(40_000));
    let utf16: Vec<u8> = "\u{feff}nome;telefone\nAna;1".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let bare16: Vec<u8> = "nome;telefone\nAna;1".encode_utf16().flat_map(u16::to_be_bytes).collect();
    let binary: Vec<u8> = (0..4000u32).map(|n| (n * 7919 % 251) as u8).collect();
    let files: Vec<(&str, Vec<u8>, u64, &str, &str)> = vec![
        ("empty", vec![], 1, "", "empty_file"),
        ("blank", b" \n\r\n  ".to_vec(), 1, "", "empty_file"),
        ("only a byte order mark", b"\xef\xbb\xbf".to_vec(), 1, "", "empty_file"),
        ("a header without a name", b";;\nAna;1;2\n".to_vec(), 1, "", "no_header"),
        ("an image", b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR".to_vec(), 1, "", "not_csv"),
        ("one column", b"nome\nAna\n".to_vec(), 1, "", "unknown_delimiter"),
        ("no rows", b"nome;telefone\n".to_vec(), 2, "", "no_rows"),
        ("no header", b"Ana Souza;11987654321;ana@example.com\nBia;1;b@b.com".to_vec(), 1, "", "no_header"),
        ("no names", b"telefone;cpf\n11987654321;".to_vec(), 1, "", "no_name_column"),
        ("unknown delimiter", b"nome|telefone\nAna|1".to_vec(), 1, "", "unknown_delimiter"),
        ("an open quote", b"nome;telefone\nAna;1\n\"Bia;2\nCaio;3\n".to_vec(), 3, "", "bad_quotes"),
        ("a quote closed in a cell", b"nome;telefone\n\"Ana\" Souza;1\n".to_vec(), 2, "", "bad_quotes"),
        ("too many cells", b"nome;telefone\nAna;1\nBia;2;3\n".to_vec(), 3, "", "extra_columns"),
        ("too few cells", b"nome;telefone\nAna;1\nBia\n".to_vec(), 3, "", "missing_columns"),
        ("a header twice", b"nome;telefone;Nome\nAna;1;x\n".to_vec(), 1, "Nome", "duplicate_header"),
        ("a zero byte", b"nome;telefone;email;cidade\nAna;1;;\nB\0ia;2;;\n".to_vec(), 3, "", "bad_encoding"),
        (
            "broken utf-8",
            b"nome;cidade\nJo\xc3\xa3o;S\xc3\xa3o Paulo\nZ\xe9;x\n".to_vec(),
            3,
            "",
            "bad_encoding",
        ),
        (
            "utf-8 by its mark and not by its letters",
            b"\xef\xbb\xbfnome;x\nZ\xe9;1\n".to_vec(),
            2,
            "",
            "bad_encoding",
        ),
        ("too many rows", many.into_bytes(), 200_002, "", "too_many_rows"),
        ("a cell too large", cell.into_bytes(), 2, "telefone", "cell_too_large"),
        ("utf-16 with mark", utf16, 1, "", "not_csv"),
        ("utf-16 without mark", bare16, 1, "", "not_csv"),
        ("a workbook", b"PK\x03\x04\x14\x00xl/workbook.xml".to_vec(), 1, "", "not_csv"),
        ("an old workbook", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec(), 1, "", "not_csv"),
        ("a PDF", b"%PDF-1.7\n1 0 obj".to_vec(), 1, "", "not_csv"),
        ("noise", binary, 1, "", "not_csv"),
    ];
    for (what, file, line, column, code) in files {
        let problem = send(&desk, "", file.clone()).await.problem(422, "bad_file");
        assert_eq!(problem["errors"][0], json!({ "line": line, "column": column, "code": code }), "{what}");
        let dry = send(&desk, "&dry_run=1", file).await;
        let may_be_mapped = code == "no_name_column";
        assert_eq!(dry.status.as_u16(), if may_be_mapped { 200 } else { 422 }, "{what}");
    }
    assert_eq!(register(&world).await, before);
    assert_eq!(desk.get(IMPORTS).await.expect(200)["items"], json!([]));
    send(&desk, "", vec![b'a'; 33 * 1024 * 1024]).await.problem(413, "too_large");
    let json = desk.send(Method::POST, IMPORT, &[], Some(json!({}))).await;
    json.problem(415, "unsupported_media_type");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_row_of_a_difficult_file_is_written_or_given_back() {
    let world = World::new().await;
    let desk = world.front_desk().await;
    let windows = b"nome,telefone,cpf\nJo\xe3o Concei\xe7\xe3o,11987654321,\n\"Lima, Ana\",11987654322,1\n=HYPERLINK(1),+5511987654323,\n";
    let import = bring(&desk, windows.to_vec()).await;
    assert_eq!(count(&import), [3, 2, 0, 1]);
    assert_eq!(names(&desk).await, ["=HYPERLINK(1)", "João Conceição"]);
    let errors = desk.get(&format!("{IMPORTS}/1/errors")).await;
    assert_eq!(
        String::from_utf8(errors.bytes).unwrap().lines().nth(1),
        Some("\"Lima, Ana\",11987654322,1,cpf: CPF não confere")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_desk_works_on_while_a_file_is_brought_in() {
    let world = World::new().await;
    let desk = world.front_desk().await;
    let people: String = (0..6000).map(|n| format!("Pessoa {n};11 9{n:08}\n")).collect();
    let started = send(&desk, "", format!("nome;telefone\n{people}")).await.expect(202);
    let id = started["import_id"].as_i64().unwrap();
    let mut slowest = Duration::ZERO;
    let mut progress = Vec::new();
    for n in 0..40 {
        let at = std::time::Instant::now();
        let body = json!({ "name": format!("Na hora {n}"), "email": format!("n{n}@example.com") });
        desk.post("/api/contacts", body).await.expect(201);
        slowest = slowest.max(at.elapsed());
        progress.push(desk.get(&format!("{IMPORTS}/{id}")).await.expect(200)["done"].as_i64().unwrap());
    }
    assert!(progress.is_sorted() && progress.iter().any(|done| (1..6000).contains(done)), "{progress:?}");
    assert!(slowest < Duration::from_secs(3), "{slowest:?}");
    assert_eq!(count(&ended(&desk, id).await), [6000, 6000, 0, 0]);
    assert!(world.clinic(SOL).check().unwrap().problems.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_that_a_crash_left_running_can_be_undone_after_the_next_start() {
    let world = World::new().await;
    let desk = world.front_desk().await;
    let grant = Grant::<ImportContacts>::of_program(world.clinic(SOL), "test");
    bring(&desk, LIST).await;
    let reopen = "update imports set status = 'running', version = version + 1 where id = 1";
    grant
        .write(move |tx| {
            tx.run(reopen, [])?;
            tx.audited(taskmed::db::Act::new::<import::model::ImportFields>("updated", 1), ())
        })
        .await
        .unwrap();
    let running = desk.get(&format!("{IMPORTS}/1")).await.expect(200)["version"].as_i64().unwrap();
    desk.post_at(&format!("{IMPORTS}/1/undo"), running, json!({})).await.problem(409, "illegal_status");
    taskmed::features::start(&world.clinics);
    let failed = desk.get(&format!("{IMPORTS}/1")).await.expect(200);
    assert_eq!(failed["status"], "failed");
    let undone = desk
        .post_at(&format!("{IMPORTS}/1/undo"), failed["version"].as_i64().unwrap(), json!({}))
        .await
        .expect(200);
    assert_eq!(undone["status"], "undone");
    assert!(names(&desk).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_is_seen_only_by_its_clinic() {
    let world = World::new().await;
    let (sol, lua) = (world.front_desk().await, world.desk_in(LUA, Role::FrontDesk).await);
    bring(&lua, LIST).await;
    for path in ["/1", "/1/errors", "/4711"] {
        sol.get(&format!("{IMPORTS}{path}")).await.problem(404, "not_found");
    }
    sol.post_at(&format!("{IMPORTS}/1/undo"), 1, json!({})).await.problem(404, "not_found");
    assert!(names(&sol).await.is_empty());
    assert_eq!(names(&lua).await.len(), 2);
    sol.get(&format!("{IMPORTS}/x")).await.problem(404, "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_brought_in_from_the_command_line_too() {
    let world = World::new().await;
    let grant = Grant::<ImportContacts>::of_program(world.clinic(SOL), "import");
    let work = move || {
        let file = import::File::open("lista.csv", LIST.into(), None).unwrap();
        assert_eq!(file.check(&grant).unwrap().ready, 2);
        let mut told = Vec::new();
        let report = import::run_file(&grant, &file, |report| told.push(report.done)).unwrap();
        (report, told)
    };
    let (report, told) = tokio::task::spawn_blocking(work).await.unwrap();
    assert_eq!((report.rows, report.created, report.duplicates, report.invalid), (4, 2, 1, 1));
    assert_eq!(told, [4]);
}

#[tokio::test(flavor = "multi_thread")]
async fn someone_registered_while_a_file_is_brought_in_is_not_written_twice() {
    let world = World::new().await;
    let desk = world.front_desk().await;
    let grant = Grant::<ImportContacts>::of_program(world.clinic(SOL), "import");
    let people: String = (0..599).map(|n| format!("Pessoa {n};11 9{n:08};;\n")).collect();
    let file = format!(
        "nome;telefone;cpf;prontuario\n{people}Ana;11 98765-4321;52998224725;\nBia;11 98765-4322;;9000\n"
    );
    let ana = json!({ "name": "Ana Souza", "cpf": "52998224725", "phone": "11 90000-9999", "allow_duplicate": true });
    let runtime = tokio::runtime::Handle::current();
    let work = move || {
        let file = import::File::open("lista.csv", file.into_bytes(), None).unwrap();
        import::run_file(&grant, &file, |report| {
            if report.done == 500 {
                runtime.block_on(desk.post("/api/contacts", ana.clone()));
            }
        })
    };
    let report = tokio::task::spawn_blocking(work).await.unwrap().unwrap();
    assert_eq!((report.rows, report.created, report.duplicates, report.invalid), (601, 600, 1, 0));
    let grant = Grant::<ImportContacts>::of_program(world.clinic(SOL), "test");
    let csv = grant
        .read(move |tx| import::store::refusals(tx, taskmed::base::Id::new(report.import_id)))
        .await
        .unwrap();
    assert!(csv.lines().nth(1).unwrap().ends_with(";já está cadastrado"), "{csv}");
}
