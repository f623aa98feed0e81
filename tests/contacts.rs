//! The register of contacts: writing, duplicates, finding, and what only one clinic may see.
use poem::http::Method;
use serde_json::{Value, json};
use taskmed::{
    access::{Grant, Role, permissions::EditContacts},
    base::search::query_terms,
    features::contacts::{
        asked::{Asked, Place},
        ranked,
    },
};

use crate::support::{
    Desk, World,
    world::{LUA, SOL},
};

const CONTACTS: &str = "/api/contacts";

fn ana() -> Value {
    json!({
        "name": "Ana Lúcia d'Ávila", "social_name": "Lu", "birth_date": "1980-11-23", "sex": "female",
        "mother_name": "Maria d'Ávila", "cpf": "529.982.247-25", "cns": "700 0000 0000 0005", "phone": "(11) 98765-4321",
        "whatsapp": true, "email": "Ana@Example.com", "address": { "cep": "01310-100", "city": "São Paulo", "state": "sp" },
        "emergency_contact": { "name": "Beto", "phone": "11 3456-7890" }, "status": "in_treatment", "priority": "high",
        "source": "referral", "allergies": ["Dipirona", "Dipirona", " "], "medications": ["Losartana"], "notes": "Prefere a manhã.",
    })
}

async fn add(desk: &Desk, contact: Value) -> i64 {
    desk.post(CONTACTS, contact).await.expect(201)["id"].as_i64().unwrap()
}

