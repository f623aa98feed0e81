//! What the demonstration answers, and what the generator leaves to the clinic's books: who booked, who paid, when a row was
//! last touched. Pure: one seed gives one clinic.
use fastrand::Rng;
use jiff::tz::TimeZone;
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    access::{DemoSignIn, Role, Roles},
    base::{Choice, Day, Instant, search::Searchable},
    demo::{Demo, Person, Planned, User},
    features::{
        contacts::indexed,
        sessions::model::{Me, MyClinic},
    },
};

/// Number of the owner: the first person of every demonstration.
pub const OWNER: i64 = 1;

/// What a person of the generator may do.
pub fn roles(user: &User) -> Roles {
    Roles::new(user.roles.iter().filter_map(|code| Role::from_code(code)))
}

/// A demonstration that was made.
#[derive(Debug, Clone, Serialize)]
pub struct DemoClinic {
    /// Its number.
    pub clinic_id: i64,
    /// Everybody who signs in, the owner first.
    pub users: Vec<DemoSignIn>,
}

/// The demonstration with its owner signed in.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Shown {
    /// The owner.
    pub user: Me,
    /// The clinic.
    pub clinic: MyClinic,
    /// Everybody who signs in, the owner first.
    pub users: Vec<DemoSignIn>,
}

/// What is being made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Patients are written.
    Patients,
    /// Appointments are written.
    Appointments,
    /// The file is read back.
    Check,
}

/// How far the making is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// What is being made.
    pub stage: Stage,
    /// Rows written.
    pub done: usize,
    /// Rows of this stage.
    pub total: usize,
}

/// A patient ready to be written.
#[derive(Debug)]
pub struct NewContact {
    /// Its row, and its record number.
    pub id: i64,
    /// When the desk wrote it down.
    pub created_at: Instant,
    /// What it is found by.
    pub search_text: String,
    /// What it is ordered by: the name they go by, and the civil one where that is another.
    pub order_keys: (String, Option<String>),
    /// Everything else.
    pub person: Person,
}

impl NewContact {
    /// The person as the desk wrote them down on the day they registered.
    pub fn new(id: i64, person: Person, zone: &TimeZone) -> Self {
        let of = Searchable {
            name: &person.name,
            social_name: person.social_name.as_deref(),
            cpf: person.cpf.as_ref().map(|n| n.as_str()),
            cns: person.cns.as_ref().map(|n| n.as_str()),
            phone: person.phone.as_ref().map(|n| n.as_str()),
            birth_date: Some(person.birth_date),
        };
        let search_text = indexed::text(&of, person.status);
        let order_keys = indexed::order_keys(&person.name, person.social_name.as_deref());
        Self { id, created_at: registered_at(id, &person, zone), search_text, order_keys, person }
    }
}

/// In the half hour before the clinic opens: many come on the very day they register.
pub fn registered_at(id: i64, person: &Person, zone: &TimeZone) -> Instant {
    Day(person.registered_on).at_minute(450 + id % 25, zone)
}

/// What the clinic's books add to the plan: which rows stand for whom, and the hour at which they are read.
#[derive(Debug, Clone)]
pub struct Books {
    professionals: Vec<i64>,
    desk: Vec<i64>,
    seed: u64,
    now: Instant,
}

impl Books {
    /// The books of a clinic at `now`. People are written in the order of [`Demo::users`], so their numbers are their places.
    pub fn new(demo: &Demo, seed: u64, now: Instant) -> Self {
        let (mut professionals, mut desk) = (Vec::new(), Vec::new());
        for (id, user) in (1..).zip(demo.users()) {
            professionals.extend(user.professional.map(|_| id));
            desk.extend(user.roles.contains(&"front_desk").then_some(id));
        }
        Self { professionals, desk, seed, now }
    }

    /// The person who is professional number `index`.
    pub fn professional(&self, index: usize) -> i64 {
        self.professionals.get(index).copied().unwrap_or(OWNER)
    }

