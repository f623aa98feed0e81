//! A person of the team and what makes them valid.
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    access::{Role, Roles},
    base::{
        Fields, Input, Instant, Saved,
        brazil::{Council, CouncilKind, Uf},
        mail::Email,
    },
    choices,
    db::{Record, Table},
    web::{Tagged, Versioned},
};

/// A stored person.
pub type User = Saved<UserFields>;

/// What an owner may write about a person.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct UserFields {
    /// Full name.
    pub name: String,
    /// E-mail they sign in with; a professional without one has an agenda but cannot sign in.
    pub email: Option<Email>,
    /// What they may do here.
    pub roles: Roles,
    /// Whether the agenda has a column for them.
    #[serde(default)]
    pub is_professional: bool,
    /// Registration at their council.
    pub council: Option<Council>,
    /// Specialty, as written on the door.
    pub specialty: Option<String>,
    /// Colour of their agenda, an index into the palette.
    #[schemars(range(min = 0, max = 11))]
    pub color: Option<i64>,
    /// Room they usually work in.
    pub room_id: Option<i64>,
    /// Whether they work here now. People who acted are never removed.
    #[serde(default)]
    pub active: bool,
}

impl Record for UserFields {
    const TABLE: Table = Table::Users;
    const NAME: &'static str = "user";
}

impl Input for UserFields {
    fn read(f: &mut Fields<'_>) -> Self {
        let is_professional = f.flag("is_professional").unwrap_or(false);
        let mut roles = f.choices::<Role>("roles").unwrap_or_default();
        if is_professional && roles.is_empty() && !f.has_errors() {
            roles.push(Role::Professional);
        }
        if roles.is_empty() && !f.has_errors() {
            f.error("roles", "required");
        }
        let email = f.parsed("email", Email::parse);
        if email.is_none() && !is_professional && !f.has_errors() {
            f.error("email", "required");
        }
        Self {
            name: f.text("name", 200),
            email,
            roles: Roles::new(roles),
            is_professional,
            council: council(f),
            specialty: f.optional_text("specialty", 80),
            color: f.integer("color", 0..=11),
            room_id: f.id("room_id"),
            active: f.flag("active").unwrap_or(true),
        }
    }
}

fn council(f: &mut Fields<'_>) -> Option<Council> {
    let parts = f.object("council", |f| {
        let kind = f.required("kind", CouncilKind::parse);
        let number = f.text("number", 20);
        let state = f.required("state", Uf::parse);
        Some((kind?, number, state?))
    });
    let (kind, number, state) = parts.flatten().filter(|(_, number, _)| !number.is_empty())?;
    let council = Council::new(kind, &number, state);
    if let Err(code) = council {
        f.error("council", code);
    }
    council.ok()
}

choices! {
    /// How a person stands to the clinic.
    Standing {
        /// Works here and can sign in, or has an agenda.
        Active = "active",
        /// Has an e-mail and no password yet; the one-time code may have run out.
        Invited = "invited",
        /// Works here no more.
        Inactive = "inactive",
    }
}

/// A person as the team screen shows them.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Member {
    /// The record.
    #[serde(flatten)]
    pub user: User,
    /// The first of the roles, for programs that know only one.
    pub role: Option<Role>,
    /// How they stand to the clinic.
    pub status: Standing,
    /// Their last sign-in.
    pub last_login_at: Option<Instant>,
    /// Until when their one-time code can be used, or could; none once it was used.
    pub invite_expires_at: Option<Instant>,
}

/// Someone just invited: the code is shown once.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Invited {
    /// The person.
    pub user: Member,
    /// The one-time code to hand over; none for a professional without e-mail.
    pub invite_code: Option<String>,
}

impl Tagged for Invited {}

/// A fresh one-time code.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Invitation {
    /// The code to hand over, shown once.
    pub invite_code: String,
    /// Until when it can be used.
    pub expires_at: Instant,
}

impl Versioned for Member {
    fn version(&self) -> i64 {
        self.user.stamp.version
    }
}
