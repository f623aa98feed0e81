//! What signing in takes and answers.
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    access::Roles,
    base::{Fields, Input, Instant, brazil::Council},
    choices,
};

/// E-mail and password, and the clinic where there are several.
#[derive(Debug, JsonSchema)]
#[schemars(description = "Sign-in")]
pub struct SignIn {
    /// Which clinic; may be left out where there is one.
    pub clinic_id: Option<i64>,
    /// E-mail of the person.
    pub email: String,
    /// Their password.
    pub password: String,
}

impl Input for SignIn {
    fn read(f: &mut Fields<'_>) -> Self {
        // A second factor has its place in the contract; nobody has one yet, so whatever comes there is not asked for.
        f.optional_text("otp", 20);
        Self { clinic_id: f.id("clinic_id"), email: f.text("email", 254).to_lowercase(), password: password(f, "password") }
    }
}

/// A one-time code and the password chosen with it.
#[derive(Debug, JsonSchema)]
pub struct AcceptInvite {
    /// Which clinic; may be left out where there is one.
    pub clinic_id: Option<i64>,
    /// E-mail of the person.
    pub email: String,
    /// The code they were given.
    pub code: String,
    /// The password they choose.
    pub password: String,
}

impl Input for AcceptInvite {
    fn read(f: &mut Fields<'_>) -> Self {
        Self {
            clinic_id: f.id("clinic_id"),
            email: f.text("email", 254).to_lowercase(),
            code: f.text("code", 40),
            password: password(f, "password"),
        }
    }
}

/// The password again, to unlock the screen.
#[derive(Debug, JsonSchema)]
pub struct Unlock {
    /// The person's password.
    pub password: String,
}

impl Input for Unlock {
    fn read(f: &mut Fields<'_>) -> Self {
        Self { password: password(f, "password") }
    }
}

/// A change of one's own password.
#[derive(Debug, JsonSchema)]
pub struct NewPassword {
    /// The one used until now.
    pub current_password: String,
    /// The one to use from now on.
    pub new_password: String,
}

impl Input for NewPassword {
    fn read(f: &mut Fields<'_>) -> Self {
        Self { current_password: password(f, "current_password"), new_password: password(f, "new_password") }
    }
}

/// Passwords are taken as typed: spaces at the ends belong to them.
fn password(f: &mut Fields<'_>, name: &'static str) -> String {
    f.raw_text(name, 200)
}

choices! {
    /// The languages of the screens.
    Language {
        /// Portuguese of Brazil.
        Portuguese = "pt-BR",
        /// English.
        English = "en",
    }
}

choices! {
    /// Light or dark.
    Theme {
        /// As the machine is set.
        System = "system",
        /// Light.
        Light = "light",
        /// Dark.
        Dark = "dark",
    }
}

choices! {
    /// How much air the agenda has.
    Density {
        /// More air.
        Comfortable = "comfortable",
        /// More rows.
        Compact = "compact",
    }
}

/// How a person likes their screens.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Preferences {
    /// Language of the screens.
    pub language: Language,
    /// Light or dark.
    pub theme: Theme,
    /// How much air the agenda has.
    pub density: Density,
    /// Whether single letters act.
    pub single_key_shortcuts: bool,
}

impl Input for Preferences {
    fn read(f: &mut Fields<'_>) -> Self {
        Self {
            language: f.choice("language").unwrap_or(Language::Portuguese),
            theme: f.choice("theme").unwrap_or(Theme::System),
            density: f.choice("density").unwrap_or(Density::Comfortable),
            single_key_shortcuts: f.flag("single_key_shortcuts").unwrap_or(true),
        }
    }
}

/// The signed-in person, as the screens need them.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Me {
    /// Their number.
    pub id: i64,
    /// Their name.
    pub name: String,
    /// Their e-mail.
    pub email: Option<String>,
    /// Their roles.
    pub roles: Roles,
    /// What those allow, by name.
    pub permissions: Vec<&'static str>,
    /// Whether they have an agenda.
    pub is_professional: bool,
    /// Their colour.
    pub color: i64,
    /// Their registration.
    pub council: Option<Council>,
    /// Their specialty.
    pub specialty: Option<String>,
    /// How they like their screens.
    #[serde(flatten)]
    pub preferences: Preferences,
    /// Version of their record.
    pub version: i64,
}

/// The clinic, as the screens need it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct MyClinic {
    /// Its number.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Its time zone.
    pub time_zone: String,
    /// Whether it is made up.
    pub is_demo: bool,
    /// Whether someone proved to have the recovery code.
    pub recovery_confirmed: bool,
}

/// Who is signed in, and where.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SignedIn {
    /// The person.
    pub user: Me,
    /// The clinic.
    pub clinic: MyClinic,
}

/// The state of the session.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SessionState {
    /// The person and the clinic.
    #[serde(flatten)]
    pub signed_in: SignedIn,
    /// Whether the screen is locked.
    pub locked: bool,
    /// Minutes without a touch before it locks.
    pub idle_lock_min: i64,
    /// When the session ends at the latest.
    pub expires_at: Instant,
}