    /// The appointment as it stands in the books. `known_at` is when the patient was written down.
    pub fn appointment(&self, id: i64, planned: Planned, known_at: Instant) -> NewAppointment {
        let rng = &mut dice(self.seed, id);
        let professional_id = self.professional(planned.professional);
        let created_at = Instant::from(planned.booked_at).max(known_at.plus_minutes(1));
        let payment_status = payment(&planned, rng);
        let amount = price(planned.kind, planned.professional);
        NewAppointment {
            id,
            professional_id,
            created_by: self.booked_by(professional_id, rng),
            created_at,
            updated_at: last_change(&planned).min(self.now).max(created_at),
            payment_status,
            amount_cents: (!matches!(payment_status, "none" | "waived")).then_some(amount),
            sequence: steps(planned.status),
            planned,
        }
    }

    /// The desk books for nearly everybody, professionals now and then for themselves.
    fn booked_by(&self, professional: i64, rng: &mut Rng) -> i64 {
        match rng.u8(0..100) {
            0..86 => rng.choice(&self.desk).copied().unwrap_or(OWNER),
            86..96 => professional,
            _ => OWNER,
        }
    }
}

/// The row of the generator's `index`-th of anything.
pub fn row(index: usize) -> i64 {
    i64::try_from(index).unwrap_or(i64::MAX - 1) + 1
}

/// An appointment ready to be written.
#[derive(Debug)]
pub struct NewAppointment {
    /// Its row.
    pub id: i64,
    /// What was planned.
    pub planned: Planned,
    /// Whose agenda it is in.
    pub professional_id: i64,
    /// Who booked it.
    pub created_by: i64,
    /// When it was booked: not before the patient was written down.
    pub created_at: Instant,
    /// When it last changed.
    pub updated_at: Instant,
    /// How far it is paid.
    pub payment_status: &'static str,
    /// Its price, where one was said.
    pub amount_cents: Option<i64>,
    /// How many steps it has made, as calendars count them.
    pub sequence: i64,
}

impl NewAppointment {
    /// When it ends.
    pub fn ends_at(&self) -> Instant {
        Instant::from(self.planned.starts_at).plus_minutes(self.planned.duration_min.into())
    }
}

fn dice(seed: u64, id: i64) -> Rng {
    Rng::with_seed(
        seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ id.unsigned_abs().wrapping_mul(0xbf58_476d_1ce4_e5b9),
    )
}

fn payment(planned: &Planned, rng: &mut Rng) -> &'static str {
    match (planned.status, rng.u8(0..100)) {
        // Coming back about an earlier visit costs nothing.
        _ if planned.kind == "return" => "none",
        ("done", 0..72) => "paid",
        ("done", 72..79) => "pending",
        ("done", 79..82) => "partial",
        ("done", 82..85) => "waived",
        ("arrived" | "in_care", 0..30) => "paid",
        ("arrived" | "in_care", 30..70) => "pending",
        ("booked" | "confirmed", 0..10) => "pending",
        ("booked" | "confirmed", 10..12) => "partial",
        _ => "none",
    }
}

/// In centavos, in steps of five reais; some professionals ask for more than others.
fn price(kind: &str, professional: usize) -> i64 {
    let usual = match kind {
        "first_visit" => 320,
        "evaluation" => 180,
        "procedure" => 450,
        "emergency" => 390,
        _ => 260,
    };
    let percent = 85 + row(professional) * 13 % 50;
    usual * percent / 500 * 500
}

/// Steps an appointment has made since it was booked, by the shortest way.
fn steps(status: &str) -> i64 {
    match status {
        "requested" | "booked" => 0,
        "in_care" | "left" => 2,
        "done" => 3,
        _ => 1,
    }
}

/// The last thing that happened to it, of what the plan tells.
fn last_change(planned: &Planned) -> Instant {
    let start = Instant::from(planned.starts_at);
    let last = [planned.done_at, planned.in_care_at, planned.arrived_at].into_iter().flatten().next();
    match planned.status {
        "no_show" => start.plus_minutes(15),
        _ => last.unwrap_or(planned.booked_at).into(),
    }
}
