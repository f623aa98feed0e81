//! Secret calendar addresses: what they show, to whom, and that a revoked one is as if it had never been.
use icalendar::{Calendar, Component};
use serde_json::{Value, json};
use taskmed::access::Role;

use crate::support::{
    Answer, Desk, Practice,
    practice::{WEDNESDAY, at},
};

const CALENDARS: &str = "/api/calendar/integrations";

/// Connects a calendar and gives its row and the path of its address.
async fn connect(desk: &Desk, body: Value) -> (Value, String) {
    let made = desk.post(CALENDARS, body).await.expect(201);
    let path = made["url"].as_str().unwrap().strip_prefix("http://localhost").unwrap().to_owned();
    (made, path)
}

/// Asks for a feed as a calendar program does: without session or clinic.
async fn fetch(desk: &Desk, path: &str) -> Answer {
    desk.ask(poem::Request::builder().uri_str(path).finish()).await
}

fn parsed(answer: &Answer) -> Calendar {
    let text = String::from_utf8(answer.bytes.clone()).unwrap();
    assert_eq!(answer.header("content-type"), "text/calendar; charset=utf-8");
    assert!(text.replace("\r\n", "").find('\n').is_none());
    text.parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_feed_is_read_back_by_a_calendar_program() {
    let p = Practice::new().await;
    let kept = p.book("08:00").await;
    let cancelled = p.step(&p.book("09:00").await, "cancelled_by_patient").await.expect(200);
    p.try_book(json!({ "starts_at": at(WEDNESDAY, "08:00"), "professional_id": p.beto })).await.expect(201);
    let (made, path) =
        connect(&p.world.owner().await, json!({ "name": "Celular", "professional_id": p.ana })).await;
    assert!(made["qr_svg"].as_str().unwrap().contains("<svg"));
    let answer = fetch(&p.world.stranger(), &path).await;
    let calendar = parsed(&answer);
    assert_eq!(calendar.property_value("X-WR-CALNAME"), Some("Celular"));
    let events: Vec<_> = calendar.events().collect();
    assert_eq!(events.len(), 2);
    let ends =
        |event: &icalendar::Event, id: &Value| event.get_uid().unwrap().ends_with(&format!("-{id}@taskmed"));
    assert!(ends(events[0], &kept["id"]) && ends(events[1], &cancelled["id"]));
    assert_eq!(events[0].property_value("DTSTART"), Some("20261125T080000"));
    assert_eq!(events[0].get_summary(), Some("Compromisso"));
    assert_eq!(
        (events[1].property_value("STATUS"), events[1].property_value("SEQUENCE")),
        (Some("CANCELLED"), Some("1"))
    );
    let text = String::from_utf8(answer.bytes).unwrap();
    assert!(!text.contains("Rita") && !text.contains("98888"), "no patient leaves the clinic");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_moved_appointment_keeps_its_uid_and_moves_its_sequence_on() {
    let p = Practice::new().await;
    let made = p.book("08:00").await;
    let (_, path) = connect(&p.world.owner().await, json!({ "professional_id": p.ana })).await;
    let stranger = p.world.stranger();
    let first = fetch(&stranger, &path).await;
    let tag = first.header("etag").to_owned();
    let same = poem::Request::builder().uri_str(&path).header("if-none-match", &tag).finish();
    assert_eq!(stranger.ask(same).await.status, 304);
    p.change(&made, json!({ "starts_at": at(WEDNESDAY, "10:00") })).await.expect(200);
    let request = poem::Request::builder().uri_str(&path).header("if-none-match", &tag).finish();
    let second = stranger.ask(request).await;
    let (before, after) = (parsed(&first), parsed(&second));
    let (before, after) = (before.events().next().unwrap(), after.events().next().unwrap());
    assert_eq!(before.get_uid(), after.get_uid());
    assert_eq!((before.get_sequence(), after.get_sequence()), (Some(0), Some(1)));
    assert_eq!(after.property_value("DTSTART"), Some("20261125T100000"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_and_a_revoked_address_answer_alike() {
    let p = Practice::new().await;
    let owner = p.world.owner().await;
    let (made, path) = connect(&owner, json!({ "professional_id": p.ana })).await;
    let stranger = p.world.stranger();
    assert_eq!(fetch(&stranger, &path).await.status, 200);
    owner.delete(&format!("{CALENDARS}/{}", made["id"]), 1).await.expect(204);
    let other_clinic = path.replace("/1-", "/2-");
    let no_clinic = path.replace("/1-", "/99-");
    let unknown = format!("/api/calendar/feeds/1-{}.ics", "0".repeat(64));
    let mut answers = Vec::new();
    for path in [&path, &other_clinic, &no_clinic, &unknown, "/api/calendar/feeds/x.ics"] {
        let mut body = fetch(&stranger, path).await.problem(404, "not_found");
        body["request_id"] = Value::Null;
        answers.push(body);
    }
    assert!(answers.windows(2).all(|pair| pair[0] == pair[1]), "{answers:?}");
    let rows = owner.get(CALENDARS).await.expect(200);
    assert_eq!(rows["items"][0]["state"], "revoked");
    assert!(!rows.to_string().contains(&path[24..80]), "the secret is shown once");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_address_of_someone_who_left_is_dead() {
    let p = Practice::new().await;
    let owner = p.world.owner().await;
    let (_, path) = connect(&owner, json!({ "professional_id": p.ana })).await;
    let url = format!("/api/clinic/1/users/{}", p.ana);
    let version = owner.get(&url).await.expect(200)["version"].as_i64().unwrap();
    owner.patch(&url, version, json!({ "active": false })).await.expect(200);
    fetch(&p.world.stranger(), &path).await.problem(404, "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_professional_sees_only_own_calendars_and_an_owner_all() {
    let p = Practice::new().await;
    let (owner, doctor) = (p.world.owner().await, p.world.desk(Role::Professional).await);
    let (mine, _) = connect(&doctor, json!({})).await;
    let (other, _) = connect(&owner, json!({ "professional_id": p.ana })).await;
    let count = async |desk: &Desk| desk.get(CALENDARS).await.expect(200)["items"].as_array().unwrap().len();
    assert_eq!((count(&doctor).await, count(&owner).await), (1, 2));
    let foreign = format!("{CALENDARS}/{}", other["id"]);
    doctor.patch(&foreign, 1, json!({ "name": "x" })).await.problem(404, "not_found");
    doctor.delete(&foreign, 1).await.problem(404, "not_found");
    doctor.post(&format!("{foreign}/sync"), json!({})).await.problem(404, "not_found");
    let wanted = doctor.post(CALENDARS, json!({ "professional_id": p.ana })).await.wrong_fields();
    assert_eq!(wanted, ["/professional_id not_found"]);
    assert_eq!(p.desk.post(CALENDARS, json!({})).await.wrong_fields(), ["/professional_id required"]);
    let own = format!("{CALENDARS}/{}", mine["id"]);
    assert_eq!(doctor.patch(&own, 1, json!({ "name": "Tablet" })).await.expect(200)["name"], "Tablet");
    let neighbour = p.world.desk_in(2, Role::Owner).await;
    assert_eq!(neighbour.get(CALENDARS).await.expect(200)["items"], json!([]));
    neighbour.delete(&own, 2).await.problem(404, "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_use_is_noted_at_most_once_a_minute() {
    let p = Practice::new().await;
    let owner = p.world.owner().await;
    let (made, path) = connect(&owner, json!({ "professional_id": p.ana })).await;
    assert_eq!(made["last_used_at"], Value::Null);
    let stranger = p.world.stranger();
    let mut noted = Vec::new();
    for seconds in [0, 30, 31] {
        p.world.clock.advance(seconds);
        fetch(&stranger, &path).await.expect(200);
        let row = owner.post(&format!("{CALENDARS}/{}/sync", made["id"]), json!({})).await.expect(200);
        assert_eq!(row["last_used_at"], row["last_sync_at"]);
        noted.push(row["last_used_at"].clone());
    }
    assert_eq!(noted[0], noted[1]);
    assert_eq!(noted[2], p.world.clock.now().to_string());
}
