//! The laws of `schema.sql`: what keeps history, trail and hooks true by construction.
use serde_json::json;
use taskmed::{
    access::{
        Grant,
        permissions::{EditAppointments, EditClinic},
    },
    base::{Choice, Error},
    db::{Audited, Table, params, schema::SCHEMA},
    features::appointments::rules::Status,
};

use crate::support::{Practice, World, world::SOL};

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
        // Of what is written together with an appointment nobody needs to hear.
        let is_seen = !tail.contains("without rowid") || name.starts_with("visits_");
        assert!(is_seen, "the update hook does not see {name}");
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
fn the_schema_means_the_same_states_as_everyone_else_when_it_says_that_time_is_held() {
    let one_of = |statuses: Vec<&Status>| {
        statuses.iter().map(|s| format!("status = '{}'", s.code())).collect::<Vec<_>>().join(" or ")
    };
    let flat = SCHEMA.split_whitespace().collect::<Vec<_>>().join(" ");
    let all = one_of(Status::ALL.iter().collect());
    assert!(flat.contains(&format!("status text not null check ({all})")), "{all}");
    let holding = one_of(Status::ALL.iter().filter(|s| s.holds_time()).collect());
    assert!(
        flat.contains(&format!("holds integer not null generated always as ({holding}) stored")),
        "{holding}"
    );
    let stray: Vec<String> = crate::architecture::all_sources()
        .into_iter()
        .filter(|(_, text)| text.contains("'requested', 'booked'"))
        .map(|(file, _)| file)
        .collect();
    assert!(stray.is_empty(), "{stray:?} have a list of their own");
}

#[test]
fn nothing_that_is_tested_with_every_write_builds_a_tree_in_memory() {
    let lists = SCHEMA.split(" in (").skip(1).map(|rest| rest.split(')').next().unwrap());
    let long: Vec<&str> =
        lists.filter(|list| !list.starts_with("select ") && list.matches(',').count() > 1).collect();
    assert!(long.is_empty(), "written with `or` SQLite only compares: {long:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_fences_stop_and_first_visits_count_exactly_the_states_that_hold_time() {
    let p = Practice::new().await;
    let grant = Grant::<EditAppointments>::of_program(p.world.clinic(SOL), "test");
    for (number, status) in Status::ALL.iter().enumerate() {
        let patient = json!({ "name": format!("Caso {number}"), "email": format!("c{number}@example.com") });
        let patient = p.desk.post("/api/contacts", patient).await.expect(201)["id"].as_i64().unwrap();
        let (professional, at) = (p.ana, 2_000_000_000 + i64::try_from(number).unwrap() * 86_400);
        let told = grant.write(move |tx| {
            let insert = |status: &str| {
                tx.insert(
                    "insert into appointments (created_at, updated_at, contact_id, professional_id, starts_at, ends_at, status)
                     values (1, 1, ?1, ?2, ?3, ?3 + 1800, ?4)",
                    params![patient, professional, at, status],
                )
            };
            insert(status.code())?;
            let fenced = insert("booked").is_err();
            let first = "select count(*) from first_visits where contact_id = ?1";
            let before = if fenced { tx.number(first, [patient])? == 1 } else { false };
            // Nothing of this is to stay.
            Err::<Audited<()>, _>(Error::conflict(if fenced && before { "held" } else if fenced { "odd" } else { "free" }))
        });
        let code = match told.await {
            Err(Error::Conflict { code, .. }) => code,
            other => panic!("{other:?}"),
        };
        assert_eq!(code, if status.holds_time() { "held" } else { "free" }, "{status:?}");
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
            // Nobody needs to hear of what is written together with an appointment.
            let is_unheard = statement.starts_with("delete from visits_");
            if !is_unheard && !statement.contains(" where ") && !statement.contains("\n") {
                wrong.push(format!("{file}: {statement}"));
            }
        }
    }
    assert!(wrong.is_empty(), "the update hook does not see these: {wrong:#?}");
}
