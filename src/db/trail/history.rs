//! The earlier versions of one record, read back: what changed from what to what, by whom and when.
use serde_json::{Map, Value};

use crate::{
    base::{Error, Instant, Result},
    db::{ReadTx, Record, Table, params},
};

/// One change of a record: the values before and after it, as they stand in columns.
#[derive(Debug)]
pub struct Version {
    /// The record's version that this change replaced.
    pub replaced: i64,
    /// When.
    pub at: Instant,
    /// The entry of the trail that answers for it.
    pub seq: Option<i64>,
    /// Who; none for the program itself.
    pub user_id: Option<i64>,
    /// Their name.
    pub user_name: Option<String>,
    /// What was done, as the trail says it: `updated`, `status_changed`.
    pub verb: String,
    /// The columns before; none when they were lawfully erased.
    pub before: Option<Map<String, Value>>,
    /// The columns after; none when they were erased, or the record was removed.
    pub after: Option<Map<String, Value>>,
}

impl ReadTx<'_> {
    /// The changes of record `id` up to the one that replaced version `below` - 1, newest first, `limit` at most.
    pub fn versions<R: Record>(&self, id: i64, below: i64, limit: i64) -> Result<Vec<Version>> {
        let mut changes = self.all(SELECT, params![R::TABLE.name(), id, below, limit], |r| {
            Ok((
                Version {
                    replaced: r.get(0)?,
                    at: r.get(1)?,
                    seq: r.get(3)?,
                    user_id: r.get(4)?,
                    user_name: r.get(5)?,
                    verb: r.get::<_, Option<String>>(6)?.unwrap_or_default(),
                    before: None,
                    after: None,
                },
                r.get::<_, Option<String>>(2)?,
            ))
        })?;
        let newest = changes.first().map_or(below, |(change, _)| change.replaced);
        let mut after =
            self.columns_after::<R>(id, newest, changes.first().and_then(|(_, old)| old.as_deref()))?;
        for (change, old) in &mut changes {
            let before = old.as_deref().map(object).transpose()?;
            change.after = std::mem::replace(&mut after, before.clone());
            change.before = before;
        }
        Ok(changes.into_iter().map(|(change, _)| change).collect())
    }

    /// The columns that replaced version `replaced`: the next version filed, or the record as it is. `shape` is a filed version,
    /// which names the columns.
    fn columns_after<R: Record>(
        &self,
        id: i64,
        replaced: i64,
        shape: Option<&str>,
    ) -> Result<Option<Map<String, Value>>> {
        let next = "select old from history where entity = ?1 and record_id = ?2 and version > ?3 order by version limit 1";
        let next =
            self.first(next, params![R::TABLE.name(), id, replaced], |r| r.get::<_, Option<String>>(0))?;
        match (next, shape) {
            (Some(old), _) => old.as_deref().map(object).transpose(),
            (None, Some(shape)) => self.columns_now(R::TABLE, id, &object(shape)?),
            (None, None) => Ok(None),
        }
    }

    fn columns_now(
        &self,
        table: Table,
        id: i64,
        shape: &Map<String, Value>,
    ) -> Result<Option<Map<String, Value>>> {
        // The names are those of the schema's own triggers.
        let pairs: Vec<String> = shape.keys().map(|name| format!("'{name}', \"{name}\"")).collect();
        let sql = format!("select json_object({}) from {} where id = ?1", pairs.join(", "), table.name());
        let now = self.first(&sql, [id], |r| r.get::<_, String>(0))?;
        now.as_deref().map(object).transpose()
    }
}

const SELECT: &str = "select h.version, h.replaced_at, h.old, a.seq, a.user_id, u.name, a.verb from history h
    left join audit a on a.seq = (select seq from audit where history_to >= h.id order by history_to limit 1)
    left join users u on u.id = a.user_id
    where h.entity = ?1 and h.record_id = ?2 and h.version < ?3 order by h.version desc limit ?4";

fn object(text: &str) -> Result<Map<String, Value>> {
    serde_json::from_str(text).map_err(Error::internal)
}
