//! Lists of contacts: the register in order of names, and what someone types into the search box.
use std::cmp::Reverse;

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
const CANDIDATES: i64 = 200;

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

impl Asked {
    fn status_code(&self) -> Option<&'static str> {
        self.status.map(Choice::code)
    }

    fn rows(&self) -> usize {
        usize::try_from(self.limit).unwrap_or(50)
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
    // A condition that is not there costs nothing; one that is has an index in this very order.
    let of_status = if asked.status.is_some() { "c.status = ?3 and" } else { "?3 is null and" };
    let sql = format!(
        "select {COLUMNS} from contacts c where {of_status} (c.name collate nocase, c.id) > (?1, ?2)
         order by c.name collate nocase, c.id limit ?4"
    );
    let rows = tx.all(&sql, params![from.0, from.1, asked.status_code(), asked.limit + 1], read)?;
    Ok(Page::cut(rows, asked.rows(), Cursor::after))
}

/// The best matches: whose name begins with what was typed, then whose name begins with its first word, then the others.
fn search(tx: &ReadTx<'_>, asked: &Asked, terms: &[String]) -> Result<Vec<Listed>> {
    let typed = text::fold(asked.search.as_deref().unwrap_or_default());
    let first = terms.first().map(String::as_str).unwrap_or_default();
    let mut found = matching(tx, asked, terms)?;
    found.extend(numbered(tx, asked, terms)?);
    let mut ranked: Vec<Rank> = found.into_iter().map(|candidate| candidate.rank(&typed, first)).collect();
    ranked.sort_unstable();
    ranked.dedup();
    ranked.truncate(asked.rows());
    let sql = format!("select {COLUMNS} from contacts c where c.id = ?1");
    ranked.into_iter().map(|(.., id)| tx.one("contact", &sql, [id], read)).collect()
}

/// What is read of a match before it is known to be among the best.
struct Candidate {
    id: i64,
    name: String,
    social_name: Option<String>,
}

/// Best first when sorted.
type Rank = (Reverse<bool>, Reverse<bool>, String, i64);

impl Candidate {
    fn read(row: &Row<'_>) -> RowResult<Self> {
        Ok(Self { id: row.get(0)?, name: row.get(1)?, social_name: row.get(2)? })
    }

    fn rank(self, typed: &str, first: &str) -> Rank {
        let civil = text::fold(&self.name);
        let shown = self.social_name.map_or_else(|| civil.clone(), |name| text::fold(&name));
        let begins = |with: &str| shown.starts_with(with) || civil.starts_with(with);
        (Reverse(begins(typed)), Reverse(begins(first)), shown.clone(), self.id)
    }
}

/// A short number may be that of the record.
fn numbered(tx: &ReadTx<'_>, asked: &Asked, terms: &[String]) -> Result<Option<Candidate>> {
    let [number] = terms else { return Ok(None) };
    let Some(number) = number.parse::<i64>().ok().filter(|_| number.len() <= 9) else { return Ok(None) };
    let sql =
        "select id, name, social_name from contacts where record_number = ?1 and (?2 is null or status = ?2)";
    tx.first(sql, params![number, asked.status_code()], Candidate::read)
}

/// Whether each of the single letters typed begins a word.
const EVERY_LETTER: &str =
    "not exists (select 1 from json_each(?3) where instr(' ' || c.search_text, ' ' || value) = 0)";

/// Contacts that have every term. One letter alone is too little for the index: it is looked for in the rows that the longer
/// terms find, and where there are none, at the beginning of names.
fn matching(tx: &ReadTx<'_>, asked: &Asked, terms: &[String]) -> Result<Vec<Candidate>> {
    let plain: Vec<String> = terms.iter().map(|term| indexed::plain(term)).collect();
    let (long, short): (Vec<&str>, Vec<&str>) =
        plain.iter().map(String::as_str).partition(|term| term.len() > 1);
    let letters = serde_json::to_string(&short).map_err(Error::internal)?;
    let also = if short.is_empty() { "?3 <> ''" } else { EVERY_LETTER };
    if long.is_empty() {
        let first = short.first().copied().unwrap_or_default();
        let of_status = if asked.status.is_some() { "c.status = ?4 and" } else { "?4 is null and" };
        let sql = format!(
            "select c.id, c.name, c.social_name from contacts c
             where {of_status} c.name collate nocase >= ?1 and c.name collate nocase < ?1 || char(127) and {also}
             order by c.name collate nocase, c.id limit ?2"
        );
        return tx.all(&sql, params![first, CANDIDATES, letters, asked.status_code()], Candidate::read);
    }
    let sql = format!(
        "select c.id, c.name, c.social_name from contacts_search join contacts c on c.id = contacts_search.rowid
         where contacts_search match ?1 and {also} limit ?2"
    );
    let query = indexed::query_of(long, asked.status_code());
    tx.all(&sql, params![query, CANDIDATES, letters], Candidate::read)
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
