//! An appointment: what may be written about it, what is shown of it, and what makes it valid.
use schemars::JsonSchema;
use serde::Serialize;

use super::rules::{Span, Status};
use crate::{
    base::{Day, Fields, Input, Instant, Stamp, brazil::Phone},
    choices,
    db::{Record, Table},
    web::Versioned,
};

choices! {
    /// What an appointment is for.
    #[derive(Default)]
    Kind {
        /// The patient comes for the first time.
        FirstVisit = "first_visit",
        /// An ordinary visit.
        #[default]
        Visit = "visit",
        /// Comes back about an earlier visit.
        Return = "return",
        /// An evaluation before treatment.
        Evaluation = "evaluation",
        /// Something is done, as a small surgery.
        Procedure = "procedure",
        /// Cannot wait.
        Emergency = "emergency",
    }
}

choices! {
    /// Whether an appointment is paid.
    PaymentStatus {
        /// Nothing was said about payment.
        None = "none",
        /// To be paid.
        Pending = "pending",
        /// Paid in part.
        Partial = "partial",
        /// Paid.
        Paid = "paid",
        /// Nothing is asked for.
        Waived = "waived",
    }
}

/// What is known of an appointment's payment.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
pub struct Payment {
    /// How far it is paid.
    pub status: PaymentStatus,
    /// Its price in centavos.
    pub amount_cents: Option<i64>,
}

impl Payment {
    const UNSAID: Self = Self { status: PaymentStatus::None, amount_cents: None };

    fn read(f: &mut Fields<'_>) -> Self {
        let status = f.choice("status").unwrap_or(PaymentStatus::None);
        Self { status, amount_cents: f.integer("amount_cents", 0..=100_000_000_000) }
    }
}

/// What may be written about an appointment at any time.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Booking {
    /// The patient.
    #[serde(default)]
    pub contact_id: i64,
    /// Whose time it takes.
    pub professional_id: i64,
    /// The room it takes.
    pub room_id: Option<i64>,
    /// When it begins, on a whole minute.
    pub starts_at: Instant,
    /// How long it lasts.
    #[schemars(range(min = 5, max = 480))]
    pub duration_min: i64,
    /// What it is for.
    #[schemars(default)]
    pub kind: Kind,
    /// Its coloured mark.
    pub tag_id: Option<i64>,
    /// What the desk should know.
    pub notes: Option<String>,
    /// Whether it is knowingly booked over others or outside the hours.
    #[serde(default)]
    pub fit_in: bool,
    /// Its payment.
    #[schemars(default)]
    pub payment: Payment,
}

impl Default for Payment {
    fn default() -> Self {
        Self::UNSAID
    }
}

impl Record for Booking {
    const TABLE: Table = Table::Appointments;
    const NAME: &'static str = "appointment";
}

impl Input for Booking {
    fn read(f: &mut Fields<'_>) -> Self {
        let contact_id = f.required_id("contact_id");
        Self { contact_id, ..Self::without_patient(f) }
    }
}

impl Booking {
    /// The time it takes.
    pub fn span(&self) -> Span {
        Span { from: self.starts_at, to: self.starts_at.plus_minutes(self.duration_min) }
    }

    /// Whether both take the same time of the same people and room.
    pub fn same_place(&self, other: &Self) -> bool {
        self.span() == other.span()
            && self.professional_id == other.professional_id
            && self.room_id == other.room_id
    }

    fn without_patient(f: &mut Fields<'_>) -> Self {
        let professional_id = f.required_id("professional_id");
        let starts_at = f.required_instant("starts_at");
        let duration_min = f.required_integer("duration_min", 5..=480);
        if starts_at.is_some_and(|at| at.0 % 60 != 0) {
            f.error("starts_at", "invalid_time");
        }
        Self {
            contact_id: 0,
            professional_id,
            room_id: f.id("room_id"),
            starts_at: starts_at.unwrap_or(Instant(0)),
            duration_min,
            kind: f.choice("kind").unwrap_or_default(),
            tag_id: f.id("tag_id"),
            notes: f.optional_text("notes", 2000),
            fit_in: f.flag("fit_in").unwrap_or(false),
            payment: f.object("payment", Payment::read).unwrap_or_default(),
        }
    }
}

