//! The clinic's one row.
use super::model::{Address, Clinic, ClinicFields};
use crate::{
    base::{Result, Saved, diff},
    db::{Act, Audited, Cells, ReadTx, Row, RowResult, WriteTx, params},
};

const SELECT: &str = "select id, version, created_at, updated_at, name, phone, email, cnpj, cnes, cep, street, number, complement,
    district, city, state, time_zone, opening_hours, open_on_holidays, specialties, slot_min, idle_lock_min from clinic";

const INSERT: &str =
    "insert into clinic (id, created_at, updated_at, name, time_zone, opening_hours, is_demo)
    values (?1, ?2, ?2, ?3, ?4, ?5, ?6)";

const UPDATE: &str = "update clinic set version = version + 1, updated_at = ?2, name = ?3, phone = ?4, email = ?5, cnpj = ?6,
    cnes = ?7, cep = ?8, street = ?9, number = ?10, complement = ?11, district = ?12, city = ?13, state = ?14, time_zone = ?15,
    opening_hours = ?16, open_on_holidays = ?17, specialties = ?18, slot_min = ?19, idle_lock_min = ?20 where version = ?1";

/// The clinic of this file.
pub fn find(tx: &ReadTx<'_>) -> Result<Clinic> {
    tx.one("clinic", SELECT, [], read)
}

/// Founds the clinic: the first row of its file.
pub fn found(tx: &mut WriteTx<'_>, id: i64, fields: &ClinicFields, is_demo: bool) -> Result<()> {
    let hours = serde_json::to_string(&fields.opening_hours).unwrap_or_default();
    tx.insert(INSERT, params![id, tx.now(), fields.name, fields.time_zone, hours, is_demo])?;
    tx.record(Act::created::<ClinicFields>(id));
    Ok(())
}

/// Writes what `change` makes of the current fields, if the clinic is still at `version`.
pub fn update(
    tx: &mut WriteTx<'_>,
    version: i64,
    change: impl FnOnce(&ClinicFields) -> Result<ClinicFields>,
) -> Result<Audited<Clinic>> {
    let before = find(tx)?;
    let after = change(&before.fields)?;
    write(tx, version, &after)?;
    let act = Act::updated::<ClinicFields>(before.id(), diff::between(&before.fields, &after));
    let saved = find(tx)?;
    tx.audited(act, saved)
}

/// Notes that someone proved to have the recovery code.
pub fn confirm_recovery(tx: &mut WriteTx<'_>) -> Result<Audited<()>> {
    let id = find(tx)?.id();
    tx.run("update clinic set version = version + 1, updated_at = ?1, recovery_confirmed = 1", [tx.now()])?;
    tx.audited(Act::new::<ClinicFields>("recovery_confirmed", id), ())
}

/// Notes that another recovery code was asked for: until it is proven, nobody is known to have one.
pub fn ask_recovery(tx: &mut WriteTx<'_>) -> Result<Audited<()>> {
    let id = find(tx)?.id();
    tx.run("update clinic set version = version + 1, updated_at = ?1, recovery_confirmed = 0", [tx.now()])?;
    tx.audited(Act::new::<ClinicFields>("recovery_requested", id), ())
}

/// Whether this is a demonstration, and whether someone proved to have the recovery code.
pub fn marks(tx: &ReadTx<'_>) -> Result<(bool, bool)> {
    tx.one("clinic", "select is_demo, recovery_confirmed from clinic", [], |r| Ok((r.get(0)?, r.get(1)?)))
}

fn write(tx: &WriteTx<'_>, version: i64, c: &ClinicFields) -> Result<()> {
    let a = &c.address;
    let hours = serde_json::to_string(&c.opening_hours).unwrap_or_default();
    let specialties = serde_json::to_string(&c.specialties).unwrap_or_default();
    tx.update(
        UPDATE,
        params![
            version,
            tx.now(),
            c.name,
            c.phone.as_ref().map(|p| p.as_str()),
            c.email.as_ref().map(|e| e.as_str()),
            c.cnpj.as_ref().map(|n| n.as_str()),
            c.cnes,
            a.cep.as_ref().map(|n| n.as_str()),
            a.street,
            a.number,
            a.complement,
            a.district,
            a.city,
            a.state.map(|s| s.as_str()),
            c.time_zone,
            hours,
            c.open_on_holidays,
            specialties,
            c.slot_min,
            c.idle_lock_min,
        ],
    )
}

/// In the order of [`SELECT`].
fn read(row: &Row<'_>) -> RowResult<Clinic> {
    let mut cells = Cells::of(row);
    let stamp = cells.stamp()?;
    let fields = ClinicFields {
        name: cells.take()?,
        phone: cells.parsed()?,
        email: cells.parsed()?,
        cnpj: cells.parsed()?,
        cnes: cells.take()?,
        address: address(&mut cells)?,
        time_zone: cells.take()?,
        opening_hours: cells.json()?,
        open_on_holidays: cells.take()?,
        specialties: cells.json()?,
        slot_min: cells.take()?,
        idle_lock_min: cells.take()?,
    };
    Ok(Saved { stamp, fields })
}

/// The address columns that clinics and contacts share: `cep, street, number, complement, district, city, state`.
pub fn address(cells: &mut Cells<'_, '_>) -> RowResult<Address> {
    Ok(Address {
        cep: cells.parsed()?,
        street: cells.take()?,
        number: cells.take()?,
        complement: cells.take()?,
        district: cells.take()?,
        city: cells.take()?,
        state: cells.parsed()?,
    })
}
