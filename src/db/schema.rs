//! The schema of a clinic's file: `schema.sql` is the text, this module runs and checks it.
use rusqlite::Connection;

use super::OpenError;

/// What a new file runs.
pub const SCHEMA: &str = include_str!("../../schema.sql");
/// Version of [`SCHEMA`], kept in `user_version`.
pub const VERSION: i64 = 4;
/// 'TCMD': tells a clinic's file from any other SQLite file.
pub const APPLICATION_ID: i64 = 1_413_696_836;

/// Creates everything in an empty file, in one transaction.
pub(super) fn create(conn: &Connection) -> Result<(), OpenError> {
    conn.execute_batch(&format!("begin;\n{SCHEMA}\ncommit;"))?;
    Ok(())
}

/// Refuses a file that is not a clinic's, or is newer than this program.
pub(super) fn verify(conn: &Connection, path: &std::path::Path) -> Result<(), OpenError> {
    let number = |pragma: &str| conn.query_row(&format!("pragma {pragma}"), [], |r| r.get::<_, i64>(0));
    if number("application_id")? != APPLICATION_ID {
        return Err(OpenError::NotTaskMed(path.to_owned()));
    }
    match number("user_version")? {
        VERSION => Ok(()),
        newer if newer > VERSION => Err(OpenError::Newer { file: newer, program: VERSION }),
        older => Err(OpenError::Broken(format!("no way from schema version {older} to {VERSION}"))),
    }
}

/// Every object of a file as `type name sql`, sorted: two files with the same answer have the same schema.
pub fn fingerprint(conn: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut statement = conn.prepare(
        "select type || ' ' || name || ' ' || coalesce(sql, '') from sqlite_schema order by type, name",
    )?;
    let rows = statement.query_map([], |r| r.get(0))?;
    rows.collect()
}
