//! Lists of contacts: the register in order of names, and what someone types into the search box.
pub use super::asked::Asked;
use super::{around, asked::Place, model::Listed, ranked};
use crate::{
    base::{Error, Page, Result, search::query_terms},
    db::{Cells, OfTables, ReadTx, Row, RowResult, Table, params},
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
    let around = around::of(tx, &places.ids)?;
    let items = rows.iter().zip(around).map(|(row, around)| row.with_appointments(around)).collect();
    Ok(Page { items, next: places.next.clone() })
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
