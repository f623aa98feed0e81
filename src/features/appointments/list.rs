//! Lists of appointments: by days, professional, patient or state, a page at a time.
use super::{
    frame::Frame,
    model::{Appointment, Wanted},
    store,
};
use crate::{
    base::{Choice, Error, Instant, Page, Result},
    db::{Filter, ReadTx, params_from_iter},
};

/// A page of appointments by start.
pub fn list(tx: &ReadTx<'_>, wanted: &Wanted) -> Result<Page<Appointment>> {
    let frame = Frame::now(tx)?;
    let hours = &frame.hours;
    let (from, to) = (wanted.date_from, wanted.date_to);
    let (from, to) = (from.map(|day| hours.whole_day(day).from), to.map(|day| hours.whole_day(day).to));
    let after = wanted.cursor.as_deref().map(mark).transpose()?;
    let mut filter = Filter::default();
    filter.and("a.professional_id = ?", wanted.professional_id);
    filter.and("a.id in (select id from visits where contact_id = ?)", wanted.contact_id);
    // The appointments of somebody are found by their index, those of everybody by their places in the agenda.
    let (source, order) = match wanted.professional_id.or(wanted.contact_id) {
        Some(_) => {
            filter.and("a.starts_at >= ?", from.max(after.map(|(at, _)| at)).map(|at| at.0));
            filter.and("a.starts_at < ?", to.map(|at| at.0));
            (store::OF_APPOINTMENTS, "a.starts_at, a.id")
        }
        None => {
            filter.and("l.place >= ?", from.map(store::place));
            filter.and("l.place < ?", to.map(store::place));
            ("from agenda_lines l", "l.place")
        }
    };
    filter.and("l.status = ?", wanted.status.map(|status| status.code().to_owned()));
    filter.and("l.place > ?", after.map(|(at, id)| store::place(at) | id));
    let limit = usize::try_from(wanted.limit.unwrap_or(50)).unwrap_or(50);
    let (conditions, values) = filter.into_parts();
    let sql = format!("{} {source}{conditions} order by {order} limit {}", store::SELECT, limit + 1);
    let rows = tx.all(&sql, params_from_iter(values), store::read)?;
    Ok(Page::cut(rows, limit, |last| format!("{}.{}", last.booking.starts_at.0, last.stamp.id)))
}

/// The row a page ended with.
fn mark(cursor: &str) -> Result<(Instant, i64)> {
    let parts =
        cursor.split_once('.').and_then(|(at, id)| Some((Instant(at.parse().ok()?), id.parse().ok()?)));
    parts.ok_or_else(|| Error::field("/cursor", "unknown_value"))
}
