//! The roles a person may have in a clinic; several at once.
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{base::Choice, choices};

choices! {
    /// One role.
    #[derive(PartialOrd, Ord)]
    Role {
        /// Runs the clinic.
        Owner = "owner",
        /// Cares for patients.
        Professional = "professional",
        /// Receives, books, collects.
        FrontDesk = "front_desk",
        /// Sees money and what it is for.
        Finance = "finance",
        /// Reads the trail.
        Auditor = "auditor",
        /// Keeps the machine healthy; never sees patients.
        Technician = "technician",
    }
}

/// A set of roles, in a fixed order, without repeats.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Roles(Vec<Role>);

impl Roles {
    /// The set of `roles`.
    pub fn new(roles: impl IntoIterator<Item = Role>) -> Self {
        let mut roles: Vec<Role> = roles.into_iter().collect();
        roles.sort_unstable();
        roles.dedup();
        Self(roles)
    }

    /// Whether the set has `role`.
    pub fn has(&self, role: Role) -> bool {
        self.0.contains(&role)
    }

    /// Whether the set has one of `roles`.
    pub fn has_any(&self, roles: &[Role]) -> bool {
        roles.iter().any(|role| self.has(*role))
    }

    /// The roles.
    pub fn iter(&self) -> impl Iterator<Item = Role> + '_ {
        self.0.iter().copied()
    }

    /// Comma-separated codes, for the trail.
    pub fn codes(&self) -> String {
        self.iter().map(Role::code).collect::<Vec<_>>().join(",")
    }

    /// As stored: a JSON list of codes.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// From the stored JSON list; unknown codes give no right.
    pub fn from_json(text: &str) -> Self {
        let codes: Vec<String> = serde_json::from_str(text).unwrap_or_default();
        Self::new(codes.iter().filter_map(|code| Role::from_code(code)))
    }
}