async fn found(desk: &Desk, typed: &str) -> Vec<String> {
    let typed: String = typed.bytes().map(|b| format!("%{b:02x}")).collect();
    let page = desk.get(&format!("{CONTACTS}?search={typed}")).await.expect(200);
    page["items"].as_array().unwrap().iter().map(|c| c["name"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contact_is_kept_as_written_in_canonical_form() {
    let world = World::new().await;
    let desk = world.front_desk().await;
    let answer = desk.post(CONTACTS, ana()).await;
    assert_eq!(answer.header("etag"), "\"1\"");
    let made = answer.expect(201);
    let expected = json!({
        "id": 1, "version": 1, "created_at": "2026-11-24T12:00:00Z", "updated_at": "2026-11-24T12:00:00Z",
        "display_name": "Lu", "record_number": 1, "name": "Ana Lúcia d'Ávila", "social_name": "Lu", "birth_date": "1980-11-23",
        "sex": "female", "gender": null, "mother_name": "Maria d'Ávila", "cpf": "52998224725", "cns": "700000000000005",
        "phone": "11987654321", "whatsapp": true, "email": "ana@example.com",
        "address": { "cep": "01310100", "street": null, "number": null, "complement": null, "district": null,
            "city": "São Paulo", "state": "SP" },
        "emergency_contact": { "name": "Beto", "phone": "1134567890" }, "profession": null, "status": "in_treatment",
        "priority": "high", "source": "referral", "allergies": ["Dipirona"], "medications": ["Losartana"],
        "notes": "Prefere a manhã.",
    });
    assert_eq!(made, expected);
    let shown = desk.get("/api/contacts/1").await;
    assert_eq!(shown.header("etag"), "\"1\"");
    assert_eq!(shown.expect(200), expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_wrong_field_is_said_at_once() {
    let world = World::new().await;
    let desk = world.front_desk().await;
    let body = json!({
        "name": " ", "birth_date": "2026-11-26", "sex": "x", "cpf": "11111111111", "cns": "1", "phone": "123",
        "email": "x", "whatsapp": "yes", "address": { "cep": "1", "state": "XX", "moon": 1 }, "emergency_contact": { "phone": "1" },
        "status": "gone", "priority": 1, "source": "tv", "allergies": [1], "notes": "x".repeat(4001), "record_number": 5,
        "display_name": "x", "allow_duplicate": 1,
    });
    assert_eq!(
        desk.post(CONTACTS, body).await.wrong_fields(),
        [
            "/address/cep invalid_cep",
            "/address/moon unknown_field",
            "/address/state invalid_state",
            "/allergies/0 type",
            "/allow_duplicate type",
            "/birth_date date_in_future",
            "/cns invalid_cns",
            "/cpf invalid_cpf",
            "/display_name unknown_field",
            "/email invalid_email",
            "/emergency_contact/phone invalid_phone",
            "/name required",
            "/notes too_long",
            "/phone invalid_phone",
            "/priority type",
            "/record_number unknown_field",
            "/sex unknown_value",
            "/source unknown_value",
            "/status unknown_value",
            "/whatsapp type",
        ]
    );
    assert_eq!(
        desk.post(CONTACTS, json!({ "name": "Ana" })).await.wrong_fields(),
        ["/phone contact_way_required"]
    );
    for (born, code) in
        [("2026-11-25", "date_in_future"), ("1899-12-31", "out_of_range"), ("2026-02-30", "invalid_date")]
    {
        let body = json!({ "name": "Ana", "email": "a@b.com", "birth_date": born });
        assert_eq!(desk.post(CONTACTS, body).await.wrong_fields(), [format!("/birth_date {code}")], "{born}");
    }
    let newborn = json!({ "name": "Bebê", "email": "a@b.com", "birth_date": "2026-11-24" });
    desk.post(CONTACTS, newborn).await.expect(201);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_touches_what_it_names_and_needs_the_version_read() {
    let world = World::new().await;
    let desk = world.front_desk().await;
    let id = add(&desk, ana()).await;
    let path = format!("{CONTACTS}/{id}");
    let body = json!({ "address": { "city": "Santos" }, "social_name": null, "name": "Ana Lúcia Prado" });
    let changed = desk.patch(&path, 1, body.clone()).await.expect(200);
    assert_eq!(
        (changed["version"].as_i64(), changed["display_name"].as_str()),
        (Some(2), Some("Ana Lúcia Prado"))
    );
    assert_eq!(
        changed["address"],
        json!({ "cep": "01310100", "street": null, "number": null, "complement": null,
        "district": null, "city": "Santos", "state": "SP" })
    );
    assert_eq!(changed["cpf"], "52998224725");
    desk.patch(&path, 1, json!({ "name": "" })).await.problem(412, "stale");
    desk.send(Method::PATCH, &path, &[], Some(body)).await.problem(428, "precondition_required");
    assert_eq!(
        desk.patch(&path, 2, json!({ "phone": null, "email": null })).await.wrong_fields(),
        ["/phone contact_way_required"]
    );
    desk.patch("/api/contacts/99", 1, json!({ "name": "x" })).await.problem(404, "not_found");
    assert_eq!(found(&desk, "prado").await, ["Ana Lúcia Prado"]);
    assert!(found(&desk, "avila").await.is_empty() && found(&desk, "lu").await.len() == 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_cpf_is_one_person_and_a_shared_phone_must_be_meant() {
    let world = World::new().await;
    let desk = world.front_desk().await;
    let id = add(&desk, ana()).await;
    let with = |field: &str, value: &str| {
        let mut body = json!({ "name": "Bia", "email": "bia@example.com" });
        body[field] = json!(value);
        body
    };
    for (field, value) in [("cpf", "52998224725"), ("cns", "700000000000005"), ("phone", "+55 11 98765 4321")]
    {
        let problem = desk.post(CONTACTS, with(field, value)).await.problem(409, "duplicate");
        assert_eq!(problem["field"], field);
        assert_eq!(problem["contact"], json!({ "id": id, "display_name": "Lu", "birth_date": "1980-11-23" }));
        let mut forced = with(field, value);
        forced["allow_duplicate"] = json!(true);
        let answer = desk.post(CONTACTS, forced).await;
        assert_eq!(answer.status.as_u16(), if field == "cpf" { 409 } else { 201 });
    }
    let other = add(&desk, json!({ "name": "Caio", "phone": "11 91111-1111" })).await;
    let path = format!("{CONTACTS}/{other}");
    desk.patch(&path, 1, json!({ "cpf": "52998224725" })).await.problem(409, "duplicate");
    desk.patch(&path, 1, json!({ "phone": "11987654321" })).await.problem(409, "duplicate");
    desk.patch(&path, 1, json!({ "phone": "11987654321", "allow_duplicate": true })).await.expect(200);
    desk.patch(&path, 2, json!({ "notes": "irmão" })).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn duplicates_are_told_while_someone_types() {
    let world = World::new().await;
    let desk = world.front_desk().await;
    let id = add(&desk, ana()).await;
    let ask = async |query: &str| {
        let found = desk.get(&format!("{CONTACTS}/duplicates?{query}")).await.expect(200);
        found["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|i| i["field"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        ask("cpf=529.982.247-25&cns=700000000000005&phone=11987654321").await,
        ["cpf", "cns", "phone"]
    );
    assert!(ask(&format!("cpf=52998224725&except_id={id}")).await.is_empty());
    assert!(ask("cpf=529&phone=abc").await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contact_is_found_by_everything_a_desk_may_type() {
    let world = World::new().await;
    let desk = world.front_desk().await;
    add(&desk, ana()).await;
    add(&desk, json!({ "name": "Bruno Lucas Aname", "phone": "21 98888-7777" })).await;
    for typed in [
        "ana luc",
        "LUCIA ANA",
        "d'avila",
        "davila",
        "lu",
        "529.982.247-25",
        "5299",
        "700 0000",
        "98765-4321",
        "(11) 98765",
        "23/11/1980",
        "23111980",
        "1980-11-23",
        "ana 23/11/80",
        "ana d",
    ] {
        let names = found(&desk, typed).await;
        assert_eq!(names.first().map(String::as_str), Some("Ana Lúcia d'Ávila"), "{typed}: {names:?}");
    }
    assert_eq!(
        found(&desk, "ana").await,
        ["Ana Lúcia d'Ávila", "Bruno Lucas Aname"],
        "whose name begins so comes first"
    );
    assert_eq!(found(&desk, "2").await, ["Bruno Lucas Aname"], "a short number is that of a record");
    for typed in ["zzz", "ana carla", "\"*", "' or 1=1", "NEAR(", "हिन्दी", "σ", "%", "_"] {
        assert!(found(&desk, typed).await.len() != 1, "{typed}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_register_is_read_page_by_page_without_gap_or_repeat() {
    let world = World::new().await;
    let desk = world.front_desk().await;
    for (at, name) in ["carla", "Ana", "ana", "Beto", "ANA", "Davi", "Ana"].iter().enumerate() {
        let status = if at % 2 == 0 { "active" } else { "lead" };
        add(&desk, json!({ "name": name, "email": format!("c{at}@example.com"), "status": status })).await;
    }
    let mut seen = Vec::new();
    let mut next = Some(String::new());
    while let Some(cursor) = next {
        let page = desk.get(&format!("{CONTACTS}?limit=2&cursor={cursor}")).await.expect(200);
        seen.extend(page["items"].as_array().unwrap().iter().map(|c| c["id"].as_i64().unwrap()));
        next = page["next"].as_str().map(str::to_owned);
    }
    assert_eq!(seen, [2, 3, 5, 7, 4, 1, 6]);
    let leads = desk.get(&format!("{CONTACTS}?status=lead")).await.expect(200);
    assert_eq!(leads["items"].as_array().unwrap().len(), 3);
    let wrong = desk.get(&format!("{CONTACTS}?status=x&limit=0&cursor=zz&colour=1")).await.wrong_fields();
    assert_eq!(
        wrong,
        ["/colour unknown_field", "/cursor unknown_value", "/limit out_of_range", "/status unknown_value"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_walks_a_list_by_its_links_alone() {
    let world = World::new().await;
    let desk = world.front_desk().await;
    for number in 0..7 {
        add(&desk, json!({ "name": format!("José {number}"), "email": format!("j{number}@example.com") }))
            .await;
    }
    let mut path = format!("{CONTACTS}?limit=3&status=active&clinic_id=1");
    let mut names = Vec::new();
    loop {
        let answer = desk.get(&path).await;
        let link = answer.header("link").to_owned();
        let page = answer.expect(200);
        names
            .extend(page["items"].as_array().unwrap().iter().map(|c| c["name"].as_str().unwrap().to_owned()));
        assert_eq!(page["next"].is_null(), link.is_empty());
        let Some(next) = link.strip_prefix('<').and_then(|rest| rest.strip_suffix(">; rel=\"next\"")) else {
            break;
        };
        path = next.to_owned();
    }
    assert_eq!(names, (0..7).map(|number| format!("José {number}")).collect::<Vec<_>>());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_request_sent_twice_adds_one_contact() {
    let world = World::new().await;
    let desk = world.front_desk().await;
    let send = || desk.send(Method::POST, CONTACTS, &[("idempotency-key", "k1")], Some(ana()));
    let (first, second) = (send().await.expect(201), send().await.expect(201));
    assert_eq!(first, second);
    assert_eq!(found(&desk, "ana").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_clinics_contact_is_the_same_404_as_one_that_does_not_exist() {
    let world = World::new().await;
    let (sol, lua) = (world.front_desk().await, world.desk_in(LUA, Role::FrontDesk).await);
    let id = add(&lua, ana()).await;
    let bodies = [id, 4711].map(async |id| {
        let mut body = sol.get(&format!("{CONTACTS}/{id}")).await.problem(404, "not_found");
        body["request_id"] = json!("");
        body
    });
    let [foreign, missing] = bodies;
    assert_eq!(foreign.await, missing.await);
    assert!(found(&sol, "ana").await.is_empty());
    assert_eq!(found(&lua, "ana").await.len(), 1);
    add(&sol, ana()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_is_held_to_one_status_as_it_is_now() {
    let world = World::new().await;
    let desk = world.front_desk().await;
    let lead = add(&desk, json!({ "name": "Ana Lima", "email": "ana@example.com", "status": "lead" })).await;
    add(&desk, json!({ "name": "Ana Braga", "email": "braga@example.com" })).await;
    let of = async |status: &str, typed: &str| {
        let path = format!("{CONTACTS}?status={status}&search={typed}");
        let page = desk.get(&path).await.expect(200);
        page["items"].as_array().unwrap().iter().map(|c| c["id"].as_i64().unwrap()).collect::<Vec<_>>()
    };
    for typed in ["ana", "a", "ana%20l", "1"] {
        assert_eq!(of("lead", typed).await, [lead], "{typed}");
    }
    desk.patch(&format!("{CONTACTS}/{lead}"), 1, json!({ "status": "in_treatment" })).await.expect(200);
    assert!(of("lead", "ana").await.is_empty());
    assert_eq!(of("in_treatment", "ana").await, [lead]);
}

#[tokio::test(flavor = "multi_thread")]
async fn names_stand_in_portuguese_order_in_every_list() {
    let world = World::new().await;
    let owner = world.owner().await;
    for (at, name) in
        ["Zélia", "Álvaro", "Bruno", "ana", "Ângela", "Çelik", "Caio", "érica"].iter().enumerate()
    {
        add(&owner, json!({ "name": format!("{name} Teste"), "email": format!("o{at}@example.com") })).await;
        owner.post("/api/clinic/1/rooms", json!({ "name": format!("{name} Teste") })).await.expect(201);
        owner.post("/api/clinic/1/appointment-tags", json!({ "name": name, "color": 1 })).await.expect(201);
    }
    let order = ["Álvaro", "ana", "Ângela", "Bruno", "Caio", "Çelik", "érica", "Zélia"];
    for path in
        [CONTACTS, "/api/contacts?search=teste", "/api/clinic/1/rooms", "/api/clinic/1/appointment-tags"]
    {
        let page = owner.get(path).await.expect(200);
        let names: Vec<_> =
            page["items"].as_array().unwrap().iter().map(|c| c["name"].as_str().unwrap()).collect();
        let first: Vec<_> = names.iter().map(|name| name.split(' ').next().unwrap()).collect();
        assert_eq!(first, order, "{path}");
    }
    // A changed name moves.
    let id = found_ids(&owner, "zelia").await[0];
    owner.patch(&format!("{CONTACTS}/{id}"), 1, json!({ "social_name": "Aba Teste" })).await.expect(200);
    assert_eq!(owner.get(CONTACTS).await.expect(200)["items"][0]["id"], id);
    assert_eq!(found_ids(&owner, "teste").await[0], id);
}

async fn found_ids(desk: &Desk, typed: &str) -> Vec<i64> {
    let page = desk.get(&format!("{CONTACTS}?search={typed}")).await.expect(200);
    page["items"].as_array().unwrap().iter().map(|c| c["id"].as_i64().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_common_name_is_ranked_right_to_the_last_page_whichever_way_it_is_looked_for() {
    let world = World::new().await;
    let clinic = world.clinic(SOL);
    tokio::task::spawn_blocking(move || {
        crate::contacts_speed::populate(&clinic, 1500);
        let grant = Grant::<EditContacts>::of_program(clinic, "test");
        for typed in [
            "maria",
            "ma",
            "m",
            "maria s",
            "silva",
            "silva maria",
            "da silva",
            "1",
            "119",
            "ana",
            "s m",
            "7",
            "zz",
            "d 1",
        ] {
            for status in [None, Some("lead")] {
                let all = walk_pages(&grant, typed, status, i64::MAX - 1, 7);
                assert_eq!(all, walk_pages(&grant, typed, status, 0, 7), "{typed} {status:?}");
                assert_eq!(all, walk_pages(&grant, typed, status, 0, 200), "{typed} {status:?}");
                let mut sorted = all.clone();
                sorted.sort();
                sorted.dedup_by_key(|place| place.id);
                assert_eq!(all, sorted, "{typed}: in order, and nobody twice");
            }
        }
        let maria = walk_pages(&grant, "maria", None, ranked::FEW, 50);
        assert!(maria.len() > 50, "need more than a page for this test to mean anything");
    })
    .await
    .unwrap();
}

/// Every place of a search, page after page.
fn walk_pages(
    grant: &Grant<EditContacts>,
    typed: &str,
    status: Option<&str>,
    few: i64,
    limit: i64,
) -> Vec<Place> {
    let terms = query_terms(typed);
    let mut asked = Asked { limit, ..crate::contacts_speed::asked(Some(typed), status) };
    let mut all = Vec::new();
    loop {
        let mut page = grant.read_here(|tx| ranked::places(tx, &asked, &terms, few)).unwrap();
        let more = page.len() > usize::try_from(limit).unwrap();
        page.truncate(usize::try_from(limit).unwrap());
        asked.cursor = page.last().cloned();
        all.extend(page);
        if !more {
            return all;
        }
    }
}
