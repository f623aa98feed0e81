//! Words that mean something to a database: in a field they are kept as they were typed, in a question they find nothing, and
//! nothing else happens.
use std::collections::BTreeMap;

use poem::http::Method;
use serde_json::Value;

use crate::support::{
    Desk, World,
    practice::at,
    typist::{Typist, fields},
    world::SOL,
};

const WORDS: [&str; 14] = [
    "' OR '1'='1",
    "'; DROP TABLE contacts; --",
    "\" OR \"\"=\"",
    "x' UNION SELECT password_hash FROM users --",
    "1; ATTACH DATABASE 'x.db' AS x",
    "%' ESCAPE '\\' --",
    "%_%",
    "\\",
    "?1 :name @name $name",
    "x'4142' || char(65)",
    "NULL",
    "a\" NEAR(\"b\" AND *",
    "/* */ pragma writable_schema=on",
    "Ω≈ç√ ' 𝕏 \u{202e}txt",
];

/// The `n`th free time of working days from December on.
fn time(n: i64) -> String {
    let hours = ["08:00", "08:30", "09:00", "09:30", "10:00", "10:30", "14:00", "14:30", "15:00", "15:30"];
    let day = jiff::civil::date(2027, 2, 15) + jiff::ToSpan::days(7 * (n / 10));
    at(&day.to_string(), hours[usize::try_from(n % 10).unwrap()])
}

/// How many rows every table has, but for those that grow with every request.
async fn counts(world: &World) -> BTreeMap<String, i64> {
    use taskmed::access::{Grant, permissions::OwnSession};
    let grant = Grant::<OwnSession>::of_program(world.clinic(SOL), "test");
    let counted = grant.read(|tx| {
        let named = "select name from sqlite_schema where type = 'table' and name not like 'sqlite%'
            and name not in ('audit', 'checkpoints', 'sessions', 'trail_key', 'history', 'sign_ins')";
        let tables = tx.all(named, [], |r| r.get::<_, String>(0))?;
        let count = |table: String| {
            let rows = tx.number(&format!("select count(*) from \"{table}\""), [])?;
            Ok((table, rows))
        };
        tables.into_iter().map(count).collect::<taskmed::base::Result<BTreeMap<_, _>>>()
    });
    counted.await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_means_something_to_a_database_is_a_text_like_any_other() {
    let world = World::new().await;
    let owner = world.owner().await;
    let document = world.stranger().get("/openapi.json").await.expect(200);
    let all = fields(&document);
    assert!(all.len() > 60, "only {} text fields were found", all.len());
    let mut typist = Typist::new(owner.clone(), time).await;
    let (mut kept, mut refused) = (0, 0);
    for (number, field) in all.iter().enumerate() {
        for turn in 0..4 {
            let word = WORDS[(number * 4 + turn) % WORDS.len()];
            let typed = typist.types(field, word).await;
            assert!(typed.status < 500, "{typed:?}");
            match typed.status {
                200 | 201 => assert!(typed.is_kept(), "not as it was typed: {typed:?}"),
                _ => assert!(typed.is_refused(), "neither kept nor refused for the field's sake: {typed:?}"),
            }
            if typed.status < 300 { kept += 1 } else { refused += 1 }
        }
    }
    println!("{} fields: {kept} texts kept as typed, {refused} refused", all.len());
    assert!(kept > 100, "only {kept} were kept");
    let report = tokio::task::spawn_blocking(move || world.clinic(SOL).check().unwrap()).await.unwrap();
    assert_eq!(report.problems, Vec::<String>::new());
}

/// Percent-encoding of everything that is not plain.
fn encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric();
    text.bytes()
        .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

/// Every question there is: its path, and the names it takes.
fn questions(document: &Value) -> Vec<(String, Vec<String>)> {
    let mut all = Vec::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        let parameters = operations["get"]["parameters"].as_array().cloned().unwrap_or_default();
        let of_query = |p: &&Value| p["in"] == "query" && p["name"] != "clinic_id";
        let names = parameters.iter().filter(of_query).map(|p| p["name"].as_str().unwrap().to_owned());
        if operations["get"].is_object() && path != "/api/events" {
            all.push((path.clone(), names.collect()));
        }
    }
    all
}

async fn ask(owner: &Desk, url: &str) -> Value {
    let answer = owner.send(Method::GET, url, &[], None).await;
    assert!(answer.status.as_u16() < 500, "{url}: {}", String::from_utf8_lossy(&answer.bytes));
    answer.json()
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_question_such_words_find_nothing_and_change_nothing() {
    let world = World::new().await;
    let (owner, desk) = (world.owner().await, world.front_desk().await);
    let witness = serde_json::json!({ "name": "Testemunha Calada", "phone": "11955550000" });
    desk.post("/api/contacts", witness).await.expect(201);
    let document = world.stranger().get("/openapi.json").await.expect(200);
    let before = counts(&world).await;
    let mut asked = 0;
    for (path, names) in questions(&document) {
        for word in WORDS.map(encoded) {
            let in_path = path.replace("{clinic_id}", "1").replace("{id}", &word).replace("{code}", &word);
            ask(&owner, &in_path.replace("{secret}", &word)).await;
            let plain = path.replace("{clinic_id}", "1").replace("{id}", "1").replace("{code}", "invalid");
            for name in &names {
                ask(&owner, &format!("{}?{name}={word}", plain.replace("{secret}", "x"))).await;
                asked += 1;
            }
            if path.contains("{clinic_id}") {
                ask(&owner, &path.replace("{clinic_id}", &word).replace("{id}", "1")).await;
            }
        }
    }
    assert!(asked > 400, "only {asked} questions");
    for word in ["' OR '1'='1", "x' UNION SELECT name FROM contacts --", "T%unha", "Test_munha", "T*unha"] {
        let found = ask(&owner, &format!("/api/contacts?search={}", encoded(word))).await;
        let items = found["items"].as_array().map_or(0, Vec::len);
        assert_eq!(items, 0, "{word} found {found}");
    }
    assert_eq!(counts(&world).await, before);
}
