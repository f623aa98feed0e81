//! Measurements on a clinic of a million appointments. Ignored by ordinary runs: they take minutes and mean something only in a
//! release build: `cargo test --release --test taskmed measure -- --ignored --nocapture`.
use std::{
    collections::BTreeSet,
    sync::Arc,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use taskmed::{
    access::{Grant, permissions::EditAppointments},
    db::{Act, Clinic, params},
    features::appointments::model::Booking,
};

use crate::support::{Desk, World};

const PROFESSIONALS: i64 = 30;
const SLOTS: i64 = 40;
const CONTACTS: i64 = 60_000;
const DAYS: i64 = 834;
/// 2026-11-24, 08:00 in São Paulo.
const TODAY_OPENS: i64 = 1_795_518_000;

enum Contact {}
impl taskmed::db::Record for Contact {
    const TABLE: taskmed::db::Table = taskmed::db::Table::Contacts;
    const NAME: &'static str = "contact";
}

enum User {}
impl taskmed::db::Record for User {
    const TABLE: taskmed::db::Table = taskmed::db::Table::Users;
    const NAME: &'static str = "user";
}

/// One appointment to be made, in the order in which desks would have booked them.
struct Planned {
    booked_at: i64,
    starts_at: i64,
    professional: i64,
    contact: i64,
}

/// Every slot of every day, booked up to two months ahead in any order, as a clinic does.
fn planned(first_professional: i64) -> Vec<Planned> {
    let mut random = fastrand::Rng::with_seed(7);
    let mut all = Vec::new();
    for day in (0..DAYS).map(|n| n - 600) {
        for slot in 0..SLOTS {
            let starts_at = TODAY_OPENS + day * 86_400 + slot * 900;
            let mut here = BTreeSet::new();
            for professional in 0..PROFESSIONALS {
                let mut contact = random.i64(1..=CONTACTS);
                while !here.insert(contact) {
                    contact = random.i64(1..=CONTACTS);
                }
                let booked_at = starts_at - random.i64(0..60 * 86_400);
                all.push(Planned {
                    booked_at,
                    starts_at,
                    professional: first_professional + professional,
                    contact,
                });
            }
        }
    }
    all.sort_by_key(|p| p.booked_at);
    all
}

fn fill(clinic: &Arc<Clinic>) {
    let grant = Grant::<EditAppointments>::of_program(Arc::clone(clinic), "measure");
    grant
        .write_here(|tx| {
            let sql = "insert into contacts (created_at, updated_at, record_number, name, phone, mother_name, email)
                values (1, 1, ?1, ?2, ?3, 'Maria Aparecida de Souza', 'pessoa@exemplo.com.br')";
            for n in 1..=CONTACTS {
                tx.insert(sql, params![n, format!("Paciente de Nome Comprido {n}"), format!("119{n:08}")])?;
            }
            tx.audited(Act::run::<Contact>("created", 1, CONTACTS), ())
        })
        .unwrap();
    let first = grant
        .write_here(|tx| {
            let sql = "insert into users (created_at, updated_at, name, roles, is_professional, specialty)
                values (1, 1, ?1, '[\"professional\"]', 1, 'Pediatria')";
            let first = tx.insert(sql, ["Profissional 1"])?;
            for n in 2..=PROFESSIONALS {
                tx.insert(sql, [format!("Profissional {n}")])?;
            }
            tx.audited(Act::run::<User>("created", first, first + PROFESSIONALS - 1), first)
        })
        .unwrap();
    let mut plan = planned(first).into_iter().peekable();
    while plan.peek().is_some() {
        let part: Vec<_> = plan.by_ref().take(20_000).collect();
        grant.write_here(move |tx| {
            let sql = "insert into appointments (created_at, updated_at, created_by, contact_id, professional_id, starts_at, ends_at,
                status, notes) values (?1, ?1, 1, ?2, ?3, ?4, ?4 + 900, ?5, ?6)";
            let (mut first, mut last) = (0, 0);
            for p in &part {
                let status = if p.starts_at < TODAY_OPENS { "done" } else { "booked" };
                let notes = (p.contact % 5 == 0).then_some("Traz exames de sangue da semana passada.");
                last = tx.insert(sql, params![p.booked_at, p.contact, p.professional, p.starts_at, status, notes])?;
                first = if first == 0 { last } else { first };
            }
            tx.audited(Act::run::<Booking>("created", first, last), ())
        })
        .unwrap();
    }
}

/// Times one call; answers its length and how long it took.
async fn timed(desk: &Desk, path: &str) -> (usize, Duration) {
    let started = Instant::now();
    let answer = desk.get(path).await;
    let took = started.elapsed();
    assert_eq!(answer.status, 200);
    (answer.bytes.len(), took)
}

fn say(what: &str, mut times: Vec<Duration>) {
    times.sort();
    let at = |share: usize| times[(times.len() - 1) * share / 100];
    println!("{what}: p50 {:?} p95 {:?} p99 {:?} of {}", at(50), at(95), at(99), times.len());
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes minutes; a release build gives the figures that count"]
async fn the_agenda_of_a_clinic_with_a_million_appointments() {
    let world = World::new().await;
    let clinic = world.clinic(1);
    let started = Instant::now();
    tokio::task::spawn_blocking(move || fill(&clinic)).await.unwrap();
    println!("filled in {:?}", started.elapsed());
    let desk = world.front_desk().await;
    let day = |n: i64| jiff::civil::date(2026, 11, 24).saturating_add(jiff::Span::new().days(n)).to_string();
    let url = |n: i64| format!("/api/agenda?date={}", day(n));

    let mut times = Vec::new();
    for n in -300..-100 {
        times.push(timed(&desk, &url(n)).await.1);
    }
    say("a day never looked at", times);

    let agenda = desk.get(&url(1)).await.expect(200);
    let (mut busy, mut others, mut kept) = (Vec::new(), Vec::new(), Vec::new());
    let mut versions: Vec<(Value, i64)> =
        agenda["appointments"].as_array().unwrap().iter().map(|a| (a["id"].clone(), 1)).collect();
    for round in 0..300 {
        let index = round * 7 % versions.len();
        let (id, version) = &mut versions[index];
        let notes = json!({ "notes": format!("mudança {round}") });
        desk.patch(&format!("/api/appointments/{id}"), *version, notes).await.expect(200);
        *version += 1;
        let (bytes, took) = timed(&desk, &url(1)).await;
        if round == 0 {
            println!("{bytes} bytes");
        }
        busy.push(took);
        kept.push(timed(&desk, &url(1)).await.1);
        others.push(timed(&desk, &url(2 + i64::try_from(round % 5).unwrap())).await.1);
    }
    say("the day just written to", busy);
    say("another day of the week after a write", others);
    say("a kept answer", kept);

    let mut week = Vec::new();
    for round in 0..40 {
        desk.patch(&format!("/api/appointments/{}", versions[0].0), versions[0].1, json!({ "notes": "x" }))
            .await
            .expect(200);
        versions[0].1 += 1;
        week.push(
            timed(&desk, &format!("/api/agenda?date=2026-11-23&days=7&professional_id={}", 10 + round % 5))
                .await
                .1,
        );
    }
    say("a week of one professional after a write", week);
}
