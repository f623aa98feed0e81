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
    id: i64,
    contact_id: i64,
    json: Box<RawValue>,
}

impl Line {
    fn of(appointment: &Appointment) -> Result<Self> {
        Ok(Self {
            professional_id: appointment.booking.professional_id,
            room_id: appointment.booking.room_id,
            id: appointment.stamp.id,
            contact_id: appointment.booking.contact_id,
            json: to_raw_value(appointment).map_err(Error::internal)?,
        })
    }
}

impl OfRows for Line {
    const TABLES: &'static [Table] = &[Table::Appointments, Table::Contacts, Table::FirstVisits];

    fn rows(&self) -> Vec<(Table, i64)> {
        let patient = [Table::Contacts, Table::FirstVisits].map(|table| (table, self.contact_id));
        [(Table::Appointments, self.id)].into_iter().chain(patient).collect()
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
    let sql = "select id from appointments where starts_at >= ?1 and starts_at < ?2";
    let ids = match professional_id {
        None => {
            tx.all(&format!("{sql} order by starts_at, id"), params![span.from, span.to], |row| row.get(0))
        }
        Some(id) => {
            let sql = format!("{sql} and professional_id = ?3 order by starts_at, id");
            tx.all(&sql, params![span.from, span.to, id], |row| row.get(0))
        }
    }?;
    let load = |missing: &[i64]| match missing.len() * FEW > ids.len() {
        true => load_stretch(tx, span, missing),
        false => load(tx, missing),
    };
    Ok(tx.of_rows(&ids, load)?.into_iter().map(Shown).collect())
}

/// One in so many is looked up by itself; when more are missing, the stretch of time is read as a whole.
const FEW: usize = 8;

fn load(tx: &ReadTx<'_>, ids: &[i64]) -> Result<Vec<(i64, Line)>> {
    let list = serde_json::to_string(ids).map_err(Error::internal)?;
    let sql = format!("{} where a.id in (select value from json_each(?1))", store::SELECT);
    lines(tx.all(&sql, [list], store::read)?)
}

/// The plus sign keeps SQLite from looking each number up in the table.
fn load_stretch(tx: &ReadTx<'_>, span: Span, ids: &[i64]) -> Result<Vec<(i64, Line)>> {
    let list = serde_json::to_string(ids).map_err(Error::internal)?;
    let sql = format!(
        "{} where a.starts_at >= ?1 and a.starts_at < ?2 and +a.id in (select value from json_each(?3))",
        store::SELECT
    );
    lines(tx.all(&sql, params![span.from, span.to, list], store::read)?)
}

fn lines(appointments: Vec<Appointment>) -> Result<Vec<(i64, Line)>> {
    appointments.iter().map(|a| Line::of(a).map(|line| (a.stamp.id, line))).collect()
}
