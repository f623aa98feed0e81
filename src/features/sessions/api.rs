//! Handlers of sign-in and of one's own things.
use super::{
    door,
    model::{AcceptInvite, Me, NewPassword, Preferences, SessionState, SignIn, SignedIn, Unlock},
    prove::Knock,
    store,
};
use crate::{
    access::{Grant, permissions::OwnSession, session, session::SessionView},
    base::{Error, Id, Page, Result},
    features::clinic,
    web::{Body, Done, Json, Own, Paged, Patch, Path, Public, WithSession},
};

/// Signs a person in.
pub async fn sign_in(public: Public, Body(tried): Body<SignIn>) -> Result<WithSession<Json<SignedIn>>> {
    let let_in = door::sign_in(&public, tried).await?;
    Ok(WithSession::open(Json(let_in.signed_in), let_in.token))
}

/// Uses a one-time code and chooses a password.
pub async fn accept_invite(
    public: Public,
    Body(tried): Body<AcceptInvite>,
) -> Result<WithSession<Json<SignedIn>>> {
    let let_in = door::accept_invite(&public, tried).await?;
    Ok(WithSession::open(Json(let_in.signed_in), let_in.token))
}

/// Ends this session.
pub async fn sign_out(own: Own) -> Result<WithSession<Done>> {
    let (user, session) = (own.grant.caller().person()?, own.grant.caller().session_id);
    own.grant.write(move |tx| store::close(tx, user, session)).await?;
    Ok(WithSession::end(Done))
}

/// Locks the screen: the session stays, but nothing is answered until the password is given again.
pub async fn lock(own: Own) -> Result<Done> {
    let (user, session) = (own.grant.caller().person()?, own.grant.caller().session_id);
    own.grant.write(move |tx| store::lock(tx, user, session)).await?;
    Ok(Done)
}

/// Unlocks the screen.
pub async fn unlock(own: Own, knock: Knock, Body(given): Body<Unlock>) -> Result<Json<SignedIn>> {
    let session = own.grant.caller().session_id;
    let known = knock.prove(&own.grant, given.password).await?;
    own.grant.write(move |tx| store::unlock(tx, &known, session)).await.map(Json)
}

/// Who is signed in, and whether the screen is locked.
pub async fn show(own: Own) -> Result<Json<SessionState>> {
    let user = own.grant.caller().person()?;
    let (locked, expires_at) = (own.locked, own.grant.caller().expires_at);
    let read = own.grant.read(move |tx| {
        let idle_lock_min = clinic::store::find(tx)?.idle_lock_min;
        Ok(SessionState { signed_in: store::signed_in(tx, user)?, locked, idle_lock_min, expires_at })
    });
    read.await.map(Json)
}

/// Replaces one's own password.
pub async fn change_password(own: Own, knock: Knock, Body(change): Body<NewPassword>) -> Result<Done> {
    let grant = own.unlocked()?;
    let session = grant.caller().session_id;
    let known = knock.prove(&grant, change.current_password.clone()).await.map_err(at_current_password)?;
    if change.current_password == change.new_password {
        return Err(Error::field("/new_password", "same_password"));
    }
    let hash = door::hash_new(change.new_password, &known.own_words).await.map_err(at_new_password)?;
    let changed = grant.write(move |tx| store::change_password(tx, &known, &hash, session)).await;
    changed.map_err(at_current_password)?;
    Ok(Done)
}

/// Changes one's own preferences. The last word wins: it is one person's screen.
pub async fn prefer(own: Own, patch: Patch<Preferences>) -> Result<Json<Me>> {
    let grant = own.unlocked()?;
    let user = grant.caller().person()?;
    grant.write(move |tx| store::prefer(tx, user, |current| patch.onto(current))).await.map(Json)
}

/// One's open sessions.
pub async fn list(grant: Grant<OwnSession>) -> Result<Paged<SessionView>> {
    let (user, session) = (grant.caller().person()?, grant.caller().session_id);
    grant.read(move |tx| session::list(tx, user, session)).await.map(|all| Paged(Page::whole(all)))
}

/// Ends one of them.
pub async fn close(grant: Grant<OwnSession>, Path(id): Path<Id<SessionView>>) -> Result<Done> {
    let user = grant.caller().person()?;
    grant.write(move |tx| store::close(tx, user, id.number())).await?;
    Ok(Done)
}

fn at_current_password(error: Error) -> Error {
    error.at_field("/current_password", "wrong_password")
}

fn at_new_password(error: Error) -> Error {
    match error {
        Error::Invalid(mut errors) => {
            errors.iter_mut().for_each(|e| e.pointer = "/new_password".into());
            Error::Invalid(errors)
        }
        other => other,
    }
}
