//! The appointments of an agenda, each as JSON ready to send and kept until its row or its patient changes: between two looks at
//! a day one appointment changes, not a thousand.
use std::{borrow::Cow, sync::Arc};

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Serialize, Serializer};
use serde_json::value::{RawValue, to_raw_value};

use super::{model::Appointment, rules::Span, store};
use crate::{
    base::{Error, Result},
    db::{OfRows, ReadTx, Table, params},
};

/// One appointment, ready to send.
#[derive(Debug)]
pub struct Line {
    /// Whose time it takes.
    pub professional_id: i64,
    /// The room it takes.
    pub room_id: Option<i64>,
    place: i64,
    json: Box<RawValue>,
}

impl Line {
    fn of(appointment: &Appointment) -> Result<Self> {
        Ok(Self {
            professional_id: appointment.booking.professional_id,
            room_id: appointment.booking.room_id,
            place: store::place(appointment.booking.starts_at) | appointment.stamp.id,
            json: to_raw_value(appointment).map_err(Error::internal)?,
        })
    }
}

impl OfRows for Line {
    const TABLES: &'static [Table] = &[Table::AgendaLines];

    fn rows(&self) -> Vec<(Table, i64)> {
        vec![(Table::AgendaLines, self.place)]
    }
}

/// A line of the agenda, in JSON the appointment itself.
#[derive(Debug)]
pub struct Shown(pub Arc<Line>);

impl Serialize for Shown {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.json.serialize(serializer)
    }
}

impl JsonSchema for Shown {
    fn schema_name() -> Cow<'static, str> {
        Appointment::schema_name()
    }
    fn schema_id() -> Cow<'static, str> {
        Appointment::schema_id()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        Appointment::json_schema(generator)
    }
}

/// The appointments that begin within `span`, by start; of one professional where one is named.
pub fn within(tx: &ReadTx<'_>, span: Span, professional_id: Option<i64>) -> Result<Vec<Shown>> {
    let places: Vec<i64> = match professional_id {
        None => {
            let sql = "select place from agenda_lines where place >= ?1 and place < ?2 order by place";
            tx.all(sql, params![store::place(span.from), store::place(span.to)], |row| row.get(0))
        }
        Some(id) => {
            let sql = "select starts_at << 25 | id from appointments
                where professional_id = ?3 and starts_at >= ?1 and starts_at < ?2 order by starts_at, id";
            tx.all(sql, params![span.from, span.to, id], |row| row.get(0))
        }
    }?;
    let load = |missing: &[i64]| match missing.len() == places.len() && professional_id.is_none() {
        true => load_stretch(tx, span),
        false => load(tx, missing),
    };
    Ok(tx.of_rows(&places, load)?.into_iter().map(Shown).collect())
}

fn load(tx: &ReadTx<'_>, places: &[i64]) -> Result<Vec<(i64, Line)>> {
    let list = serde_json::to_string(places).map_err(Error::internal)?;
    let sql =
        format!("{} from agenda_lines l where l.place in (select value from json_each(?1))", store::SELECT);
    lines(tx.all(&sql, [list], store::read)?)
}

fn load_stretch(tx: &ReadTx<'_>, span: Span) -> Result<Vec<(i64, Line)>> {
    let sql = format!("{} from agenda_lines l where l.place >= ?1 and l.place < ?2", store::SELECT);
    lines(tx.all(&sql, params![store::place(span.from), store::place(span.to)], store::read)?)
}

fn lines(appointments: Vec<Appointment>) -> Result<Vec<(i64, Line)>> {
    appointments.iter().map(|a| Line::of(a).map(|line| (line.place, line))).collect()
}
