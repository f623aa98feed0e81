//! A block and what makes it valid.
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    base::{Day, Fields, Input, Instant, Saved},
    db::{Record, Table},
    web::Versioned,
};

/// The longest block, in seconds: a year of leave. Look-ups rely on it to find blocks that began earlier.
pub const LONGEST_SECONDS: i64 = 366 * 86_400;

/// A stored block.
pub type Block = Saved<BlockFields>;

/// What may be written about a block.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct BlockFields {
    /// Whose time it takes; null with no room: the whole clinic's.
    pub professional_id: Option<i64>,
    /// The room it takes.
    pub room_id: Option<i64>,
    /// Its first instant.
    pub starts_at: Instant,
    /// The instant after its last.
    pub ends_at: Instant,
    /// Why, as the agenda shows it.
    #[serde(default)]
    pub reason: String,
}

impl BlockFields {
    /// Whether it takes time of that professional or of that room.
    pub fn takes(&self, professional_id: i64, room_id: Option<i64>) -> bool {
        let whole_clinic = self.professional_id.is_none() && self.room_id.is_none();
        let room = self.room_id.is_some() && self.room_id == room_id;
        whole_clinic || self.professional_id == Some(professional_id) || room
    }
}

impl Record for BlockFields {
    const TABLE: Table = Table::Blocks;
    const NAME: &'static str = "block";
}

impl Input for BlockFields {
    fn read(f: &mut Fields<'_>) -> Self {
        let (professional_id, room_id) = (f.id("professional_id"), f.id("room_id"));
        let (starts_at, ends_at) = (f.required_instant("starts_at"), f.required_instant("ends_at"));
        if let (Some(from), Some(to)) = (starts_at, ends_at)
            && !(1..=LONGEST_SECONDS).contains(&(to.0 - from.0))
        {
            f.error("ends_at", "out_of_range");
        }
        Self {
            professional_id,
            room_id,
            starts_at: starts_at.unwrap_or(Instant(0)),
            ends_at: ends_at.unwrap_or(Instant(0)),
            reason: f.optional_text("reason", 200).unwrap_or_default(),
        }
    }
}

/// A block just written, and whom it gets in the way of.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Placed {
    /// The block.
    #[serde(flatten)]
    pub block: Block,
    /// Appointments that hold time inside it, by start; at most 1,000. They stay as they are.
    pub affected: Vec<i64>,
}

impl Versioned for Placed {
    fn version(&self) -> i64 {
        self.block.stamp.version
    }
}

/// Which blocks are asked for.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Between {
    /// First day of the clinic; without it, those that are not over yet.
    pub date_from: Option<Day>,
    /// Last day of the clinic.
    pub date_to: Option<Day>,
}

impl Input for Between {
    fn read(f: &mut Fields<'_>) -> Self {
        Self { date_from: f.day("date_from"), date_to: f.day("date_to") }
    }
}
