//! Whether a booking may stand where it is wanted: what it names exists, the time is open, and nothing else takes it.
//! A refusal says what is in the way and what is free instead.
use std::sync::Arc;

use super::{
    availability::alternatives,
    conflicts::{self, Needed},
    frame::Frame,
    model::{Appointment, Booking},
    rules::Span,
};
use crate::{
    access::{Permission, permissions::FitIn},
    base::{Error, FieldError, Result},
    db::ReadTx,
    features::blocks,
};

/// How far back a front desk may register who came.
const PAST_DAYS: i64 = 30;

/// What the person at the desk may do beyond booking free time.
#[derive(Debug, Clone, Copy)]
pub struct Desk {
    /// Whether they may knowingly book over others.
    pub may_fit_in: bool,
}

/// Whether a new booking may be made, but for what else may take its time; answers whether it has to be fitted in. Into open and
/// free time nobody is fitted in: such a booking holds its time like any other.
pub fn check_new(tx: &ReadTx<'_>, booking: &Booking, desk: Desk) -> Result<bool> {
    let wish = Wish::of(tx, booking, 0, desk)?;
    wish.check_references(None)?;
    wish.check_not_long_ago()?;
    if booking.fit_in {
        wish.check_may_fit_in()?;
        return Ok(!wish.fits_by_itself()?);
    }
    wish.check_open()?;
    Ok(false)
}

/// What a new booking is refused with once the fence of the file has stopped it: what is in the way, and what is free instead.
pub fn refusal(tx: &ReadTx<'_>, booking: &Booking, desk: Desk, fence: Error) -> Error {
    let free = Wish::of(tx, booking, 0, desk).and_then(|wish| wish.check_free());
    free.err().unwrap_or(fence)
}

/// Whether an appointment may become `after`. What stays where it was is not asked again: a block laid over it since, or hours
/// that changed, do not stop anyone from noting a payment. Answers whether it has to be fitted in where it is now.
pub fn check_change(tx: &ReadTx<'_>, before: &Appointment, after: &Booking, desk: Desk) -> Result<bool> {
    let was = &before.booking;
    let wish = Wish::of(tx, after, before.stamp.id, desk)?;
    wish.check_references(Some(was))?;
    let moved = !after.same_place(was);
    if !moved && after.fit_in == was.fit_in && after.contact_id == was.contact_id {
        return Ok(after.fit_in);
    }
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
    let wish = Wish::of(tx, &appointment.booking, appointment.stamp.id, desk)?;
    wish.check_references(None)?;
    if appointment.booking.fit_in {
        return Ok(());
    }
    wish.check_open()?;
    wish.check_free()
}

/// A booking as it is wanted, and what is needed to judge it.
struct Wish<'a> {
    tx: &'a ReadTx<'a>,
    booking: &'a Booking,
    needed: Needed,
    frame: Arc<Frame>,
    desk: Desk,
}

impl<'a> Wish<'a> {
    fn of(tx: &'a ReadTx<'_>, booking: &'a Booking, except_id: i64, desk: Desk) -> Result<Self> {
        let frame = Frame::now(tx)?;
        Ok(Self { tx, booking, needed: Needed::by(booking, except_id), frame, desk })
    }

    /// Everything a booking names must exist, and work here where that matters; what it named before is not asked again.
    fn check_references(&self, before: Option<&Booking>) -> Result<()> {
        let Booking { contact_id, professional_id, room_id, tag_id, .. } = *self.booking;
        let contact_id = Some(contact_id).filter(|id| *id > 0 && before.is_none_or(|b| b.contact_id != *id));
        let professional_id =
            Some(professional_id).filter(|id| before.is_none_or(|b| b.professional_id != *id));
        let room_id = room_id.filter(|id| before.is_none_or(|b| b.room_id != Some(*id)));
        let tag_id = tag_id.filter(|id| before.is_none_or(|b| b.tag_id != Some(*id)));
        let known = [
            ("/contact_id", contact_id.map_or(Ok(true), |id| self.has_contact(id))?),
            ("/professional_id", professional_id.is_none_or(|id| self.frame.has_professional(id))),
            ("/room_id", room_id.is_none_or(|id| self.frame.has_room(id))),
            ("/tag_id", tag_id.is_none_or(|id| self.frame.has_tag(id))),
        ];
        let unknown = known.into_iter().filter(|(_, known)| !known);
        let errors: Vec<_> = unknown.map(|(pointer, _)| FieldError::new(pointer, "not_found")).collect();
        if errors.is_empty() { Ok(()) } else { Err(Error::Invalid(errors)) }
    }

    fn has_contact(&self, id: i64) -> Result<bool> {
        Ok(self.tx.number("select count(*) from contacts where id = ?1", [id])? > 0)
    }

    fn check_not_long_ago(&self) -> Result<()> {
        let today = self.tx.now().day_in(&self.frame.hours.zone);
        let earliest = today.plus_days(-PAST_DAYS).start_in(&self.frame.hours.zone);
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
        let open =
            self.frame.hours.obstacle(self.booking.span(), professional_id, room_id, &blocks).is_none();
        Ok(open && conflicts::find(self.tx, &self.needed, self.booking.span())?.is_empty())
    }

    fn check_open(&self) -> Result<()> {
        let span = self.booking.span();
        let blocks = blocks::store::around(self.tx, span.from, span.to)?;
        let Needed { professional_id, room_id, .. } = self.needed;
        let Some(obstacle) = self.frame.hours.obstacle(span, professional_id, room_id, &blocks.0) else {
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

    fn alternatives(&self) -> Result<Vec<Span>> {
        alternatives(self.tx, &self.frame.hours, &self.needed, self.booking.span())
    }
}
