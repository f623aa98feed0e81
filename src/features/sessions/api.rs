//! Handlers of sign-in and of one's own things.
use super::{
    door,
    model::{AcceptInvite, Me, NewPassword, Preferences, SessionState, SignIn, SignedIn, Unlock},
    store,
};
use crate::{
    access::{Grant, password, permissions::OwnSession, session, session::SessionView, throttle},
    base::{Error, Id, Page, Result},
    features::clinic,
    web::{Body, Done, Json, Own, Patch, Path, Public, WithSession},
};

/// Signs a person in.
pub async fn sign_in(public: Public, Body(tried): Body<SignIn>) -> Result<WithSession<Json<SignedIn>>> {
    let let_in = door::sign_in(&public, tried).await?;
    Ok(WithSession::open(Json(let_in.signed_in), let_in.token))
}

/// Uses a one-time code and chooses a password.
pub async fn accept_invite(public: Public, Body(tried): Body<AcceptInvite>) -> Result<WithSession<Json<SignedIn>>> {
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
    own.grant.write(move |tx| store::set_locked(tx, user, session, true)).await?;
    Ok(Done)
}

/// Unlocks the screen.
pub async fn unlock(own: Own, Body(given): Body<Unlock>) -> Result<Json<SignedIn>> {
    let (user, session) = (own.grant.caller().person()?, own.grant.caller().session_id);
    prove(&own.grant, user, given.password).await?;
    own.grant.write(move |tx| store::set_locked(tx, user, session, false)).await.map(Json)
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
pub async fn change_password(own: Own, Body(change): Body<NewPassword>) -> Result<Done> {
    let grant = own.unlocked()?;
    let (user, session) = (grant.caller().person()?, grant.caller().session_id);
    let known = prove(&grant, user, change.current_password.clone()).await.map_err(|error| match error {
        Error::Unauthenticated(_) => Error::field("/current_password", "wrong_password"),
        other => other,
    })?;
    if change.current_password == change.new_password {
        return Err(Error::field("/new_password", "same_password"));
    }
    let hash = door::hash_new(change.new_password, known.own_words).await.map_err(at_new_password)?;
    grant.write(move |tx| store::change_password(tx, user, &hash, session)).await?;
    Ok(Done)
}

/// Changes one's own preferences. The last word wins: it is one person's screen.
pub async fn prefer(own: Own, patch: Patch<Preferences>) -> Result<Json<Me>> {
    let grant = own.unlocked()?;
    let user = grant.caller().person()?;
    grant.write(move |tx| store::prefer(tx, user, |current| patch.onto(current))).await.map(Json)
}

/// One's open sessions.
pub async fn list(grant: Grant<OwnSession>) -> Result<Json<Page<SessionView>>> {
    let (user, session) = (grant.caller().person()?, grant.caller().session_id);
    grant.read(move |tx| session::list(tx, user, session)).await.map(|all| Json(Page::whole(all)))
}

/// Ends one of them.
pub async fn close(grant: Grant<OwnSession>, Path(id): Path<Id<SessionView>>) -> Result<Done> {
    let user = grant.caller().person()?;
    grant.write(move |tx| store::close(tx, user, id.number())).await?;
    Ok(Done)
}

/// Checks a signed-in person's own password; failures count as at the door.
async fn prove(grant: &Grant<OwnSession>, user: i64, given: String) -> Result<store::Known> {
    let known = grant
        .read(move |tx| {
            throttle::door_is_open(tx, user)?;
            store::known_by_id(tx, user)
        })
        .await?;
    let hash = known.password_hash.clone();
    if door::off_thread(move || Ok(password::verify(&given, hash.as_deref()))).await? {
        return Ok(known);
    }
    grant.write(move |tx| store::refuse(tx, Some(user))).await?;
    Err(Error::Unauthenticated("wrong_credentials"))
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
