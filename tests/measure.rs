//! Measurements on clinics of a million appointments. Ignored by ordinary runs: they take minutes and mean something only in a
//! release build: `cargo test --release --test taskmed measure -- --ignored --nocapture`.
use std::{
    collections::BTreeSet,
    sync::Arc,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use taskmed::{
    access::{Grant, Role, permissions::EditAppointments},
    db::{Act, Clinic, params},
    demo::Size,
    features::{
        appointments::model::Booking,
        demonstration::{fill::fill as fill_demonstration, model::DemoClinic},
    },
};

use crate::support::{Desk, World};

const PROFESSIONALS: i64 = 30;
const SLOTS: i64 = 40;
const CONTACTS: i64 = 60_000;
const DAYS: i64 = 834;
/// How many of them lie in the past.
const PAST: i64 = 600;
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
    for day in (0..DAYS).map(|n| n - PAST) {
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
        // Small jobs: with temp_store in memory SQLite walks a job's whole statement journal at the end of each statement.
        let part: Vec<_> = plan.by_ref().take(500).collect();
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

/// Fills the world with a demonstration; answers it with the front desk signed in.
async fn demonstration(world: &World, size: Size) -> (DemoClinic, Desk) {
    let (clinics, begun) = (Arc::clone(&world.clinics), Instant::now());
    let fill = move || fill_demonstration(&clinics, 1, size, &mut |_| ()).unwrap();
    let made = tokio::task::spawn_blocking(fill).await.unwrap();
    let bytes = std::fs::metadata(world.folder.path().join("clinics/1/clinic.db")).unwrap().len();
    println!("{}: filled and checked in {:?}, {} MB", size.as_str(), begun.elapsed(), bytes / 1_000_000);
    let user = made.users.iter().find(|user| user.roles.has(Role::FrontDesk)).unwrap();
    let mut desk = world.stranger();
    desk.sign_in(&user.email, &user.password).await;
    (made, desk)
}

/// Columns of a patient, of so many patients here and there.
fn sample(clinic: &Arc<Clinic>, columns: &str) -> Vec<[String; 3]> {
    let grant = Grant::<EditAppointments>::of_program(Arc::clone(clinic), "measure");
    let sql = format!("select {columns} from contacts where id % 997 = 5 and cpf is not null order by id");
    grant.read_here(|tx| tx.all(&sql, [], |r| Ok([r.get(0)?, r.get(1)?, r.get(2)?]))).unwrap()
}

/// What a receptionist types to find somebody, by kind.
fn typed(clinic: &Arc<Clinic>) -> Vec<(&'static str, Vec<String>)> {
    let start = |text: &str, count: usize| text.chars().take(count).collect::<String>();
    let first = |name: &str| name.split(' ').next().unwrap().to_owned();
    let last = |name: &str| name.split(' ').next_back().unwrap().to_owned();
    let people = sample(clinic, "name, cpf, phone");
    let born = sample(clinic, "strftime('%d/%m/%Y', birth_date), name, cpf");
    let each = |make: &dyn Fn(&[String; 3]) -> String| people.iter().map(make).collect::<Vec<_>>();
    vec![
        ("one letter", each(&|p| start(&p[0], 1))),
        ("two letters", each(&|p| start(&p[0], 2))),
        ("three letters", each(&|p| start(&p[0], 3))),
        ("first name", each(&|p| first(&p[0]))),
        ("first name and a letter", each(&|p| format!("{} {}", first(&p[0]), start(&last(&p[0]), 1)))),
        ("first name and three letters", each(&|p| format!("{} {}", first(&p[0]), start(&last(&p[0]), 3)))),
        ("last name and first name", each(&|p| format!("{} {}", last(&p[0]), first(&p[0])))),
        ("full name", each(&|p| p[0].clone())),
        ("three digits of a CPF", each(&|p| start(&p[1], 3))),
        ("CPF", each(&|p| p[1].clone())),
        ("telephone without area code", each(&|p| p[2].chars().skip(2).collect())),
        ("birth date", born.iter().map(|p| p[0].clone()).collect()),
        ("nobody", each(&|p| format!("zzyx{}", &p[1]))),
    ]
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes minutes; a release build gives the figures that count"]
async fn the_desk_of_a_clinic_of_twenty_years() {
    let world = World::empty();
    let (_, desk) = demonstration(&world, Size::Years20).await;
    let typed = typed(&world.clinic(1));
    let mut all = Vec::new();
    for (what, texts) in typed {
        let mut times = Vec::new();
        for text in texts {
            let query: String = text.bytes().map(|byte| format!("%{byte:02x}")).collect();
            times.push(timed(&desk, &format!("/api/contacts?search={query}")).await.1);
        }
        all.extend(times.clone());
        say(what, times);
    }
    say("whatever is searched", all);
    let (mut uncached, mut cached) = (Vec::new(), Vec::new());
    let today = jiff::civil::date(2026, 11, 24);
    for back in 0..300 {
        let day = today.saturating_sub(jiff::Span::new().days(back * 7));
        let url = format!("/api/agenda?date={day}");
        uncached.push(timed(&desk, &url).await.1);
        cached.push(timed(&desk, &url).await.1);
    }
    say("a day never looked at", uncached);
    say("a kept day", cached);
    let visits = (1..200).map(|n| format!("/api/contacts/{}/appointments", n * 991));
    let mut times = Vec::new();
    for url in visits {
        times.push(timed(&desk, &url).await.1);
    }
    say("the appointments of a patient", times);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes a minute; a release build gives the figures that count"]
async fn what_the_trail_costs() {
    const WRITES: i64 = 20_000;
    let world = World::new().await;
    let clinic = world.clinic(1);
    tokio::task::spawn_blocking(move || change_patients(&clinic, WRITES)).await.unwrap();
    world.clinics.close();
    let conn = crate::support::file::open(world.folder.path(), 1);
    let bytes = |of: &str| -> i64 {
        let sql = "select sum(pgsize) from dbstat where name in (select name from sqlite_schema where tbl_name = ?1)";
        conn.query_row(sql, [of], |r| r.get(0)).unwrap()
    };
    let count = |of: &str| -> i64 {
        conn.query_row(&format!("select count(*) from {of}"), [], |r| r.get(0)).unwrap()
    };
    for table in ["audit", "history", "checkpoints"] {
        println!(
            "{table}: {} rows, {} bytes each with their indexes",
            count(table),
            bytes(table) / count(table)
        );
    }
    let started = Instant::now();
    let verdict = taskmed::db::trail::proof::verify(&conn, 1, &[], &|_| ()).unwrap();
    assert_eq!(verdict.faults, []);
    println!(
        "{} entries and {} versions verified in {:?}",
        verdict.entries,
        verdict.versions,
        started.elapsed()
    );
}

/// Changes one patient after the other, many handed in at a time, as busy desks do; says how many a second.
fn change_patients(clinic: &Arc<Clinic>, writes: i64) {
    let grant = Grant::<EditAppointments>::of_program(Arc::clone(clinic), "measure");
    let patients = 500;
    grant
        .write_here(move |tx| {
            let sql = "insert into contacts (created_at, updated_at, record_number, name, phone, mother_name, email, street, city)
                values (1, 1, ?1, ?2, ?3, 'Maria Aparecida de Souza', 'pessoa@exemplo.com.br', 'Rua das Laranjeiras', 'Santos')";
            for n in 1..=patients {
                tx.insert(sql, params![n, format!("Paciente de Nome Comprido {n}"), format!("119{n:08}")])?;
            }
            tx.audited(Act::run::<Contact>("created", 1, patients), ())
        })
        .unwrap();
    for round in 0..3 {
        let (started, worked) = (Instant::now(), cpu_seconds());
        let mut waiting = std::collections::VecDeque::new();
        for n in 0..writes {
            let change = move |tx: &mut taskmed::db::WriteTx<'_>| {
                let id = n % patients + 1;
                let sql =
                    "update contacts set version = version + 1, updated_at = ?2, notes = ?3 where id = ?1";
                tx.run(sql, params![id, tx.now(), format!("nota {n} da rodada {round}")])?;
                tx.audited(Act::updated::<Contact>(id, vec!["notes".into()]), ())
            };
            waiting.push_back(grant.hand_in(change).unwrap());
            if waiting.len() >= 256 {
                waiting.pop_front().unwrap().wait().unwrap();
            }
        }
        waiting.into_iter().for_each(|one| one.wait().unwrap());
        let seconds = started.elapsed().as_secs_f64();
        let each = (cpu_seconds() - worked) * 1e6 / writes as f64;
        println!(
            "{:.0} changes of a patient a second, {each:.1} us of processor each",
            writes as f64 / seconds
        );
    }
}

/// Processor time of this process so far: what a busy machine does meanwhile does not count. Zero where it cannot be told.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let ticks = stat.split(' ').skip(13).take(2).filter_map(|n| n.parse::<f64>().ok()).sum::<f64>();
    ticks / 100.0
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes a minute; a release build gives the figures that count"]
async fn a_demonstration_of_fifty_thousand_patients() {
    let world = World::empty();
    demonstration(&world, Size::Large).await;
}
