//! How fast a large register is searched. Not run by default: `cargo test --release -- --ignored --nocapture speed`.
use std::{sync::Arc, time::Instant};

use serde_json::{Map, json};
use taskmed::{
    access::{
        Grant,
        permissions::{EditContacts, ImportContacts},
    },
    base::{Id, Instant as Moment, fields},
    db::{Act, Clinic},
    demo::{self, Person},
    features::contacts::{
        import::{self, File, run_file},
        model::ContactFields,
        search::{self, Asked},
        store::{self, Origin},
    },
};

use crate::support::{
    World,
    world::{NOW, SOL},
};

/// Contacts in the register that is searched.
const MANY: u32 = 200_000;

fn fields_of(person: &Person) -> ContactFields {
    let a = &person.address;
    let body = json!({
        "name": person.name, "social_name": person.social_name, "birth_date": person.birth_date.to_string(), "sex": person.sex,
        "mother_name": person.mother_name, "cpf": person.cpf, "cns": person.cns, "phone": person.phone,
        "whatsapp": person.whatsapp, "email": person.email.as_ref().map_or("a@example.com", |e| e.as_str()), "status": person.status,
        "address": { "cep": a.cep, "street": a.street, "number": a.number, "district": a.district, "city": a.city, "state": a.state },
    });
    let now: Moment = NOW.parse().unwrap();
    fields::parse_at(now, body.as_object().unwrap_or(&Map::new())).unwrap()
}

pub fn populate(clinic: &Arc<Clinic>, count: u32) {
    let grant = Grant::<EditContacts>::of_program(Arc::clone(clinic), "test");
    let today = clinic.clock().now().day_in(&jiff::tz::TimeZone::UTC).0;
    let all: Vec<Person> = demo::people(7, count, today).collect();
    for chunk in all.chunks(2000) {
        let contacts: Vec<ContactFields> = chunk.iter().map(fields_of).collect();
        grant
            .write_here(move |tx| {
                let first = Origin::next(tx)?;
                let mut origin = first;
                for contact in &contacts {
                    store::insert(tx, contact, origin)?;
                    origin = Origin { id: origin.id + 1, record_number: origin.record_number + 1, ..origin };
                }
                tx.audited(Act::run::<ContactFields>("created", first.id, origin.id - 1), ())
            })
            .unwrap();
    }
}

pub fn asked(search: Option<&str>, status: Option<&str>) -> Asked {
    let words = json!({ "search": search, "status": status });
    fields::parse_words(words.as_object().unwrap_or(&Map::new())).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "measures"]
async fn speed_of_searching_a_large_register() {
    let world = World::new().await;
    let clinic = world.clinic(SOL);
    let measure = move || {
        let started = Instant::now();
        populate(&clinic, MANY);
        println!("{MANY} contacts written in {:?}", started.elapsed());
        let grant = Grant::<EditContacts>::of_program(Arc::clone(&clinic), "test");
        let typed = [
            "m",
            "ma",
            "mar",
            "mari",
            "maria",
            "maria s",
            "maria silva",
            "maria da silva",
            "silva",
            "sil",
            "jo",
            "jose",
            "ana",
            "ana p",
            "souza ana",
            "1198",
            "119",
            "11",
            "529.9",
            "23/11/1980",
            "123",
            "zzz",
            "carvalho beatriz",
            "d",
            "de",
            "joao pedro santos",
            "(11) 98765",
        ];
        let mut all = Vec::new();
        for (text, status) in typed.iter().flat_map(|t| [(Some(*t), None), (Some(*t), Some("lead"))]).chain([
            (None, None),
            (None, Some("lead")),
            (None, Some("inactive")),
        ]) {
            let mut times: Vec<_> = (0..9)
                .map(|_| {
                    let asked = asked(text, status);
                    let started = Instant::now();
                    let found = grant.read_here(|tx| search::list(tx, &asked)).unwrap();
                    (started.elapsed(), found.items.len())
                })
                .collect();
            let first = times[0].0;
            times.sort();
            println!(
                "{:24} {:8} {:3} rows  first {:9.3?}  median {:9.3?}  worst {:9.3?}",
                text.unwrap_or("(register)"),
                status.unwrap_or(""),
                times[0].1,
                first,
                times[4].0,
                times[8].0
            );
            all.extend(times.iter().map(|(t, _)| *t));
        }
        all.sort();
        println!(
            "p50 {:?} p95 {:?} p99 {:?}",
            all[all.len() / 2],
            all[all.len() * 95 / 100],
            all[all.len() * 99 / 100]
        );
    };
    tokio::task::spawn_blocking(measure).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "measures"]
