//! Lists of appointments: by days, professional, patient or state, a page at a time.
use super::{
    hours::Hours,
    model::{Appointment, Wanted},
    store,
};
use crate::{
    base::{Choice, Error, Page, Result},
    db::{Filter, ReadTx, Value, params_from_iter},
    features::clinic,
};

/// A page of appointments by start.
pub fn list(tx: &ReadTx<'_>, wanted: &Wanted) -> Result<Page<Appointment>> {
    let hours = Hours::of(&clinic::store::find(tx)?.fields);
    let mut filter = Filter::default();
    filter.and("a.starts_at >= ?", wanted.date_from.map(|day| hours.whole_day(day).from.0));
    filter.and("a.starts_at < ?", wanted.date_to.map(|day| hours.whole_day(day).to.0));
    filter.and("a.professional_id = ?", wanted.professional_id);
    filter.and("a.contact_id = ?", wanted.contact_id);
    filter.and("a.status = ?", wanted.status.map(|status| status.code().to_owned()));
    if let Some(cursor) = &wanted.cursor {
        let (starts_at, id) = mark(cursor)?;
        filter.and("a.starts_at >= ?", Some(starts_at));
        filter.and_all("(a.starts_at, a.id) > (?, ?)", [Value::from(starts_at), Value::from(id)]);
    }
    let limit = usize::try_from(wanted.limit.unwrap_or(50)).unwrap_or(50);
    let (conditions, values) = filter.into_parts();
    let sql = format!("{}{conditions} order by a.starts_at, a.id limit {}", store::SELECT, limit + 1);
    let rows = tx.all(&sql, params_from_iter(values), store::read)?;
    Ok(Page::cut(rows, limit, |last| format!("{}.{}", last.booking.starts_at.0, last.stamp.id)))
}

/// The row a page ended with.
fn mark(cursor: &str) -> Result<(i64, i64)> {
    let parts = cursor.split_once('.').and_then(|(at, id)| Some((at.parse().ok()?, id.parse().ok()?)));
    parts.ok_or_else(|| Error::field("/cursor", "unknown_value"))
}
