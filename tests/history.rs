//! Histories of contacts and appointments: who changed what from what to what, and when.
use serde_json::{Value, json};
use taskmed::access::Role;

use crate::support::{
    Practice, World,
    practice::{WEDNESDAY, at, url},
    world::LUA,
};

fn change<'a>(revision: &'a Value, field: &str) -> &'a Value {
    let changes = revision["changes"].as_array().unwrap();
    changes.iter().find(|c| c["field"] == field).unwrap_or_else(|| panic!("no {field} in {revision}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contacts_history_tells_each_change_and_who_made_it() {
    let world = World::new().await;
    let (desk, owner) = (world.front_desk().await, world.owner().await);
    let body = json!({ "name": "Rita Nunes", "phone": "11 98888-7777", "allergies": ["dipirona"] });
    let made = desk.post("/api/contacts", body).await.expect(201);
    let path = format!("/api/contacts/{}", made["id"]);
    desk.patch(&path, 1, json!({ "address": { "city": "Santos" }, "whatsapp": true })).await.expect(200);
    world.clock.advance(60);
    owner
        .patch(&path, 2, json!({ "name": "Rita Alves", "allergies": ["dipirona", "látex"] }))
        .await
        .expect(200);

    let past = desk.get(&format!("{path}/history")).await.expect(200);
    let items = past["items"].as_array().unwrap();
    assert_eq!(items.len(), 3, "{past}");
    assert_eq!((&items[0]["version"], &items[0]["user_name"]), (&json!(3), &json!("Olívia Prado")));
    assert_eq!(items[0]["at"], "2026-11-24T12:01:00Z");
    assert_eq!(change(&items[0], "name")["from"], "Rita Nunes");
    assert_eq!(change(&items[0], "name")["to"], "Rita Alves");
    assert_eq!(change(&items[0], "allergies")["to"], json!(["dipirona", "látex"]));
    assert_eq!(items[1]["user_name"], "Pessoa front_desk");
    assert_eq!(change(&items[1], "address.city")["from"], Value::Null);
    assert_eq!(change(&items[1], "whatsapp")["to"], json!(true));
    assert_eq!((&items[2]["verb"], &items[2]["user_name"]), (&json!("created"), &json!("Pessoa front_desk")));
    assert_eq!(past["next"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_history_comes_in_pages_and_ends_with_the_beginning() {
    let world = World::new().await;
    let desk = world.front_desk().await;
    let made =
        desk.post("/api/contacts", json!({ "name": "Rita", "phone": "11 98888-7777" })).await.expect(201);
    let path = format!("/api/contacts/{}", made["id"]);
    for version in 1..=5 {
        desk.patch(&path, version, json!({ "notes": format!("nota {version}") })).await.expect(200);
    }
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = desk.get(&format!("{path}/history?limit=2{cursor}")).await.expect(200);
        for item in page["items"].as_array().unwrap() {
            seen.push((item["version"].as_i64().unwrap(), item["changes"][0]["to"].clone()));
        }
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    let versions: Vec<i64> = seen.iter().map(|(version, _)| *version).collect();
    assert_eq!(versions, [6, 5, 4, 3, 2, 1]);
    assert_eq!(seen[0].1, "nota 5");
    assert_eq!(seen[3].1, "nota 2");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_appointments_history_names_people_and_rooms_and_tells_moves() {
    let practice = Practice::new().await;
    let booked = practice.book("09:00").await;
    let moved = json!({ "starts_at": at(WEDNESDAY, "10:00"), "professional_id": practice.beto, "room_id": practice.room });
    let moved = practice.change(&booked, moved).await.expect(200);
    practice.step(&moved, "confirmed").await.expect(200);
    let past = practice.desk.get(&format!("{}/history", url(&booked))).await.expect(200);
    let items = past["items"].as_array().unwrap();
    assert_eq!(items.len(), 3, "{past}");
    assert_eq!(change(&items[0], "status")["to"], "confirmed");
    assert_eq!(change(&items[1], "starts_at")["from"], json!(at(WEDNESDAY, "09:00")));
    assert_eq!(change(&items[1], "starts_at")["to"], json!(at(WEDNESDAY, "10:00")));
    let person = change(&items[1], "professional_id");
    assert_eq!((&person["from_name"], &person["to_name"]), (&json!("Ana Lobo"), &json!("Beto Reis")));
    assert_eq!(change(&items[1], "room_id")["to_name"], "Sala 1");
    assert_eq!(items[2]["verb"], "created");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_history_is_read_by_those_who_may_read_the_record_and_by_no_one_else() {
    let practice = Practice::new().await;
    let booked = practice.book("09:00").await;
    let path = format!("/api/contacts/{}/history", booked["contact_id"]);
    let visit = format!("{}/history", url(&booked));
    for role in [Role::Auditor, Role::Technician] {
        let desk = practice.world.desk(role).await;
        desk.get(&path).await.problem(403, "forbidden");
        desk.get(&visit).await.problem(403, "forbidden");
    }
    practice.neighbour().await.get(&path).await.problem(404, "not_found");
    practice.world.desk_in(LUA, Role::Owner).await.get(&visit).await.problem(404, "not_found");
    practice.desk.get("/api/contacts/4711/history").await.problem(404, "not_found");
    practice.desk.get(&format!("{path}?cursor=x")).await.wrong_fields();
}
