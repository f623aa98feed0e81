//! Handlers of the trail.
use std::{sync::Arc, time::Duration};

use super::{
    closing, export as file,
    model::{
        Acceptance, Checked, Closing, Entry, Format, Printed, Remembered, Verification, Wanted, Witness,
        Written,
    },
    store,
};
use crate::{
    access::{
        Grant,
        permissions::{AcceptRestored, CloseDay, OwnSession, ViewAudit},
    },
    base::{Choice, Error, Result},
    db::{Act, Outcome, trail::checkpoint::Standing},
    features::sessions::prove::Knock,
    web::{Body, Done, Json, Paged, Query, Streamed},
};

/// How long an answer waits for a verification to end before it says how far it is.
const PATIENCE: Duration = Duration::from_millis(1500);

/// Entries, newest first.
pub async fn list(grant: Grant<ViewAudit>, Query(wanted): Query<Wanted>) -> Result<Paged<Entry>> {
    grant.settle().await?;
    grant.read(move |tx| store::list(tx, &wanted)).await.map(Paged)
}

/// All entries wanted, as a file.
pub async fn export(grant: Grant<ViewAudit>, Query(wanted): Query<Wanted>) -> Result<Streamed> {
    grant.settle().await?;
    let (media_type, ending) = file::kind(wanted.format.unwrap_or(Format::Csv));
    let name = format!("taskmed-audit-{}.{ending}", grant.clinic().id());
    let (streamed, pen) = Streamed::file(media_type, name);
    tokio::spawn(file::write(grant, wanted, pen));
    Ok(streamed)
}

/// Whether the trail is whole. Long verifications go on behind the answer: ask again to hear more.
pub async fn verify(grant: Grant<ViewAudit>) -> Result<Json<Verification>> {
    let total = grant.read(store::newest).await?;
    let run = grant.clinic().verification(total);
    match tokio::time::timeout(PATIENCE, run.verdict()).await {
        Ok(verdict) => Ok(Json(Verification::done((*verdict?).clone()))),
        Err(_) => Ok(Json(Verification::running(run.checked(), run.total))),
    }
}

/// The newest signed head, for whoever keeps copies of them.
pub async fn checkpoint(grant: Grant<ViewAudit>, Query(known): Query<Remembered>) -> Result<Json<Witness>> {
    let clinic = Arc::clone(grant.clinic());
    let copies = blocking(move || clinic.copies_hold()).await?;
    grant.read(move |tx| closing::witness(tx, &known, copies)).await.map(Json)
}

/// Signs the trail and answers the code for paper.
pub async fn close(grant: Grant<CloseDay>) -> Result<Json<Closing>> {
    grant.write(|tx| tx.audited(Act::seen("day_closed", "audit", None), ())).await?;
    let sealed = grant.seal().await?;
    grant.read(move |tx| closing::closing(tx, &sealed)).await.map(Json)
}

/// Whether the trail still holds what a code on paper says.
pub async fn check_code(grant: Grant<CloseDay>, Body(written): Body<Written>) -> Result<Json<Checked>> {
    let checked = grant.read(move |tx| closing::check(tx, &written)).await?;
    let outcome = if checked.holds { Outcome::Done } else { Outcome::Failed };
    grant.write(move |tx| tx.audited(Act::seen("code_checked", "audit", None).ending(outcome), ())).await?;
    Ok(Json(checked))
}

/// Takes the trail for the right one although the copies beside the clinic's file know a later one: its owner says, with the
/// password, that a backup was brought back. That is on record before the copies begin anew; the old ones are put aside.
pub async fn accept_restored(
    grant: Grant<AcceptRestored>,
    knock: Knock,
    Body(asked): Body<Acceptance>,
) -> Result<Json<Witness>> {
    let proven = knock.prove(&grant, asked.password).await;
    proven.map_err(|error| error.at_field("/password", "wrong_password"))?;
    let clinic = Arc::clone(grant.clinic());
    let copies = blocking(move || clinic.copies_hold()).await?;
    if copies != Standing::Holds {
        grant.write(|tx| tx.audited(Act::seen("restored_accepted", "audit", None), ())).await?;
        grant.renew_copies().await?;
        grant.seal().await?;
        grant.settle().await?;
    }
    let total = grant.read(store::newest).await?;
    grant.clinic().verification(total);
    let clinic = Arc::clone(grant.clinic());
    let copies = blocking(move || clinic.copies_hold()).await?;
    grant.read(move |tx| closing::witness(tx, &Remembered::default(), copies)).await.map(Json)
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(Error::internal)?
}

/// Puts on record that something was printed: only the screen knows.
pub async fn printed(grant: Grant<OwnSession>, Body(printed): Body<Printed>) -> Result<Done> {
    let act = Act::seen("printed", printed.entity.code(), printed.entity_id);
    grant.write(move |tx| tx.audited(act, ())).await?;
    Ok(Done)
}
