//! Statements that take too long: counted, and logged with their text and with the way SQLite takes to their rows. Never with
//! their values: those are people's.
use std::{fmt, time::Duration};

use rusqlite::Connection;

use crate::telemetry::{Stopwatch, process, process::SLOW};

/// Looks at the clock until it is dropped: held while a statement runs.
pub(super) struct Watch<'a> {
    conn: &'a Connection,
    sql: &'a str,
    since: Stopwatch,
}

impl<'a> Watch<'a> {
    /// Watches over a statement.
    pub fn over(conn: &'a Connection, sql: &'a str) -> Self {
        Self { conn, sql, since: Stopwatch::start() }
    }
}

impl Drop for Watch<'_> {
    fn drop(&mut self) {
        let took = self.since.elapsed();
        if took > SLOW {
            tell(self.conn, self.sql, took);
        }
    }
}

fn tell(conn: &Connection, sql: &str, took: Duration) {
    process().slow_statements.one();
    let (micros, plan) = (took.as_micros(), Plan(conn, sql).to_string());
    tracing::warn!(target: "taskmed::performance", micros, sql = one_line(sql), plan, "a slow statement");
}

/// The way SQLite takes to a statement's rows, step by step.
struct Plan<'a>(&'a Connection, &'a str);

impl fmt::Display for Plan<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Parameters stay empty: the way does not depend on them.
        let Ok(mut statement) = self.0.prepare(&format!("explain query plan {}", self.1)) else {
            return Ok(());
        };
        let mut rows = statement.raw_query();
        let mut between = "";
        while let Ok(Some(row)) = rows.next() {
            write!(f, "{between}{}", row.get::<_, String>("detail").unwrap_or_default())?;
            between = "; ";
        }
        Ok(())
    }
}

/// A statement without the line breaks of the source.
fn one_line(sql: &str) -> String {
    sql.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_plan_of_a_statement_is_told_without_its_values() {
        let conn = Connection::open_in_memory().unwrap();
        conn.execute_batch(
            "create table people (id integer primary key, name text); create index by_name on people (name)",
        )
        .unwrap();
        let plan = Plan(&conn, "select id from people\n   where name = ?1").to_string();
        assert!(plan.contains("by_name") && plan.contains("name=?"), "{plan}");
        assert_eq!(Plan(&conn, "no statement").to_string(), "");
        assert_eq!(one_line("select 1\n    from x"), "select 1 from x");
    }

    #[test]
    fn a_slow_statement_is_counted() {
        let conn = Connection::open_in_memory().unwrap();
        let before = process().slow_statements.get();
        let watch = Watch::over(&conn, "select 2");
        std::thread::sleep(SLOW * 2);
        drop(watch);
        assert!(process().slow_statements.get() > before);
    }
}
