//! A furnished clinic for journeys: always open, always in the middle of its morning, with a desk, three professionals and
//! whatever patients and appointments a journey asks for.
use std::time::{Duration, Instant};

use jiff::{Timestamp, ToSpan, civil::Date, tz::TimeZone};
use serde_json::{Value, json};

use super::{api::Api, driver, page::Page, program::Program};

/// Who sits at the front desk.
pub const RITA: &str = "rita@sol.example";
/// The other one there.
pub const TIAGO: &str = "tiago@sol.example";
/// Who attends.
pub const PROFESSIONALS: [(&str, &str); 3] =
    [("Bruno Tavares", "Cardiologia"), ("Carla Nunes", "Dermatologia"), ("Davi Rocha", "Ortopedia")];
/// Opening and closing time of every day, in minutes.
pub const OPENS: i64 = 7 * 60;
pub const CLOSES: i64 = 22 * 60;

/// A running program with a clinic in it.
pub struct Clinic {
    pub program: Program,
    /// The owner, asking over HTTP.
    pub owner: Api,
    /// Rita, asking over HTTP.
    pub rita: Api,
    /// The numbers of the professionals.
    pub professionals: Vec<i64>,
    zone: TimeZone,
}

impl Clinic {
    /// Founds and furnishes it.
    pub async fn open() -> Self {
        Self::open_in(Program::start()).await
    }

    /// The same in a program without a clinic.
    pub async fn open_in(program: Program) -> Self {
        let zone = morning_zone();
        let (owner, code) = Api::found(&program, "Clínica Sol", &zone).await;
        let last = code.rsplit('-').next().unwrap();
        owner.post(&owner.clinic("/recovery/confirm"), json!({ "answer": last })).await;
        always_open(&owner, &zone).await;
        let mut professionals = Vec::new();
        for (name, specialty) in PROFESSIONALS {
            let person = json!({ "name": name, "specialty": specialty, "roles": ["professional"], "is_professional": true });
            let made = owner.post(&owner.clinic("/users"), person).await;
            professionals.push(made["user"]["id"].as_i64().unwrap());
        }
        for (name, email) in [("Rita Lemos", RITA), ("Tiago Prado", TIAGO)] {
            let person = json!({ "name": name, "email": email, "roles": ["front_desk"] });
            let made = owner.post(&owner.clinic("/users"), person).await;
            Api::accept(&program, email, made["invite_code"].as_str().unwrap()).await;
        }
        let rita = Api::sign_in(&program, RITA).await;
        Self { program, owner, rita, professionals, zone: TimeZone::get(&zone).unwrap() }
    }

    /// Today, as the clinic's wall calendar has it, and days around it.
    pub fn day(&self, offset: i64) -> Date {
        Timestamp::now().to_zoned_datetime(self.zone.clone()).date() + offset.days()
    }

    /// Minutes of the clinic's day that have passed.
    pub fn minute(&self) -> i64 {
        let now = Timestamp::now().to_zoned_datetime(self.zone.clone());
        i64::from(now.hour()) * 60 + i64::from(now.minute())
    }

    /// The next whole half hour, so many half hours on.
    pub fn half_hour(&self, later: i64) -> i64 {
        (self.minute() / 30 + 1 + later) * 30
    }

    /// The instant of a day and a minute at the clinic.
    pub fn instant(&self, offset: i64, minute: i64) -> String {
        let start = self.day(offset).to_zoned_datetime(self.zone.clone()).unwrap();
        (start.timestamp() + minute.minutes()).to_string()
    }

    /// Registers a patient; answers the number.
    pub async fn patient(&self, name: &str, phone: &str) -> i64 {
        let made = self.rita.post("/api/contacts", json!({ "name": name, "phone": phone })).await;
        made["id"].as_i64().unwrap()
    }

    /// Books half an hour with the professional at `index`.
    pub async fn book(&self, contact: i64, index: usize, offset: i64, minute: i64) -> Value {
        self.rita.post("/api/appointments", self.booking(contact, index, offset, minute)).await
    }

    /// Waits until the server has an appointment of that kind on a day: the page shows an act before it is answered.
    pub async fn has(&self, offset: i64, fits: impl Fn(&Value) -> bool) {
        let path = format!("/api/agenda?date={}&days=1", self.day(offset));
        let end = Instant::now() + Duration::from_secs(5);
        loop {
            let agenda = self.rita.get(&path).await;
            let appointments = agenda["appointments"].as_array().unwrap();
            if appointments.iter().any(&fits) {
                return;
            }
            assert!(Instant::now() < end, "on day {offset} there is only {appointments:#?}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// The request for such a booking.
    pub fn booking(&self, contact: i64, index: usize, offset: i64, minute: i64) -> Value {
        json!({
            "contact_id": contact, "professional_id": self.professionals[index],
            "starts_at": self.instant(offset, minute), "duration_min": 30,
        })
    }

    /// A browser in which somebody has signed in, on a page.
    pub async fn sit_down(&self, who: &Api, path: &str) -> Page {
        let page = Page::open(&self.program.address).await;
        page.take_session(who.session()).await;
        page.goto(path).await;
        page
    }
}

/// A clock time of a minute of the day.
pub fn clock(minute: i64) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

/// One story at Rita's desk, at a clinic prepared for it.
pub async fn at_the_desk<T>(
    prepare: impl AsyncFnOnce(&Clinic) -> T,
    tell: impl AsyncFnOnce(&Page, &Clinic, T),
) {
    if driver::is_skipped() {
        return;
    }
    let _seat = driver::seats(1).await;
    let clinic = Clinic::open().await;
    let prepared = prepare(&clinic).await;
    let page = clinic.sit_down(&clinic.rita, "/agenda").await;
    tell(&page, &clinic, prepared).await;
    page.leave().await;
}

/// Opens the clinic on every day from early to late, so that a journey works on Sundays and holidays too.
pub async fn always_open(owner: &Api, zone: &str) {
    let clinic = owner.get(&owner.clinic("")).await;
    let hours: Vec<Value> =
        (1..=7).map(|day| json!({ "weekday": day, "opens": OPENS, "closes": CLOSES })).collect();
    let change = json!({ "opening_hours": hours, "open_on_holidays": true, "time_zone": zone });
    owner.patch(&owner.clinic(""), &clinic["version"], change).await;
}

/// The name of a zone where it is nine in the morning, whenever the tests run. The sign of such names is turned around:
/// `Etc/GMT-3` is three hours ahead of Greenwich.
pub fn morning_zone() -> String {
    let ahead = 9 - Timestamp::now().to_zoned_datetime(TimeZone::UTC).hour();
    match if ahead < -12 { ahead + 24 } else { ahead } {
        0 => "Etc/GMT".to_owned(),
        ahead => format!("Etc/GMT{:+}", -ahead),
    }
}
