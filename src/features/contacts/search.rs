//! Lists of contacts: the register in order of names, and what someone types into the search box.
pub use super::asked::Asked;
use super::{asked::Place, indexed, model::Listed, ranked};
use crate::{
    base::{Instant, Page, Result, search::query_terms},
    db::{Cells, HOLDING, ReadTx, Row, RowResult, params},
};

const COLUMNS: &str =
    "c.id, c.version, c.created_at, c.updated_at, c.name, c.social_name, c.birth_date, c.cpf, c.cns, c.phone,
    c.whatsapp, c.email, c.status, c.priority, c.record_number";

/// One page of what is asked.
pub fn list(tx: &ReadTx<'_>, asked: &Asked) -> Result<Page<Listed>> {
    let terms = query_terms(asked.search.as_deref().unwrap_or_default());
    let mut page = if terms.is_empty() { register(tx, asked)? } else { search(tx, asked, &terms)? };
    for row in &mut page.items {
        (row.last_appointment_at, row.next_appointment_at) = appointments_around(tx, row.stamp.id)?;
    }
    Ok(page)
}

/// Everyone in order of names.
fn register(tx: &ReadTx<'_>, asked: &Asked) -> Result<Page<Listed>> {
    let from = asked.cursor.clone().unwrap_or_default();
    // A condition that is not there costs nothing; one that is has an index in this very order.
    let of_status = if asked.status.is_some() { "c.status = ?3 and" } else { "?3 is null and" };
    let sql = format!(
        "select {COLUMNS} from contacts c where {of_status} (c.sort_key, c.id) > (?1, ?2)
         order by c.sort_key, c.id limit ?4"
    );
    let rows = tx.all(&sql, params![from.key, from.id, asked.status_code(), asked.limit + 1], read)?;
    Ok(Page::cut(rows, asked.rows(), |last| {
        let (key, _) = indexed::order_keys(&last.name, last.social_name.as_deref());
        Place { tier: 0, key, id: last.stamp.id }.cursor()
    }))
}

/// The best matches.
fn search(tx: &ReadTx<'_>, asked: &Asked, terms: &[String]) -> Result<Page<Listed>> {
    let Page { items, next } =
        Page::cut(ranked::places(tx, asked, terms, ranked::FEW)?, asked.rows(), Place::cursor);
    let sql = format!("select {COLUMNS} from contacts c where c.id = ?1");
    let rows: Result<Vec<Listed>> =
        items.into_iter().map(|place| tx.one("contact", &sql, [place.id], read)).collect();
    Ok(Page { items: rows?, next })
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
