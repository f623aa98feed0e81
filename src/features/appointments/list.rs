//! Lists of appointments: by days, professional, patient or state, a page at a time.
use super::{
    hours::Hours,
    model::{Appointment, Wanted},
    store,
};
use crate::{
    base::{Choice, Error, Page, Result},
    db::{ReadTx, Value, params_from_iter},
    features::clinic,
};

/// A page of appointments by start.
pub fn list(tx: &ReadTx<'_>, wanted: &Wanted) -> Result<Page<Appointment>> {
    let hours = Hours::of(&clinic::store::find(tx)?.fields);
    let mut filter = Filter::default();
    filter.at_least("a.starts_at", wanted.date_from.map(|day| hours.whole_day(day).from.0));
    filter.and("a.starts_at < ?", wanted.date_to.map(|day| hours.whole_day(day).to.0));
    filter.and("a.professional_id = ?", wanted.professional_id);
    filter.and("a.contact_id = ?", wanted.contact_id);
    filter.and("a.status = ?", wanted.status.map(|status| status.code().to_owned()));
    if let Some(cursor) = &wanted.cursor {
        let (starts_at, id) = mark(cursor)?;
        filter.after(starts_at, id);
    }
    let limit = usize::try_from(wanted.limit.unwrap_or(50)).unwrap_or(50);
    let sql = format!("{}{} order by a.starts_at, a.id limit {}", store::SELECT, filter.sql, limit + 1);
    let rows = tx.all(&sql, params_from_iter(filter.values), store::read)?;
    Ok(Page::cut(rows, limit, |last| format!("{}.{}", last.booking.starts_at.0, last.stamp.id)))
}

/// The row a page ended with.
fn mark(cursor: &str) -> Result<(i64, i64)> {
    let parts = cursor.split_once('.').and_then(|(at, id)| Some((at.parse().ok()?, id.parse().ok()?)));
    parts.ok_or_else(|| Error::field("/cursor", "unknown_value"))
}

/// Only the conditions asked for stand in the SQL, so that SQLite picks the index that fits them.
#[derive(Default)]
struct Filter {
    sql: String,
    values: Vec<Value>,
}

impl Filter {
    fn and(&mut self, condition: &str, value: Option<impl Into<Value>>) {
        let Some(value) = value else { return };
        self.sql.push_str(if self.values.is_empty() { " where " } else { " and " });
        self.sql.push_str(condition);
        self.values.push(value.into());
    }

    fn at_least(&mut self, column: &str, value: Option<i64>) {
        self.and(&format!("{column} >= ?"), value);
    }

    fn after(&mut self, starts_at: i64, id: i64) {
        self.at_least("a.starts_at", Some(starts_at));
        self.sql.push_str(" and (a.starts_at, a.id) > (?, ?)");
        self.values.extend([Value::from(starts_at), Value::from(id)]);
    }
}
