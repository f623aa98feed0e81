//! SQL of contacts: one at a time.
use std::sync::LazyLock;

use super::{
    duplicates, indexed,
    model::{Contact, ContactFields, Display, EmergencyContact, Sent, Visit, Visits},
};
use crate::{
    base::{Choice, Error, Id, Result, Saved, brazil::Phone, diff, text},
    db::{Act, Audited, Cells, ReadTx, Row, RowResult, Value, WriteTx, params, params_from_iter, values},
    features::clinic,
};

/// The columns that people write, in the order of [`written`].
pub(super) const WRITTEN: &str = "name, social_name, birth_date, sex, gender, mother_name, cpf, cns, phone, whatsapp, email, cep, street,
    number, complement, district, city, state, emergency_name, emergency_phone, profession, status, priority, source, allergies,
    medications, notes";

static FIND: LazyLock<String> = LazyLock::new(|| {
    format!(
        "select id, version, created_at, updated_at, record_number, {WRITTEN} from contacts where id = ?1"
    )
});

/// The columns made of those, by which contacts are found and put in order.
const DERIVED: &str = "search_text, sort_key, civil_key";

static INSERT: LazyLock<String> = LazyLock::new(|| {
    let marks = vec!["?"; columns().count()].join(", ");
    format!(
        "insert into contacts (id, created_at, updated_at, record_number, import_id, {WRITTEN}, {DERIVED})
         values (?1, ?2, ?2, ?3, ?4, {marks})"
    )
});

/// Where a new contact comes from and which numbers it gets.
#[derive(Debug, Clone, Copy)]
pub struct Origin {
    /// Its id.
    pub id: i64,
    /// Its number in the clinic's register.
    pub record_number: i64,
    /// The import that brought it.
    pub import_id: Option<i64>,
}

impl Origin {
    /// The next free numbers. An id is never given twice, even after an import was undone: the trail and entity tags say what
    /// happened to *that* id.
    pub fn next(tx: &ReadTx<'_>) -> Result<Self> {
        let used = tx.number("select max(id) from contacts", [])?;
        let removed = tx.number("select max(record_id) from history where entity = 'contacts'", [])?;
        let record_number = tx.number("select max(record_number) from contacts", [])? + 1;
        Ok(Self { id: used.max(removed) + 1, record_number, import_id: None })
    }
}

/// One contact.
pub fn find(tx: &ReadTx<'_>, id: Id<ContactFields>) -> Result<Contact> {
    tx.one("contact", &FIND, [id], read)
}

/// What other features show of a contact.
pub fn display(tx: &ReadTx<'_>, id: Id<ContactFields>) -> Result<Display> {
    let sql = "select id, coalesce(social_name, name), phone, whatsapp from contacts where id = ?1";
    tx.one("contact", sql, [id], |r| {
        Ok(Display {
            id: r.get(0)?,
            display_name: r.get(1)?,
            phone: values::parsed(r, "phone")?,
            whatsapp: r.get(3)?,
        })
    })
}

/// Adds a contact.
pub fn create(tx: &mut WriteTx<'_>, sent: &Sent) -> Result<Audited<Contact>> {
    check_birth_date(tx, &sent.fields)?;
    duplicates::refuse(tx, &sent.fields, None, sent.allow_duplicate)?;
    let origin = Origin::next(tx)?;
    insert(tx, &sent.fields, origin)?;
    let saved = find(tx, Id::new(origin.id))?;
    tx.audited(Act::created::<ContactFields>(origin.id), saved)
}

/// The contact an appointment is booked for on the telephone: a new one, or the one that already has that name and number.
/// Puts what it does on record itself.
pub fn create_quick(tx: &mut WriteTx<'_>, name: &str, phone: &Phone) -> Result<Display> {
    let known = tx.all(
        "select id, name, social_name from contacts where phone = ?1 order by id",
        [phone.as_str()],
        |r| Ok((r.get::<_, i64>(0)?, r.get::<_, String>(1)?, r.get::<_, Option<String>>(2)?)),
    )?;
    let folded = text::fold(name);
    let same = |n: &str| text::fold(n) == folded;
    if let Some((id, ..)) =
        known.iter().find(|(_, name, social)| same(name) || social.as_deref().is_some_and(same))
    {
        return display(tx, Id::new(*id));
    }
    let origin = Origin::next(tx)?;
    insert(tx, &ContactFields::quick(name.to_owned(), phone.clone()), origin)?;
    tx.record(Act::created::<ContactFields>(origin.id));
    display(tx, Id::new(origin.id))
}

