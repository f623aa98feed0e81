//! A connected calendar and what makes it valid.
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    base::{Fields, Input, Instant, Stamp},
    choices,
    db::{Record, Table},
    web::Versioned,
};

choices! {
    /// How a calendar is connected.
    Connection {
        /// A program elsewhere reads a secret address.
        IcsFeed = "ics_feed",
    }
}

choices! {
    /// Whether an address still answers.
    State {
        /// It does.
        Active = "active",
        /// It never will again.
        Revoked = "revoked",
    }
}

/// What may be changed about a connected calendar.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct FeedFields {
    /// What its owner calls it: "Celular".
    pub name: String,
}

impl Record for FeedFields {
    const TABLE: Table = Table::Feeds;
    const NAME: &'static str = "calendar";
}

impl Input for FeedFields {
    fn read(f: &mut Fields<'_>) -> Self {
        Self { name: f.text("name", 80) }
    }
}

/// A calendar to be connected.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct NewFeed {
    /// What its owner calls it; the professional's name unless said.
    pub name: Option<String>,
    /// Whose agenda it shows; one's own unless said.
    pub professional_id: Option<i64>,
}

impl Input for NewFeed {
    fn read(f: &mut Fields<'_>) -> Self {
        Self { name: f.optional_text("name", 80), professional_id: f.id("professional_id") }
    }
}

/// A connected calendar.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Feed {
    /// Number, version and times of the record.
    #[serde(flatten)]
    pub stamp: Stamp,
    /// What may be changed.
    #[serde(flatten)]
    pub fields: FeedFields,
    /// How it is connected.
    pub kind: Connection,
    /// Who made it.
    pub user_id: i64,
    /// Whose agenda it shows.
    pub professional_id: i64,
    /// Their name.
    pub professional_name: String,
    /// When a program last asked for it.
    pub last_used_at: Option<Instant>,
    /// When it was last brought up to date: a feed is, each time it is read.
    pub last_sync_at: Option<Instant>,
    /// Whether it still answers.
    pub state: State,
}

impl Versioned for Feed {
    fn version(&self) -> i64 {
        self.stamp.version
    }
}

/// A calendar just connected. Its address is shown this once and kept nowhere.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Connected {
    /// The calendar.
    #[serde(flatten)]
    pub feed: Feed,
    /// The secret address.
    pub url: String,
    /// The same as a QR code, to point a telephone at.
    pub qr_svg: String,
}
