//! SQL of the trail as it is read.
use super::model::{Entry, Wanted};
use crate::{
    base::{Error, Page, Result},
    db::{Filter, Outcome, ReadTx, Row, RowResult, Value, key, params_from_iter},
    features::clinic,
};

/// Rows of a page unless said.
const ROWS: i64 = 50;

const SELECT: &str = "select a.seq, a.at, a.user_id, u.name, a.roles, a.verb, a.entity, a.record_id, a.last_id, a.outcome, a.columns,
    a.origin, a.request_id, a.reason, a.hash from audit a left join users u on u.id = a.user_id";

/// Where days lie among the numbers, so that entries are read by number: from the first entry of the first of them to the last of
/// the last.
const AMONG: &str = "a.seq >= (select min(seq) from audit_days where day between ? and ?)
    and a.seq < coalesce((select min(seq) from audit_days where seq >
        (select max(seq) from audit_days where day between ? and ?)), 9223372036854775807)";

/// A page of entries, newest first: in the order in which they were written, whatever the clock did meanwhile.
pub fn list(tx: &ReadTx<'_>, wanted: &Wanted) -> Result<Page<Entry>> {
    let (from, before) = days(tx, wanted)?;
    let mut filter = within((from, before));
    if from.is_some() || before.is_some() {
        let ends = [from.unwrap_or(i64::MIN), before.map_or(i64::MAX, |before| before - 1)];
        let ends = ends.map(|end| Value::from(end.div_euclid(86_400)));
        filter.and_all(AMONG, ends.clone().into_iter().chain(ends));
    }
    narrow(&mut filter, wanted);
    let mark = wanted.cursor.as_ref().map(|cursor| cursor.parse::<i64>());
    let mark = mark.transpose().map_err(|_| Error::field("/cursor", "unknown_value"))?;
    filter.and("a.seq < ?", mark);
    let limit = wanted.limit.unwrap_or(ROWS);
    let (conditions, values) = filter.into_parts();
    let sql = format!("{SELECT}{conditions} order by a.seq desc limit {}", limit + 1);
    let rows = tx.all(&sql, params_from_iter(values), read)?;
    let limit = usize::try_from(limit).map_err(Error::internal)?;
    Ok(Page::cut(rows, limit, |last| last.seq.to_string()))
}

/// The next entries after number `after` in the order they were written, for a file.
pub fn after(tx: &ReadTx<'_>, wanted: &Wanted, (after, upto): (i64, i64), limit: i64) -> Result<Vec<Entry>> {
    let mut filter = within(days(tx, wanted)?);
    narrow(&mut filter, wanted);
    filter.and("a.seq > ?", Some(after));
    filter.and("a.seq <= ?", Some(upto));
    let (conditions, values) = filter.into_parts();
    tx.all(&format!("{SELECT}{conditions} order by a.seq limit {limit}"), params_from_iter(values), read)
}

/// The number of the newest entry.
pub fn newest(tx: &ReadTx<'_>) -> Result<i64> {
    tx.number("select max(seq) from audit", [])
}

/// The days asked for, as seconds from and before.
fn days(tx: &ReadTx<'_>, wanted: &Wanted) -> Result<(Option<i64>, Option<i64>)> {
    let zone = clinic::store::find(tx)?.zone();
    let from = wanted.date_from.map(|day| day.start_in(&zone).0);
    Ok((from, wanted.date_to.map(|day| day.plus_days(1).start_in(&zone).0)))
}

fn within((from, before): (Option<i64>, Option<i64>)) -> Filter {
    let mut filter = Filter::default();
    filter.and("a.at >= ?", from);
    filter.and("a.at < ?", before);
    filter
}

fn narrow(filter: &mut Filter, wanted: &Wanted) {
    filter.and("a.user_id = ?", wanted.user_id);
    filter.and("a.verb = ?", wanted.verb.clone());
    filter.and("a.entity = ?", wanted.entity.clone());
    filter.and("? between a.record_id and coalesce(a.last_id, a.record_id)", wanted.entity_id);
    filter.and("a.outcome = ?", wanted.outcome.map(Outcome::stored));
}

fn read(row: &Row<'_>) -> RowResult<Entry> {
    let list = |i: usize| -> RowResult<Vec<String>> {
        let text: String = row.get(i)?;
        Ok(text.split(',').filter(|part| !part.is_empty()).map(str::to_owned).collect())
    };
    Ok(Entry {
        seq: row.get(0)?,
        at: row.get(1)?,
        user_id: row.get(2)?,
        user_name: row.get(3)?,
        roles: list(4)?,
        verb: row.get(5)?,
        entity: row.get(6)?,
        entity_id: row.get(7)?,
        last_id: row.get(8)?,
        outcome: Outcome::from_stored(row.get(9)?),
        columns: list(10)?,
        origin: row.get(11)?,
        request_id: row.get(12)?,
        reason: row.get(13)?,
        hash: key::hex(&row.get::<_, Vec<u8>>(14)?),
    })
}
