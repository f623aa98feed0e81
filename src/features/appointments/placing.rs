//! Whether a booking may stand where it is wanted: what it names exists, the time is open, and nothing else takes it.
//! A refusal says what is in the way and what is free instead.
use super::{
    availability::alternatives,
    conflicts::{self, Needed},
    hours::Hours,
    model::{Appointment, Booking},
};
use crate::{
    access::{Permission, permissions::FitIn},
    base::{Error, FieldError, Result},
    db::ReadTx,
    features::{blocks, clinic},
};

/// How far back a front desk may register who came.
const PAST_DAYS: i64 = 30;

/// What the person at the desk may do beyond booking free time.
#[derive(Debug, Clone, Copy)]
pub struct Desk {
    /// Whether they may knowingly book over others.
    pub may_fit_in: bool,
}

/// Whether a new booking may be made; answers whether it has to be fitted in. Into open and free time nobody is fitted in: such
/// a booking holds its time like any other.
pub fn check_new(tx: &ReadTx<'_>, booking: &Booking, desk: Desk) -> Result<bool> {
    check_references(tx, booking, None)?;
    let wish = Wish::of(tx, booking, 0, desk)?;
    wish.check_not_long_ago()?;
    if booking.fit_in {
        wish.check_may_fit_in()?;
        return Ok(!wish.fits_by_itself()?);
    }
    wish.check_open()?;
    wish.check_free()?;
    Ok(false)
}

/// Whether an appointment may become `after`. What stays where it was is not asked again: a block laid over it since, or hours
/// that changed, do not stop anyone from noting a payment. Answers whether it has to be fitted in where it is now.
pub fn check_change(tx: &ReadTx<'_>, before: &Appointment, after: &Booking, desk: Desk) -> Result<bool> {
    let was = &before.booking;
    check_references(tx, after, Some(was))?;
    let moved = !after.same_place(was);
    if !moved && after.fit_in == was.fit_in && after.contact_id == was.contact_id {
        return Ok(after.fit_in);
    }
    let wish = Wish::of(tx, after, before.stamp.id, desk)?;
    if after.starts_at != was.starts_at {
        wish.check_not_long_ago()?;
    }
    if after.fit_in {
        wish.check_may_fit_in()?;
        return Ok(!wish.fits_by_itself()?);
    }
    if moved || was.fit_in {
        wish.check_open()?;
    }
    if before.status.holds_time() {
        wish.check_free()?;
    }
    Ok(false)
}

/// Whether an appointment that had freed its time may take it again: who and what it names may have left since, and its time may
/// have been closed or taken.
pub fn check_return(tx: &ReadTx<'_>, appointment: &Appointment, desk: Desk) -> Result<()> {
    check_references(tx, &appointment.booking, None)?;
    if appointment.booking.fit_in {
        return Ok(());
    }
    let wish = Wish::of(tx, &appointment.booking, appointment.stamp.id, desk)?;
    wish.check_open()?;
    wish.check_free()
}

/// Everything a booking names must exist, and work here where that matters; what it named before is not asked again.
fn check_references(tx: &ReadTx<'_>, booking: &Booking, before: Option<&Booking>) -> Result<()> {
    const PROFESSIONAL: &str =
        "select count(*) from users where id = ?1 and is_professional = 1 and active = 1";
    const CONTACT: &str = "select count(*) from contacts where id = ?1";
    const ROOM: &str = "select count(*) from rooms where id = ?1 and active = 1";
    const TAG: &str = "select count(*) from tags where id = ?1";
    let contact_id = Some(booking.contact_id).filter(|id| *id > 0);
    let named = [
        ("/contact_id", CONTACT, contact_id, before.map(|b| b.contact_id)),
        ("/professional_id", PROFESSIONAL, Some(booking.professional_id), before.map(|b| b.professional_id)),
        ("/room_id", ROOM, booking.room_id, before.and_then(|b| b.room_id)),
        ("/tag_id", TAG, booking.tag_id, before.and_then(|b| b.tag_id)),
    ];
    let mut errors = Vec::new();
    for (pointer, sql, id, known) in named {
        if id.is_some() && id != known && tx.number(sql, [id])? == 0 {
            errors.push(FieldError::new(pointer, "not_found"));
        }
    }
    if errors.is_empty() { Ok(()) } else { Err(Error::Invalid(errors)) }
}

/// A booking as it is wanted, and what is needed to judge it.
struct Wish<'a> {
    tx: &'a ReadTx<'a>,
    booking: &'a Booking,
    needed: Needed,
    hours: Hours,
    desk: Desk,
}

impl<'a> Wish<'a> {
    fn of(tx: &'a ReadTx<'_>, booking: &'a Booking, except_id: i64, desk: Desk) -> Result<Self> {
        let hours = Hours::of(&clinic::store::find(tx)?.fields);
        Ok(Self { tx, booking, needed: Needed::by(booking, except_id), hours, desk })
    }

    fn check_not_long_ago(&self) -> Result<()> {
        let today = self.tx.now().day_in(&self.hours.zone);
        let earliest = today.plus_days(-PAST_DAYS).start_in(&self.hours.zone);
        if self.booking.starts_at < earliest {
            return Err(Error::field("/starts_at", "in_the_past"));
        }
        Ok(())
    }

    fn check_may_fit_in(&self) -> Result<()> {
        if self.desk.may_fit_in { Ok(()) } else { Err(Error::Forbidden(FitIn::NAME)) }
    }

    fn fits_by_itself(&self) -> Result<bool> {
        let blocks = blocks::store::overlapping(self.tx, self.booking.span().from, self.booking.span().to)?;
        let Needed { professional_id, room_id, .. } = self.needed;
        let open = self.hours.obstacle(self.booking.span(), professional_id, room_id, &blocks).is_none();
        Ok(open && conflicts::find(self.tx, &self.needed, self.booking.span())?.is_empty())
    }

    fn check_open(&self) -> Result<()> {
        let span = self.booking.span();
        let blocks = blocks::store::overlapping(self.tx, span.from, span.to)?;
        let Needed { professional_id, room_id, .. } = self.needed;
        let Some(obstacle) = self.hours.obstacle(span, professional_id, room_id, &blocks) else {
            return Ok(());
        };
        let refused = Error::conflict(obstacle.refusal()).with("reason", &obstacle.reason);
        Err(refused.with("alternatives", self.alternatives()?).with("may_fit_in", self.desk.may_fit_in))
    }

    fn check_free(&self) -> Result<()> {
        let conflicts = conflicts::find(self.tx, &self.needed, self.booking.span())?;
        if conflicts.is_empty() {
            return Ok(());
        }
        let refused = Error::conflict("slot_taken").with("conflicts", conflicts);
        Err(refused.with("alternatives", self.alternatives()?).with("may_fit_in", self.desk.may_fit_in))
    }

    fn alternatives(&self) -> Result<Vec<super::rules::Span>> {
        alternatives(self.tx, &self.hours, &self.needed, self.booking.span())
    }
}
