//! Whose appointments they are: the newest lie apart and are filed with the others by the hundred.
use serde_json::json;
use taskmed::{
    access::{Grant, permissions::EditAppointments},
    base::Error,
    db::{Act, params},
    features::appointments::model::Booking,
};

use crate::support::{Practice, file, world::SOL};

/// Appointments of one patient, half an hour each, one after the other.
const FIRST: i64 = 2_000_000_000;

/// Books so many for each of two patients, in turn; answers the patients.
async fn booked(p: &Practice, grant: &Grant<EditAppointments>, each: i64) -> [i64; 2] {
    let mut patients = [0; 2];
    for (number, id) in patients.iter_mut().enumerate() {
        let patient = json!({ "name": format!("Caso {number}"), "email": format!("c{number}@example.com") });
        *id = p.desk.post("/api/contacts", patient).await.expect(201)["id"].as_i64().unwrap();
    }
    let professionals = [p.ana, p.beto];
    let made = grant.write(move |tx| {
        let sql = "insert into appointments (created_at, updated_at, contact_id, professional_id, starts_at, ends_at, status)
             values (1, 1, ?1, ?2, ?3, ?3 + 1800, 'booked')";
        let mut numbers = Vec::new();
        for turn in 0..each {
            for (patient, professional) in patients.into_iter().zip(professionals) {
                numbers.push(tx.insert(sql, params![patient, professional, FIRST + turn * 1800])?);
            }
        }
        tx.audited(Act::run::<Booking>("created", numbers[0], numbers[numbers.len() - 1]), ())
    });
    made.await.unwrap();
    patients
}

/// How many are among the newest, and how many are filed.
async fn lying(grant: &Grant<EditAppointments>) -> (i64, i64) {
    let both = grant.read(|tx| {
        let count = |table: &str| tx.number(&format!("select count(*) from {table}"), []);
        Ok((count("visits_new")?, count("visits_filed")?))
    });
    both.await.unwrap()
}

async fn problems(p: &Practice) -> Vec<String> {
    let clinic = p.world.clinic(SOL);
    tokio::task::spawn_blocking(move || clinic.check().unwrap()).await.unwrap().problems
}

#[tokio::test(flavor = "multi_thread")]
async fn appointments_are_filed_by_the_hundred_and_found_wherever_they_lie() {
    let p = Practice::new().await;
    let grant = Grant::<EditAppointments>::of_program(p.world.clinic(SOL), "test");
    let [patient, _] = booked(&p, &grant, 300).await;
    assert_eq!(lying(&grant).await, (0, 600), "so many are filed at once");
    p.book("09:00").await;
    let moved = "update appointments set starts_at = starts_at - 864000, ends_at = ends_at - 864000, version = version + 1 where id = ?1";
    let first = grant
        .read(move |tx| tx.number("select min(id) from visits where contact_id = ?1", [patient]))
        .await
        .unwrap();
    let told = grant.write(move |tx| {
        tx.run(moved, [first])?;
        tx.audited(Act::updated::<Booking>(first, Vec::new()), ())
    });
    told.await.unwrap();
    assert_eq!(lying(&grant).await, (2, 599), "one is new, and one that has moved is as new");
    let starts = grant.read(move |tx| {
        tx.all("select starts_at from visits where contact_id = ?1 order by starts_at", [patient], |row| {
            row.get::<_, i64>(0)
        })
    });
    let starts = starts.await.unwrap();
    assert_eq!((starts.len(), starts[0], starts[1]), (300, FIRST - 864_000, FIRST + 1800));
    let listed = p.desk.get(&format!("/api/contacts/{patient}/appointments")).await.expect(200);
    assert_eq!(listed["upcoming"].as_array().unwrap().len(), 300);
    // A filed one is in the way as a new one is.
    let second = grant.write(move |tx| {
        let sql = "insert into appointments (created_at, updated_at, contact_id, professional_id, starts_at, ends_at, status, room_id)
             values (1, 1, ?1, ?2, ?3, ?3 + 1800, 'booked', null)";
        tx.insert(sql, params![patient, tx.number("select max(id) from users", [])?, FIRST + 1800 + 60])?;
        tx.audited(Act::created::<Booking>(1), ())
    });
    assert!(matches!(second.await, Err(Error::Conflict { code: "slot_taken", .. })));
    assert_eq!(problems(&p).await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_appointment_that_is_not_found_under_its_patient_is_told_by_the_check() {
    for change in [
        "delete from visits_new where starts_at = 2000000000 + 1800",
        "update visits_new set starts_at = starts_at + 60 where starts_at = 2000000000",
        "update visits_new set contact_id = (select min(id) from contacts) where starts_at = 2000000000",
        "update visits_new set holds = 0 where starts_at = 2000000000",
        "insert into visits_filed select contact_id, starts_at, id + 1000, holds from visits_new",
        "insert into visits_filed select * from visits_new limit 1",
    ] {
        let p = Practice::new().await;
        let grant = Grant::<EditAppointments>::of_program(p.world.clinic(SOL), "test");
        booked(&p, &grant, 3).await;
        assert_eq!(problems(&p).await, Vec::<String>::new());
        file::open(p.world.folder.path(), SOL).execute_batch(change).unwrap();
        let told = problems(&p).await;
        assert!(told.iter().any(|p| p.contains("filed under")), "{change}: {told:?}");
    }
}
