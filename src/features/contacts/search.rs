//! Lists of contacts: the register in order of names, and what someone types into the search box.
use std::{cmp::Reverse, collections::BTreeMap};

use schemars::JsonSchema;
use serde::Serialize;

use super::{
    indexed,
    model::{Listed, Status},
};
use crate::{
    base::{Choice, Error, Fields, Input, Instant, Page, Result, search::query_terms, text},
    db::{ReadTx, Row, RowResult, params, values},
};

/// Rows looked at to find the best of a search. A search that matches more is not yet typed to its end.
const CANDIDATES: i64 = 300;

const COLUMNS: &str =
    "c.id, c.version, c.created_at, c.updated_at, c.name, c.social_name, c.birth_date, c.cpf, c.cns, c.phone,
    c.whatsapp, c.email, c.status, c.priority, c.record_number";

/// What is asked of the list.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Asked {
    /// Parts of the name, CPF, CNS, telephone, birth date or record number, as typed.
    pub search: Option<String>,
    /// Only contacts that have come so far.
    #[schemars(with = "Option<String>", extend("enum" = ["lead", "active", "in_treatment", "inactive"]))]
    pub status: Option<Status>,
    /// Rows of a page.
    #[schemars(with = "Option<i64>", range(min = 1, max = 200))]
    pub limit: i64,
    /// The `next` of the page before.
    #[schemars(with = "Option<String>")]
    pub cursor: Option<Cursor>,
}

impl Input for Asked {
    fn read(f: &mut Fields<'_>) -> Self {
        Self {
            search: f.optional_text("search", 200),
            status: f.choice("status"),
            limit: f.integer("limit", 1..=200).unwrap_or(50),
            cursor: f.parsed("cursor", Cursor::parse),
        }
    }
}

/// The last row of a page, by what the list is ordered by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cursor {
    id: i64,
    name: String,
}

impl Cursor {
    fn after(row: &Listed) -> String {
        let name: String = row.name.bytes().map(|b| format!("{b:02x}")).collect();
        format!("{}-{name}", row.stamp.id)
    }

    fn parse(text: &str) -> std::result::Result<Self, &'static str> {
        let read = || {
            let (id, name) = text.split_once('-')?;
            let pairs: Option<Vec<u8>> = name
                .as_bytes()
                .chunks(2)
                .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
                .collect();
            Some(Self { id: id.parse().ok()?, name: String::from_utf8(pairs?).ok()? })
        };
        read().ok_or("unknown_value")
    }
}

/// One page of what is asked.
pub fn list(tx: &ReadTx<'_>, asked: &Asked) -> Result<Page<Listed>> {
    let terms = query_terms(asked.search.as_deref().unwrap_or_default());
    let mut page =
        if terms.is_empty() { register(tx, asked)? } else { Page::whole(search(tx, asked, &terms)?) };
    for row in &mut page.items {
        (row.last_appointment_at, row.next_appointment_at) = appointments_around(tx, row.stamp.id)?;
    }
    Ok(page)
}

/// Everyone in order of names.
fn register(tx: &ReadTx<'_>, asked: &Asked) -> Result<Page<Listed>> {
    let from = asked.cursor.as_ref().map_or(("", 0), |c| (c.name.as_str(), c.id));
    let sql = format!(
        "select {COLUMNS} from contacts c
         where (c.name collate nocase, c.id) > (?1, ?2) and (?3 is null or c.status = ?3)
         order by c.name collate nocase, c.id limit ?4"
    );
    let status = asked.status.map(Choice::code);
    let rows = tx.all(&sql, params![from.0, from.1, status, asked.limit + 1], read)?;
    Ok(Page::cut(rows, usize::try_from(asked.limit).unwrap_or(50), Cursor::after))
}

/// The best matches: whose name begins with what was typed, then whose name begins with its first word, then the others.
fn search(tx: &ReadTx<'_>, asked: &Asked, terms: &[String]) -> Result<Vec<Listed>> {
    let typed = text::fold(asked.search.as_deref().unwrap_or_default());
    let first = terms.first().map(String::as_str).unwrap_or_default();
    let mut found = BTreeMap::new();
    for row in numbered(tx, asked, terms)?.into_iter().chain(matching(tx, asked, terms)?) {
        found.entry(row.stamp.id).or_insert(row);
    }
    let mut rows: Vec<_> = found.into_values().map(|row| (rank(&row, &typed, first), row)).collect();
    rows.sort_by(|(a, _), (b, _)| a.cmp(b));
    rows.truncate(usize::try_from(asked.limit).unwrap_or(50));
    Ok(rows.into_iter().map(|(_, row)| row).collect())
}

