//! A tag and what makes it valid.
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    base::{Fields, Input, Saved},
    db::{Record, Table},
};

/// A stored tag.
pub type Tag = Saved<TagFields>;

/// What may be written about a tag.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct TagFields {
    /// As people call it: "Convênio".
    pub name: String,
    /// One of the palette's twelve colours.
    #[schemars(range(min = 0, max = 11))]
    pub color: i64,
}

impl Record for TagFields {
    const TABLE: Table = Table::Tags;
    const NAME: &'static str = "tag";
}

impl Input for TagFields {
    fn read(f: &mut Fields<'_>) -> Self {
        Self { name: f.text("name", 40), color: f.required_integer("color", 0..=11) }
    }
}
