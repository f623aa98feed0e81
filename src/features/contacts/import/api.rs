//! Handlers of imports.
use super::{
    model::{Asked, Check, Import, ImportFields, Started},
    run::{self, File},
    store, undo,
};
use crate::{
    access::{Grant, permissions::ImportContacts},
    base::{Error, Id, Page, Result},
    db::Written,
    web::{Accepted, Either, IfMatch, Json, Paged, Path, Query, Record, Text, Upload},
};

/// Says what a file would bring, or begins to bring it in.
pub async fn import(
    grant: Grant<ImportContacts>,
    Query(asked): Query<Asked>,
    Upload(bytes): Upload,
) -> Result<Either<Json<Check>, Accepted<Started>>> {
    let dry_run = asked.dry_run;
    let file = blocking(move || {
        File::open(asked.file_name.as_deref().unwrap_or("contacts.csv"), bytes, asked.mapping.as_deref())
    })
    .await?;
    if dry_run {
        return blocking(move || file.check(&grant)).await.map(|check| Either::First(Json(check)));
    }
    begin(grant, file).await.map(|started| Either::Second(Accepted(started)))
}

/// Opens the import and carries it out behind the answer; a repeated request only hears which import it was.
async fn begin(grant: Grant<ImportContacts>, file: File) -> Result<Written<Started>> {
    let (name, rows) = (file.name.clone(), file.rows()?);
    let begun = grant.create(move |tx| store::begin(tx, &name, rows)).await?;
    if let Written::Fresh(started) = begun {
        // What stops it is in the log and in the import's status.
        tokio::task::spawn_blocking(move || drop(run::carry_out(&grant, &file, started, |_| {})));
    }
    Ok(begun)
}

/// Imports, newest first.
pub async fn list(grant: Grant<ImportContacts>) -> Result<Paged<Import>> {
    grant.read(store::list).await.map(|imports| Paged(Page::whole(imports)))
}

/// One import.
pub async fn show(grant: Grant<ImportContacts>, Path(id): Path<Id<ImportFields>>) -> Result<Record<Import>> {
    grant.read(move |tx| store::find(tx, id)).await.map(Record)
}

/// The rows that were not brought in.
pub async fn errors(grant: Grant<ImportContacts>, Path(id): Path<Id<ImportFields>>) -> Result<Text> {
    let csv = grant.read(move |tx| store::refusals(tx, id)).await?;
    let file_name = Some(format!("import-{id}-refused.csv"));
    Ok(Text { media_type: "text/csv; charset=utf-8", file_name, bytes: csv.into_bytes(), etag: None })
}

/// Takes an import back.
pub async fn undo(
    grant: Grant<ImportContacts>,
    Path(id): Path<Id<ImportFields>>,
    IfMatch(version): IfMatch,
) -> Result<Record<Import>> {
    blocking(move || undo::undo(&grant, id, version)).await.map(Record)
}

/// Runs what takes long off the request threads.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(Error::internal)?
}
