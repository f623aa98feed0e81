//! Handlers of connected calendars.
use qrcode::{QrCode, render::svg};

use super::{
    address::{Origin, Secret, UNKNOWN},
    ics,
    model::{Connected, Feed, FeedFields, NewFeed},
    store::{self, Asker, Found},
};
use crate::{
    access::{
        Grant,
        permissions::{OwnCalendar, OwnSession},
    },
    base::{Error, Id, Page, Result},
    db::ReadTx,
    web::{Body, Done, IfMatch, Paged, Patch, Path, Public, Record, Text, ToldOnce},
};

/// The calendars one may see.
pub async fn list(grant: Grant<OwnCalendar>) -> Result<Paged<Feed>> {
    let asker = Asker::of(grant.caller())?;
    grant.read(move |tx| store::list(tx, asker)).await.map(|feeds| Paged(Page::whole(feeds)))
}

/// Makes an address. Its answer is not kept for repeated requests: the secret stands nowhere but in it.
pub async fn create(
    grant: Grant<OwnCalendar>,
    Body(new): Body<NewFeed>,
    Origin(origin): Origin,
) -> Result<ToldOnce<Connected>> {
    let (asker, secret) = (Asker::of(grant.caller())?, Secret::random(grant.clinic().id())?);
    let hash = secret.hash();
    let feed = grant.write(move |tx| store::create(tx, asker, &new, hash)).await?;
    let url = format!("{origin}{}", secret.path());
    Ok(ToldOnce(Connected { feed, qr_svg: qr(&url)?, url }))
}

/// Renames a calendar.
pub async fn update(
    grant: Grant<OwnCalendar>,
    Path(id): Path<Id<FeedFields>>,
    IfMatch(version): IfMatch,
    patch: Patch<FeedFields>,
) -> Result<Record<Feed>> {
    let asker = Asker::of(grant.caller())?;
    grant.write(move |tx| store::update(tx, asker, id, version, |now| patch.onto(now))).await.map(Record)
}

/// Revokes a calendar's address.
pub async fn revoke(
    grant: Grant<OwnCalendar>,
    Path(id): Path<Id<FeedFields>>,
    IfMatch(version): IfMatch,
) -> Result<Done> {
    let asker = Asker::of(grant.caller())?;
    grant.write(move |tx| store::revoke(tx, asker, id, version)).await.map(|()| Done)
}

/// A feed is read by its program when it likes; there is nothing to push, only its state to tell.
pub async fn sync(grant: Grant<OwnCalendar>, Path(id): Path<Id<FeedFields>>) -> Result<Record<Feed>> {
    let asker = Asker::of(grant.caller())?;
    grant.read(move |tx| store::find(tx, asker, id)).await.map(Record)
}

/// The calendar behind a secret address.
pub async fn feed(public: Public, secret: Secret) -> Result<Text> {
    let door = public.door(public.clinic(Some(secret.clinic_id))?.ok_or(UNKNOWN)?);
    let found = door.read(move |tx| store::behind(tx, &secret)).await?;
    note_use(&door, &found).await;
    let today = door.clinic().clock().now().day_in(&found.cover.zone());
    // The cover was read earlier than the state the answer is kept under: it is part of the question.
    let question = format!("feed {} {today} {:?}", found.id, found.cover);
    let kept = door.cached(question, store::TABLES, move |tx| text(tx, &found)).await?;
    let text: String = serde_json::from_slice(&kept.encoded.bytes).map_err(Error::internal)?;
    let etag = Some(kept.encoded.etag.to_string());
    Ok(Text { media_type: "text/calendar; charset=utf-8", file_name: None, bytes: text.into_bytes(), etag })
}

fn text(tx: &ReadTx<'_>, found: &Found) -> Result<String> {
    let window = found.cover.window(tx.now().day_in(&found.cover.zone()));
    ics::write(&found.cover, window, &store::entries(tx, found.cover.professional_id, window)?)
}

/// A note that cannot be written keeps nobody from their calendar.
async fn note_use(door: &Grant<OwnSession>, found: &Found) {
    let feed_id = found.id;
    if found.is_due
        && let Err(error) = door.housekeep(move |tx| store::note_use(tx, feed_id)).await
    {
        tracing::debug!(%error, feed_id, "a feed's last use was not noted");
    }
}

fn qr(url: &str) -> Result<String> {
    let code = QrCode::new(url).map_err(Error::internal)?;
    Ok(code.render::<svg::Color<'_>>().min_dimensions(240, 240).build())
}
