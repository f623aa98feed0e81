//! The clinic's identity and opening hours, and what makes them valid.
use jiff::tz::TimeZone;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    base::{
        Fields, Input, Saved,
        brazil::{Cep, Cnpj, Phone, Uf},
        mail::Email,
    },
    db::{Record, Table},
};

/// The clinic of this file, with its stamp.
pub type Clinic = Saved<ClinicFields>;

/// What an owner may write about the clinic.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct ClinicFields {
    /// Its name.
    pub name: String,
    /// Its telephone.
    pub phone: Option<Phone>,
    /// Its e-mail.
    pub email: Option<Email>,
    /// Its number at the Receita Federal.
    pub cnpj: Option<Cnpj>,
    /// Its number in the register of health establishments, seven digits.
    pub cnes: Option<String>,
    /// Where it is.
    pub address: Address,
    /// IANA name of its time zone.
    pub time_zone: String,
    /// Opening hours per weekday; a weekday left out is closed.
    pub opening_hours: Vec<OpeningHours>,
    /// Whether it works on national holidays.
    pub open_on_holidays: bool,
    /// What it treats.
    pub specialties: Vec<String>,
    /// Length of a slot of the agenda, in minutes.
    pub slot_min: i64,
    /// Minutes without a touch before the screen locks.
    pub idle_lock_min: i64,
}

impl Record for ClinicFields {
    const TABLE: Table = Table::Clinic;
    const NAME: &'static str = "clinic";
}

/// A Brazilian address; every part may be missing.
#[derive(Debug, Clone, Default, PartialEq, Serialize, JsonSchema)]
pub struct Address {
    /// Postal code.
    pub cep: Option<Cep>,
    /// Street.
    pub street: Option<String>,
    /// Number, as written ("s/n" too).
    pub number: Option<String>,
    /// Flat, floor, block.
    pub complement: Option<String>,
    /// Bairro.
    pub district: Option<String>,
    /// City.
    pub city: Option<String>,
    /// State.
    pub state: Option<Uf>,
}

impl Address {
    /// Reads the parts of an address.
    pub fn read(f: &mut Fields<'_>) -> Self {
        Self {
            cep: f.parsed("cep", Cep::parse),
            street: f.optional_text("street", 120),
            number: f.optional_text("number", 20),
            complement: f.optional_text("complement", 80),
            district: f.optional_text("district", 80),
            city: f.optional_text("city", 80),
            state: f.parsed("state", Uf::parse),
        }
    }
}

/// One weekday's hours, in minutes of the day: 510 is 08:30.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OpeningHours {
    /// 1 for Monday to 7 for Sunday.
    #[schemars(range(min = 1, max = 7))]
    pub weekday: u8,
    /// First minute.
    #[schemars(range(min = 0, max = 1440))]
    pub opens: i64,
    /// Minute after the last.
    #[schemars(range(min = 0, max = 1440))]
    pub closes: i64,
    /// First minute of lunch.
    pub lunch_from: Option<i64>,
    /// Minute after lunch.
    pub lunch_to: Option<i64>,
}

impl OpeningHours {
    /// Monday to Friday 08:00 to 18:00 with lunch from 12:00 to 13:00: what set-up offers.
    pub fn usual_week() -> Vec<Self> {
        let day =
            |weekday| Self { weekday, opens: 480, closes: 1080, lunch_from: Some(720), lunch_to: Some(780) };
        (1..=5).map(day).collect()
    }

    fn read(f: &mut Fields<'_>) -> Self {
        let minute = 0..=24 * 60;
        let weekday = f.required_integer("weekday", 1..=7);
        let opens = f.required_integer("opens", minute.clone());
        let closes = f.required_integer("closes", minute.clone());
        let (lunch_from, lunch_to) = (f.integer("lunch_from", minute.clone()), f.integer("lunch_to", minute));
        if closes <= opens && !f.has_errors() {
            f.error("closes", "out_of_range");
        }
        match (lunch_from, lunch_to) {
            (Some(from), Some(to)) if from < opens || to > closes || to <= from => {
                f.error("lunch_to", "out_of_range")
            }
            (Some(_), None) => f.error("lunch_to", "required"),
            (None, Some(_)) => f.error("lunch_from", "required"),
            _ => {}
        }
        Self { weekday: u8::try_from(weekday).unwrap_or(0), opens, closes, lunch_from, lunch_to }
    }
}

impl Input for ClinicFields {
    fn read(f: &mut Fields<'_>) -> Self {
        Self {
            name: f.text("name", 200),
            phone: f.parsed("phone", Phone::parse),
            email: f.parsed("email", Email::parse),
            cnpj: f.parsed("cnpj", Cnpj::parse),
            cnes: f.parsed("cnes", cnes),
            address: f.object("address", Address::read).unwrap_or_default(),
            time_zone: f.required("time_zone", time_zone).unwrap_or_default(),
            opening_hours: opening_hours(f),
            open_on_holidays: f.flag("open_on_holidays").unwrap_or(false),
            specialties: f.texts("specialties", 30, 80),
            slot_min: f.integer("slot_min", 5..=240).unwrap_or(30),
            idle_lock_min: f.integer("idle_lock_min", 1..=240).unwrap_or(15),
        }
    }
}

fn opening_hours(f: &mut Fields<'_>) -> Vec<OpeningHours> {
    let mut hours = f.objects("opening_hours", 7, OpeningHours::read).unwrap_or_default();
    hours.sort_by_key(|h| h.weekday);
    let count = hours.len();
    hours.dedup_by_key(|h| h.weekday);
    if hours.len() < count {
        f.error("opening_hours", "weekday_repeated");
    }
    hours
}

/// Seven digits; no public rule gives CNES a check digit.
fn cnes(text: &str) -> Result<String, &'static str> {
    let digits = text.len() == 7 && text.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| text.to_owned()).ok_or("invalid_cnes")
}

/// A zone of the time-zone database.
pub fn time_zone(name: &str) -> Result<String, &'static str> {
    TimeZone::get(name).map(|_| name.to_owned()).map_err(|_| "unknown_value")
}

impl ClinicFields {
    /// A new clinic of that name in that zone, open in the usual hours.
    pub fn new(name: String, time_zone: String) -> Self {
        Self {
            name,
            phone: None,
            email: None,
            cnpj: None,
            cnes: None,
            address: Address::default(),
            time_zone,
            opening_hours: OpeningHours::usual_week(),
            open_on_holidays: false,
            specialties: Vec::new(),
            slot_min: 30,
            idle_lock_min: 15,
        }
    }

    /// The clinic's zone; UTC should the database ever lose its name.
    pub fn zone(&self) -> TimeZone {
        TimeZone::get(&self.time_zone).unwrap_or(TimeZone::UTC)
    }
}

/// A national holiday of the year asked for.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Year {
    /// From 1985 to 2100.
    #[schemars(range(min = 1985, max = 2100))]
    pub year: i64,
}

impl Input for Year {
    fn read(f: &mut Fields<'_>) -> Self {
        Self { year: f.required_integer("year", 1985..=2100) }
    }
}
