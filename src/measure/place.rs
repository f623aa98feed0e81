//! A clinic as those who work there know it, and what the server acknowledged to them.
use std::{collections::BTreeMap, sync::Mutex};

use jiff::{Timestamp, ToSpan as _, tz::TimeZone};
use serde_json::{Value, json};

use super::seat::Seat;
use crate::{
    demo::{self, Size},
    features::setup::store::USUAL_ZONE,
};

/// Names people search for.
const NAMES: u32 = 400;
/// How many weeks ahead people are booked where the days at hand are full.
const WEEKS: i64 = 26;

/// The last version of each record the server acknowledged, and the kind of each of those writes.
pub type Ledger = Mutex<BTreeMap<(&'static str, i64), Acknowledged>>;

/// What was acknowledged of one record.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Acknowledged {
    /// Its newest version.
    pub version: i64,
    /// How many writes.
    pub writes: u64,
}

/// What everybody at one clinic knows.
#[derive(Debug)]
pub struct Workplace {
    /// The clinic.
    pub clinic: i64,
    /// Days of the agenda that people look at, today first.
    pub days: Vec<String>,
    /// A day in each of the weeks ahead, from which a time is looked for where those days are full.
    pub later: Vec<String>,
    /// Those with an agenda.
    pub professionals: Vec<i64>,
    /// Patients at the beginning: 1 to this.
    pub patients: i64,
    /// Names that are searched for.
    pub names: Vec<String>,
    /// Paths of the calendar feeds.
    pub feeds: Vec<String>,
    /// What the server acknowledged.
    pub ledger: Ledger,
}

/// What people of a clinic need to know to work there.
pub(super) async fn workplace(owner: &mut Seat, clinic: i64, seed: u64) -> Result<Workplace, String> {
    let zone = TimeZone::get(USUAL_ZONE).map_err(|e| e.to_string())?;
    let today = zone.to_datetime(Timestamp::now()).date();
    let (mut days, mut professionals) = (Vec::new(), Vec::new());
    for ahead in 0..10_i64 {
        let day = today.saturating_add(ahead.days()).to_string();
        let agenda = owner.read(&format!("/api/agenda?date={day}&clinic_id={clinic}")).await?;
        let list = |name: &str| agenda.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
        if !list("appointments").is_empty() && days.len() < 5 {
            days.push(day);
            professionals = list("professionals").iter().filter_map(|who| who.get("id")?.as_i64()).collect();
        }
    }
    let mut feeds = Vec::new();
    for professional in &professionals {
        let wanted = json!({ "name": "Telefone", "professional_id": professional });
        let path = format!("/api/calendar/integrations?clinic_id={clinic}");
        let answer = owner.ask(hyper::Method::POST, &path, None, Some(&wanted)).await;
        let made = answer.map_err(|lost| lost.name().to_owned())?;
        let made: Value = serde_json::from_slice(&made.body).unwrap_or_default();
        let url = made.get("url").and_then(Value::as_str).ok_or("a calendar's address could not be made")?;
        feeds.extend(url.find("/api/").and_then(|at| url.get(at..)).map(str::to_owned));
    }
    Ok(Workplace {
        clinic,
        days,
        later: (1..=WEEKS).map(|ahead| today.saturating_add(ahead.weeks()).to_string()).collect(),
        professionals,
        patients: Size::Clinic.people() as i64,
        names: demo::people(seed, NAMES, today).map(|person| person.name).collect(),
        feeds,
        ledger: Mutex::default(),
    })
}
