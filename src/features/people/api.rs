//! Handlers of the team.
use super::{
    invite as codes,
    model::{Invitation, Invited, Member, UserFields},
    store,
};
use crate::{
    access::{
        Grant,
        permissions::{ManageTeam, ViewTeam},
    },
    base::{Id, Page, Result},
    db::ReadTx,
    web::{Body, Cached, Created, Either, IfMatch, Json, Patch, Path, Record, ToldOnce},
};

/// The team.
pub async fn list(grant: Grant<ViewTeam>) -> Result<Cached<Page<Member>>> {
    let team = |tx: &ReadTx<'_>| store::list(tx).map(Page::whole);
    grant.cached("team".to_owned(), store::TABLES, team).await.map(Cached::from)
}

/// One person.
pub async fn show(grant: Grant<ViewTeam>, Path(id): Path<Id<UserFields>>) -> Result<Record<Member>> {
    grant.glance(move |tx| store::find_member(tx, id)).await.map(Record)
}

/// Invites someone; the one-time code is in the answer and nowhere else.
pub async fn create(
    grant: Grant<ManageTeam>,
    Body(user): Body<UserFields>,
) -> Result<Either<Created<Invited>, ToldOnce<Invited>>> {
    if user.email.is_none() {
        return grant.create(move |tx| store::create(tx, &user)).await.map(Created).map(Either::First);
    }
    // The first answer of a request that may be repeated is kept for a day, and a one-time code must not lie there. Nobody is
    // invited twice for it: an e-mail is taken only once.
    grant.write(move |tx| store::create(tx, &user)).await.map(ToldOnce).map(Either::Second)
}

/// Changes roles or details, deactivates, takes back.
pub async fn update(
    grant: Grant<ManageTeam>,
    Path(id): Path<Id<UserFields>>,
    IfMatch(version): IfMatch,
    patch: Patch<UserFields>,
) -> Result<Record<Member>> {
    grant.write(move |tx| store::update(tx, id, version, |current| patch.onto(current))).await.map(Record)
}

/// A new one-time code; the old password and sessions end.
pub async fn invite(grant: Grant<ManageTeam>, Path(id): Path<Id<UserFields>>) -> Result<Json<Invitation>> {
    grant.write(move |tx| codes::renew(tx, id)).await.map(Json)
}
