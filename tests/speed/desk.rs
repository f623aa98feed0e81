//! A front desk at work: of ten questions five are for a day of the agenda and three search for somebody, one books and one
//! changes a patient's notes.
use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicUsize, Ordering},
    },
};

use hyper::body::Bytes;
use jiff::{Span, Timestamp, ToSpan as _, civil::Date, tz::TimeZone};
use serde_json::{Value, json};

use super::{
    clinic::{Clinic, OURS},
    load::Question,
    versus::CONNECTIONS,
};

const SLOT_MIN: i64 = 15;
/// Days from today, of which nobody has booked any.
const FAR_DAYS: i64 = 400;
/// What is typed to find somebody.
const TYPED: [&str; 10] =
    ["mar", "maria sil", "jo", "ana", "souza", "pedro al", "oliveira", "119", "luc", "fernanda"];

/// What a desk does.
#[derive(Debug, Clone, Copy)]
pub enum Task {
    Agenda,
    Search,
    Book,
    Change,
}

impl Task {
    /// The one whose turn it is.
    fn of(number: usize) -> Self {
        match number % 10 {
            0..5 => Self::Agenda,
            5..8 => Self::Search,
            8 => Self::Book,
            _ => Self::Change,
        }
    }
}

/// A demonstration clinic that never closes, with its owner at the desk.
pub struct FrontDesk {
    pub clinic: Arc<Clinic>,
    professionals: Vec<i64>,
    people: usize,
    today: Date,
    /// Of a day nobody has booked yet, at the clinic.
    midnight: Timestamp,
    next: AtomicUsize,
    /// Versions of the patients whose notes are changed, one patient for each connection.
    versions: Vec<AtomicI64>,
}

impl FrontDesk {
    /// Opens the clinic of a demonstration of that size, which has so many patients.
    pub async fn open(size: &str, people: usize) -> Self {
        let clinic = Clinic::demonstration(Path::new(OURS), size, "owner").await;
        let path = format!("/api/clinic/{}", clinic.id);
        let own = read(&clinic, &path).await;
        let hours: Vec<Value> =
            (1..=7).map(|day| json!({ "weekday": day, "opens": 0, "closes": 1440 })).collect();
        let change = json!({ "opening_hours": hours, "open_on_holidays": true });
        clinic.send("PATCH", &path, own["version"].as_i64(), &change).await;
        let team = read(&clinic, &format!("{path}/users/management")).await;
        let working = |user: &&Value| user["is_professional"] == true && user["active"] == true;
        let professionals = team["items"].as_array().unwrap().iter().filter(working);
        let professionals: Vec<i64> = professionals.map(|user| user["id"].as_i64().unwrap()).collect();
        let mut versions = Vec::new();
        for patient in 1..=CONNECTIONS {
            let found = read(&clinic, &format!("/api/contacts/{patient}")).await;
            versions.push(AtomicI64::new(found["version"].as_i64().unwrap()));
        }
        let zone = TimeZone::get(own["time_zone"].as_str().unwrap()).unwrap();
        let today = Timestamp::now().to_zoned_datetime(zone.clone()).date();
        let midnight = (today + Span::new().days(FAR_DAYS)).to_zoned_datetime(zone).unwrap().timestamp();
        Self {
            clinic: Arc::new(clinic),
            professionals,
            people,
            today,
            midnight,
            next: AtomicUsize::new(0),
            versions,
        }
    }

    /// What each connection asks next: all that a desk asks, or only that.
    pub fn question(self: &Arc<Self>, only: Option<Task>) -> Question {
        let desk = Arc::clone(self);
        Arc::new(move |connection, turn| {
            let number = connection * 7 + turn;
            match only.unwrap_or(Task::of(number)) {
                Task::Agenda => desk.look(&format!("/api/agenda?date={}", desk.day(number / 10))),
                Task::Search => desk.look(&format!("/api/contacts?search={}", typed(number / 10))),
                Task::Book => desk.write("POST", "/api/appointments", None, &desk.booking()),
                Task::Change => desk.change(connection, turn),
            }
        })
    }

    fn look(&self, path: &str) -> (hyper::http::request::Builder, Bytes) {
        (self.clinic.ask("GET", path, false), Bytes::new())
    }

    fn write(
        &self,
        method: &str,
        path: &str,
        version: Option<i64>,
        body: &Value,
    ) -> (hyper::http::request::Builder, Bytes) {
        let head = self.clinic.ask(method, path, false).header("content-type", "application/json");
        let head = version.iter().fold(head, |head, v| head.header("if-match", format!("\"{v}\"")));
        (head, body.to_string().into())
    }

    /// A day of the month around today; today itself most of the time.
    fn day(&self, number: usize) -> Date {
        let away = i64::try_from(number * 37 % 60).unwrap() - 30;
        self.today + Span::new().days(if away % 2 == 0 { 0 } else { away })
    }

    /// A quarter of an hour nobody has booked.
    fn booking(&self) -> Value {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let (slot, person) = (number / self.professionals.len(), number % self.professionals.len());
        let starts_at = self.midnight + (i64::try_from(slot).unwrap() * SLOT_MIN).minutes();
        json!({
            "professional_id": self.professionals[person], "contact_id": 1 + number % self.people,
            "starts_at": starts_at.to_string(), "duration_min": SLOT_MIN,
        })
    }

    /// The notes of the connection's own patient.
    fn change(&self, connection: usize, turn: usize) -> (hyper::http::request::Builder, Bytes) {
        let version = self.versions[connection].fetch_add(1, Ordering::Relaxed);
        let body = json!({ "notes": format!("Avisar na véspera. {turn}") });
        self.write("PATCH", &format!("/api/contacts/{}", connection + 1), Some(version), &body)
    }
}

fn typed(number: usize) -> String {
    TYPED[number % TYPED.len()].replace(' ', "%20")
}

async fn read(clinic: &Clinic, path: &str) -> Value {
    serde_json::from_slice(clinic.get(path).await.body()).unwrap()
}