/// Writes what `change` makes of the contact, if it is still at `version`.
pub fn update(
    tx: &mut WriteTx<'_>,
    id: Id<ContactFields>,
    version: i64,
    change: impl FnOnce(&Sent) -> Result<Sent>,
) -> Result<Audited<Contact>> {
    let before = find(tx, id)?.saved;
    // Whoever edits an older version first has to see the newer one, not what is wrong with theirs.
    if before.stamp.version != version {
        return Err(Error::Stale);
    }
    let sent = Sent { fields: before.fields.clone(), allow_duplicate: false };
    let after = change(&sent)?;
    check_birth_date(tx, &after.fields)?;
    duplicates::refuse(tx, &after.fields, Some(&before), after.allow_duplicate)?;
    let (sql, changed) = changing(&before.fields, &after.fields);
    let head: [Value; 3] = [id.number().into(), version.into(), tx.now().0.into()];
    tx.update(&sql, params_from_iter(head.into_iter().chain(changed)))?;
    let act = Act::updated::<ContactFields>(id.number(), diff::between(&before.fields, &after.fields));
    let saved = find(tx, id)?;
    tx.audited(act, saved)
}

/// Writes a new row; its act is the caller's.
pub fn insert(tx: &WriteTx<'_>, contact: &ContactFields, origin: Origin) -> Result<()> {
    let head: [Value; 4] =
        [origin.id.into(), tx.now().0.into(), origin.record_number.into(), origin.import_id.into()];
    tx.insert(&INSERT, params_from_iter(head.into_iter().chain(values_of(contact)))).map(drop)
}

/// The update that makes `after` of `before`, and its values from the fourth parameter on. It names the columns that differ and no
/// others: every index and every trigger of a column that is named is gone through, whether or not its value is another.
fn changing(before: &ContactFields, after: &ContactFields) -> (String, Vec<Value>) {
    let mut sql = "update contacts set version = version + 1, updated_at = ?3".to_owned();
    let mut changed = Vec::new();
    for (column, (old, new)) in columns().zip(values_of(before).zip(values_of(after))) {
        if old != new {
            changed.push(new);
            sql.extend([", ", column, " = ?"]);
        }
    }
    sql.push_str(" where id = ?1 and version = ?2");
    (sql, changed)
}

fn columns() -> impl Iterator<Item = &'static str> {
    WRITTEN.split(',').chain(DERIVED.split(',')).map(str::trim)
}

/// The values of [`columns`].
fn values_of(contact: &ContactFields) -> impl Iterator<Item = Value> {
    let (sort_key, civil_key) = indexed::order_keys(&contact.name, contact.social_name.as_deref());
    let derived: [Value; 3] = [indexed::text_of(contact).into(), sort_key.into(), civil_key.into()];
    written(contact).into_iter().chain(derived)
}

/// The appointments of one contact.
pub fn appointments(tx: &ReadTx<'_>, id: Id<ContactFields>) -> Result<Visits> {
    find(tx, id)?;
    let select = "select a.id, a.professional_id, u.name, a.starts_at, a.ends_at, a.kind, a.status, a.version
         from visits v join appointments a on a.id = v.id join users u on u.id = a.professional_id where v.contact_id = ?1";
    // None is longer than eight hours, so the start bounds what can still be going on.
    let upcoming =
        format!("{select} and v.starts_at > ?2 - 28800 and a.ends_at > ?2 order by a.starts_at, a.id");
    let past = format!(
        "{select} and v.starts_at <= ?2 and a.ends_at <= ?2 order by a.starts_at desc, a.id desc limit 200"
    );
    Ok(Visits {
        upcoming: tx.all(&upcoming, params![id, tx.now()], visit)?,
        past: tx.all(&past, params![id, tx.now()], visit)?,
    })
}

fn visit(row: &Row<'_>) -> RowResult<Visit> {
    let (starts_at, ends_at): (crate::base::Instant, crate::base::Instant) = (row.get(3)?, row.get(4)?);
    Ok(Visit {
        id: row.get(0)?,
        professional_id: row.get(1)?,
        professional_name: row.get(2)?,
        starts_at,
        ends_at,
        duration_min: (ends_at.0 - starts_at.0) / 60,
        kind: row.get(5)?,
        status: row.get(6)?,
        version: row.get(7)?,
    })
}

