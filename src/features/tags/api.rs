//! Handlers of tags.
use super::{
    model::{Tag, TagFields},
    store,
};
use crate::{
    access::{
        Grant,
        permissions::{EditScheduleSetup, ViewClinic},
    },
    base::{Id, Page, Result},
    web::{Body, Created, Done, IfMatch, Paged, Patch, Path, Record},
};

/// Every tag.
pub async fn list(grant: Grant<ViewClinic>) -> Result<Paged<Tag>> {
    grant.read(store::list).await.map(|tags| Paged(Page::whole(tags)))
}

/// Adds a tag.
pub async fn create(grant: Grant<EditScheduleSetup>, Body(tag): Body<TagFields>) -> Result<Created<Tag>> {
    grant.create(move |tx| store::create(tx, &tag)).await.map(Created)
}

/// Renames or recolours a tag.
pub async fn update(
    grant: Grant<EditScheduleSetup>,
    Path(id): Path<Id<TagFields>>,
    IfMatch(version): IfMatch,
    patch: Patch<TagFields>,
) -> Result<Record<Tag>> {
    grant.write(move |tx| store::update(tx, id, version, |current| patch.onto(current))).await.map(Record)
}

/// Removes a tag.
pub async fn remove(
    grant: Grant<EditScheduleSetup>,
    Path(id): Path<Id<TagFields>>,
    IfMatch(version): IfMatch,
) -> Result<Done> {
    grant.write(move |tx| store::remove(tx, id, version)).await.map(|()| Done)
}
