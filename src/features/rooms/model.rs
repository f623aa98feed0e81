//! A room and what makes it valid.
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    base::{Fields, Input, Saved},
    db::{Record, Table},
};

/// A stored room.
pub type Room = Saved<RoomFields>;

/// What may be written about a room.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct RoomFields {
    /// As people call it: "Sala 1".
    pub name: String,
    /// Whether it is still used.
    #[serde(default)]
    pub active: bool,
}

impl Record for RoomFields {
    const TABLE: Table = Table::Rooms;
    const NAME: &'static str = "room";
}

impl Input for RoomFields {
    fn read(f: &mut Fields<'_>) -> Self {
        Self { name: f.text("name", 80), active: f.flag("active").unwrap_or(true) }
    }
}