/// Nobody was born after the clinic's today.
fn check_birth_date(tx: &ReadTx<'_>, contact: &ContactFields) -> Result<()> {
    let Some(born) = contact.birth_date else { return Ok(()) };
    let zone = clinic::store::find(tx)?.zone();
    if born > tx.now().day_in(&zone) { Err(Error::field("/birth_date", "date_in_future")) } else { Ok(()) }
}

/// The values of [`WRITTEN`].
fn written(c: &ContactFields) -> [Value; 27] {
    let (a, list) = (&c.address, |texts: &Vec<String>| serde_json::to_string(texts).unwrap_or_default());
    let number = |text: Option<&str>| Value::from(text.map(str::to_owned));
    [
        c.name.clone().into(),
        c.social_name.clone().into(),
        c.birth_date.map(|day| day.to_string()).into(),
        number(c.sex.map(Choice::code)),
        c.gender.clone().into(),
        c.mother_name.clone().into(),
        number(c.cpf.as_ref().map(|n| n.as_str())),
        number(c.cns.as_ref().map(|n| n.as_str())),
        number(c.phone.as_ref().map(|n| n.as_str())),
        c.whatsapp.into(),
        number(c.email.as_ref().map(|n| n.as_str())),
        number(a.cep.as_ref().map(|n| n.as_str())),
        a.street.clone().into(),
        a.number.clone().into(),
        a.complement.clone().into(),
        a.district.clone().into(),
        a.city.clone().into(),
        number(a.state.map(|s| s.as_str())),
        c.emergency_contact.name.clone().into(),
        number(c.emergency_contact.phone.as_ref().map(|n| n.as_str())),
        c.profession.clone().into(),
        number(Some(c.status.code())),
        number(Some(c.priority.code())),
        number(Some(c.source.code())),
        list(&c.allergies).into(),
        list(&c.medications).into(),
        c.notes.clone().into(),
    ]
}

/// In the order of [`FIND`].
fn read(row: &Row<'_>) -> RowResult<Contact> {
    let mut cells = Cells::of(row);
    let (stamp, record_number) = (cells.stamp()?, cells.take()?);
    let fields = ContactFields {
        name: cells.take()?,
        social_name: cells.take()?,
        birth_date: cells.take()?,
        sex: cells.optional_choice()?,
        gender: cells.take()?,
        mother_name: cells.take()?,
        cpf: cells.parsed()?,
        cns: cells.parsed()?,
        phone: cells.parsed()?,
        whatsapp: cells.take()?,
        email: cells.parsed()?,
        address: clinic::store::address(&mut cells)?,
        emergency_contact: EmergencyContact { name: cells.take()?, phone: cells.parsed()? },
        profession: cells.take()?,
        status: cells.choice()?,
        priority: cells.choice()?,
        source: cells.choice()?,
        allergies: cells.json()?,
        medications: cells.json()?,
        notes: cells.take()?,
    };
    let display_name = fields.display_name().to_owned();
    Ok(Contact { saved: Saved { stamp, fields }, display_name, record_number })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changed(of: impl FnOnce(&mut ContactFields)) -> (String, Vec<Value>) {
        let before = ContactFields::quick("Ana Souza".to_owned(), Phone::parse("11988887777").unwrap());
        let mut after = before.clone();
        of(&mut after);
        changing(&before, &after)
    }

    #[test]
    fn an_edit_names_the_columns_that_differ_and_what_is_found_by_them() {
        let start = "update contacts set version = version + 1, updated_at = ?3";
        let end = " where id = ?1 and version = ?2";
        assert_eq!(changed(|_| ()), (format!("{start}{end}"), vec![]));
        let notes = changed(|c| c.notes = Some("Avisar na véspera.".to_owned()));
        assert_eq!(notes, (format!("{start}, notes = ?{end}"), vec!["Avisar na véspera.".to_owned().into()]));
        let (sql, values) = changed(|c| c.social_name = Some("Bia".to_owned()));
        let found = "social_name = ?, search_text = ?, sort_key = ?, civil_key = ?";
        assert_eq!((sql, values.len()), (format!("{start}, {found}{end}"), 4));
    }
}
