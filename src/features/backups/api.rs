//! Handlers of copies.
use std::sync::Arc;

use super::model::{Backups, Drill};
use crate::{
    access::{Grant, permissions::ManageBackups},
    backup::{Keeper, Reason, Refusal},
    base::{Error, Result},
    db::{Act, Clinic},
    features::clinic,
    web::{Context, Json, Program},
};

/// The copies of one's clinic.
pub async fn list(grant: Grant<ManageBackups>, Program(context): Program) -> Result<Json<Backups>> {
    told(&context, grant.clinic()).await.map(Json)
}

/// One more, as the clinic is now.
pub async fn make(grant: Grant<ManageBackups>, Program(context): Program) -> Result<Json<Backups>> {
    grant.write(|tx| tx.audited(Act::seen("backup_made", "backup", None), ())).await?;
    let zone = grant.read(clinic::store::find).await?.zone();
    grant.seal().await?;
    let (keeper, clinic) = (Arc::clone(&context), Arc::clone(grant.clinic()));
    blocking(move || keeper.backups.take(&clinic, Reason::ByHand, &zone)).await?;
    told(&context, grant.clinic()).await.map(Json)
}

async fn told(context: &Arc<Context>, clinic: &Arc<Clinic>) -> Result<Backups> {
    let (context, clinic) = (Arc::clone(context), Arc::clone(clinic));
    blocking(move || read(&context.backups, &clinic)).await
}

fn read(keeper: &Keeper, clinic: &Clinic) -> Result<Backups, Refusal> {
    let found = keeper.copies(clinic)?;
    let held = found.copies.first().map_or(0, |copy| copy.manifest.contents.entries);
    Ok(Backups {
        folder: keeper.place(clinic).root().display().to_string(),
        beside_the_data: keeper.beside_the_data(),
        items: found.copies.iter().map(Into::into).collect(),
        unreadable: found.unreadable.len(),
        entries_since: (clinic.trail_length()? - held).max(0),
        failed: clinic.meter().backups.failure(),
        drill: keeper.last_drill(clinic)?.map(Drill::from),
    })
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Refusal> + Send + 'static,
) -> Result<T> {
    Ok(tokio::task::spawn_blocking(work).await.map_err(Error::internal)??)
}
