//! SQL of appointments: booking, moving, stepping through their states.
use std::sync::LazyLock;

use super::{
    model::{Appointment, Booking, NewBooking, Patient, Payment, Step},
    placing::{self, Desk},
    rules::{Marks, Span, Status},
};
use crate::{
    base::{Choice, Error, Id, Instant, Result, diff},
    db::{Act, Audited, ReadTx, Row, RowResult, WriteTx, params, values},
    features::contacts,
};

/// Every column an answer shows of lines `l` of the agenda; what follows says where they come from.
pub const SELECT: &str =
    "select l.id, l.version, l.created_at, l.updated_at, l.contact_id, l.professional_id, l.room_id, l.starts_at, l.ends_at,
    l.kind, l.status, l.tag_id, l.notes, l.fit_in, l.payment_status, l.amount_cents, l.cancellation_reason, l.arrived_at,
    l.in_care_at, l.done_at, l.display_name, l.phone, l.whatsapp, l.first_visit";

/// The lines of appointments `a`.
pub const OF_APPOINTMENTS: &str =
    "from appointments a join agenda_lines l on l.place = a.starts_at << 25 | a.id";

const INSERT: &str = "insert into appointments (created_at, updated_at, created_by, contact_id, professional_id, room_id, starts_at,
    ends_at, kind, status, tag_id, notes, fit_in, payment_status, amount_cents)
    values (?1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)";

const UPDATE: &str = "update appointments set version = version + 1, updated_at = ?3, contact_id = ?4, professional_id = ?5,
    room_id = ?6, starts_at = ?7, ends_at = ?8, kind = ?9, tag_id = ?10, notes = ?11, fit_in = ?12, payment_status = ?13,
    amount_cents = ?14, sequence = sequence + ?15 where id = ?1 and version = ?2";

const STEP: &str =
    "update appointments set version = version + 1, updated_at = ?3, status = ?4, cancellation_reason = ?5,
    arrived_at = ?6, in_care_at = ?7, done_at = ?8, sequence = sequence + 1 where id = ?1 and version = ?2";

static FIND: LazyLock<String> = LazyLock::new(|| format!("{SELECT} {OF_APPOINTMENTS} where a.id = ?1"));

static AT_PLACE: LazyLock<String> =
    LazyLock::new(|| format!("{SELECT} from agenda_lines l where l.place = ?1"));

/// One appointment.
pub fn find(tx: &ReadTx<'_>, id: Id<Booking>) -> Result<Appointment> {
    tx.one("appointment", &FIND, [id], read)
}

/// The appointment of that number that begins at `at`.
fn find_at(tx: &ReadTx<'_>, at: Instant, id: i64) -> Result<Appointment> {
    tx.one("appointment", &AT_PLACE, [place(at) | id], read)
}

/// Books an appointment, and makes its patient known first where they are not.
pub fn create(tx: &mut WriteTx<'_>, new: NewBooking, desk: Desk) -> Result<Audited<Appointment>> {
    let mut booking = new.booking;
    if let Some(contact) = &new.contact {
        // It may turn out to be someone known, who is expected elsewhere at that time.
        booking.contact_id = contacts::store::create_quick(tx, &contact.name, &contact.phone)?.id;
    }
    booking.fit_in = placing::check_new(tx, &booking, desk)?;
    // Whether anything else takes its time is the fence's to say, which asks in any case: see the triggers of `schema.sql`.
    let id = insert(tx, &booking, new.status).map_err(|error| match error {
        Error::Conflict { code: "slot_taken", .. } => placing::refusal(tx, &booking, desk, error),
        other => other,
    })?;
    let saved = find_at(tx, booking.starts_at, id)?;
    tx.audited(Act::created::<Booking>(id), saved)
}