/// A short number may be that of the record.
fn numbered(tx: &ReadTx<'_>, asked: &Asked, terms: &[String]) -> Result<Option<Listed>> {
    let [number] = terms else { return Ok(None) };
    let Some(number) = number.parse::<i64>().ok().filter(|_| number.len() <= 9) else { return Ok(None) };
    let sql = format!(
        "select {COLUMNS} from contacts c where c.record_number = ?1 and (?2 is null or c.status = ?2)"
    );
    tx.first(&sql, params![number, asked.status.map(Choice::code)], read)
}

/// Rows that have every term. One letter alone is too little for the index: it is looked for in the rows that the longer terms
/// find, and where there are none, at the beginning of names.
fn matching(tx: &ReadTx<'_>, asked: &Asked, terms: &[String]) -> Result<Vec<Listed>> {
    let plain: Vec<String> = terms.iter().map(|term| indexed::plain(term)).collect();
    let (long, short): (Vec<&str>, Vec<&str>) =
        plain.iter().map(String::as_str).partition(|term| term.len() > 1);
    const ALSO: &str =
        "and not exists (select 1 from json_each(?4) where instr(' ' || c.search_text, ' ' || value) = 0)";
    let letters = serde_json::to_string(&short).map_err(Error::internal)?;
    let status = asked.status.map(Choice::code);
    if long.is_empty() {
        let first = short.first().copied().unwrap_or_default();
        let sql = format!(
            "select {COLUMNS} from contacts c
             where c.name collate nocase >= ?1 and c.name collate nocase < ?1 || char(127) and (?2 is null or c.status = ?2) {ALSO}
             order by c.name collate nocase limit ?3"
        );
        return tx.all(&sql, params![first, status, asked.limit, letters], read);
    }
    let sql = format!(
        "select {COLUMNS} from contacts_search join contacts c on c.id = contacts_search.rowid
         where contacts_search match ?1 and (?2 is null or c.status = ?2) {ALSO} limit ?3"
    );
    tx.all(&sql, params![indexed::query_of(long), status, CANDIDATES, letters], read)
}

type Rank = (Reverse<bool>, Reverse<bool>, String, i64);

fn rank(row: &Listed, typed: &str, first: &str) -> Rank {
    let (shown, civil) = (text::fold(&row.display_name), text::fold(&row.name));
    let begins = |with: &str| shown.starts_with(with) || civil.starts_with(with);
    (Reverse(begins(typed)), Reverse(begins(first)), shown.clone(), row.stamp.id)
}

/// The last appointment that was not called off or missed, and the next one.
fn appointments_around(tx: &ReadTx<'_>, id: i64) -> Result<(Option<Instant>, Option<Instant>)> {
    const HOLDS: &str = "status in ('requested', 'booked', 'confirmed', 'arrived', 'in_care', 'done')";
    let sql = format!(
        "select (select max(starts_at) from appointments where contact_id = ?1 and starts_at <= ?2 and {HOLDS}),
                (select min(starts_at) from appointments where contact_id = ?1 and starts_at > ?2 and {HOLDS})"
    );
    Ok(tx.first(&sql, params![id, tx.now()], |r| Ok((r.get(0)?, r.get(1)?)))?.unwrap_or_default())
}

fn read(row: &Row<'_>) -> RowResult<Listed> {
    let (name, social_name): (String, Option<String>) = (row.get(4)?, row.get(5)?);
    Ok(Listed {
        stamp: values::stamp(row)?,
        display_name: social_name.clone().unwrap_or_else(|| name.clone()),
        name,
        social_name,
        birth_date: row.get(6)?,
        cpf: values::parsed(row, "cpf")?,
        cns: values::parsed(row, "cns")?,
        phone: values::parsed(row, "phone")?,
        whatsapp: row.get("whatsapp")?,
        email: values::parsed(row, "email")?,
        status: values::choice(row, "status")?,
        priority: values::choice(row, "priority")?,
        record_number: row.get("record_number")?,
        last_appointment_at: None,
        next_appointment_at: None,
    })
}
