//! SQL of imports.
use serde_json::json;

use super::{
    model::{Import, ImportFields, State},
    rows::Ready,
};
use crate::{
    base::{Choice, Error, Id, Result, Saved},
    db::{Act, Audited, ReadTx, Row, RowResult, WriteTx, params, values},
    features::contacts::{
        model::ContactFields,
        store::{self as contacts, Origin},
    },
};

const SELECT: &str =
    "select i.id, i.version, i.created_at, i.updated_at, i.file_name, i.status, i.rows, i.done, i.created,
    i.duplicates, i.invalid, u.name as by_name from imports i left join users u on u.id = i.created_by";

/// Contacts told when an import cannot be undone.
const MOST_TOLD: i64 = 20;

/// The imports, newest first.
pub fn list(tx: &ReadTx<'_>) -> Result<Vec<Import>> {
    tx.all(&format!("{SELECT} order by i.id desc limit 100"), [], read)
}

/// One import.
pub fn find(tx: &ReadTx<'_>, id: Id<ImportFields>) -> Result<Import> {
    tx.one("import", &format!("{SELECT} where i.id = ?1"), [id], read)
}

/// The refused rows of an import as CSV; nothing when none was refused.
pub fn refusals(tx: &ReadTx<'_>, id: Id<ImportFields>) -> Result<String> {
    find(tx, id)?;
    let sql = "select csv from import_refusals where import_id = ?1";
    tx.one("refused rows", sql, [id], |r| r.get(0))
}

/// What is written when an import begins.
#[derive(Debug)]
pub struct Beginning {
    /// Name of the file.
    pub file_name: String,
    /// Rows of the file.
    pub rows: usize,
    /// Rows whose person is there already.
    pub duplicates: usize,
    /// Rows with something wrong.
    pub invalid: usize,
    /// The refused rows, where there are any.
    pub refused: Option<String>,
}

/// Opens an import; its refused rows are kept from the start.
pub fn begin(tx: &mut WriteTx<'_>, b: &Beginning) -> Result<Audited<i64>> {
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let id = tx.insert(
        "insert into imports (created_at, updated_at, created_by, file_name, status, rows, done, duplicates, invalid)
         values (?1, ?1, ?2, ?3, 'running', ?4, ?5, ?6, ?7)",
        params![
            tx.now(),
            tx.actor().user_id,
            b.file_name,
            count(b.rows),
            count(b.duplicates + b.invalid),
            count(b.duplicates),
            count(b.invalid)
        ],
    )?;
    if let Some(csv) = &b.refused {
        tx.insert("insert into import_refusals (import_id, csv) values (?1, ?2)", params![id, csv])?;
    }
    tx.audited(Act::new::<ImportFields>("import_begun", id), id)
}

/// Writes a run of rows. Someone registered at a desk since the file was looked at is left out as a duplicate.
pub fn write_run(tx: &mut WriteTx<'_>, import: i64, rows: &[Ready]) -> Result<Audited<()>> {
    let mut next = Origin::next(tx)?;
    let first = next.id;
    let mut created = 0;
    for row in rows {
        if is_there_by_now(tx, &row.contact)? {
            continue;
        }
        let record_number = free_number(tx, row.record_number)?.unwrap_or(next.record_number);
        contacts::insert(tx, &row.contact, Origin { id: next.id, record_number, import_id: Some(import) })?;
        next.id += 1;
        next.record_number = next.record_number.max(record_number) + 1;
        created += 1;
    }
    let seen = i64::try_from(rows.len()).unwrap_or(0);
    tx.run(
        "update imports set version = version + 1, updated_at = ?2, done = done + ?3, created = created + ?4,
             duplicates = duplicates + ?3 - ?4 where id = ?1",
        params![import, tx.now(), seen, created],
    )?;
    if created > 0 {
        tx.record(Act::run::<ContactFields>("imported", first, next.id - 1));
    }
    tx.audited(Act::new::<ImportFields>("updated", import), ())
}

fn is_there_by_now(tx: &ReadTx<'_>, contact: &ContactFields) -> Result<bool> {
    let Some(cpf) = &contact.cpf else { return Ok(false) };
    Ok(tx.number("select count(*) from contacts where cpf = ?1", [cpf.as_str()])? > 0)
}

