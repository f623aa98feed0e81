//! Bringing a file of patients in, and taking it out again.
use std::time::Duration;

use poem::http::Method;
use serde_json::{Value, json};
use taskmed::{
    access::{Grant, permissions::ImportContacts},
    features::contacts::import::run,
};

use crate::support::{Desk, World, desk::Answer, world::SOL};

const GOOD: &str = "Nome;Telefone;CPF;Data de nascimento;Cidade;Alergias\n\
    Ana Lúcia Prado;(11) 98765-4321;529.982.247-25;23/11/1980;Santos;dipirona, látex\n\
    Bruno Reis;11 3333-4444;;01/02/75;;\n\
    Ana Lúcia Prado;(11) 98765-4321;529.982.247-25;23/11/1980;Santos;\n\
    =cmd();11 98888-1111;111.111.111-11;31/02/1990;;\n";

async fn send(desk: &Desk, query: &str, bytes: &[u8]) -> Answer {
    let path = format!("/api/contacts/import?{query}");
    desk.send_bytes(Method::POST, &path, &[], (Some("text/csv"), bytes.to_vec())).await
}

/// Brings a file in and waits for its end.
async fn bring_in(desk: &Desk, bytes: &[u8]) -> Value {
    let started = send(desk, "file_name=pacientes.csv", bytes).await.expect(202);
    let path = format!("/api/contacts/imports/{}", started["import_id"]);
    for _ in 0..1000 {
        let import = desk.get(&path).await.expect(200);
        if import["status"] != "running" {
            return import;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("the import does not end");
}

/// Everything the register and its search index hold, to compare before and after.
async fn register(world: &World) -> Vec<String> {
    let grant = Grant::<ImportContacts>::of_program(world.clinic(SOL), "test");
    grant
        .read(|tx| {
            let mut all = tx.all("select id || ' ' || version || ' ' || search_text from contacts order by id", [], |r| r.get(0))?;
            let terms = "select rowid || '' from contacts_search where contacts_search match 'ana* OR bruno* OR pessoa*' order by rowid";
            all.extend(tx.all(terms, [], |r| r.get::<_, String>(0))?);
            Ok(all)
        })
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_says_what_would_happen_and_writes_nothing() {
    let world = World::new().await;
    let desk = world.front_desk().await;
    let tried = send(&desk, "dry_run=1", GOOD.as_bytes()).await.expect(200);
    let counts = [&tried["rows"], &tried["ready"], &tried["duplicates"], &tried["invalid"]];
    assert_eq!(json!(counts), json!([4, 2, 1, 1]));
    assert_eq!((&tried["delimiter"], &tried["encoding"]), (&json!(";"), &json!("utf-8")));
    let errors: Vec<_> = tried["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| format!("{} {} {}", e["line"], e["column"], e["code"]))
        .collect();
    assert_eq!(errors, ["5 \"Data de nascimento\" \"invalid_date\"", "5 \"CPF\" \"invalid_cpf\""]);
    assert_eq!(desk.get("/api/contacts").await.expect(200)["items"], json!([]));
    assert_eq!(desk.get("/api/contacts/imports").await.expect(200)["items"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_good_rows_come_in_the_refused_ones_come_back_and_the_same_file_twice_makes_nothing_new() {
    let world = World::new().await;
    let desk = world.front_desk().await;
    let import = bring_in(&desk, GOOD.as_bytes()).await;
    assert_eq!(
        json!([import["status"], import["created"], import["duplicates"], import["invalid"], import["done"]]),
        json!(["done", 2, 1, 1, 4])
    );
    let found = desk.get("/api/contacts?search=prado%20529.982").await.expect(200);
    let contact = desk.get(&format!("/api/contacts/{}", found["items"][0]["id"])).await.expect(200);
    assert_eq!(contact["birth_date"], "1980-11-23");
    assert_eq!(contact["allergies"], json!(["dipirona", "látex"]));
    assert_eq!((&contact["source"], &contact["address"]["city"]), (&json!("import"), &json!("Santos")));
    let refused = desk.get(&format!("/api/contacts/imports/{}/errors", import["id"])).await;
    assert_eq!(refused.header("content-type"), "text/csv; charset=utf-8");
    let text = String::from_utf8(refused.bytes).unwrap();
    assert!(text.contains("'=cmd();") && text.contains("CPF: invalid_cpf"), "{text}");

    let again = bring_in(&desk, GOOD.as_bytes()).await;
    assert_eq!(json!([again["created"], again["duplicates"]]), json!([0, 3]));
}

#[tokio::test(flavor = "multi_thread")]
async fn undo_returns_to_the_exact_earlier_state() {
    let world = World::new().await;
    let desk = world.front_desk().await;
    desk.post("/api/contacts", json!({ "name": "Ana Antiga", "phone": "11 97777-1111" })).await.expect(201);
    let before = register(&world).await;
    let import = bring_in(&desk, GOOD.as_bytes()).await;
    assert_ne!(register(&world).await, before);
    let path = format!("/api/contacts/imports/{}/undo", import["id"]);
    desk.post_at(&path, 1, json!({})).await.problem(412, "stale");
    let undone = desk.post_at(&path, import["version"].as_i64().unwrap(), json!({})).await.expect(200);
    assert_eq!(undone["status"], "undone");
    assert_eq!(register(&world).await, before);
    desk.post_at(&path, undone["version"].as_i64().unwrap(), json!({})).await.problem(409, "illegal_status");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_whose_contacts_have_a_life_of_their_own_stays() {
    let world = World::new().await;
    let desk = world.front_desk().await;
    let import = bring_in(&desk, GOOD.as_bytes()).await;
    let found = desk.get("/api/contacts?search=bruno").await.expect(200)["items"][0].clone();
    desk.patch(&format!("/api/contacts/{}", found["id"]), 1, json!({ "notes": "ligou" })).await.expect(200);
    let path = format!("/api/contacts/imports/{}/undo", import["id"]);
    let refused =
        desk.post_at(&path, import["version"].as_i64().unwrap(), json!({})).await.problem(409, "import_used");
    assert_eq!(refused["contacts"][0]["display_name"], "Bruno Reis");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_broken_file_is_told_with_its_line_and_changes_nothing() {
    let world = World::new().await;
    let desk = world.front_desk().await;
    let before = register(&world).await;
    let large_cell = format!("nome;fone\nA;{}\n", "9".repeat(5000));
    let many = format!("nome;fone\n{}", "A;1\n".repeat(200_001));
    let broken: [(&[u8], &str); 20] = [
        (b"", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"  \n\n", "empty"),
        (b"\xff\xfen\x00o\x00m\x00e\x00", "utf16"),
        (b"\xfe\xff\x00n\x00o", "utf16"),
        (b"PK\x03\x04 a spreadsheet", "spreadsheet"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1 an old one", "spreadsheet"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "binary"),
        (b"nome;fone\nA;1\x00\n", "binary"),
        (b"nome;fone\nJo\xc3\xa3o;1\nJo\xe3o;2\n", "bad_encoding"),
        (b"nome\nAna\n", "unknown_delimiter"),
        (b"nome|fone\nAna|1\n", "unknown_delimiter"),
        (b";;\nAna;1;2\n", "no_header"),
        (b"nome;telefone;NOME\nAna;1;2\n", "duplicate_header"),
        (b"telefone;cidade\n11 98765-4321;Santos\n", "no_name_column"),
        (b"nome;telefone\n\"Ana;11 98765-4321\nBeto;1\n", "bad_quotes"),
        (b"nome;telefone\nAna;11 98765-4321;sobra\n", "extra_columns"),
        (b"nome;telefone;cidade\nAna;11 98765-4321\n", "missing_columns"),
        (large_cell.as_bytes(), "cell_too_large"),
        (many.as_bytes(), "too_many_rows"),
    ];
    for (bytes, code) in broken {
        for query in ["dry_run=1", "dry_run=0"] {
            let said = send(&desk, query, bytes).await.problem(422, "bad_file");
            let first = &said["errors"][0];
            assert_eq!(first["code"], code, "{said}");
            assert!(first["line"].as_i64().unwrap() >= 1 && first["column"].is_string(), "{said}");
        }
    }
    assert_eq!(register(&world).await, before);
    assert_eq!(desk.get("/api/contacts/imports").await.expect(200)["items"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_column_goes_where_the_person_says() {
    let world = World::new().await;
    let desk = world.front_desk().await;
    let file = "Quem,Onde,Fone\nAna Prado,Santos,11 98765-4321\n".as_bytes();
    send(&desk, "dry_run=1", file).await.problem(422, "bad_file");
    let mapping = "mapping=%7B%22Quem%22%3A%22name%22%2C%22Onde%22%3A%22address.city%22%7D";
    let tried = send(&desk, &format!("dry_run=1&{mapping}"), file).await.expect(200);
    let fields: Vec<_> = tried["columns"].as_array().unwrap().iter().map(|c| c["field"].clone()).collect();
    assert_eq!(json!(fields), json!(["name", "address.city", "phone"]));
    assert_eq!(tried["ready"], 1);
    let unknown = "dry_run=1&mapping=%7B%22Quem%22%3A%22salary%22%7D";
    assert_eq!(send(&desk, unknown, file).await.wrong_fields(), ["/mapping unknown_value"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_cut_off_by_the_end_of_the_program_is_marked_and_can_be_undone() {
    let world = World::new().await;
    let desk = world.front_desk().await;
    let grant = Grant::<ImportContacts>::of_program(world.clinic(SOL), "test");
    let begun = tokio::task::spawn_blocking(move || {
        let plan = run::look(&grant, GOOD.as_bytes()).unwrap();
        run::begin(&grant, &plan, None).unwrap()
    });
    let id = begun.await.unwrap();
    let clinics = std::sync::Arc::clone(&world.clinics);
    tokio::task::spawn_blocking(move || run::fail_interrupted(&clinics)).await.unwrap();
    let import = desk.get(&format!("/api/contacts/imports/{id}")).await.expect(200);
    assert_eq!(import["status"], "failed");
    let path = format!("/api/contacts/imports/{id}/undo");
    desk.post_at(&path, import["version"].as_i64().unwrap(), json!({})).await.expect(200);
}

/// 50,000 rows; the promise is half a minute.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "a minute in a debug build"]
async fn fifty_thousand_rows_come_in_within_half_a_minute() {
    let world = World::new().await;
    let mut file = String::from("nome;telefone;nascimento;cidade\n");
    for n in 0..50_000 {
        file.push_str(&format!(
            "Pessoa Número {n};11 9{:08};{:02}/{:02}/{};Santos\n",
            n,
            n % 28 + 1,
            n % 12 + 1,
            1940 + n % 70
        ));
    }
    let grant = Grant::<ImportContacts>::of_program(world.clinic(SOL), "test");
    let start = std::time::Instant::now();
    let import = tokio::task::spawn_blocking(move || {
        let plan = run::look(&grant, file.as_bytes()).unwrap();
        run::import_file(&grant, plan, "grande.csv".into(), &mut |_| {}).unwrap()
    });
    let import = import.await.unwrap();
    println!("{} contacts in {:?}", import.created, start.elapsed());
    assert_eq!(import.created, 50_000);
}
