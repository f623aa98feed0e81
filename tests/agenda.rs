//! The agenda as the screens draw it, its setting-up (blocks, tags), and free time.
use serde_json::{Value, json};
use taskmed::access::Role;

use crate::support::{
    Practice,
    practice::{TODAY, WEDNESDAY, at},
};

async fn agenda(p: &Practice, query: &str) -> Value {
    p.desk.get(&format!("/api/agenda?{query}")).await.expect(200)
}

fn starts(list: &Value) -> Vec<String> {
    list.as_array().unwrap().iter().map(|a| a["starts_at"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_comes_whole_in_one_answer() {
    let p = Practice::new().await;
    p.try_book(json!({ "starts_at": at(WEDNESDAY, "09:00"), "room_id": p.room })).await.expect(201);
    p.book("08:00").await;
    let day = agenda(&p, &format!("date={WEDNESDAY}")).await;
    assert_eq!(starts(&day["appointments"]), [at(WEDNESDAY, "08:00"), at(WEDNESDAY, "09:00")]);
    assert_eq!(day["time_zone"], "America/Sao_Paulo");
    assert_eq!(day["slot_min"], 30);
    let names: Vec<_> = day["professionals"].as_array().unwrap().iter().map(|p| p["name"].clone()).collect();
    assert_eq!(names, ["Ana Lobo", "Beto Reis", "Pessoa professional"]);
    assert_eq!(day["rooms"][0], json!({ "id": p.room, "name": "Sala 1" }));
    assert_eq!(day["day_hours"].as_array().unwrap().len(), 3);
    let kinds: Vec<_> =
        day["day_hours"][0]["stretches"].as_array().unwrap().iter().map(|s| s["kind"].clone()).collect();
    assert_eq!(kinds, ["open", "lunch", "open"]);
    assert_eq!(day["load"].as_array().unwrap().len(), 7);
    assert_eq!(
        day["load"][2],
        json!({ "date": WEDNESDAY, "booked_min": 60, "open_min": 3 * 540, "count": 2 })
    );
    assert_eq!(day["load"][6]["open_min"], 0);
    assert_eq!(day.get("now"), None, "the time of asking would make every kept answer wrong");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_week_of_one_professional_has_seven_days_and_its_holidays() {
    let p = Practice::new().await;
    p.book("08:00").await;
    let week = agenda(&p, &format!("date=2026-11-16&days=7&professional_id={}", p.ana)).await;
    assert_eq!(week["appointments"], json!([]));
    assert_eq!(week["holidays"][0]["code"], "black_awareness");
    assert_eq!(week["day_hours"].as_array().unwrap().len(), 7);
    assert_eq!(week["day_hours"][4]["stretches"][0]["kind"], "holiday");
    assert_eq!(week["load"][4]["open_min"], 0);
    let busy = agenda(&p, &format!("date=2026-11-23&days=7&professional_id={}", p.ana)).await;
    assert_eq!(busy["appointments"].as_array().unwrap().len(), 1);
    let other = agenda(&p, &format!("date=2026-11-23&days=7&professional_id={}", p.beto)).await;
    assert_eq!((&other["appointments"], &other["load"][2]["count"]), (&json!([]), &json!(0)));
    p.desk.get("/api/agenda?date=2026-11-23&days=3").await.problem(422, "invalid");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unchanged_agenda_is_not_sent_again_and_a_changed_one_is() {
    let p = Practice::new().await;
    let path = format!("/api/agenda?date={WEDNESDAY}");
    let tag = p.desk.get(&path).await.header("etag").to_owned();
    let again = async |tag: &str| {
        let headers = [("if-none-match", tag)];
        p.desk.send(poem::http::Method::GET, &path, &headers, None).await
    };
    assert_eq!(again(&tag).await.status, 304);
    p.book("08:00").await;
    let fresh = again(&tag).await;
    assert_eq!((fresh.status.as_u16(), fresh.header("etag") == tag), (200, false));
    assert_eq!(starts(&fresh.json()["appointments"]).len(), 1);
    let tag = again("").await.header("etag").to_owned();
    p.desk
        .post("/api/clinic/1/appointment-tags", json!({ "name": "Convênio", "color": 3 }))
        .await
        .expect(201);
    assert_eq!(again(&tag).await.expect(200)["tags"][0]["name"], "Convênio");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_agenda_of_a_clinic_shows_nothing_of_another() {
    let p = Practice::new().await;
    p.book("08:00").await;
    let neighbour = p.neighbour().await;
    let day = neighbour.get(&format!("/api/agenda?date={WEDNESDAY}")).await.expect(200);
    assert_eq!(day["appointments"], json!([]));
    assert_eq!(day["professionals"].as_array().unwrap().len(), 1);
    let technician = p.world.desk(Role::Technician).await;
    technician.get(&format!("/api/agenda?date={WEDNESDAY}")).await.problem(403, "forbidden");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_block_says_whom_it_gets_in_the_way_of() {
    let p = Practice::new().await;
    let (first, _) = (p.book("09:30").await, p.book("10:00").await);
    let other = p
        .try_book(json!({ "starts_at": at(WEDNESDAY, "09:00"), "professional_id": p.beto }))
        .await
        .expect(201);
    let mine = p.block(json!({ "professional_id": p.ana })).await;
    assert_eq!(mine["affected"], json!([first["id"]]));
    assert_eq!(p.block(json!({})).await["affected"], json!([other["id"], first["id"]]));
    assert_eq!(p.block(json!({ "room_id": p.room })).await["affected"], json!([]));
    let path = format!("/api/clinic/1/blocks/{}", mine["id"]);
    let moved = p.desk.patch(&path, 1, json!({ "ends_at": at(WEDNESDAY, "11:00") })).await.expect(200);
    assert_eq!(moved["affected"].as_array().unwrap().len(), 2);
    assert_eq!(moved["version"], 2);
    p.desk.delete(&path, 1).await.problem(412, "stale");
    p.desk.delete(&path, 2).await.expect(204);
    let listed = |day: &str| format!("/api/clinic/1/blocks?date_from={day}&date_to={day}");
    assert_eq!(p.desk.get(&listed(WEDNESDAY)).await.expect(200)["items"].as_array().unwrap().len(), 2);
    assert_eq!(p.desk.get(&listed("2026-11-26")).await.expect(200)["items"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_block_is_refused_and_not_everyone_may_block() {
    let p = Practice::new().await;
    let body = json!({ "professional_id": 1, "room_id": 99, "starts_at": at(WEDNESDAY, "09:00"), "ends_at": at(WEDNESDAY, "10:00") });
    let wrong = p.desk.post("/api/clinic/1/blocks", body).await.wrong_fields();
    assert_eq!(wrong, ["/professional_id not_found", "/room_id not_found"]);
    let backwards = json!({ "starts_at": at(WEDNESDAY, "10:00"), "ends_at": at(WEDNESDAY, "10:00") });
    let wrong = p.desk.post("/api/clinic/1/blocks", backwards.clone()).await.wrong_fields();
    assert_eq!(wrong, ["/ends_at out_of_range"]);
    let finance = p.world.desk(Role::Finance).await;
    finance.post("/api/clinic/1/blocks", backwards).await.problem(403, "forbidden");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tag_is_worn_and_only_then_kept() {
    let p = Practice::new().await;
    let tags = "/api/clinic/1/appointment-tags";
    let tag = p.desk.post(tags, json!({ "name": "Convênio", "color": 3 })).await.expect(201);
    let again = p.desk.post(tags, json!({ "name": "Convênio", "color": 4 })).await.wrong_fields();
    assert_eq!(again, ["/name taken"]);
    let path = format!("{tags}/{}", tag["id"]);
    let renamed = p.desk.patch(&path, 1, json!({ "name": "Particular" })).await.expect(200);
    assert_eq!((&renamed["name"], &renamed["color"]), (&json!("Particular"), &json!(3)));
    let worn =
        p.try_book(json!({ "starts_at": at(WEDNESDAY, "08:00"), "tag_id": tag["id"] })).await.expect(201);
    assert_eq!(p.desk.delete(&path, 2).await.problem(409, "in_use")["appointments"], 1);
    p.change(&worn, json!({ "tag_id": null })).await.expect(200);
    p.desk.delete(&path, 2).await.expect(204);
    assert_eq!(p.desk.get(tags).await.expect(200)["items"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn free_time_is_found_and_the_rest_explained() {
    let p = Practice::new().await;
    p.world.clock.advance(5 * 60);
    let taken = p.try_book(json!({ "starts_at": at(TODAY, "10:00") })).await.expect(201);
    p.block(json!({ "starts_at": at(TODAY, "14:00"), "ends_at": at(TODAY, "18:00") })).await;
    let query = format!("professional_id={}&date={TODAY}&duration_min=60", p.ana);
    let path = format!("/api/appointments/availability?{query}");
    let found = p.desk.get(&format!("{path}&explain=1")).await.expect(200);
    assert_eq!(starts(&found["items"]), ["10:30", "11:00", "13:00"].map(|clock| at(TODAY, clock)));
    let why: Vec<_> = found["blocked"].as_array().unwrap().iter().map(|b| b["why"].clone()).collect();
    assert_eq!(why, ["past", "appointment", "lunch", "block"]);
    assert_eq!(found["blocked"][1]["appointment_id"], taken["id"]);
    assert_eq!(found["blocked"][3]["reason"], "reunião");
    assert_eq!(found["blocked"][0]["ends_at"], at(TODAY, "09:05"));
    assert_eq!(p.desk.get(&path).await.expect(200).get("blocked"), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_on_which_clocks_change_is_booked_by_the_wall_clock() {
    let p = Practice::new().await;
    let owner = p.world.owner().await;
    let clinic = owner.get("/api/clinic/1").await.expect(200);
    let everyday: Vec<_> =
        (1..=7).map(|weekday| json!({ "weekday": weekday, "opens": 0, "closes": 1440 })).collect();
    let zone = json!({ "time_zone": "America/New_York", "opening_hours": everyday });
    owner.patch("/api/clinic/1", clinic["version"].as_i64().unwrap(), zone).await.expect(200);
    // On 2027-03-14 clocks in New York went from 02:00 to 03:00, 07:00 UTC.
    let night =
        p.try_book(json!({ "starts_at": "2027-03-14T06:30:00Z", "duration_min": 60 })).await.expect(201);
    assert_eq!(night["ends_at"], "2027-03-14T07:30:00Z");
    let day = agenda(&p, "date=2027-03-14").await;
    assert_eq!(
        day["load"][6],
        json!({ "date": "2027-03-14", "booked_min": 60, "open_min": 3 * 1380, "count": 1 })
    );
    assert_eq!(day["appointments"][0]["id"], night["id"]);
    assert_eq!(agenda(&p, "date=2027-03-13").await["appointments"], json!([]));
}

/// The days as the agenda keeps them and as the rows stand in the file.
async fn both(p: &Practice) -> (Value, Value) {
    let kept = agenda(p, "date=2026-11-23&days=7").await["appointments"].clone();
    let list = "/api/appointments?date_from=2026-11-23&date_to=2026-11-29&limit=200";
    (kept, p.desk.get(list).await.expect(200)["items"].clone())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_agenda_keeps_is_what_stands_in_the_file_after_every_change() {
    let p = Practice::new().await;
    let mut random = fastrand::Rng::with_seed(3);
    let mut seen = Vec::new();
    for hour in ["08:00", "08:30", "09:00", "09:30", "10:00"] {
        seen.push(p.book(hour).await);
        let again = json!({ "starts_at": at("2026-11-26", hour), "contact_id": seen[0]["contact_id"] });
        seen.push(p.try_book(again).await.expect(201));
    }
    for round in 0..60 {
        let index = random.usize(0..seen.len());
        let one = seen[index].clone();
        let day = ["2026-11-24", "2026-11-25", "2026-11-27"][random.usize(0..3)];
        let answer = match round % 4 {
            0 => p.change(&one, json!({ "starts_at": at(day, "14:00"), "fit_in": true })).await,
            1 => {
                p.change(&one, json!({ "contact_id": seen[random.usize(0..seen.len())]["contact_id"] })).await
            }
            2 => p.step(&one, ["cancelled_by_patient", "booked", "arrived"][random.usize(0..3)]).await,
            _ => {
                let url = format!("/api/contacts/{}", one["contact_id"]);
                let version = p.desk.get(&url).await.expect(200)["version"].as_i64().unwrap();
                let name = json!({ "social_name": format!("Nome {round}") });
                p.desk.patch(&url, version, name).await.expect(200);
                p.desk.get(&format!("/api/appointments/{}", one["id"])).await
            }
        };
        if answer.status == 200 {
            seen[index] = answer.json();
        }
        let (kept, file) = both(&p).await;
        assert_eq!(kept, file, "round {round}");
        let clinic = p.world.clinic(1);
        let report = tokio::task::spawn_blocking(move || clinic.check()).await.unwrap().unwrap();
        assert_eq!(report.problems, Vec::<String>::new(), "round {round}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_of_the_agenda_that_says_otherwise_than_its_row_is_found_by_the_check() {
    for change in [
        "update agenda_lines set display_name = 'Outra Pessoa'",
        "update agenda_lines set first_visit = 0",
        "update agenda_lines set room_id = 77",
        "delete from agenda_lines",
        "insert into agenda_lines select place + 1, id + 1, version, created_at, updated_at, contact_id, professional_id, room_id,
             starts_at, ends_at, kind, status, tag_id, notes, fit_in, payment_status, amount_cents, cancellation_reason, arrived_at,
             in_care_at, done_at, display_name, phone, whatsapp, first_visit from agenda_lines",
    ] {
        let p = Practice::new().await;
        p.book("09:00").await;
        let (clinic, data) = (p.world.clinic(1), p.world.folder.path().to_owned());
        let report = tokio::task::spawn_blocking(move || {
            crate::support::file::open(&data, 1).execute_batch(change).unwrap();
            clinic.check().unwrap()
        });
        let problems = report.await.unwrap().problems;
        assert!(problems.iter().any(|p| p.starts_with("the agenda shows")), "{change}: {problems:?}");
    }
}
