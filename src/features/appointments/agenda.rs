//! The agenda of a day or a week as one answer, ready to draw. It is read from the tables in [`TABLES`] and from the lines of
//! its days and their week, so it can be kept until one of them changes. The time of asking is left out on purpose: with it
//! every kept answer would be wrong a second later. Screens correct their clock by the `Date` header that comes with every
//! answer.
use jiff::tz::TimeZone;
use schemars::JsonSchema;
use serde::Serialize;

use super::{hours, lines::Shown, store};
use crate::{
    base::{Day, Fields, Input, Instant},
    db::{Sources, Stretch, Table},
};

/// Every table the agenda is read from but those of the appointments: each change of an appointment touches its line.
pub const TABLES: &[Table] = &[Table::Users, Table::Rooms, Table::Tags, Table::Blocks, Table::Clinic];

/// No zone is further from UTC.
const FURTHEST_ZONE_SECONDS: i64 = 15 * 3600;

/// What part of the agenda is asked for.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct View {
    /// First day of the clinic.
    pub date: Day,
    /// 1 or 7, 1 unless said.
    #[schemars(range(min = 1, max = 7))]
    pub days: Option<i64>,
    /// Only this professional.
    pub professional_id: Option<i64>,
}

impl Input for View {
    fn read(f: &mut Fields<'_>) -> Self {
        let date = f.required("date", |text| text.parse().map_err(|()| "invalid_date"));
        let days = f.integer("days", 1..=7);
        if days.is_some_and(|days| days != 1 && days != 7) {
            f.error("days", "out_of_range");
        }
        Self {
            date: date.unwrap_or(Day(jiff::civil::Date::ZERO)),
            days,
            professional_id: f.id("professional_id"),
        }
    }
}

impl View {
    /// What the kept answer is known by. It is the same for everyone who may see the agenda.
    pub fn question(&self) -> String {
        format!("agenda {} {} {}", self.date, self.days(), self.professional_id.unwrap_or(0))
    }

    /// What the answer is read from. In which zone its days are is not known yet: those of every zone are meant.
    pub fn sources(&self) -> Sources {
        let monday = self.monday();
        let end = monday.plus_days(7).max(self.date.plus_days(self.days()));
        let place = |day: Day, away| store::place(Instant(day.start_in(&TimeZone::UTC).0 + away));
        let (from, to) = (place(monday, -FURTHEST_ZONE_SECONDS), place(end, FURTHEST_ZONE_SECONDS));
        Sources { tables: TABLES, stretch: Some(Stretch { table: Table::AgendaLines, from, to }) }
    }

    /// The Monday of the first day's week.
    pub fn monday(&self) -> Day {
        self.date.plus_days(1 - i64::from(self.date.weekday()))
    }

    /// How many days.
    pub fn days(&self) -> i64 {
        self.days.unwrap_or(1)
    }
}

/// The agenda.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Agenda {
    /// Its first day.
    pub date: Day,
    /// How many days.
    pub days: i64,
    /// The clinic's zone.
    pub time_zone: String,
    /// Minutes of a slot.
    pub slot_min: i64,
    /// Days on which work rests by law.
    pub holidays: Vec<Rest>,
    /// Who works here, and who has appointments in these days.
    pub professionals: Vec<Professional>,
    /// Everyone's days, cut into stretches.
    pub day_hours: Vec<DayHours>,
    /// The appointments, by start.
    pub appointments: Vec<Shown>,
    /// Rooms in use, and those of the appointments.
    pub rooms: Vec<RoomName>,
    /// Every tag.
    pub tags: Vec<TagName>,
    /// How full each day of the first day's week is.
    pub load: Vec<Load>,
}

/// A holiday.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Rest {
    /// Its day.
    pub date: Day,
    /// Its stable code.
    pub code: &'static str,
    /// Its name in Portuguese.
    pub name: &'static str,
}

/// A column of the agenda.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Professional {
    /// The person's number.
    pub id: i64,
    /// Their name.
    pub name: String,
    /// Their colour.
    pub color: i64,
    /// Their specialty.
    pub specialty: Option<String>,
    /// The room they usually work in.
    pub room_id: Option<i64>,
    /// Its name.
    pub room_name: Option<String>,
    /// Whether they work here now.
    pub active: bool,
}

/// One day of one professional.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DayHours {
    /// The day.
    pub date: Day,
    /// The professional.
    pub professional_id: i64,
    /// The clinic's day from its first opening to its last closing, without gaps.
    pub stretches: Vec<hours::Stretch>,
}

/// A room's name.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct RoomName {
    /// Its number.
    pub id: i64,
    /// Its name.
    pub name: String,
}

/// A tag's name and colour.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct TagName {
    /// Its number.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Its colour.
    pub color: i64,
}

/// How full a day is.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Load {
    /// The day.
    pub date: Day,
    /// Minutes that appointments hold.
    pub booked_min: i64,
    /// Minutes in which those who work here can be booked.
    pub open_min: i64,
    /// Appointments that hold time.
    pub count: i64,
}
