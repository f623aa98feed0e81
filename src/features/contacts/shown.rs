//! Contacts as they are answered: one record, a row of a list, their appointments.
use schemars::JsonSchema;
use serde::Serialize;

use super::{
    around::Around,
    kinds::{Priority, Status},
    model::ContactFields,
};
use crate::{
    base::{
        Day, Instant, Saved, Stamp,
        brazil::{Cns, Cpf, Phone},
        mail::Email,
    },
    db::{OfRows, Table},
    web::Versioned,
};

/// A stored contact.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Contact {
    /// The record.
    #[serde(flatten)]
    pub saved: Saved<ContactFields>,
    /// What to call them.
    pub display_name: String,
    /// Their number in this clinic's register, given by it.
    pub record_number: i64,
}

impl Versioned for Contact {
    fn version(&self) -> i64 {
        self.saved.stamp.version
    }
}

/// A contact in a list.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Listed {
    /// Number, version and times.
    #[serde(flatten)]
    pub stamp: Stamp,
    /// Civil name.
    pub name: String,
    /// The name they go by.
    pub social_name: Option<String>,
    /// What to call them.
    pub display_name: String,
    /// Day of birth.
    pub birth_date: Option<Day>,
    /// CPF.
    pub cpf: Option<Cpf>,
    /// CNS.
    pub cns: Option<Cns>,
    /// Telephone.
    pub phone: Option<Phone>,
    /// Whether it has WhatsApp.
    pub whatsapp: bool,
    /// E-mail.
    pub email: Option<Email>,
    /// How far they have come.
    pub status: Status,
    /// How soon the desk should see to them.
    pub priority: Priority,
    /// Their number in the clinic's register.
    pub record_number: i64,
    /// Their last appointment that was not called off or missed.
    pub last_appointment_at: Option<Instant>,
    /// Their next one.
    pub next_appointment_at: Option<Instant>,
}

impl Listed {
    /// The same with the appointments before and after now.
    pub fn with_appointments(&self, around: Around) -> Self {
        Self { last_appointment_at: around.last, next_appointment_at: around.next, ..self.clone() }
    }
}

/// Without their appointments.
impl OfRows for Listed {
    const TABLES: &'static [Table] = &[Table::Contacts];

    fn rows(&self) -> Vec<(Table, i64)> {
        vec![(Table::Contacts, self.stamp.id)]
    }
}

/// What another feature shows of a contact.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Display {
    /// The contact's number.
    pub id: i64,
    /// What to call them.
    pub display_name: String,
    /// Telephone.
    pub phone: Option<Phone>,
    /// Whether it has WhatsApp.
    pub whatsapp: bool,
}

/// An appointment of a contact, in short.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Visit {
    /// The appointment's number.
    pub id: i64,
    /// With whom.
    pub professional_id: i64,
    /// Their name.
    pub professional_name: String,
    /// From.
    pub starts_at: Instant,
    /// Until.
    pub ends_at: Instant,
    /// Its length.
    pub duration_min: i64,
    /// What kind, as `first_visit`.
    pub kind: String,
    /// How it stands, as `booked`.
    pub status: String,
    /// The record's version.
    pub version: i64,
}

/// The appointments of a contact.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Visits {
    /// Not yet over, soonest first.
    pub upcoming: Vec<Visit>,
    /// Over, latest first; the newest 200.
    pub past: Vec<Visit>,
}
