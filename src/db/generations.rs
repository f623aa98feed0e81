//! One counter per table, moved on by every commit that touched it. A cached answer's key holds the counters of the tables it
//! read, so a stale answer cannot be asked for: there is no invalidation call to forget.
use std::sync::atomic::{AtomicU64, Ordering};

use super::{kept::Kept, tx::Touched};
use crate::telemetry::ClinicMeter;

macro_rules! tables {
    ($($variant:ident $name:literal $kind:ident;)*) => {
        /// Every table of `schema.sql` that a transaction may touch.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Table { $(#[doc = $name] $variant,)* }

        impl Table {
            /// All tables, in the order of `schema.sql`.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The table's name in SQL.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// Whether each change of a row needs an act in the trail.
            pub fn is_record(self) -> bool {
                match self { $(Self::$variant => tables!(@record $kind),)* }
            }

            /// The table of that name; shadow tables of the search index have none.
            pub fn named(name: &str) -> Option<Self> {
                match name { $($name => Some(Self::$variant),)* _ => None }
            }
        }
    };
    (@record record) => { true };
    (@record support) => { false };
}

tables! {
    Clinic "clinic" record;
    Users "users" record;
    Credentials "credentials" support;
    SignIns "sign_ins" support;
    Sessions "sessions" support;
    Rooms "rooms" record;
    Tags "tags" record;
    Blocks "blocks" record;
    Imports "imports" record;
    ImportRefusals "import_refusals" support;
    Contacts "contacts" record;
    ContactsOrder "contacts_order" support;
    Appointments "appointments" record;
    FirstVisits "first_visits" support;
    AgendaLines "agenda_lines" support;
    Feeds "feeds" record;
    FeedUses "feed_uses" support;
    Audit "audit" support;
    History "history" support;
    Checkpoints "checkpoints" support;
    TrailKey "trail_key" support;
    Idempotency "idempotency" support;
}

/// The counters of one clinic, what is kept of its rows, and what is measured of it: what writer, readers and cache share.
pub struct Generations {
    counters: Vec<AtomicU64>,
    pub(super) kept: Kept,
    pub(super) meter: ClinicMeter,
}

impl Generations {
    /// Counters that start at `start`, so that answers of an earlier run of the program are never taken for current ones.
    pub fn starting_at(start: u64) -> Self {
        let counters = Table::ALL.iter().map(|_| AtomicU64::new(start)).collect();
        Self { counters, kept: Kept::default(), meter: ClinicMeter::default() }
    }

    /// The counter of one table.
    pub fn of(&self, table: Table) -> u64 {
        self.counters.get(table as usize).map_or(0, |n| n.load(Ordering::Acquire))
    }

    /// Moves the counters of the touched tables on and notes which rows they were. Called by the writer between
    /// commit and acknowledgement.
    pub(super) fn advance(&self, touched: &[Touched]) {
        self.kept.note(touched);
        let mut tables: Vec<Table> = touched.iter().map(|(table, _)| *table).collect();
        tables.sort_unstable();
        tables.dedup();
        for table in tables {
            if let Some(counter) = self.counters.get(table as usize) {
                counter.fetch_add(1, Ordering::Release);
            }
        }
    }

    /// One number for the state of several tables.
    pub fn mix(&self, tables: &[Table]) -> u64 {
        tables.iter().fold(0xcbf2_9ce4_8422_2325, |sum, table| {
            (sum ^ self.of(*table)).wrapping_mul(0x0000_0100_0000_01b3).rotate_left(17)
        })
    }
}