async fn speed_of_bringing_a_large_file_in_and_taking_it_back() {
    const ROWS: u32 = 50_000;
    let world = World::new().await;
    let clinic = world.clinic(SOL);
    let today = clinic.clock().now().day_in(&jiff::tz::TimeZone::UTC).0;
    let mut file =
        "nome;nome social;nascimento;cpf;cns;celular;email;mae;cep;rua;bairro;cidade;uf\n".to_owned();
    for person in demo::people(11, ROWS, today) {
        let f = fields_of(&person);
        let text = |t: Option<&str>| t.unwrap_or_default().replace(';', ",");
        let born = f.birth_date.map(|d| d.to_string());
        let cells = [
            text(Some(&f.name)),
            text(f.social_name.as_deref()),
            text(born.as_deref()),
            text(f.cpf.as_ref().map(|n| n.as_str())),
            text(f.cns.as_ref().map(|n| n.as_str())),
            text(f.phone.as_ref().map(|n| n.as_str())),
            text(f.email.as_ref().map(|n| n.as_str())),
            text(f.mother_name.as_deref()),
            text(f.address.cep.as_ref().map(|n| n.as_str())),
            text(f.address.street.as_deref()),
            text(f.address.district.as_deref()),
            text(f.address.city.as_deref()),
            text(f.address.state.map(|s| s.as_str())),
        ];
        file.push_str(&cells.join(";"));
        file.push('\n');
    }
    let grant = Grant::<ImportContacts>::of_program(Arc::clone(&clinic), "test");
    let import = move |bytes: String| {
        let started = Instant::now();
        let file = File::open("grande.csv", bytes.into_bytes(), None).unwrap();
        let opened = started.elapsed();
        let check = file.check(&grant).unwrap();
        let checked = started.elapsed();
        let report = run_file(&grant, &file, |_| {}).unwrap();
        println!(
            "shape {opened:?}, dry run {:?} ({} ready), import {:?}: {report:?}",
            checked - opened,
            check.ready,
            started.elapsed() - checked
        );
        (report, grant)
    };
    let desk = world.front_desk().await;
    let bytes = file.clone();
    let running = tokio::task::spawn_blocking({
        let import = import.clone();
        move || import(bytes)
    });
    let mut slowest = Vec::new();
    while !running.is_finished() {
        let at = Instant::now();
        let body = json!({ "name": "Na hora", "email": format!("n{}@example.com", slowest.len()) });
        desk.post("/api/contacts", body).await.expect(201);
        slowest.push(at.elapsed());
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    slowest.sort();
    println!(
        "desk meanwhile: {} writes, median {:?}, p95 {:?}, worst {:?}",
        slowest.len(),
        slowest[slowest.len() / 2],
        slowest[slowest.len() * 95 / 100],
        slowest[slowest.len() - 1]
    );
    let (first, _) = running.await.unwrap();
    assert_eq!(first.created + first.duplicates + first.invalid, 50_000);
    let (second, grant) = tokio::task::spawn_blocking(move || import(file)).await.unwrap();
    assert_eq!(second.created, 0);
    let undo = move || {
        let started = Instant::now();
        let id = Id::new(first.import_id);
        let version = grant.read_here(|tx| import::store::find(tx, id)).unwrap().stamp.version;
        import::undo::undo(&grant, id, version).unwrap();
        println!("undo {:?}", started.elapsed());
    };
    tokio::task::spawn_blocking(undo).await.unwrap();
    assert!(world.clinic(SOL).check().unwrap().problems.is_empty());
}