fn free_number(tx: &ReadTx<'_>, wished: Option<i64>) -> Result<Option<i64>> {
    let Some(number) = wished else { return Ok(None) };
    let taken = tx.number("select count(*) from contacts where record_number = ?1", [number])? > 0;
    Ok((!taken).then_some(number))
}

/// Closes an import.
pub fn end(tx: &mut WriteTx<'_>, import: i64, state: State) -> Result<Audited<()>> {
    tx.run(
        "update imports set version = version + 1, updated_at = ?2, status = ?3 where id = ?1",
        params![import, tx.now(), state.code()],
    )?;
    tx.audited(Act::new::<ImportFields>("import_ended", import), ())
}

/// Marks imports that were running when the program stopped: what they wrote stays and can be undone.
pub fn fail_interrupted(tx: &mut WriteTx<'_>) -> Result<Audited<usize>> {
    let running = tx.all("select id from imports where status = 'running'", [], |r| r.get::<_, i64>(0))?;
    for id in &running {
        tx.run(
            "update imports set version = version + 1, updated_at = ?2, status = 'failed' where id = ?1",
            params![id, tx.now()],
        )?;
        tx.record(Act::new::<ImportFields>("import_ended", *id));
    }
    let (first, count) = (running.first().copied(), running.len());
    tx.audited(Act::about::<ImportFields>("imports_looked_at", first), count)
}

/// Whether an import was running when the program stopped.
pub fn is_interrupted(tx: &ReadTx<'_>) -> Result<bool> {
    Ok(tx.number("select count(*) from imports where status = 'running'", [])? > 0)
}

/// Takes every contact of an import out again, in one transaction: the register and its search index are as before.
pub fn undo(tx: &mut WriteTx<'_>, id: Id<ImportFields>, version: i64) -> Result<Audited<Import>> {
    let import = find(tx, id)?;
    if version != import.stamp.version {
        return Err(Error::Stale);
    }
    if !matches!(import.status, State::Done | State::Failed) {
        return Err(Error::conflict("illegal_status").with("from", import.status));
    }
    refuse_used(tx, id)?;
    for (first, last) in runs(tx, id)? {
        tx.record(Act::run::<ContactFields>("removed", first, last));
    }
    tx.run("delete from contacts where import_id = ?1", [id])?;
    tx.run(
        "update imports set version = version + 1, updated_at = ?2, status = 'undone' where id = ?1",
        params![id, tx.now()],
    )?;
    let undone = find(tx, id)?;
    tx.audited(Act::new::<ImportFields>("undone", id.number()), undone)
}

/// Contacts that were booked or changed since they were brought in have a life of their own.
fn refuse_used(tx: &ReadTx<'_>, id: Id<ImportFields>) -> Result<()> {
    let used = tx.all(
        "select c.id, coalesce(c.social_name, c.name) from contacts c where c.import_id = ?1
         and (c.version > 1 or exists (select 1 from appointments a where a.contact_id = c.id)) order by c.id limit ?2",
        params![id, MOST_TOLD],
        |r| Ok(json!({ "id": r.get::<_, i64>(0)?, "display_name": r.get::<_, String>(1)? })),
    )?;
    if used.is_empty() { Ok(()) } else { Err(Error::conflict("import_used").with("contacts", used)) }
}

/// The runs of numbers an import's contacts have.
fn runs(tx: &ReadTx<'_>, id: Id<ImportFields>) -> Result<Vec<(i64, i64)>> {
    let ids =
        tx.all("select id from contacts where import_id = ?1 order by id", [id], |r| r.get::<_, i64>(0))?;
    let mut runs: Vec<(i64, i64)> = Vec::new();
    for id in ids {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == id => *last = id,
            _ => runs.push((id, id)),
        }
    }
    Ok(runs)
}

fn read(row: &Row<'_>) -> RowResult<Import> {
    let fields = ImportFields {
        file_name: row.get("file_name")?,
        status: values::choice(row, "status")?,
        rows: row.get("rows")?,
        done: row.get("done")?,
        created: row.get("created")?,
        duplicates: row.get("duplicates")?,
        invalid: row.get("invalid")?,
        created_by: row.get("by_name")?,
    };
    Ok(Saved { stamp: values::stamp(row)?, fields })
}