/// A patient made known while booking, completed at arrival.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct QuickContact {
    /// Name, as given on the phone.
    pub name: String,
    /// Number to call back.
    pub phone: Phone,
}

/// An appointment to be made: of a known patient, or of one made known with it.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct NewBooking {
    /// The appointment.
    #[serde(flatten)]
    pub booking: Booking,
    /// The patient, when not known yet; then without `contact_id`.
    pub contact: Option<QuickContact>,
    /// `requested`, `booked` or `confirmed`.
    #[schemars(default)]
    pub status: Status,
}

impl Input for NewBooking {
    fn read(f: &mut Fields<'_>) -> Self {
        let contact = f.object("contact", |f| {
            let name = f.text("name", 200);
            f.required("phone", Phone::parse).map(|phone| QuickContact { name, phone })
        });
        let contact_id =
            if contact.is_some() { f.id("contact_id") } else { Some(f.required_id("contact_id")) };
        if contact.is_some() && contact_id.is_some() {
            f.error("contact", "unknown_field");
        }
        let status = f.choice("status").unwrap_or_default();
        if !Status::FIRST.contains(&status) {
            f.error("status", "unknown_value");
        }
        let booking = Booking { contact_id: contact_id.unwrap_or(0), ..Booking::without_patient(f) };
        Self { booking, contact: contact.flatten(), status }
    }
}

/// A step in the life of an appointment.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Step {
    /// Where to.
    pub status: Status,
    /// Why; needed when the clinic cancels. Kept with steps that free the time.
    pub reason: Option<String>,
}

impl Input for Step {
    fn read(f: &mut Fields<'_>) -> Self {
        let status = f.required("status", |code| crate::base::Choice::from_code(code).ok_or("unknown_value"));
        let reason = f.optional_text("reason", 500);
        if status == Some(Status::CancelledByClinic) && reason.is_none() && !f.has_errors() {
            f.error("reason", "required");
        }
        Self { status: status.unwrap_or_default(), reason }
    }
}

/// The patient, as the agenda needs them.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Patient {
    /// The contact's number.
    pub id: i64,
    /// Social name where there is one, else the name.
    pub display_name: String,
    /// Telephone.
    pub phone: Option<String>,
    /// Whether the telephone answers on WhatsApp.
    pub whatsapp: bool,
    /// Whether no earlier appointment of theirs holds its time.
    pub first_visit: bool,
}

/// A stored appointment, as every answer shows it.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Appointment {
    /// Number, version and times of the record.
    #[serde(flatten)]
    pub stamp: Stamp,
    /// What people wrote.
    #[serde(flatten)]
    pub booking: Booking,
    /// The patient.
    pub contact: Patient,
    /// When it ends.
    pub ends_at: Instant,
    /// Where it is in its life.
    pub status: Status,
    /// Why it did not happen.
    pub cancellation_reason: Option<String>,
    /// When the patient arrived.
    pub arrived_at: Option<Instant>,
    /// When care began.
    pub in_care_at: Option<Instant>,
    /// When care ended.
    pub done_at: Option<Instant>,
}

impl Versioned for Appointment {
    fn version(&self) -> i64 {
        self.stamp.version
    }
}

/// Which appointments a list is about.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
pub struct Wanted {
    /// First day of the clinic.
    pub date_from: Option<Day>,
    /// Last day of the clinic.
    pub date_to: Option<Day>,
    /// Of one professional.
    pub professional_id: Option<i64>,
    /// Of one patient.
    pub contact_id: Option<i64>,
    /// In one state.
    pub status: Option<Status>,
    /// Rows of a page, 50 unless said.
    #[schemars(range(min = 1, max = 200))]
    pub limit: Option<i64>,
    /// `next` of the page before.
    pub cursor: Option<String>,
}

impl Input for Wanted {
    fn read(f: &mut Fields<'_>) -> Self {
        Self {
            date_from: f.day("date_from"),
            date_to: f.day("date_to"),
            professional_id: f.id("professional_id"),
            contact_id: f.id("contact_id"),
            status: f.choice("status"),
            limit: f.integer("limit", 1..=200),
            cursor: f.optional_text("cursor", 60),
        }
    }
}
