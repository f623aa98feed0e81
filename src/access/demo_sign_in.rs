//! How one signs in to the demonstration: the only passwords the program ever tells.
use schemars::JsonSchema;
use serde::Serialize;

use super::Roles;

/// Somebody who signs in to the demonstration.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct DemoSignIn {
    /// Their e-mail, on a domain reserved for examples.
    pub email: String,
    /// Drawn for this demonstration and told nowhere else.
    pub password: String,
    /// What they may do.
    pub roles: Roles,
}
