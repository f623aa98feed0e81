//! Takes an import back: every contact it wrote goes, or none does. Afterwards register and search are what they were before it.
use serde_json::{Value, json};

use super::{
    model::{Import, ImportFields, Standing},
    store,
};
use crate::{
    access::{Grant, permissions::ImportContacts},
    base::{Error, Id, Result},
    db::{Act, Audited, ReadTx, WriteTx, params},
    features::contacts::model::ContactFields,
};

/// Contacts removed in one transaction, so that the desk's own writes go in between.
const RUN: i64 = 500;
/// Contacts named when an import is in use.
const NAMED: i64 = 50;

/// Contacts of an import that the clinic has used since: they have appointments, or someone changed them.
const USED: &str = "from contacts c where c.import_id = ?1
    and (c.version > 1 or exists (select 1 from visits v where v.contact_id = c.id))";

/// Removes what an import wrote, if none of it was used. Blocks. Should someone use one of the last contacts while the first are
/// being removed, the import stays `failed` and can be undone again later.
pub fn undo(grant: &Grant<ImportContacts>, id: Id<ImportFields>, version: i64) -> Result<Import> {
    grant.read_here(|tx| {
        ready(tx, id, version)?;
        unused(tx, id, 0)
    })?;
    let mut first = Some(version);
    loop {
        let version = first.take();
        if let Some(undone) = grant.write_here(move |tx| step(tx, id, version))? {
            return Ok(undone);
        }
    }
}

/// Removes one run; answers the import once nothing of it is left. Only the first step asks for the version that was read.
fn step(tx: &mut WriteTx<'_>, id: Id<ImportFields>, version: Option<i64>) -> Result<Audited<Option<Import>>> {
    if let Some(version) = version {
        ready(tx, id, version)?;
    }
    let sql = "select id from contacts where import_id = ?1 order by id desc limit ?2";
    let ids = tx.all(sql, params![id, RUN], |r| r.get::<_, i64>(0))?;
    let lowest = ids.last().copied().unwrap_or(0);
    unused(tx, id, lowest)?;
    tx.run("delete from contacts where import_id = ?1 and id >= ?2", params![id, lowest])?;
    for (first, last) in runs(&ids) {
        tx.record(Act::run::<ContactFields>("removed", first, last));
    }
    let left =
        tx.number("select count(*) from (select 1 from contacts where import_id = ?1 limit 1)", [id])?;
    let (status, verb) = if left == 0 { (Standing::Undone, "undone") } else { (Standing::Failed, "undoing") };
    store::stand(tx, id, status)?;
    let undone = if left == 0 { Some(store::find(tx, id)?) } else { None };
    tx.audited(Act::new::<ImportFields>(verb, id.number()), undone)
}

/// Only an import that has ended can be undone, and only once.
fn ready(tx: &ReadTx<'_>, id: Id<ImportFields>, version: i64) -> Result<()> {
    let import = store::find(tx, id)?;
    match import.status {
        _ if import.stamp.version != version => Err(Error::Stale),
        Standing::Done | Standing::Failed => Ok(()),
        from => Err(Error::conflict("illegal_status").with("from", from).with("to", Standing::Undone)),
    }
}

/// Refuses when a contact of the import from `lowest` on was used, and names the first of them.
fn unused(tx: &ReadTx<'_>, id: Id<ImportFields>, lowest: i64) -> Result<()> {
    let sql =
        format!("select c.id, coalesce(c.social_name, c.name) {USED} and c.id >= ?2 order by c.id limit ?3");
    let used: Vec<Value> = tx.all(&sql, params![id, lowest, NAMED], |r| {
        Ok(json!({ "id": r.get::<_, i64>(0)?, "display_name": r.get::<_, String>(1)? }))
    })?;
    if used.is_empty() { Ok(()) } else { Err(Error::conflict("import_used").with("contacts", used)) }
}

/// Numbers that fall as runs from first to last: contacts the desk registered meanwhile may lie between.
fn runs(falling: &[i64]) -> Vec<(i64, i64)> {
    let mut runs: Vec<(i64, i64)> = Vec::new();
    for id in falling {
        match runs.last_mut() {
            Some((first, _)) if *first == id + 1 => *first = *id,
            _ => runs.push((*id, *id)),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_a_row_are_one_run() {
        assert_eq!(runs(&[9, 8, 7, 4, 2, 1]), [(7, 9), (4, 4), (1, 2)]);
        assert!(runs(&[]).is_empty());
    }
}
