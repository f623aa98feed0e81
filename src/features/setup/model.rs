//! What founding a clinic takes and answers.
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    access::DemoSignIn,
    base::{Fields, Input, mail::Email},
    features::{
        clinic,
        sessions::model::{Language, Me, MyClinic},
    },
};

/// State of the first run.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SetupState {
    /// Whether there is no clinic yet.
    pub needs_setup: bool,
    /// Version of the program.
    pub version: &'static str,
    /// Whether the demonstration can be looked at.
    pub demo_available: bool,
    /// Whether the demonstration is what is being shown.
    pub in_demonstration: bool,
    /// Whether the asker sits at this machine: set-up is refused from elsewhere.
    pub loopback: bool,
    /// How one signs in to the demonstration, told only while it is shown and only at this machine.
    pub demo_users: Vec<DemoSignIn>,
}

/// A clinic and its owner.
#[derive(Debug, JsonSchema)]
pub struct Founding {
    /// Name of the clinic.
    pub clinic_name: String,
    /// Name of its owner.
    pub owner_name: String,
    /// E-mail the owner signs in with.
    #[schemars(with = "Email")]
    pub email: Option<Email>,
    /// Password the owner chooses.
    pub password: String,
    /// Language of the owner's screens.
    pub language: Option<Language>,
    /// Zone of the clinic; São Paulo's unless said otherwise.
    pub time_zone: Option<String>,
}

impl Input for Founding {
    fn read(f: &mut Fields<'_>) -> Self {
        let founding = Self {
            clinic_name: f.text("clinic_name", 200),
            owner_name: f.text("owner_name", 200),
            email: f.required("email", Email::parse),
            password: f.raw_text("password", 200),
            language: f.choice("language"),
            time_zone: f.parsed("time_zone", clinic::model::time_zone),
        };
        let email = founding.email.as_ref().map(|e| e.as_str()).unwrap_or_default();
        let own = [founding.owner_name.as_str(), email, founding.clinic_name.as_str()];
        if !founding.password.is_empty()
            && let Some(code) = crate::access::password::weakness(&founding.password, &own)
        {
            f.error("password", code);
        }
        founding
    }
}

/// A founded clinic. The recovery code is shown once.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Founded {
    /// The owner.
    pub user: Me,
    /// The clinic.
    pub clinic: MyClinic,
    /// Opens the clinic's key on another machine. Kept nowhere by the program.
    pub recovery_code: String,
}

/// Part of the recovery code, typed back.
#[derive(Debug, JsonSchema)]
pub struct Answer {
    /// The last group of the code, or all of it.
    pub answer: String,
}

impl Input for Answer {
    fn read(f: &mut Fields<'_>) -> Self {
        Self { answer: f.text("answer", 60) }
    }
}

/// What another recovery code takes: the owner's own password, given again.
#[derive(Debug, JsonSchema)]
pub struct Renewal {
    /// The password of whoever asks.
    pub password: String,
}

impl Input for Renewal {
    fn read(f: &mut Fields<'_>) -> Self {
        Self { password: f.raw_text("password", 200) }
    }
}

/// Another recovery code. It is shown once.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Renewed {
    /// Opens the clinic's key on another machine; the code before it no longer does. Kept nowhere by the program.
    pub recovery_code: String,
}