/// Writes what `change` makes of the booking, if it is still at `version`.
pub fn update(
    tx: &mut WriteTx<'_>,
    id: Id<Booking>,
    version: i64,
    desk: Desk,
    change: impl FnOnce(&Booking) -> Result<Booking>,
) -> Result<Audited<Appointment>> {
    let before = find(tx, id)?;
    if before.stamp.version != version {
        return Err(Error::Stale);
    }
    let mut b = change(&before.booking)?;
    b.fit_in = placing::check_change(tx, &before, &b, desk)?;
    let moved = !b.same_place(&before.booking);
    tx.update(
        UPDATE,
        params![
            id,
            version,
            tx.now(),
            b.contact_id,
            b.professional_id,
            b.room_id,
            b.starts_at,
            b.span().to,
            b.kind.code(),
            b.tag_id,
            b.notes,
            b.fit_in,
            b.payment.status.code(),
            b.payment.amount_cents,
            moved,
        ],
    )?;
    let act = Act::updated::<Booking>(id.number(), diff::between(&before.booking, &b));
    let saved = find(tx, id)?;
    tx.audited(act, saved)
}

/// Steps to another state, if the appointment is still at `version`. One that takes its time again must find it free.
pub fn step(
    tx: &mut WriteTx<'_>,
    id: Id<Booking>,
    version: i64,
    step: Step,
    desk: Desk,
) -> Result<Audited<Appointment>> {
    let before = find(tx, id)?;
    if before.stamp.version != version {
        return Err(Error::Stale);
    }
    before.status.check_step(step.status)?;
    if step.status.holds_time() && !before.status.holds_time() {
        placing::check_return(tx, &before, desk)?;
    }
    let reason = step.reason.filter(|_| !step.status.holds_time());
    let marks =
        Marks { arrived_at: before.arrived_at, in_care_at: before.in_care_at, done_at: before.done_at };
    let marks = marks.after(step.status, tx.now());
    tx.update(
        STEP,
        params![
            id,
            version,
            tx.now(),
            step.status.code(),
            reason,
            marks.arrived_at,
            marks.in_care_at,
            marks.done_at
        ],
    )?;
    let mut act = Act::new::<Booking>("status_changed", id.number());
    act.columns = vec!["status".to_owned()];
    let saved = find(tx, id)?;
    tx.audited(act, saved)
}

fn insert(tx: &WriteTx<'_>, b: &Booking, status: Status) -> Result<i64> {
    tx.insert(
        INSERT,
        params![
            tx.now(),
            tx.actor().user_id,
            b.contact_id,
            b.professional_id,
            b.room_id,
            b.starts_at,
            b.span().to,
            b.kind.code(),
            status.code(),
            b.tag_id,
            b.notes,
            b.fit_in,
            b.payment.status.code(),
            b.payment.amount_cents,
        ],
    )
}

/// Where the lines of the agenda that begin at `at` begin; see `agenda_lines` in `schema.sql`.
pub fn place(at: Instant) -> i64 {
    at.0 << 25
}

/// Reads a row of [`SELECT`]. By position: a day has over a thousand of them.
pub fn read(row: &Row<'_>) -> RowResult<Appointment> {
    let booking = booking(row)?;
    Ok(Appointment {
        stamp: values::stamp(row)?,
        ends_at: row.get(8)?,
        status: values::choice(row, 10)?,
        cancellation_reason: row.get(16)?,
        arrived_at: row.get(17)?,
        in_care_at: row.get(18)?,
        done_at: row.get(19)?,
        contact: Patient {
            id: booking.contact_id,
            display_name: row.get(20)?,
            phone: row.get(21)?,
            whatsapp: row.get(22)?,
            first_visit: row.get(23)?,
        },
        booking,
    })
}

fn booking(row: &Row<'_>) -> RowResult<Booking> {
    let (starts_at, ends_at): (Instant, Instant) = (row.get(7)?, row.get(8)?);
    Ok(Booking {
        contact_id: row.get(4)?,
        professional_id: row.get(5)?,
        room_id: row.get(6)?,
        starts_at,
        duration_min: Span { from: starts_at, to: ends_at }.minutes(),
        kind: values::choice(row, 9)?,
        tag_id: row.get(11)?,
        notes: row.get(12)?,
        fit_in: row.get(13)?,
        payment: Payment { status: values::choice(row, 14)?, amount_cents: row.get(15)? },
    })
}
