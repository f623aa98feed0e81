//! What already takes the time a booking wants: by professional, by room, by patient.
use schemars::JsonSchema;
use serde::Serialize;

use super::{model::Booking, rules::Span};
use crate::{
    base::{Instant, Result},
    choices,
    db::{ReadTx, Row, RowResult, params},
};

choices! {
    /// What is taken twice.
    Taken {
        /// The professional's time.
        Professional = "professional",
        /// The room.
        Room = "room",
        /// The patient, who is expected elsewhere.
        Patient = "patient",
    }
}

/// An appointment in the way of a booking.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Conflict {
    /// What it takes.
    pub what: Taken,
    /// The appointment.
    pub appointment_id: i64,
    /// Its time.
    #[serde(flatten)]
    pub span: Span,
    /// Whose it is.
    pub contact_display_name: String,
    /// With whom.
    pub professional_id: i64,
    /// Who booked it.
    pub booked_by: Option<String>,
}

/// Who and what must be free at once.
#[derive(Debug, Clone, Copy)]
pub struct Needed {
    /// The professional.
    pub professional_id: i64,
    /// The room, where one is wanted.
    pub room_id: Option<i64>,
    /// The patient, once known.
    pub contact_id: Option<i64>,
    /// The appointment itself, when it is being moved.
    pub except_id: i64,
}

impl Needed {
    /// What `booking` needs.
    pub fn by(booking: &Booking, except_id: i64) -> Self {
        let contact_id = Some(booking.contact_id).filter(|id| *id > 0);
        Self { professional_id: booking.professional_id, room_id: booking.room_id, contact_id, except_id }
    }

    fn parts(&self) -> impl Iterator<Item = (Taken, &'static str, i64)> {
        let professional = Some((Taken::Professional, "professional_id", self.professional_id));
        let room = self.room_id.map(|id| (Taken::Room, "room_id", id));
        let patient = self.contact_id.map(|id| (Taken::Patient, "contact_id", id));
        [professional, room, patient].into_iter().flatten()
    }
}

/// What the triggers of `schema.sql` stop, and all of it: 28,800 s is the longest appointment, and a fit-in is in nobody's way.
fn overlapping(column: &str) -> String {
    let begin = "starts_at > ?2 - 28800 and starts_at < ?3";
    let whose = match column {
        "contact_id" => format!("a.id in (select id from visits where contact_id = ?1 and {begin})"),
        _ => format!("a.{column} = ?1 and a.{begin}"),
    };
    format!("{whose} and a.ends_at > ?2 and a.id <> ?4 and a.fit_in = 0 and a.holds = 1")
}

/// Every appointment in the way, professional first.
pub fn find(tx: &ReadTx<'_>, needed: &Needed, span: Span) -> Result<Vec<Conflict>> {
    let mut conflicts = Vec::new();
    for (what, column, id) in needed.parts() {
        let sql = format!(
            "select a.id, a.starts_at, a.ends_at, coalesce(c.social_name, c.name), a.professional_id, u.name
             from appointments a join contacts c on c.id = a.contact_id left join users u on u.id = a.created_by
             where {}",
            overlapping(column)
        );
        let found = params![id, span.from, span.to, needed.except_id];
        // Put in order here: SQLite would set up a sorter for every booking, and there is next to never anything to sort.
        let mut found = tx.all(&sql, found, |row| read(row, what))?;
        found.sort_by_key(|conflict: &Conflict| (conflict.span.from, conflict.appointment_id));
        conflicts.extend(found);
    }
    Ok(conflicts)
}

/// The appointments that take time of anyone or anything needed, between two instants; one may come twice.
pub fn holders(tx: &ReadTx<'_>, needed: &Needed, span: Span) -> Result<Vec<(i64, Span)>> {
    let mut holders = Vec::new();
    for (_, column, id) in needed.parts() {
        let sql =
            format!("select a.id, a.starts_at, a.ends_at from appointments a where {}", overlapping(column));
        let found = params![id, span.from, span.to, needed.except_id];
        holders.extend(
            tx.all(&sql, found, |row| Ok((row.get(0)?, Span { from: row.get(1)?, to: row.get(2)? })))?,
        );
    }
    Ok(holders)
}

/// The time they take.
pub fn taken(tx: &ReadTx<'_>, needed: &Needed, span: Span) -> Result<Vec<Span>> {
    Ok(holders(tx, needed, span)?.into_iter().map(|(_, span)| span).collect())
}

fn read(row: &Row<'_>, what: Taken) -> RowResult<Conflict> {
    Ok(Conflict {
        what,
        appointment_id: row.get(0)?,
        span: Span { from: row.get::<_, Instant>(1)?, to: row.get(2)? },
        contact_display_name: row.get(3)?,
        professional_id: row.get(4)?,
        booked_by: row.get(5)?,
    })
}
