//! The laws of `schema.sql`: what keeps history, trail and hooks true by construction.
use taskmed::{
    access::{Grant, permissions::EditClinic},
    db::{Table, schema::SCHEMA},
};

use crate::support::{World, world::SOL};

/// One column of a table: table, name, type.
type Column = (String, String, String);

async fn columns() -> (Vec<(String, String)>, Vec<Column>) {
    let world = World::new().await;
    let grant = Grant::<EditClinic>::of_program(world.clinic(SOL), "test");
    grant
        .read(|tx| {
            let tables = tx.all(
                "select name, sql from sqlite_schema where type = 'table' and name not like 'sqlite_%'
                 and name not like 'contacts_search%'",
                [],
                |r| Ok((r.get(0)?, r.get(1)?)),
            )?;
            let columns = tx.all(
                "select m.name, p.name, p.type from sqlite_schema m, pragma_table_info(m.name) p where m.type = 'table'",
                [],
                |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)),
            )?;
            Ok((tables, columns))
        })
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_table_is_known_strict_and_has_row_numbers() {
    let (tables, _) = columns().await;
    let mut names: Vec<&str> = tables.iter().map(|(name, _)| name.as_str()).collect();
    let mut known: Vec<&str> = Table::ALL.iter().map(|t| t.name()).collect();
    names.sort_unstable();
    known.sort_unstable();
    assert_eq!(names, known, "db::Table and schema.sql must list the same tables");
    for (name, sql) in &tables {
        let tail = sql.to_lowercase();
        assert!(tail.ends_with("strict"), "{name} is not strict");
        assert!(!tail.contains("without rowid"), "the update hook does not see {name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_record_table_has_its_stamp_and_files_every_column_in_history() {
    /// Derived or secret columns, which history leaves out on purpose.
    const LEFT_OUT: [&str; 6] = ["search_text", "sort_key", "civil_key", "secret_hash", "id", "version"];
    let (_, columns) = columns().await;
    for table in Table::ALL.iter().filter(|t| t.is_record()) {
        let own: Vec<&str> =
            columns.iter().filter(|(t, ..)| t == table.name()).map(|(_, name, _)| name.as_str()).collect();
        for needed in ["id", "version", "created_at", "updated_at"] {
            assert!(own.contains(&needed), "{} has no {needed}", table.name());
        }
        for event in ["update", "delete"] {
            let trigger =
                format!("create trigger {}_history_{event} after {event} on {}", table.name(), table.name());
            let body = SCHEMA.split(&trigger).nth(1).unwrap_or_else(|| panic!("no {trigger}"));
            let body = body.split("end;").next().unwrap();
            for column in own.iter().filter(|c| !LEFT_OUT.contains(c)) {
                assert!(body.contains(&format!("'{column}', old.{column}")), "{trigger} forgets {column}");
            }
        }
    }
}

#[test]
fn nothing_is_replaced_or_removed_wholesale() {
    let mut wrong = Vec::new();
    for (file, text) in crate::architecture::all_sources() {
        let lower = text.to_lowercase();
        if lower.contains("insert or replace") || lower.contains("replace into") {
            wrong.push(format!("{file}: replace"));
        }
        for statement in lower.match_indices("delete from ").map(|(at, _)| &lower[at..]) {
            let statement = statement.split(['"', ';']).next().unwrap();
            if !statement.contains(" where ") && !statement.contains("\n") {
                wrong.push(format!("{file}: {statement}"));
            }
        }
    }
    assert!(wrong.is_empty(), "the update hook does not see these: {wrong:#?}");
}
