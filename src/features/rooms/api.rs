//! Handlers of rooms.
use super::{
    model::{Room, RoomFields},
    store,
};
use crate::{
    access::{
        Grant,
        permissions::{EditScheduleSetup, ViewClinic},
    },
    base::{Id, Page, Result},
    web::{Body, Created, IfMatch, Paged, Patch, Path, Record},
};

/// Every room.
pub async fn list(grant: Grant<ViewClinic>) -> Result<Paged<Room>> {
    grant.read(store::list).await.map(|rooms| Paged(Page::whole(rooms)))
}

/// Adds a room.
pub async fn create(grant: Grant<EditScheduleSetup>, Body(room): Body<RoomFields>) -> Result<Created<Room>> {
    grant.create(move |tx| store::create(tx, &room)).await.map(Created)
}

/// Renames or closes a room.
pub async fn update(
    grant: Grant<EditScheduleSetup>,
    Path(id): Path<Id<RoomFields>>,
    IfMatch(version): IfMatch,
    patch: Patch<RoomFields>,
) -> Result<Record<Room>> {
    grant.write(move |tx| store::update(tx, id, version, |current| patch.onto(current))).await.map(Record)
}
