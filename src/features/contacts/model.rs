//! A contact and what makes it valid: patients and the other people a clinic talks to.
use schemars::JsonSchema;
use serde::Serialize;

pub use super::{
    kinds::{Priority, Sex, Source, Status},
    shown::{Contact, Display, Listed, Visit, Visits},
};
use crate::{
    base::{
        Day, Fields, Input,
        brazil::{Cns, Cpf, Phone},
        mail::Email,
    },
    db::{Record, Table},
    features::clinic::model::Address,
};

/// What may be written about a contact.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct ContactFields {
    /// Civil name.
    pub name: String,
    /// The name they go by, shown first everywhere.
    pub social_name: Option<String>,
    /// Day of birth, from 1900 on.
    pub birth_date: Option<Day>,
    /// Sex at birth.
    pub sex: Option<Sex>,
    /// Gender, in their own words.
    pub gender: Option<String>,
    /// Their mother's name, which tells namesakes apart.
    pub mother_name: Option<String>,
    /// Their number at the tax office; no two contacts share one.
    pub cpf: Option<Cpf>,
    /// Their number in the public health system.
    pub cns: Option<Cns>,
    /// Telephone.
    pub phone: Option<Phone>,
    /// Whether that telephone has WhatsApp.
    #[serde(default)]
    pub whatsapp: bool,
    /// E-mail.
    pub email: Option<Email>,
    /// Where they live.
    #[serde(default)]
    pub address: Address,
    /// Whom to call.
    #[serde(default)]
    pub emergency_contact: EmergencyContact,
    /// What they do.
    pub profession: Option<String>,
    /// How far they have come.
    #[serde(default)]
    pub status: Status,
    /// How soon the desk should see to them.
    #[serde(default)]
    pub priority: Priority,
    /// Where they came from.
    #[serde(default)]
    pub source: Source,
    /// What they must not be given.
    #[serde(default)]
    pub allergies: Vec<String>,
    /// What they take.
    #[serde(default)]
    pub medications: Vec<String>,
    /// Anything else the desk should know. Not the medical record.
    pub notes: Option<String>,
}

/// Whom to call when something happens.
#[derive(Debug, Clone, Default, PartialEq, Serialize, JsonSchema)]
pub struct EmergencyContact {
    /// Their name.
    pub name: Option<String>,
    /// Their telephone.
    pub phone: Option<Phone>,
}

impl Record for ContactFields {
    const TABLE: Table = Table::Contacts;
    const NAME: &'static str = "contact";
}

impl ContactFields {
    /// A contact of whom only name and telephone are known.
    pub fn quick(name: String, phone: Phone) -> Self {
        Self {
            name,
            social_name: None,
            birth_date: None,
            sex: None,
            gender: None,
            mother_name: None,
            cpf: None,
            cns: None,
            phone: Some(phone),
            whatsapp: false,
            email: None,
            address: Address::default(),
            emergency_contact: EmergencyContact::default(),
            profession: None,
            status: Status::default(),
            priority: Priority::default(),
            source: Source::default(),
            allergies: Vec::new(),
            medications: Vec::new(),
            notes: None,
        }
    }

    /// What to call them: the social name where there is one.
    pub fn display_name(&self) -> &str {
        self.social_name.as_deref().unwrap_or(&self.name)
    }
}

impl Input for ContactFields {
    fn read(f: &mut Fields<'_>) -> Self {
        // First, so that what is wrong so far is about these two alone.
        let phone = f.parsed("phone", Phone::parse);
        let email = f.parsed("email", Email::parse);
        if phone.is_none() && email.is_none() && !f.has_errors() {
            f.error("phone", "contact_way_required");
        }
        Self {
            phone,
            email,
            name: f.text("name", 200),
            social_name: f.optional_text("social_name", 200),
            birth_date: birth_date(f),
            sex: f.choice("sex"),
            gender: f.optional_text("gender", 60),
            mother_name: f.optional_text("mother_name", 200),
            cpf: f.parsed("cpf", Cpf::parse),
            cns: f.parsed("cns", Cns::parse),
            whatsapp: f.flag("whatsapp").unwrap_or(false),
            address: f.object("address", Address::read).unwrap_or_default(),
            emergency_contact: f.object("emergency_contact", EmergencyContact::read).unwrap_or_default(),
            profession: f.optional_text("profession", 100),
            status: f.choice("status").unwrap_or_default(),
            priority: f.choice("priority").unwrap_or_default(),
            source: f.choice("source").unwrap_or_default(),
            allergies: f.texts("allergies", 50, 100),
            medications: f.texts("medications", 50, 100),
            notes: f.optional_text("notes", 4000),
        }
    }
}

impl EmergencyContact {
    fn read(f: &mut Fields<'_>) -> Self {
        Self { name: f.optional_text("name", 200), phone: f.parsed("phone", Phone::parse) }
    }
}

/// Nobody alive was born before 1900. "Today" is the clinic's, which is not known here: what no zone on earth calls today is
/// refused at once, with all other wrong fields; the store holds the date against the clinic's own day.
fn birth_date(f: &mut Fields<'_>) -> Option<Day> {
    let day = f.day("birth_date")?;
    let farthest = f.now().plus_minutes(14 * 60).day_in(&jiff::tz::TimeZone::UTC);
    let wrong = match day.0.year() {
        ..1900 => Some("out_of_range"),
        _ => (day > farthest).then_some("date_in_future"),
    };
    wrong.into_iter().for_each(|code| f.error("birth_date", code));
    Some(day)
}

/// A contact as it is sent: its fields, and whether a shared CNS or telephone is known and meant.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Sent {
    /// The fields.
    #[serde(flatten)]
    pub fields: ContactFields,
    /// Write it although another contact has the same CNS or telephone. A CPF is never shared.
    #[serde(default)]
    pub allow_duplicate: bool,
}

impl Input for Sent {
    fn read(f: &mut Fields<'_>) -> Self {
        let fields = ContactFields::read(f);
        Self { fields, allow_duplicate: f.flag("allow_duplicate").unwrap_or(false) }
    }
}
