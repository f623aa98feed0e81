//! Handlers of copies.
use std::{path::Path, sync::Arc};

use super::model::{Backups, BroughtBack, Drill, Wanted};
use crate::{
    access::{Grant, permissions::ManageBackups},
    backup::{Keeper, Reason, Refusal, restore},
    base::{Error, Result},
    db::{Act, Clinic, Clinics},
    features::clinic,
    web::{Body, Context, Json, Program, Public},
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

/// Brings a clinic back where there is none: only at this computer, only before anything else.
pub async fn bring_back(public: Public, Body(wanted): Body<Wanted>) -> Result<Json<BroughtBack>> {
    public.only_here()?;
    let (context, turn) = (&public.context, Arc::clone(&public.context.demonstrations));
    let _turn = turn.try_lock_owned().map_err(|_| Error::conflict("copying_already"))?;
    let clinics = context.clinics();
    if context.has_clinic() || !clinics.is_empty() {
        return Err(Error::conflict("already_set_up"));
    }
    let work = move || brought_back(&clinics, &wanted);
    tokio::task::spawn_blocking(work).await.map_err(Error::internal)?.map(Json)
}

fn brought_back(clinics: &Clinics, wanted: &Wanted) -> Result<BroughtBack> {
    let copy = restore::find(Path::new(&wanted.folder), wanted.clinic_id, None).map_err(at_field)?;
    let prepared =
        restore::prepare(clinics.folder(), &copy, wanted.recovery_code.as_ref()).map_err(at_field)?;
    let made_at = prepared.manifest.made_at;
    clinics.bring_in(|_| {
        let restored = prepared.carry_out(clinics.clock().clone(), "set-up")?;
        Ok((restored.clinic_id, BroughtBack { clinic_id: restored.clinic_id, made_at }))
    })
}

/// What is wrong with what was asked is said of its field.
fn at_field(refusal: Refusal) -> Error {
    match refusal {
        Refusal::WrongCode | Refusal::NeedsCode => Error::field("/recovery_code", "wrong_code"),
        Refusal::NoCopy(_) => Error::field("/folder", "no_backup_there"),
        Refusal::Several(_) => Error::field("/folder", "several_clinics"),
        Refusal::Damaged { .. } => Error::field("/folder", "backup_damaged"),
        Refusal::Newer(_) | Refusal::Older(_) => Error::field("/folder", "backup_other_version"),
        other => other.into(),
    }
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
