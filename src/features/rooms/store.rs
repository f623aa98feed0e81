//! SQL of rooms.
use super::model::{Room, RoomFields};
use crate::{
    base::{Id, Result, Saved, diff},
    db::{Act, Audited, ReadTx, Row, RowResult, WriteTx, params, values},
};

const SELECT: &str = "select id, version, created_at, updated_at, name, active from rooms";

/// Every room, by name.
pub fn list(tx: &ReadTx<'_>) -> Result<Vec<Room>> {
    tx.all(&format!("{SELECT} order by fold(name), id"), [], read)
}

/// One room.
pub fn find(tx: &ReadTx<'_>, id: Id<RoomFields>) -> Result<Room> {
    tx.one("room", &format!("{SELECT} where id = ?1"), [id], read)
}

/// Adds a room.
pub fn create(tx: &mut WriteTx<'_>, room: &RoomFields) -> Result<Audited<Room>> {
    let insert = "insert into rooms (created_at, updated_at, name, active) values (?1, ?1, ?2, ?3)";
    let id = tx.insert(insert, params![tx.now(), room.name, room.active])?;
    let saved = find(tx, Id::new(id))?;
    tx.audited(Act::created::<RoomFields>(id), saved)
}

/// Writes what `change` makes of the room, if it is still at `version`.
pub fn update(
    tx: &mut WriteTx<'_>,
    id: Id<RoomFields>,
    version: i64,
    change: impl FnOnce(&RoomFields) -> Result<RoomFields>,
) -> Result<Audited<Room>> {
    let before = find(tx, id)?;
    let after = change(&before.fields)?;
    let sql = "update rooms set version = version + 1, updated_at = ?3, name = ?4, active = ?5 where id = ?1 and version = ?2";
    tx.update(sql, params![id, version, tx.now(), after.name, after.active])?;
    let act = Act::updated::<RoomFields>(id.number(), diff::between(&before.fields, &after));
    let saved = find(tx, id)?;
    tx.audited(act, saved)
}

fn read(row: &Row<'_>) -> RowResult<Room> {
    let fields = RoomFields { name: row.get("name")?, active: row.get("active")? };
    Ok(Saved { stamp: values::stamp(row)?, fields })
}
