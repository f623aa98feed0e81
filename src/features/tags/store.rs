//! SQL of tags.
use super::model::{Tag, TagFields};
use crate::{
    base::{Error, Id, Result, Saved, diff},
    db::{Act, Audited, ReadTx, Row, RowResult, WriteTx, params, values},
};

const SELECT: &str = "select id, version, created_at, updated_at, name, color from tags";

/// Every tag, by name.
pub fn list(tx: &ReadTx<'_>) -> Result<Vec<Tag>> {
    tx.all(&format!("{SELECT} order by fold(name), id"), [], read)
}

/// One tag.
pub fn find(tx: &ReadTx<'_>, id: Id<TagFields>) -> Result<Tag> {
    tx.one("tag", &format!("{SELECT} where id = ?1"), [id], read)
}

/// Adds a tag.
pub fn create(tx: &mut WriteTx<'_>, tag: &TagFields) -> Result<Audited<Tag>> {
    let insert = "insert into tags (created_at, updated_at, name, color) values (?1, ?1, ?2, ?3)";
    let id = tx.insert(insert, params![tx.now(), tag.name, tag.color])?;
    let saved = find(tx, Id::new(id))?;
    tx.audited(Act::created::<TagFields>(id), saved)
}

/// Writes what `change` makes of the tag, if it is still at `version`.
pub fn update(
    tx: &mut WriteTx<'_>,
    id: Id<TagFields>,
    version: i64,
    change: impl FnOnce(&TagFields) -> Result<TagFields>,
) -> Result<Audited<Tag>> {
    let before = find(tx, id)?;
    let after = change(&before.fields)?;
    let sql = "update tags set version = version + 1, updated_at = ?3, name = ?4, color = ?5 where id = ?1 and version = ?2";
    tx.update(sql, params![id, version, tx.now(), after.name, after.color])?;
    let act = Act::updated::<TagFields>(id.number(), diff::between(&before.fields, &after));
    let saved = find(tx, id)?;
    tx.audited(act, saved)
}

/// Removes a tag no appointment wears. One that is worn is part of what happened and stays.
pub fn remove(tx: &mut WriteTx<'_>, id: Id<TagFields>, version: i64) -> Result<Audited<()>> {
    find(tx, id)?;
    let worn = tx.number("select count(*) from appointments where tag_id = ?1", [id])?;
    if worn > 0 {
        return Err(Error::conflict("in_use").with("appointments", worn));
    }
    tx.update("delete from tags where id = ?1 and version = ?2", params![id, version])?;
    tx.audited(Act::removed::<TagFields>(id.number()), ())
}

fn read(row: &Row<'_>) -> RowResult<Tag> {
    let fields = TagFields { name: row.get("name")?, color: row.get("color")? };
    Ok(Saved { stamp: values::stamp(row)?, fields })
}
