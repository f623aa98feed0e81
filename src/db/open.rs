//! Opening a clinic's file: the same settings on every connection, and every refusal by name.
use std::path::Path;

use rusqlite::{Connection, ErrorCode, OpenFlags, config::DbConfig, functions::FunctionFlags};

use super::{OpenError, key::DataKey, schema};
use crate::base::text;

/// How a connection will be used; decides its cache and whether it may write.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Writer,
    Reader,
    /// Reads all of it once, page after page: a copy. Or nothing at all: it brings the log home.
    Sweep,
    /// Reads all of it and holds each index against its table: a check, a drill.
    Check,
}

/// Makes a new, empty clinic file. Refuses to touch one that exists.
pub(super) fn create(path: &Path, key: &DataKey) -> Result<Connection, OpenError> {
    if path.exists() {
        return Err(OpenError::Broken(format!("{} exists already", path.display())));
    }
    let flags =
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(path, flags)?;
    unlock(&conn, key)?;
    settings(&conn, Role::Writer)?;
    schema::create(&conn)?;
    Ok(conn)
}

/// Opens an empty file for a copy. It keeps no journal: who makes it flushes it as a whole, and throws away what was cut off.
pub(super) fn blank(path: &Path, key: &DataKey) -> Result<Connection, OpenError> {
    let flags =
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(path, flags)?;
    unlock(&conn, key)?;
    conn.execute_batch("pragma journal_mode = off; pragma synchronous = off; pragma cache_size = -256;")?;
    Ok(conn)
}

/// Opens an existing clinic file and checks that it is one, of this program's schema, and of clinic `clinic_id`.
pub(super) fn open(path: &Path, key: &DataKey, clinic_id: i64, role: Role) -> Result<Connection, OpenError> {
    if !path.exists() {
        return Err(OpenError::Missing(path.to_owned()));
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(path, flags)?;
    unlock(&conn, key)?;
    readable(&conn, path)?;
    schema::verify(&conn, path)?;
    settings(&conn, role)?;
    let found: i64 = conn.query_row("select coalesce(max(id), 0) from clinic", [], |r| r.get(0))?;
    if found != clinic_id {
        return Err(OpenError::WrongClinic { expected: clinic_id, found });
    }
    if role == Role::Writer {
        bring_home(&conn);
    }
    Ok(conn)
}

/// Brings what a power cut left in the log into the file, before anyone else looks: a page that was being written then is torn in
/// the file and whole in the log. Where that fails, for want of room, the log stays and is read along.
fn bring_home(conn: &Connection) {
    if let Err(error) = conn.query_row("pragma wal_checkpoint(truncate)", [], |_| Ok(())) {
        tracing::warn!(%error, "the log of an earlier run stays beside the file for now");
    }
}

/// The cipher's own log stays off: a damaged file would write tens of thousands of lines to standard error.
fn unlock(conn: &Connection, key: &DataKey) -> Result<(), OpenError> {
    conn.pragma_update(None, "cipher_log_level", "NONE")?;
    conn.pragma_update(None, "key", key.pragma().as_str())?;
    // Most of what a page costs to read is checking its signature: with SHA-256, which today's processors compute by themselves,
    // it is half of what the cipher's usual SHA-512 takes.
    conn.pragma_update(None, "cipher_hmac_algorithm", "HMAC_SHA256")?;
    Ok(())
}

fn readable(conn: &Connection, path: &Path) -> Result<(), OpenError> {
    match conn.query_row("select count(*) from sqlite_schema", [], |r| r.get::<_, i64>(0)) {
        Ok(_) => Ok(()),
        Err(rusqlite::Error::SqliteFailure(e, _)) if e.code == ErrorCode::NotADatabase => {
            Err(OpenError::WrongKey(path.to_owned()))
        }
        Err(other) => Err(other.into()),
    }
}

/// `synchronous=full` is what makes an acknowledged write survive a power cut; group commit pays for it.
fn settings(conn: &Connection, role: Role) -> Result<(), OpenError> {
    conn.execute_batch(
        "pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on; pragma temp_store = memory;
         pragma recursive_triggers = on; pragma busy_timeout = 5000;",
    )?;
    // Readers lose their pages at every commit; the writer keeps its own, and would come to hold all that a busy day has written.
    // Who reads everything once comes back to nothing, and would leave its memory behind.
    let cache_kib = match role {
        Role::Writer => 8_192,
        Role::Reader => 16_384,
        Role::Sweep => 256,
        Role::Check => 1_024,
    };
    conn.execute_batch(&format!("pragma cache_size = -{cache_kib};"))?;
    if role != Role::Writer {
        conn.execute_batch("pragma query_only = on;")?;
    }
    conn.set_prepared_statement_cache_capacity(256);
    // Without this SQLite peeks at the values bound to a statement when it plans it, and plans it again each time they change: a
    // third of all the writer's work.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    // For lists in order of names: Álvaro stands among those with A, whatever the case.
    let flags =
        FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_INNOCUOUS;
    conn.create_scalar_function("fold", 1, flags, |call| {
        call.get::<String>(0).map(|name| text::fold(&name))
    })?;
    Ok(())
}
