//! SQL of imports.
use super::model::{By, Import, ImportFields, Report, Standing, Started};
use crate::{
    base::{Choice, Id, Result, Saved},
    db::{Act, Audited, ReadTx, Row, RowResult, WriteTx, params, values},
};

const SELECT: &str = "select i.id, i.version, i.created_at, i.updated_at, i.file_name, i.status, i.rows, i.done, i.created,
    i.duplicates, i.invalid, i.created_by, u.name as by_name from imports i left join users u on u.id = i.created_by";

/// Imports, newest first; the newest 200.
pub fn list(tx: &ReadTx<'_>) -> Result<Vec<Import>> {
    tx.all(&format!("{SELECT} order by i.id desc limit 200"), [], read)
}

/// One import.
pub fn find(tx: &ReadTx<'_>, id: Id<ImportFields>) -> Result<Import> {
    tx.one("import", &format!("{SELECT} where i.id = ?1"), [id], read)
}

/// The rows that an import did not bring in, as CSV.
pub fn refusals(tx: &ReadTx<'_>, id: Id<ImportFields>) -> Result<String> {
    find(tx, id)?;
    tx.one("refusals", "select csv from import_refusals where import_id = ?1", [id], |r| r.get(0))
}

/// Imports that no one is carrying out when the program starts.
pub fn running(tx: &ReadTx<'_>) -> Result<Vec<Id<ImportFields>>> {
    tx.all("select id from imports where status = 'running' order by id", [], |r| r.get(0))
}

/// The language of who is writing, for the list of refused rows.
pub fn language(tx: &ReadTx<'_>, user_id: Option<i64>) -> Result<String> {
    let found = tx.first("select language from users where id = ?1", [user_id], |r| r.get(0))?;
    Ok(found.unwrap_or_else(|| "pt-BR".to_owned()))
}

/// Opens an import of `rows` rows.
pub fn begin(tx: &mut WriteTx<'_>, file_name: &str, rows: usize) -> Result<Audited<Started>> {
    let sql = "insert into imports (created_at, updated_at, created_by, file_name, status, rows) values (?1, ?1, ?2, ?3, 'running', ?4)";
    let import_id = tx.insert(sql, params![tx.now(), tx.actor().user_id, file_name, number(rows)])?;
    tx.audited(Act::created::<ImportFields>(import_id), Started { import_id })
}

/// Notes how far an import has come; answers the act for it.
pub fn progress(tx: &WriteTx<'_>, report: &Report) -> Result<Act> {
    let sql = "update imports set version = version + 1, updated_at = ?2, done = ?3, created = ?4, duplicates = ?5, invalid = ?6
         where id = ?1";
    let Report { import_id, done, created, duplicates, invalid, .. } = *report;
    tx.run(
        sql,
        params![import_id, tx.now(), number(done), number(created), number(duplicates), number(invalid)],
    )?;
    let columns = ["done", "created", "duplicates", "invalid"].map(str::to_owned).to_vec();
    Ok(Act::updated::<ImportFields>(import_id, columns))
}

/// Closes an import whose rows are all seen to, and keeps the list of those it left out.
pub fn finish(tx: &mut WriteTx<'_>, id: Id<ImportFields>, refusals: Option<String>) -> Result<Audited<()>> {
    if let Some(csv) = refusals {
        tx.run("insert into import_refusals (import_id, csv) values (?1, ?2)", params![id, csv])?;
    }
    stand(tx, id, Standing::Done)?;
    tx.audited(Act::new::<ImportFields>("imported", id.number()), ())
}

/// Notes that an import was broken off.
pub fn fail(tx: &mut WriteTx<'_>, id: Id<ImportFields>) -> Result<Audited<()>> {
    stand(tx, id, Standing::Failed)?;
    tx.audited(Act::new::<ImportFields>("failed", id.number()), ())
}

/// Writes how an import stands; the act is the caller's.
pub fn stand(tx: &WriteTx<'_>, id: Id<ImportFields>, status: Standing) -> Result<()> {
    let sql = "update imports set version = version + 1, updated_at = ?2, status = ?3 where id = ?1";
    tx.run(sql, params![id, tx.now(), status.code()]).map(drop)
}

fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn read(row: &Row<'_>) -> RowResult<Import> {
    let by: Option<i64> = row.get("created_by")?;
    let name: Option<String> = row.get("by_name")?;
    let fields = ImportFields {
        file_name: row.get("file_name")?,
        status: values::choice(row, "status")?,
        rows: row.get("rows")?,
        done: row.get("done")?,
        created: row.get("created")?,
        duplicates: row.get("duplicates")?,
        invalid: row.get("invalid")?,
        created_by: by.zip(name).map(|(id, name)| By { id, name }),
    };
    Ok(Saved { stamp: values::stamp(row)?, fields })
}
