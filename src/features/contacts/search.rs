//! Lists of contacts: the register in order of names, and what someone types into the search box.
pub use super::asked::Asked;
use super::{asked::Place, model::Listed, ranked};
use crate::{
    base::{Error, Instant, Page, Result, search::query_terms},
    db::{Cells, HOLDING, OfTables, ReadTx, Row, RowResult, Table, params},
};

const COLUMNS: &str = "id, version, created_at, updated_at, name, social_name, birth_date, cpf, cns, phone, whatsapp, email, status,
    priority, record_number";

/// Who is on a page, and where the next one begins: true until what somebody is found by changes.
struct Places {
    ids: Vec<i64>,
    next: Option<String>,
}

impl OfTables for Places {
    const TABLES: &'static [Table] = &[Table::ContactsOrder];
}

/// One page of what is asked.
pub fn list(tx: &ReadTx<'_>, asked: &Asked) -> Result<Page<Listed>> {
    let question = serde_json::to_string(asked).map_err(Error::internal)?;
    let places = tx.of_tables(&question, || places(tx, asked))?;
    let rows = tx.of_rows(&places.ids, |missing| load(tx, missing))?;
    let items: Result<Vec<Listed>> = rows.iter().map(|row| with_appointments(tx, row)).collect();
    Ok(Page { items: items?, next: places.next.clone() })
}

fn places(tx: &ReadTx<'_>, asked: &Asked) -> Result<Places> {
    let terms = query_terms(asked.search.as_deref().unwrap_or_default());
    let found =
        if terms.is_empty() { register(tx, asked)? } else { ranked::places(tx, asked, &terms, ranked::FEW)? };
    let page = Page::cut(found, asked.rows(), Place::cursor);
    Ok(Places { ids: page.items.iter().map(|place| place.id).collect(), next: page.next })
}

/// Everyone in order of names, one more than a page holds if there are more.
fn register(tx: &ReadTx<'_>, asked: &Asked) -> Result<Vec<Place>> {
    let from = asked.cursor.clone().unwrap_or_default();
    // A condition that is not there costs nothing; one that is has an index in this very order.
    let of_status = if asked.status.is_some() { "status = ?3 and" } else { "?3 is null and" };
    let sql = format!(
        "select sort_key, id from contacts where {of_status} (sort_key, id) > (?1, ?2) order by sort_key, id limit ?4"
    );
    let values = params![from.key, from.id, asked.status_code(), asked.limit + 1];
    tx.all(&sql, values, |row| Ok(Place { tier: 0, key: row.get(0)?, id: row.get(1)? }))
}

fn load(tx: &ReadTx<'_>, ids: &[i64]) -> Result<Vec<(i64, Listed)>> {
    let sql = format!("select {COLUMNS} from contacts where id = ?1");
    ids.iter().map(|id| tx.one("contact", &sql, [id], read).map(|row| (*id, row))).collect()
}

fn with_appointments(tx: &ReadTx<'_>, row: &Listed) -> Result<Listed> {
    let (last, next) = appointments_around(tx, row.stamp.id)?;
    Ok(Listed { last_appointment_at: last, next_appointment_at: next, ..row.clone() })
}

/// The last appointment that was not called off or missed, and the next one.
fn appointments_around(tx: &ReadTx<'_>, id: i64) -> Result<(Option<Instant>, Option<Instant>)> {
    let sql = format!(
        "select (select max(starts_at) from appointments where contact_id = ?1 and starts_at <= ?2 and status in {HOLDING}),
                (select min(starts_at) from appointments where contact_id = ?1 and starts_at > ?2 and status in {HOLDING})"
    );
    Ok(tx.first(&sql, params![id, tx.now()], |r| Ok((r.get(0)?, r.get(1)?)))?.unwrap_or_default())
}

/// In the order of [`COLUMNS`].
fn read(row: &Row<'_>) -> RowResult<Listed> {
    let mut cells = Cells::of(row);
    let (stamp, name, social_name): (_, String, Option<String>) =
        (cells.stamp()?, cells.take()?, cells.take()?);
    Ok(Listed {
        stamp,
        display_name: social_name.clone().unwrap_or_else(|| name.clone()),
        name,
        social_name,
        birth_date: cells.take()?,
        cpf: cells.parsed()?,
        cns: cells.parsed()?,
        phone: cells.parsed()?,
        whatsapp: cells.take()?,
        email: cells.parsed()?,
        status: cells.choice()?,
        priority: cells.choice()?,
        record_number: cells.take()?,
        last_appointment_at: None,
        next_appointment_at: None,
    })
}
