//! Histories, read from what the triggers of the schema filed.
use serde_json::{Map, Value};

use super::model::{Asked, Change, Kind, Named, Revision, Shown, value};
use crate::{
    base::{Error, Instant, Page, Result},
    db::{ReadTx, Record, params, trail::history::Version},
};

/// A page of what became of record `id`, newest first; its creation comes last. The record must be there.
pub fn list<R: Record>(tx: &ReadTx<'_>, id: i64, columns: &[Shown], asked: &Asked) -> Result<Page<Revision>> {
    let below = match &asked.cursor {
        Some(cursor) => cursor.parse().map_err(|_| Error::field("/cursor", "unknown_value"))?,
        None => i64::MAX,
    };
    let limit = asked.limit.unwrap_or(50);
    let mut items = tx
        .versions::<R>(id, below, limit)?
        .into_iter()
        .map(|version| revision(tx, &version, columns))
        .collect::<Result<Vec<_>>>()?;
    let rows = i64::try_from(items.len()).unwrap_or(limit);
    let next = items.last().filter(|_| rows == limit).map(|last| (last.version - 1).to_string());
    if next.is_none() {
        items.push(beginning::<R>(tx, id)?);
    }
    Ok(Page { items, next })
}

fn revision(tx: &ReadTx<'_>, version: &Version, columns: &[Shown]) -> Result<Revision> {
    let changes = match (&version.before, &version.after) {
        (Some(before), Some(after)) => changes(tx, before, after, columns)?,
        _ => Vec::new(),
    };
    Ok(Revision {
        version: version.replaced + 1,
        at: version.at,
        user_id: version.user_id,
        user_name: version.user_name.clone(),
        verb: version.verb.clone(),
        erased: version.before.is_none(),
        changes,
    })
}

fn changes(
    tx: &ReadTx<'_>,
    before: &Map<String, Value>,
    after: &Map<String, Value>,
    columns: &[Shown],
) -> Result<Vec<Change>> {
    let differs = |shown: &&Shown| before.get(shown.column) != after.get(shown.column);
    let change = |shown: &Shown| {
        let (from, to) = (value(before, *shown), value(after, *shown));
        let (from_name, to_name) = (name(tx, shown.kind, &from)?, name(tx, shown.kind, &to)?);
        Ok(Change { field: shown.field, from, to, from_name, to_name })
    };
    columns.iter().filter(differs).map(change).collect()
}

fn name(tx: &ReadTx<'_>, kind: Kind, number: &Value) -> Result<Option<String>> {
    let (Kind::Of(named), Some(id)) = (kind, number.as_i64()) else { return Ok(None) };
    let sql = match named {
        Named::User => "select name from users where id = ?1",
        Named::Room => "select name from rooms where id = ?1",
        Named::Tag => "select name from tags where id = ?1",
        Named::Contact => "select coalesce(social_name, name) from contacts where id = ?1",
    };
    tx.first(sql, [id], |r| r.get(0))
}

/// Who made the record. What came with many others is on record once for all of them, without a line for this one.
fn beginning<R: Record>(tx: &ReadTx<'_>, id: i64) -> Result<Revision> {
    let made = format!("select created_at from {} where id = ?1", R::TABLE.name());
    let at: Instant = tx.one(R::NAME, &made, [id], |r| r.get(0))?;
    let by = tx.first(
        "select a.user_id, u.name from audit a left join users u on u.id = a.user_id
         where a.entity = ?1 and a.record_id = ?2 and a.verb = 'created' order by a.seq limit 1",
        params![R::NAME, id],
        |r| Ok((r.get(0)?, r.get(1)?)),
    )?;
    let (user_id, user_name) = by.unwrap_or_default();
    let (verb, changes) = ("created".to_owned(), Vec::new());
    Ok(Revision { version: 1, at, user_id, user_name, verb, erased: false, changes })
}
