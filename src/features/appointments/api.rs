//! Handlers of appointments.
use super::{
    agenda::{Agenda, View},
    availability::{self, Availability, Search},
    list,
    model::{Appointment, Booking, NewBooking, Step, Wanted},
    past,
    placing::Desk,
    sheet, store,
};
use crate::{
    access::{
        Grant,
        permissions::{EditAppointments, EditContacts, ViewAppointments},
    },
    base::{Id, Result},
    features::history::{self, model::Revision},
    web::{Acted, Body, Cached, Created, IfMatch, Json, Paged, Patch, Path, Query, Record},
};

/// The agenda of a day or a week.
pub async fn agenda(grant: Grant<ViewAppointments>, Query(view): Query<View>) -> Result<Cached<Agenda>> {
    grant.cached(view.question(), view.sources(), move |tx| sheet::show(tx, &view)).await.map(Cached::from)
}

/// Appointments by days, professional, patient or state.
pub async fn list(
    grant: Grant<ViewAppointments>,
    Query(wanted): Query<Wanted>,
) -> Result<Paged<Appointment>> {
    grant.read(move |tx| list::list(tx, &wanted)).await.map(Paged)
}

/// One appointment.
pub async fn show(
    grant: Grant<ViewAppointments>,
    Path(id): Path<Id<Booking>>,
) -> Result<Record<Appointment>> {
    grant.glance(move |tx| store::find(tx, id)).await.map(Record)
}

/// Books an appointment.
pub async fn create(
    grant: Grant<EditAppointments>,
    Body(new): Body<NewBooking>,
) -> Result<Created<Appointment>> {
    if new.contact.is_some() {
        grant.also::<EditContacts>()?;
    }
    let desk = Desk { may_fit_in: grant.may_fit_in() };
    grant.create(move |tx| store::create(tx, new, desk)).await.map(Created)
}

/// Moves, resizes or edits an appointment.
pub async fn update(
    grant: Grant<EditAppointments>,
    Path(id): Path<Id<Booking>>,
    IfMatch(version): IfMatch,
    patch: Patch<Booking>,
) -> Result<Record<Appointment>> {
    let desk = Desk { may_fit_in: grant.may_fit_in() };
    grant
        .write(move |tx| store::update(tx, id, version, desk, |current| patch.onto(current)))
        .await
        .map(Record)
}

/// Steps to another state.
pub async fn step(
    grant: Grant<EditAppointments>,
    Path(id): Path<Id<Booking>>,
    IfMatch(version): IfMatch,
    Body(step): Body<Step>,
) -> Result<Acted<Appointment>> {
    let desk = Desk { may_fit_in: grant.may_fit_in() };
    grant.create(move |tx| store::step(tx, id, version, step, desk)).await.map(Acted)
}

/// When a professional is free.
pub async fn availability(
    grant: Grant<ViewAppointments>,
    Query(search): Query<Search>,
) -> Result<Json<Availability>> {
    grant.read(move |tx| availability::search(tx, &search)).await.map(Json)
}

/// Who changed what of an appointment, and when.
pub async fn history(
    grant: Grant<ViewAppointments>,
    Path(id): Path<Id<Booking>>,
    Query(asked): Query<history::model::Asked>,
) -> Result<Paged<Revision>> {
    grant
        .read(move |tx| {
            store::find(tx, id)?;
            history::store::list::<Booking>(tx, id.number(), past::SHOWN, &asked)
        })
        .await
        .map(Paged)
}
