//! A believable Brazilian clinic out of a number: its people, its team and its agenda, for the demonstration, for tests
//! and for measuring. Pure: it reads no clock and writes no file, so one seed and one moment give one clinic, whoever
//! stores it. Nobody in it exists, though the numbers are right in form.
mod blocks;
mod day;
mod names;
mod outcome;
mod patients;
mod people;
mod places;
mod plan;
mod random;
mod size;
mod specialty;
mod team;
mod words;

pub use blocks::Block;
pub use people::{EmergencyContact, Person};
pub use places::Address;
pub use plan::{Planned, Schedule};
pub use size::Size;
pub use team::{Professional, User};

use crate::base::brazil::{Cnpj, Phone};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use people::Crowd;

/// The roles of the contract; the demonstration has somebody for each.
pub const ROLES: [&str; 6] = ["owner", "professional", "front_desk", "finance", "auditor", "technician"];

/// How many days the agenda reaches beyond today.
const FUTURE_DAYS: i32 = 90;

/// One weekday on which the clinic is open, in minutes since midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenDay {
    /// 1 is Monday, 7 Sunday.
    pub weekday: i8,
    /// First minute.
    pub opens: u16,
    /// The minute after the last.
    pub closes: u16,
    /// The break, when nobody is seen.
    pub lunch: Option<(u16, u16)>,
}

impl OpenDay {
    /// Monday to Friday from 8 to 18 with lunch from 12 to 13, Saturday from 8 to 12.
    pub fn usual() -> Vec<Self> {
        let week = (1..=5).map(|weekday| Self { weekday, opens: 480, closes: 1080, lunch: Some((720, 780)) });
        week.chain([Self { weekday: 6, opens: 480, closes: 720, lunch: None }]).collect()
    }
}

/// A made-up clinic: ask it for its parts.
#[derive(Debug, Clone)]
pub struct Demo {
    seed: u64,
    size: Size,
    now: Timestamp,
    zone: TimeZone,
    hours: Vec<OpenDay>,
}

/// What the clinic itself is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clinic {
    /// Trading name.
    pub name: &'static str,
    /// Right in form, of nobody.
    pub cnpj: Option<Cnpj>,
    /// Fixed line.
    pub phone: Option<Phone>,
    /// On a domain reserved for examples.
    pub email: &'static str,
    /// In the city most patients live in.
    pub address: Address,
    /// What it offers, in Portuguese.
    pub specialties: Vec<&'static str>,
}

/// A coloured tag of appointments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tag {
    /// In Portuguese.
    pub name: &'static str,
    /// Place in the palette of twelve colours.
    pub color: u8,
}

/// The tags, in the order the schedule counts them.
pub const TAGS: [Tag; 6] = [
    Tag { name: "Convênio", color: 5 },
    Tag { name: "Particular", color: 2 },
    Tag { name: "Exame pendente", color: 8 },
    Tag { name: "Teleconsulta", color: 6 },
    Tag { name: "Prioridade legal", color: 0 },
    Tag { name: "Pacote de sessões", color: 10 },
];

impl Demo {
    /// A clinic at the moment `now`, in a time zone and with opening hours of its own.
    pub fn new(seed: u64, size: Size, now: Timestamp, zone: TimeZone) -> Self {
        Self { seed, size, now, zone, hours: OpenDay::usual() }
    }

    /// The same clinic with other opening hours; a weekday that is not named is closed. With fewer hours than
    /// [`OpenDay::usual`] the agenda is fuller, and ends with fewer appointments where even that is not enough.
    #[must_use]
    pub fn with_hours(mut self, hours: Vec<OpenDay>) -> Self {
        self.hours = hours;
        self
    }

    /// The clinic's time zone.
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// When it is open.
    pub fn hours(&self) -> &[OpenDay] {
        &self.hours
    }

    /// Today at the clinic.
    pub fn today(&self) -> Date {
        self.zone.to_datetime(self.now).date()
    }

    /// First day of the run.
    pub fn since(&self) -> Date {
        self.today().saturating_sub(self.past_days().days())
    }

    /// Last day of the agenda.
    pub fn until(&self) -> Date {
        self.today().saturating_add(FUTURE_DAYS.days())
    }

    /// Everybody the clinic has had, in the order they came; the schedule counts them so.
    pub fn people(&self) -> impl Iterator<Item = Person> + Send + use<> {
        let crowd = self.crowd();
        (0..crowd.count).map(move |index| crowd.person(index))
    }

    /// The clinic's own data.
    pub fn clinic(&self) -> Clinic {
        let rng = &mut random::dice(self.seed, random::Stream::Team, u64::MAX);
        let mut specialties: Vec<_> = self.professionals().iter().map(|who| who.specialty).collect();
        specialties.sort_unstable();
        specialties.dedup();
        Clinic {
            name: "Clínica Vila Aurora",
            cnpj: Cnpj::from_root(&format!("{:08}0001", rng.u32(10_000_000..100_000_000))),
            phone: Phone::parse("(19) 3256-0100").ok(),
            email: "contato@vilaaurora.example",
            address: places::an_address(rng, places::City::default()),
            specialties,
        }
    }

    /// The agenda, day by day in order of time.
    pub fn schedule(&self) -> Schedule {
        Schedule::new(self.clone())
    }

    fn past_days(&self) -> i32 {
        self.size.shape().past_days
    }

    fn crowd(&self) -> Crowd {
        let shape = self.size.shape();
        Crowd {
            seed: self.seed,
            count: shape.people,
            founders: shape.people / 100 * shape.founders,
            since: self.since(),
            days: shape.past_days,
        }
    }
}

/// `count` people without a clinic, as the lines of an import would bring them; registered in the year before `today`.
pub fn people(seed: u64, count: u32, today: Date) -> impl Iterator<Item = Person> + Send {
    let days = 365;
    let crowd = Crowd { seed, count, founders: 0, since: today.saturating_sub(days.days()), days };
    (0..count).map(move |index| crowd.person(index))
}

#[cfg(test)]
mod tests;
