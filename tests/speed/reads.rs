//! Reading: what a front desk asks for all day, over plain HTTP and over TLS.
use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use hyper::{StatusCode, body::Bytes};
use serde_json::{Value, json};

use super::{
    clinic::{Clinic, OURS},
    load::{self, Question},
    table::{Bar, Line},
    versus::{Bare, CONNECTIONS, Match, Pace, play},
};

const OK: StatusCode = StatusCode::OK;

/// Every figure of reading.
pub async fn measure(pace: &Pace) -> Vec<Line> {
    if !["health", "agenda", "unchanged", "contact"].iter().any(|what| pace.wants(what)) {
        return Vec::new();
    }
    let clinic = Arc::new(Clinic::demonstration(Path::new(OURS), "clinic", "owner").await);
    let today = busiest_day(&clinic).await;
    let day = format!("/api/agenda?date={today}");
    let agenda = clinic.get(&day).await;
    let tag = agenda.headers()["etag"].clone();
    let again = clinic.ask("GET", &day, false).header("if-none-match", tag);
    let unchanged = load::once(&clinic.plain, again, Bytes::new()).await;
    assert_eq!(unchanged.status(), StatusCode::NOT_MODIFIED);
    println!("the agenda's day is {today}, {} bytes", agenda.body().len());
    let bare = Bare::serve(&[
        ("health", clinic.get("/livez").await),
        ("agenda", agenda),
        ("unchanged", unchanged),
        ("contact", clinic.get("/api/contacts/100").await),
    ]);
    let mut lines = Vec::new();
    for tls in [false, true] {
        let tag = clinic.get(&day).await.headers()["etag"].to_str().unwrap().to_owned();
        let same = |path: String, known: Option<String>| {
            let clinic = Arc::clone(&clinic);
            let question: Question = Arc::new(move |_, _| {
                let head = clinic.ask("GET", &path, tls);
                (known.iter().fold(head, |head, tag| head.header("if-none-match", tag)), Bytes::new())
            });
            question
        };
        let people = Arc::clone(&clinic);
        let contacts: Question = Arc::new(move |connection, turn| {
            let id = 1 + (connection * 41 + turn * 7) % 2_900;
            (people.ask("GET", &format!("/api/contacts/{id}"), tls), Bytes::new())
        });
        let figures = [
            ("health", "health", OK, 0.9, same("/livez".to_owned(), None)),
            ("agenda day, kept", "agenda", OK, 0.8, same(day.clone(), None)),
            (
                "agenda day, unchanged (304)",
                "unchanged",
                StatusCode::NOT_MODIFIED,
                0.85,
                same(day.clone(), Some(tag)),
            ),
            ("contact by number, uncached", "contact", OK, 0.5, contacts),
        ];
        for (what, name, status, bar, question) in figures {
            if pace.wants(what) {
                let game =
                    Match { what, name, status, tls, connections: CONNECTIONS, bar: Some(Bar::AtLeast(bar)) };
                let target = if tls { &clinic.secure } else { &clinic.plain };
                lines.push(play(pace, &game, target, &question, &bare).await);
            }
        }
        if pace.wants("agenda day, uncached") {
            lines.push(uncached(pace, &clinic, &bare, tls).await);
        }
    }
    lines
}

/// Every desk looks at another day while somebody writes all the time, so that no kept answer is of use.
async fn uncached(pace: &Pace, clinic: &Arc<Clinic>, bare: &Bare, tls: bool) -> Line {
    let days = Arc::new(busy_days(clinic).await);
    let asked = Arc::clone(clinic);
    let question: Question = Arc::new(move |connection, turn| {
        let day = &days[(connection * 3 + turn * 67) % days.len()];
        (asked.ask("GET", &format!("/api/agenda?date={day}"), tls), Bytes::new())
    });
    let stop = Arc::new(AtomicBool::new(false));
    let writer = tokio::spawn(keep_writing(Arc::clone(clinic), Arc::clone(&stop)));
    let game = Match {
        what: "agenda day, uncached",
        name: "agenda",
        status: OK,
        tls,
        connections: CONNECTIONS,
        bar: Some(Bar::AtLeast(0.3)),
    };
    let target = if tls { &clinic.secure } else { &clinic.plain };
    let line = play(pace, &game, target, &question, bare).await;
    stop.store(true, Ordering::Relaxed);
    writer.await.unwrap();
    line
}

/// Renames a room again and again: each change makes every kept day an old one.
pub async fn keep_writing(clinic: Arc<Clinic>, stop: Arc<AtomicBool>) {
    let rooms = format!("/api/clinic/{}/rooms", clinic.id);
    let found: Value = serde_json::from_slice(clinic.get(&rooms).await.body()).unwrap();
    let room = &found["items"][0];
    let path = format!("{rooms}/{}", room["id"]);
    let mut version = room["version"].as_i64().unwrap();
    for turn in 0.. {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        let name = json!({ "name": format!("Sala {}", turn % 10) });
        let changed = clinic.send("PATCH", &path, Some(version), &name).await;
        version = changed["version"].as_i64().unwrap();
        tokio::time::sleep(std::time::Duration::from_millis(15)).await;
    }
}

/// Working days around today, with the size of their agenda.
async fn days(clinic: &Clinic) -> Vec<(usize, String)> {
    let today = jiff::Timestamp::now().to_zoned_datetime(jiff::tz::TimeZone::UTC).date();
    let mut all = Vec::new();
    for back in -20..160_i64 {
        let day = today.saturating_sub(jiff::Span::new().days(back)).to_string();
        let length = clinic.get(&format!("/api/agenda?date={day}")).await.body().len();
        all.push((length, day));
    }
    all
}

/// The day whose answer is nearest to twelve kilobytes.
pub async fn busiest_day(clinic: &Clinic) -> String {
    let nearest = days(clinic).await.into_iter().min_by_key(|(length, _)| length.abs_diff(12_000));
    nearest.unwrap().1
}

/// Days with about as much in them as that one.
pub async fn busy_days(clinic: &Clinic) -> Vec<String> {
    let mut days = days(clinic).await;
    days.sort_by_key(|(length, _)| length.abs_diff(12_000));
    days.into_iter().take(100).map(|(_, day)| day).collect()
}
