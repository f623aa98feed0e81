//! Handlers of blocks.
use super::{
    model::{Between, Block, BlockFields, Placed},
    store,
};
use crate::{
    access::{
        Grant,
        permissions::{EditScheduleSetup, ViewClinic},
    },
    base::{Id, Page, Result},
    web::{Body, Created, Done, IfMatch, Paged, Patch, Path, Query, Record},
};

/// The blocks of some days.
pub async fn list(grant: Grant<ViewClinic>, Query(between): Query<Between>) -> Result<Paged<Block>> {
    grant.read(move |tx| store::list(tx, &between)).await.map(|blocks| Paged(Page::whole(blocks)))
}

/// Blocks a stretch.
pub async fn create(
    grant: Grant<EditScheduleSetup>,
    Body(block): Body<BlockFields>,
) -> Result<Created<Placed>> {
    grant.create(move |tx| store::create(tx, &block)).await.map(Created)
}

/// Changes a block.
pub async fn update(
    grant: Grant<EditScheduleSetup>,
    Path(id): Path<Id<BlockFields>>,
    IfMatch(version): IfMatch,
    patch: Patch<BlockFields>,
) -> Result<Record<Placed>> {
    grant.write(move |tx| store::update(tx, id, version, |current| patch.onto(current))).await.map(Record)
}

/// Frees the stretch again.
pub async fn remove(
    grant: Grant<EditScheduleSetup>,
    Path(id): Path<Id<BlockFields>>,
    IfMatch(version): IfMatch,
) -> Result<Done> {
    grant.write(move |tx| store::remove(tx, id, version)).await.map(|()| Done)
}
