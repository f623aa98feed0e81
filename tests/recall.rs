//! The same question again: answered from what is at hand, and only as long as the whole way would answer the same.
use poem::http::Method;
use serde_json::{Value, json};
use taskmed::access::Role;

use crate::support::{
    Desk, Practice,
    desk::Answer,
    practice::WEDNESDAY,
    world::{LUA, SOL},
};

fn agenda() -> String {
    format!("/api/agenda?date={WEDNESDAY}")
}

/// How often a question of Sol was answered from what was at hand.
fn given(p: &Practice) -> u64 {
    let clinic = p.world.clinic(SOL);
    clinic.meter().caches().find(|(name, _)| *name == "requests").unwrap().1.hits.get()
}

/// Asks until it is answered from what is at hand: the first look is noted the whole way, and so is the first of each moment in
/// which the trail wrote its notes down.
async fn at_hand(p: &Practice, desk: &Desk, path: &str) -> Answer {
    at_hand_with(p, desk, path, &[]).await
}

async fn at_hand_with(p: &Practice, desk: &Desk, path: &str, headers: &[(&str, &str)]) -> Answer {
    let before = given(p);
    for _ in 0..50 {
        let answer = desk.send(Method::GET, path, headers, None).await;
        if given(p) > before {
            return answer;
        }
    }
    panic!("{path} is never at hand");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_question_again_has_the_same_answer_and_headers_or_a_304_for_who_has_it() {
    let p = Practice::new().await;
    let first = p.desk.get(&agenda()).await;
    let again = at_hand(&p, &p.desk, &agenda()).await;
    assert_eq!((&first.bytes, &first.headers), (&again.bytes, &again.headers));
    let known = at_hand_with(&p, &p.desk, &agenda(), &[("if-none-match", again.header("etag"))]).await;
    assert_eq!((known.status.as_u16(), known.bytes.len()), (304, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn as_many_looks_are_on_the_trail_as_were_answered() {
    let p = Practice::new().await;
    for _ in 0..40 {
        p.desk.get(&agenda()).await.expect(200);
    }
    assert!(given(&p) > 20, "{} of 40 were at hand", given(&p));
    let owner = p.world.owner().await;
    let trail = owner.get("/api/audit?limit=100").await.expect(200);
    let listed = trail["items"].as_array().unwrap().iter().filter(|entry| entry["verb"] == "listed");
    assert_eq!(listed.map(times).sum::<u64>(), 40);
}

/// How many looks one entry stands for.
fn times(entry: &Value) -> u64 {
    let columns = entry["columns"].as_array().unwrap().iter().filter_map(Value::as_str);
    columns.filter_map(|column| column.strip_prefix("times=")?.parse().ok()).next().unwrap_or(1)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_at_hand_is_not_given_to_whoever_lost_the_right_to_it() {
    let p = Practice::new().await;
    let owner = p.world.owner().await;
    let desk = p.world.desk(Role::Finance).await;
    at_hand(&p, &desk, &agenda()).await;
    let team = owner.get("/api/clinic/1/users/management").await.expect(200);
    let who =
        team["items"].as_array().unwrap().iter().find(|user| user["roles"] == json!(["finance"])).unwrap();
    let (url, version) = (format!("/api/clinic/1/users/{}", who["id"]), who["version"].as_i64().unwrap());
    owner.patch(&url, version, json!({ "roles": ["auditor"] })).await.expect(200);
    for _ in 0..3 {
        let after = desk.get(&agenda()).await;
        assert!([401, 403].contains(&after.status.as_u16()), "{}", after.status);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_locked_screen_and_a_session_that_ended_are_given_nothing() {
    let p = Practice::new().await;
    let (locked, ended) = (p.world.front_desk().await, p.world.front_desk().await);
    at_hand(&p, &locked, &agenda()).await;
    at_hand(&p, &ended, &agenda()).await;
    locked.post("/api/auth/lock", json!({})).await;
    ended.post("/api/auth/logout", json!({})).await;
    // More than once: with the first refusal the session is known anew, as it is now. And while the same person asks the same in
    // another session, so that nothing but the session itself can be what keeps the answer back.
    for _ in 0..3 {
        at_hand(&p, &p.desk, &agenda()).await;
        locked.get(&agenda()).await.problem(401, "session_locked");
        ended.get(&agenda()).await.problem(401, "unauthenticated");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_is_seen_by_the_next_question_at_every_desk() {
    let p = Practice::new().await;
    let other = p.world.owner().await;
    for clock in ["08:00", "09:00", "10:00"] {
        let known = at_hand(&p, &p.desk, &agenda()).await.header("etag").to_owned();
        let unchanged = at_hand_with(&p, &p.desk, &agenda(), &[("if-none-match", &known)]).await;
        assert_eq!(unchanged.status.as_u16(), 304);
        at_hand(&p, &other, &agenda()).await;
        let booked = p.book(clock).await;
        for desk in [&p.desk, &other] {
            let day = desk.get(&agenda()).await.expect(200);
            assert!(day["appointments"].as_array().unwrap().iter().any(|one| one["id"] == booked["id"]));
        }
        let changed = p.desk.send(Method::GET, &agenda(), &[("if-none-match", &known)], None).await;
        assert_eq!(changed.status.as_u16(), 200);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_question_of_another_clinic_or_person_is_another_question() {
    let p = Practice::new().await;
    p.book("08:00").await;
    let mine = at_hand(&p, &p.desk, &agenda()).await.json();
    let neighbour = p.world.desk_in(LUA, Role::FrontDesk).await;
    let theirs = neighbour.get(&agenda()).await.expect(200);
    assert_eq!((mine["appointments"].as_array().unwrap().len(), &theirs["appointments"]), (1, &json!([])));
    // The neighbour's session asking for Sol by its number, word for word as Sol's own desk does.
    let mut stranger = neighbour.clone();
    stranger.clinic = SOL;
    stranger.get(&agenda()).await.problem(404, "not_found");
    let auditor = p.world.desk(Role::Auditor).await;
    auditor.get(&agenda()).await.problem(403, "forbidden");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_is_too_old_or_not_seen_for_long_is_looked_at_anew() {
    let p = Practice::new().await;
    at_hand(&p, &p.desk, &agenda()).await;
    p.world.clock.advance(90);
    let before = given(&p);
    p.desk.get(&agenda()).await.expect(200);
    assert_eq!(given(&p), before, "that the person is here has to be written down first");
    p.world.clock.advance(13 * 3600);
    p.desk.get(&agenda()).await.problem(401, "unauthenticated");
}
