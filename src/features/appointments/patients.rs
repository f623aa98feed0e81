//! Makes a patient known while booking: a name and a number to call back, completed at arrival.
use crate::{
    base::{
        Result,
        brazil::Phone,
        search::{Searchable, search_terms},
    },
    db::{Act, Record, Table, WriteTx, params},
};

enum Contact {}

impl Record for Contact {
    const TABLE: Table = Table::Contacts;
    const NAME: &'static str = "contact";
}

/// Registers a patient and answers their number.
pub fn create_quick(tx: &mut WriteTx<'_>, name: &str, phone: &Phone) -> Result<i64> {
    let terms = search_terms(&Searchable { name, phone: Some(phone.as_str()), ..Searchable::default() });
    let id = tx.insert(
        "insert into contacts (created_at, updated_at, record_number, name, phone, search_text)
         values (?1, ?1, (select coalesce(max(record_number), 0) + 1 from contacts), ?2, ?3, ?4)",
        params![tx.now(), name, phone.as_str(), terms.join(" ")],
    )?;
    tx.record(Act::created::<Contact>(id));
    Ok(id)
}
