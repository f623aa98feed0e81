//! One counter per table, moved on by every commit that touched it. A cached answer's key holds the counters of the tables it
//! read, so a stale answer cannot be asked for: there is no invalidation call to forget. The agenda's lines, which are numbered by
//! when they are, have a counter for each stretch of time besides: a booking for next month leaves today's answer as it is.
use std::{
    collections::HashMap,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use super::{kept::Kept, touches::Touched};
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
    VisitsNew "visits_new" support;
    VisitsFiled "visits_filed" support;
    FirstVisits "first_visits" support;
    AgendaLines "agenda_lines" support;
    Feeds "feeds" record;
    FeedUses "feed_uses" support;
    Audit "audit" support;
    AuditDays "audit_days" support;
    History "history" support;
    Checkpoints "checkpoints" support;
    TrailKey "trail_key" support;
    Idempotency "idempotency" support;
}

/// Rows of a table from one number, and up to but without another.
#[derive(Debug, Clone, Copy)]
pub struct Stretch {
    /// The table; its numbers must tell where a row belongs.
    pub table: Table,
    /// The first number.
    pub from: i64,
    /// The number after the last.
    pub to: i64,
}

/// What an answer is read from: whole tables, and of one more table a stretch.
#[derive(Debug, Clone, Copy)]
pub struct Sources {
    /// The tables.
    pub tables: &'static [Table],
    /// The stretch.
    pub stretch: Option<Stretch>,
}

impl From<&'static [Table]> for Sources {
    fn from(tables: &'static [Table]) -> Self {
        Self { tables, stretch: None }
    }
}

impl<const N: usize> From<&'static [Table; N]> for Sources {
    fn from(tables: &'static [Table; N]) -> Self {
        Self { tables, stretch: None }
    }
}

/// Tables whose rows are numbered by where they belong, with the bits of a number that tell rows of one part apart. In
/// `agenda_lines` a part is a day and a half.
const IN_PARTS: [(Table, u32); 1] = [(Table::AgendaLines, 42)];

fn bits_of(table: Table) -> Option<u32> {
    IN_PARTS.iter().find(|(known, _)| *known == table).map(|(_, bits)| *bits)
}

/// Parts remembered at most; when there would be more, all count as changed.
const PARTS: usize = 5_000;

/// When parts of tables last changed, counted in commits.
#[derive(Default)]
struct Parts {
    now: u64,
    changed: HashMap<(Table, i64), u64>,
    /// Parts not among `changed` count as changed then.
    forgotten: u64,
}

impl Parts {
    fn note(&mut self, touched: &[Touched]) {
        self.now += 1;
        for (table, row) in touched {
            if let Some(bits) = bits_of(*table) {
                self.changed.insert((*table, row >> bits), self.now);
            }
        }
        if self.changed.len() > PARTS {
            self.changed.clear();
            self.forgotten = self.now;
        }
    }

    /// When any of a stretch last changed, the counter of each part mixed in; none where the table is not kept count of in parts.
    fn mix(&self, sum: u64, stretch: &Stretch) -> Option<u64> {
        let bits = bits_of(stretch.table)?;
        let of = |part| *self.changed.get(&(stretch.table, part)).unwrap_or(&self.forgotten);
        Some(((stretch.from >> bits)..=(stretch.to >> bits)).fold(sum, |sum, part| mix(sum, of(part))))
    }
}

fn mix(sum: u64, counter: u64) -> u64 {
    (sum ^ counter).wrapping_mul(0x0000_0100_0000_01b3).rotate_left(17)
}

/// The counters of one clinic, what is kept of its rows, and what is measured of it: what writer, readers and cache share.
pub struct Generations {
    counters: Vec<AtomicU64>,
    parts: Mutex<Parts>,
    pub(super) kept: Kept,
    pub(super) meter: ClinicMeter,
}

impl Generations {
    /// Counters that start at `start`, so that answers of an earlier run of the program are never taken for current ones.
    pub fn starting_at(start: u64) -> Self {
        let counters = Table::ALL.iter().map(|_| AtomicU64::new(start)).collect();
        let parts = Mutex::new(Parts { now: start, forgotten: start, ..Parts::default() });
        Self { counters, parts, kept: Kept::default(), meter: ClinicMeter::default() }
    }

    /// The counter of one table.
    pub fn of(&self, table: Table) -> u64 {
        self.counters.get(table as usize).map_or(0, |n| n.load(Ordering::Acquire))
    }

    /// Moves the counters of the touched tables on and notes which rows they were. Called by the writer between
    /// commit and acknowledgement.
    pub(super) fn advance(&self, touched: &[Touched]) {
        self.kept.note(touched);
        self.parts().note(touched);
        let mut tables: Vec<Table> = touched.iter().map(|(table, _)| *table).collect();
        tables.sort_unstable();
        tables.dedup();
        for table in tables {
            if let Some(counter) = self.counters.get(table as usize) {
                counter.fetch_add(1, Ordering::Release);
            }
        }
    }

    /// One number for the state of all that an answer is read from.
    pub fn mix(&self, sources: &Sources) -> u64 {
        let whole = sources.tables.iter().fold(0xcbf2_9ce4_8422_2325, |sum, table| mix(sum, self.of(*table)));
        let Some(stretch) = &sources.stretch else { return whole };
        self.parts().mix(whole, stretch).unwrap_or_else(|| mix(whole, self.of(stretch.table)))
    }

    fn parts(&self) -> MutexGuard<'_, Parts> {
        self.parts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A number of a line of the agenda on a day after 1970.
    const fn line(day: i64) -> i64 {
        (day * 86_400) << 25
    }

    fn days(from: i64, to: i64) -> Sources {
        let stretch = Stretch { table: Table::AgendaLines, from: line(from), to: line(to) };
        Sources { tables: &[Table::Rooms], stretch: Some(stretch) }
    }

    #[test]
    fn a_line_of_the_agenda_moves_its_own_days_on_and_no_others() {
        let generations = Generations::starting_at(7);
        let state = || [days(20_000, 20_001), days(20_010, 20_017)].map(|days| generations.mix(&days));
        let [before, elsewhere] = state();
        generations.advance(&[(Table::Appointments, 5), (Table::AgendaLines, line(20_000) + 77)]);
        let [after, still] = state();
        assert_ne!(before, after);
        assert_eq!(elsewhere, still);
        generations.advance(&[(Table::AgendaLines, line(20_016) + 1)]);
        assert_eq!(state()[0], after);
        assert_ne!(state()[1], still);
        generations.advance(&[(Table::Rooms, 1)]);
        assert_ne!(state()[0], after);
    }

    #[test]
    fn a_stretch_of_a_table_that_is_not_counted_in_parts_is_the_table() {
        let generations = Generations::starting_at(7);
        let rows = || {
            generations.mix(&Sources {
                tables: &[],
                stretch: Some(Stretch { table: Table::Contacts, from: 1, to: 2 }),
            })
        };
        let before = rows();
        generations.advance(&[(Table::Contacts, 9)]);
        assert_ne!(before, rows());
    }

    #[test]
    fn more_parts_than_are_remembered_all_count_as_changed() {
        let generations = Generations::starting_at(7);
        let before = generations.mix(&days(1, 2));
        let flood: Vec<Touched> = (0..20_000).map(|day| (Table::AgendaLines, line(100 + day))).collect();
        generations.advance(&flood);
        let after = generations.mix(&days(1, 2));
        assert_ne!(before, after);
        generations.advance(&[(Table::Contacts, 1)]);
        assert_eq!(after, generations.mix(&days(1, 2)));
    }
}
