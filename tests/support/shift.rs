//! A shift at a real clinic: many book and edit at the same time over real connections, and a ledger notes what was answered.
use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicI64, Ordering},
};

use jiff::{ToSpan, civil::Date, tz::TimeZone};
use poem::http::Method;
use serde_json::{Value, json};

use crate::browser::{api::Api, program::Program};

const ZONE: &str = "America/Sao_Paulo";

/// Notes what the server acknowledged, at the moment the answer is there.
pub trait Ledger: Send + Sync + 'static {
    fn booked(&self, id: i64, starts_at: &str);
    fn edited(&self, contact: i64, version: i64, notes: &str);
}

/// A running clinic, always open, with a professional and a patient per writer.
pub struct Shift {
    pub program: Program,
    pub owner: Api,
    pub professionals: Vec<i64>,
    pub patients: Vec<i64>,
    next_slot: Arc<AtomicI64>,
}

impl Shift {
    pub async fn open(people: usize) -> Self {
        Self::open_at(Program::start(), people).await
    }

    /// Founds and furnishes the clinic of an empty program.
    pub async fn open_at(program: Program, people: usize) -> Self {
        let (owner, _) = Api::found(&program, "Clínica Sol", ZONE).await;
        let clinic = owner.get(&owner.clinic("")).await;
        let hours: Vec<Value> =
            (1..=7).map(|day| json!({ "weekday": day, "opens": 0, "closes": 1440 })).collect();
        let change = json!({ "opening_hours": hours, "open_on_holidays": true });
        owner.patch(&owner.clinic(""), &clinic["version"], change).await;
        let (mut professionals, mut patients) = (Vec::new(), Vec::new());
        for number in 0..people {
            let person = json!({ "name": format!("Dra. {number}"), "roles": ["professional"], "is_professional": true });
            let made = owner.post(&owner.clinic("/users"), person).await;
            professionals.push(made["user"]["id"].as_i64().unwrap());
            let contact =
                json!({ "name": format!("Paciente {number}"), "phone": format!("1198888{number:04}") });
            patients.push(owner.post("/api/contacts", contact).await["id"].as_i64().unwrap());
        }
        Self { program, owner, professionals, patients, next_slot: Arc::default() }
    }

    /// Sets everyone to work until told to stop or the program is gone.
    pub fn begin<L: Ledger>(&self, ledger: &Arc<L>) -> AtWork {
        let stop = Arc::new(AtomicBool::new(false));
        let writer = |n: usize| Writer {
            api: self.owner.on_own_connection(),
            patient: self.patients[n],
            body: json!({ "professional_id": self.professionals[n], "contact_id": self.patients[n], "duration_min": 30 }),
            ledger: Arc::clone(ledger),
            next_slot: Arc::clone(&self.next_slot),
        };
        let all = (0..self.patients.len()).map(|n| tokio::spawn(writer(n).run(Arc::clone(&stop)))).collect();
        AtWork { stop, all }
    }
}

/// Writers that write.
pub struct AtWork {
    stop: Arc<AtomicBool>,
    all: Vec<tokio::task::JoinHandle<()>>,
}

impl AtWork {
    /// Lets everyone finish what they are at.
    pub async fn end(self) {
        self.stop.store(true, Ordering::SeqCst);
        for writer in self.all {
            writer.await.unwrap();
        }
    }
}

/// The `n`th half hour from next Monday-or-so on; every one is bookable.
pub fn slot(n: i64) -> String {
    let today: Date = jiff::Timestamp::now().to_zoned_datetime(TimeZone::get(ZONE).unwrap()).date();
    let start = (today + 7.days()).to_zoned_datetime(TimeZone::get(ZONE).unwrap()).unwrap();
    (start.timestamp() + (n * 30).minutes()).to_string()
}

struct Writer<L> {
    api: Api,
    patient: i64,
    body: Value,
    ledger: Arc<L>,
    next_slot: Arc<AtomicI64>,
}

impl<L: Ledger> Writer<L> {
    /// Books and edits in turn; notes only what was answered.
    async fn run(mut self, stop: Arc<AtomicBool>) {
        while !stop.load(Ordering::SeqCst) {
            if self.book().await.is_none() || self.edit().await.is_none() {
                return;
            }
        }
    }

    async fn book(&mut self) -> Option<()> {
        let starts_at = slot(self.next_slot.fetch_add(1, Ordering::SeqCst));
        self.body["starts_at"] = json!(starts_at);
        let (status, made) =
            self.api.try_ask(Method::POST, "/api/appointments", None, Some(self.body.clone())).await?;
        assert_eq!(status.as_u16(), 201, "{made}");
        self.ledger.booked(made["id"].as_i64().unwrap(), &starts_at);
        Some(())
    }

    async fn edit(&self) -> Option<()> {
        let path = format!("/api/contacts/{}", self.patient);
        let (_, now) = self.api.try_ask(Method::GET, &path, None, None).await?;
        let note = format!("nota {}", fastrand::u64(..));
        let change = json!({ "notes": note });
        let (status, saved) =
            self.api.try_ask(Method::PATCH, &path, Some(&now["version"]), Some(change)).await?;
        assert_eq!(status.as_u16(), 200, "{saved}");
        self.ledger.edited(self.patient, saved["version"].as_i64().unwrap(), &note);
        Some(())
    }
}
