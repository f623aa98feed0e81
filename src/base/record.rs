//! What every stored record carries besides its own fields.
use std::ops::Deref;

use schemars::JsonSchema;
use serde::Serialize;

use super::Instant;

/// Number, version and times of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Stamp {
    /// The record's number in its clinic.
    pub id: i64,
    /// Starts at 1 and moves on with every change; the record's ETag.
    pub version: i64,
    /// When it was made.
    pub created_at: Instant,
    /// When it last changed.
    pub updated_at: Instant,
}

/// A stored record: its stamp and its fields, flat in JSON.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Saved<T> {
    /// Number, version and times.
    #[serde(flatten)]
    pub stamp: Stamp,
    /// What people wrote.
    #[serde(flatten)]
    pub fields: T,
}

impl<T> Saved<T> {
    /// The record's number.
    pub fn id(&self) -> i64 {
        self.stamp.id
    }
}

impl<T> Deref for Saved<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.fields
    }
}
