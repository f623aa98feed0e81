//! What a screen missed while it was cut off, from the trail.
use crate::{
    base::Result,
    db::{Event, ReadTx, events::QUIET, params},
};

/// More than this many and a screen starts over instead.
const MOST: i64 = 500;
/// More entries than this, most of them of no interest to a screen, are not looked through.
const MOST_ENTRIES: i64 = 20_000;

/// The newest entry of the trail.
pub fn newest(tx: &ReadTx<'_>) -> Result<i64> {
    tx.number("select max(seq) from audit", [])
}

/// Acts after entry `seq`, oldest first; none when there are too many to tell one by one.
pub fn since(tx: &ReadTx<'_>, seq: i64) -> Result<Option<Vec<Event>>> {
    if newest(tx)? - seq > MOST_ENTRIES {
        return Ok(None);
    }
    let quiet = QUIET.iter().map(|verb| format!("'{verb}'")).collect::<Vec<_>>().join(", ");
    let sql = format!(
        "select a.seq, a.verb, a.entity, a.record_id, a.user_id, u.name from audit a left join users u on u.id = a.user_id
         where a.seq > ?1 and a.verb not in ({quiet}) order by a.seq limit ?2"
    );
    let events = tx.all(&sql, params![seq, MOST + 1], |r| {
        Ok(Event {
            seq: r.get(0)?,
            verb: r.get(1)?,
            entity: r.get(2)?,
            id: r.get(3)?,
            user_id: r.get(4)?,
            user_name: r.get(5)?,
        })
    })?;
    let too_many = i64::try_from(events.len()).unwrap_or(i64::MAX) > MOST;
    Ok((!too_many).then_some(events))
}
