//! Which columns of an appointment its history shows.
use crate::features::history::model::{
    Kind::{Flag, Of, Plain, Time},
    Named::{Contact, Room, Tag, User},
    Shown, plain, shown,
};

/// All that people decide about an appointment.
pub const SHOWN: &[Shown] = &[
    shown("contact_id", "contact_id", Of(Contact)),
    shown("professional_id", "professional_id", Of(User)),
    shown("room_id", "room_id", Of(Room)),
    shown("starts_at", "starts_at", Time),
    shown("ends_at", "ends_at", Time),
    plain("kind"),
    plain("status"),
    shown("tag_id", "tag_id", Of(Tag)),
    plain("notes"),
    shown("fit_in", "fit_in", Flag),
    shown("payment_status", "payment.status", Plain),
    shown("amount_cents", "payment.amount_cents", Plain),
    plain("cancellation_reason"),
];
