//! What the trail of a clinic takes in its file.
#[expect(dead_code, reason = "the tests do more with a clinic's file than the benchmark")]
#[path = "../support/file.rs"]
mod file;

use rusqlite::Connection;

use super::clinic::Clinic;

/// Most bytes an entry may take.
const BAR: i64 = 300;

/// Stops the program, and says how many entries its clinic's trail has and how many bytes each takes.
pub fn print(clinic: &mut Clinic) {
    clinic.stop();
    let conn = file::open(clinic.folder.path(), clinic.id);
    let entries = number(&conn, "select count(*) from audit");
    if entries == 0 {
        println!("  no entry in the trail");
        return;
    }
    // With its indexes, its signatures and what is empty of their pages.
    let bytes = number(
        &conn,
        "select sum(pgsize) from dbstat where name in
            (select name from sqlite_schema where tbl_name in ('audit', 'checkpoints', 'trail_key'))",
    );
    let verdict = if bytes / entries <= BAR { "met" } else { "missed" };
    println!("  {entries} entries in the trail, {} bytes each (at most {BAR}: {verdict})", bytes / entries);
}

fn number(conn: &Connection, sql: &str) -> i64 {
    conn.query_row(sql, [], |row| row.get(0)).unwrap()
}
