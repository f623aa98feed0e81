//! The last fence against double booking, at random, against a look at every pair.
use fastrand::Rng;
use serde_json::json;
use taskmed::{
    access::{Grant, permissions::EditAppointments},
    base::{Choice, Error},
    db::{Audited, WriteTx, params},
    features::appointments::rules::Status,
};

use crate::support::{Practice, world::SOL};

const ATTEMPTS: usize = 3_000;
/// A day of ten hours.
const DAY: i64 = 600;

/// An appointment as it is wanted.
#[derive(Clone, Copy)]
struct Wanted {
    professional: i64,
    patient: i64,
    room: Option<i64>,
    /// Minutes of the day.
    from: i64,
    to: i64,
    status: Status,
    fit_in: bool,
}

impl Wanted {
    fn at_random(random: &mut Rng, (professionals, patients, room): ([i64; 2], [i64; 3], i64)) -> Self {
        let from = random.i64(0..DAY / 5) * 5;
        Self {
            professional: professionals[random.usize(..2)],
            patient: patients[random.usize(..3)],
            room: random.bool().then_some(room),
            from,
            to: from + random.i64(1..=24) * 5,
            status: Status::ALL[random.usize(..Status::ALL.len())],
            fit_in: random.u8(..5) == 0,
        }
    }

    /// Whether it takes time that nobody else may take.
    fn takes_time(&self) -> bool {
        self.status.holds_time() && !self.fit_in
    }

    fn is_in_the_way_of(&self, other: &Self) -> bool {
        let shared = self.professional == other.professional
            || self.patient == other.patient
            || (self.room.is_some() && self.room == other.room);
        self.takes_time() && other.takes_time() && shared && self.from < other.to && other.from < self.to
    }

    fn insert(&self, tx: &WriteTx<'_>) -> Result<i64, Error> {
        let sql =
            "insert into appointments (created_at, updated_at, contact_id, professional_id, room_id, starts_at, ends_at,
                status, fit_in)
             values (1, 1, ?1, ?2, ?3, 2000000000 + ?4 * 60, 2000000000 + ?5 * 60, ?6, ?7)";
        let code = self.status.code();
        tx.insert(
            sql,
            params![self.patient, self.professional, self.room, self.from, self.to, code, self.fit_in],
        )
    }

    /// A move alone does not say the status again.
    fn update(&self, tx: &WriteTx<'_>, (id, before): (i64, Self)) -> Result<(), Error> {
        let status = if self.status == before.status { "" } else { "status = ?6, " };
        let sql = format!(
            "update appointments set contact_id = ?1, professional_id = ?2, room_id = ?3, starts_at = 2000000000 + ?4 * 60,
                ends_at = 2000000000 + ?5 * 60, {status}fit_in = ?7 where id = ?8 and ?6 = ?6"
        );
        let code = self.status.code();
        let values =
            params![self.patient, self.professional, self.room, self.from, self.to, code, self.fit_in, id];
        tx.run(&sql, values).map(drop)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_fence_stops_whatever_shares_time_with_another_and_nothing_else() {
    let p = Practice::new().await;
    let mut patients = [0; 3];
    for (number, id) in patients.iter_mut().enumerate() {
        let patient = json!({ "name": format!("Caso {number}"), "email": format!("c{number}@example.com") });
        *id = p.desk.post("/api/contacts", patient).await.expect(201)["id"].as_i64().unwrap();
    }
    let who = ([p.ana, p.beto], patients, p.room);
    let grant = Grant::<EditAppointments>::of_program(p.world.clinic(SOL), "test");
    let told = grant.write(move |tx| {
        let (mut random, mut held, mut stopped) = (Rng::with_seed(11), Vec::<(i64, Wanted)>::new(), 0);
        for _ in 0..ATTEMPTS {
            if random.u8(..30) == 0 {
                // As the writer does between groups: the fence sees them wherever they lie.
                tx.run("insert into visits_filed select * from visits_new", [])?;
                tx.run("delete from visits_new where true", [])?;
            }
            let mut wanted = Wanted::at_random(&mut random, who);
            let moved = (held.len() > 12 && random.u8(..4) > 0).then(|| random.usize(..held.len()));
            if let Some(at) = moved.filter(|_| random.bool()) {
                wanted.status = held[at].1.status;
            }
            let others = held.iter().enumerate().filter(|(at, _)| Some(*at) != moved);
            let taken = others.clone().any(|(_, (_, other))| other.is_in_the_way_of(&wanted));
            let done = match moved {
                Some(at) => wanted.update(tx, held[at]).map(|()| held[at].1 = wanted),
                None => wanted.insert(tx).map(|id| held.push((id, wanted))),
            };
            match done {
                Ok(()) => assert!(!taken, "two share a time"),
                Err(Error::Conflict { code: "slot_taken", .. }) => assert!(taken, "a free time was refused"),
                Err(other) => panic!("{other}"),
            }
            stopped += usize::from(taken);
        }
        assert!(stopped > ATTEMPTS / 20 && held.len() > 40, "{stopped} stopped, {} held", held.len());
        // Nothing of this is to stay.
        Err::<Audited<()>, _>(Error::conflict("as_it_should"))
    });
    let told = told.await;
    assert!(matches!(told, Err(Error::Conflict { code: "as_it_should", .. })), "{told:?}");
}
