//! Handlers of imports.
use super::{
    model::{Import, ImportFields, Options, Outcome},
    plan::Plan,
    run, store,
};
use crate::{
    access::{Grant, permissions::ImportContacts},
    base::{Error, Id, Page, Result},
    web::{IfMatch, Json, Path, Query, Record, Text, Tried, Upload},
};

/// Tries a file, or starts bringing it in.
pub async fn import(
    grant: Grant<ImportContacts>,
    Query(options): Query<Options>,
    Upload(bytes): Upload,
) -> Result<Tried<Outcome>> {
    let desk = grant.clone();
    let (plan, options) = off_thread(move || Ok((run::look_with(&desk, &bytes, &options)?, options))).await?;
    if options.dry_run.unwrap_or(false) {
        return Ok(Tried::only(plan.outcome(None)));
    }
    let desk = grant.clone();
    let name = options.file_name;
    let (plan, id) = off_thread(move || run::begin(&desk, &plan, name).map(|id| (plan, id))).await?;
    let outcome = plan.outcome(Some(id));
    go_on(grant, id, plan);
    Ok(Tried::started(outcome))
}

/// The rows are written behind the answer.
fn go_on(grant: Grant<ImportContacts>, id: i64, plan: Plan) {
    tokio::task::spawn_blocking(move || {
        if let Err(error) = run::write(&grant, id, plan, &mut |_| {}) {
            tracing::error!(%error, import = id, "an import stopped in the middle");
        }
    });
}

/// Files brought in, newest first.
pub async fn list(grant: Grant<ImportContacts>) -> Result<Json<Page<Import>>> {
    grant.read(store::list).await.map(|imports| Json(Page::whole(imports)))
}

/// One of them.
pub async fn show(grant: Grant<ImportContacts>, Path(id): Path<Id<ImportFields>>) -> Result<Record<Import>> {
    grant.read(move |tx| store::find(tx, id)).await.map(Record)
}

/// Its refused rows.
pub async fn refused(grant: Grant<ImportContacts>, Path(id): Path<Id<ImportFields>>) -> Result<Text> {
    let csv = grant.read(move |tx| store::refusals(tx, id)).await?;
    let file_name = Some(format!("recusados-{id}.csv"));
    Ok(Text { media_type: "text/csv; charset=utf-8", file_name, bytes: csv.into_bytes(), etag: None })
}

/// Takes everything of it out again.
pub async fn undo(
    grant: Grant<ImportContacts>,
    Path(id): Path<Id<ImportFields>>,
    IfMatch(version): IfMatch,
) -> Result<Record<Import>> {
    grant.write(move |tx| store::undo(tx, id, version)).await.map(Record)
}

async fn off_thread<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(Error::internal)?
}
