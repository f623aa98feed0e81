//! Handlers of contacts.
use super::{
    duplicates::{self, Duplicate, Numbers},
    model::{Contact, ContactFields, Listed, Sent, Visits},
    past,
    search::{self, Asked},
    store,
};
use crate::{
    access::{
        Grant,
        permissions::{EditContacts, ViewAppointments, ViewContacts},
    },
    base::{Id, Page, Result},
    features::history::{self, model::Revision},
    web::{Body, Created, IfMatch, Json, Paged, Patch, Path, Query, Record},
};

/// A page of contacts, by name or by what was typed.
pub async fn list(grant: Grant<ViewContacts>, Query(asked): Query<Asked>) -> Result<Paged<Listed>> {
    grant.read(move |tx| search::list(tx, &asked)).await.map(Paged)
}

/// One contact.
pub async fn show(grant: Grant<ViewContacts>, Path(id): Path<Id<ContactFields>>) -> Result<Record<Contact>> {
    grant.glance(move |tx| store::find(tx, id)).await.map(Record)
}

/// Adds a contact.
pub async fn create(grant: Grant<EditContacts>, Body(sent): Body<Sent>) -> Result<Created<Contact>> {
    grant.create(move |tx| store::create(tx, &sent)).await.map(Created)
}

/// Changes a contact.
pub async fn update(
    grant: Grant<EditContacts>,
    Path(id): Path<Id<ContactFields>>,
    IfMatch(version): IfMatch,
    patch: Patch<Sent>,
) -> Result<Record<Contact>> {
    grant.write(move |tx| store::update(tx, id, version, |current| patch.onto(current))).await.map(Record)
}

/// Contacts that have one of the numbers being typed.
pub async fn duplicates(
    grant: Grant<ViewContacts>,
    Query(numbers): Query<Numbers>,
) -> Result<Paged<Duplicate>> {
    grant.read(move |tx| duplicates::list(tx, &numbers)).await.map(|found| Paged(Page::whole(found)))
}

/// The appointments of a contact.
pub async fn appointments(
    grant: Grant<ViewAppointments>,
    Path(id): Path<Id<ContactFields>>,
) -> Result<Json<Visits>> {
    grant.read(move |tx| store::appointments(tx, id)).await.map(Json)
}

/// Who changed what of a contact, and when.
pub async fn history(
    grant: Grant<ViewContacts>,
    Path(id): Path<Id<ContactFields>>,
    Query(asked): Query<history::model::Asked>,
) -> Result<Paged<Revision>> {
    grant
        .read(move |tx| {
            store::find(tx, id)?;
            history::store::list::<ContactFields>(tx, id.number(), past::SHOWN, &asked)
        })
        .await
        .map(Paged)
}
