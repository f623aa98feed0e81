//! SQL of blocks.
use std::sync::Arc;

use super::model::{Between, Block, BlockFields, LONGEST_SECONDS, Placed};
use crate::{
    base::{Error, FieldError, Id, Instant, Result, Saved, diff},
    db::{Act, Audited, OfTables, ReadTx, Row, RowResult, Table, WriteTx, params, values},
    features::clinic,
};

const SELECT: &str =
    "select id, version, created_at, updated_at, professional_id, room_id, starts_at, ends_at, reason
    from blocks";

const INSERT: &str =
    "insert into blocks (created_at, updated_at, professional_id, room_id, starts_at, ends_at, reason)
    values (?1, ?1, ?2, ?3, ?4, ?5, ?6)";

const UPDATE: &str =
    "update blocks set version = version + 1, updated_at = ?3, professional_id = ?4, room_id = ?5,
    starts_at = ?6, ends_at = ?7, reason = ?8 where id = ?1 and version = ?2";

/// 28,800 s is the longest appointment: one that began earlier is over.
const AFFECTED: &str =
    "select id from appointments where starts_at > ?1 - 28800 and starts_at < ?2 and ends_at > ?1 and holds = 1
           and (professional_id = ?3 or room_id = ?4 or (?3 is null and ?4 is null)) order by starts_at, id limit 1000";

/// The blocks of some days, or those not over yet, by start.
pub fn list(tx: &ReadTx<'_>, between: &Between) -> Result<Vec<Block>> {
    let zone = clinic::store::find(tx)?.zone();
    let from = between.date_from.map_or(tx.now(), |day| day.start_in(&zone));
    let to = between.date_to.map_or(Instant(i64::MAX), |day| day.plus_days(1).start_in(&zone));
    overlapping(tx, from, to)
}

/// Every block that takes some time between two instants, by start.
pub fn overlapping(tx: &ReadTx<'_>, from: Instant, to: Instant) -> Result<Vec<Block>> {
    let sql = format!(
        "{SELECT} where starts_at > ?1 - ?3 and starts_at < ?2 and ends_at > ?1 order by starts_at, id"
    );
    tx.all(&sql, params![from, to, LONGEST_SECONDS + 1], read)
}

/// As [`overlapping`], and what else lies in the same days (of UTC): asked for with every booking, and kept until a block changes.
pub fn around(tx: &ReadTx<'_>, from: Instant, to: Instant) -> Result<Arc<Blocks>> {
    let from = Instant(from.0 - from.0.rem_euclid(DAY_SECONDS));
    let to = Instant(to.0 + (-to.0).rem_euclid(DAY_SECONDS));
    tx.of_tables(&format!("blocks {} {}", from.0, to.0), || overlapping(tx, from, to).map(Blocks))
}

/// Some blocks, by start.
#[derive(Debug)]
pub struct Blocks(pub Vec<Block>);

impl OfTables for Blocks {
    const TABLES: &'static [Table] = &[Table::Blocks];
}

const DAY_SECONDS: i64 = 86_400;

/// One block.
pub fn find(tx: &ReadTx<'_>, id: Id<BlockFields>) -> Result<Block> {
    tx.one("block", &format!("{SELECT} where id = ?1"), [id], read)
}

/// Blocks a stretch. Appointments inside it stay, and are answered so that someone can rebook them.
pub fn create(tx: &mut WriteTx<'_>, block: &BlockFields) -> Result<Audited<Placed>> {
    check_references(tx, block)?;
    let b = block;
    let id =
        tx.insert(INSERT, params![tx.now(), b.professional_id, b.room_id, b.starts_at, b.ends_at, b.reason])?;
    let placed = placed(tx, Id::new(id))?;
    tx.audited(Act::created::<BlockFields>(id), placed)
}

/// Writes what `change` makes of the block, if it is still at `version`.
pub fn update(
    tx: &mut WriteTx<'_>,
    id: Id<BlockFields>,
    version: i64,
    change: impl FnOnce(&BlockFields) -> Result<BlockFields>,
) -> Result<Audited<Placed>> {
    let before = find(tx, id)?;
    let b = change(&before.fields)?;
    check_references(tx, &b)?;
    let now = tx.now();
    tx.update(
        UPDATE,
        params![id, version, now, b.professional_id, b.room_id, b.starts_at, b.ends_at, b.reason],
    )?;
    let act = Act::updated::<BlockFields>(id.number(), diff::between(&before.fields, &b));
    let placed = placed(tx, id)?;
    tx.audited(act, placed)
}

/// Frees the stretch again.
pub fn remove(tx: &mut WriteTx<'_>, id: Id<BlockFields>, version: i64) -> Result<Audited<()>> {
    find(tx, id)?;
    tx.update("delete from blocks where id = ?1 and version = ?2", params![id, version])?;
    tx.audited(Act::removed::<BlockFields>(id.number()), ())
}

fn placed(tx: &ReadTx<'_>, id: Id<BlockFields>) -> Result<Placed> {
    let block = find(tx, id)?;
    let found = params![block.starts_at, block.ends_at, block.professional_id, block.room_id];
    let affected = tx.all(AFFECTED, found, |row| row.get(0))?;
    Ok(Placed { block, affected })
}

fn check_references(tx: &ReadTx<'_>, block: &BlockFields) -> Result<()> {
    let professionals = "select count(*) from users where id = ?1 and is_professional = 1";
    let mut errors = Vec::new();
    if block.professional_id.is_some() && tx.number(professionals, [block.professional_id])? == 0 {
        errors.push(FieldError::new("/professional_id", "not_found"));
    }
    if block.room_id.is_some() && tx.number("select count(*) from rooms where id = ?1", [block.room_id])? == 0
    {
        errors.push(FieldError::new("/room_id", "not_found"));
    }
    if errors.is_empty() { Ok(()) } else { Err(Error::Invalid(errors)) }
}

fn read(row: &Row<'_>) -> RowResult<Block> {
    let fields = BlockFields {
        professional_id: row.get("professional_id")?,
        room_id: row.get("room_id")?,
        starts_at: row.get("starts_at")?,
        ends_at: row.get("ends_at")?,
        reason: row.get("reason")?,
    };
    Ok(Saved { stamp: values::stamp(row)?, fields })
}
