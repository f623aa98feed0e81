//! The sign-in door: the same answer and the same work whether the person exists or not.
use std::sync::Arc;

use super::{
    model::{AcceptInvite, SignIn, SignedIn},
    store::{self, Known},
};
use crate::{
    access::{Grant, Token, password, permissions::OwnSession, throttle},
    base::{Error, Result},
    db::Clinic,
    web::Public,
};

/// Someone let in: what the screens need, and the cookie's token.
pub struct LetIn {
    /// The person and the clinic.
    pub signed_in: SignedIn,
    /// The new session's secret.
    pub token: Token,
}

/// Tries a password.
pub async fn sign_in(public: &Public, tried: SignIn) -> Result<LetIn> {
    knock(public)?;
    let clinic = public.clinic(tried.clinic_id);
    let (door, known) = who(public, clinic.as_ref(), &tried.email).await?;
    let hash = known.as_ref().and_then(|k| k.password_hash.clone());
    let matches = off_thread(move || Ok(password::verify(&tried.password, hash.as_deref()))).await?;
    match (clinic, door, known) {
        (Some(clinic), Some(door), Some(known)) if matches => enter(&door, &clinic, known.id, &public.user_agent).await,
        (_, door, known) => refuse(public, door, known, &tried.email).await,
    }
}

/// Uses a one-time code and chooses a password.
pub async fn accept_invite(public: &Public, tried: AcceptInvite) -> Result<LetIn> {
    knock(public)?;
    let clinic = public.clinic(tried.clinic_id);
    let (door, known) = who(public, clinic.as_ref(), &tried.email).await?;
    let own: Vec<String> = known.as_ref().map(|k| k.own_words.clone()).unwrap_or_default();
    let hash = hash_new(tried.password, own).await?;
    let (Some(clinic), Some(door), Some(known)) = (clinic, door, known) else {
        return Err(Error::Unauthenticated("wrong_credentials"));
    };
    let token = Token::random(clinic.id())?;
    let (token_hash, agent, code) = (token.hash(), public.user_agent.clone(), tried.code);
    let id = known.id;
    let accepted = door.write(move |tx| store::accept(tx, id, &code, &hash, (token_hash, &agent))).await;
    match accepted {
        Ok(signed_in) => Ok(LetIn { signed_in, token }),
        Err(Error::Unauthenticated(_)) => refuse(public, Some(door), Some(known), &tried.email).await,
        Err(other) => Err(other),
    }
}

/// Checks a new password and hashes it off the request threads.
pub async fn hash_new(chosen: String, own_words: Vec<String>) -> Result<String> {
    let own: Vec<&str> = own_words.iter().map(String::as_str).collect();
    if let Some(code) = password::weakness(&chosen, &own) {
        return Err(Error::field("/password", code));
    }
    off_thread(move || password::hash(&chosen)).await
}

/// Argon2 takes tens of milliseconds of one core: never on a request thread.
pub async fn off_thread<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(Error::internal)?
}

fn knock(public: &Public) -> Result<()> {
    public.context.addresses.count(&public.peer.addr.ip().to_string(), public.context.clock().seconds())
}

type Door = Option<Grant<OwnSession>>;

async fn who(public: &Public, clinic: Option<&Arc<Clinic>>, email: &str) -> Result<(Door, Option<Known>)> {
    let Some(clinic) = clinic else { return Ok((None, None)) };
    let door = public.door(Arc::clone(clinic));
    let asked = email.to_owned();
    let known = door
        .read(move |tx| {
            let known = store::known(tx, &asked)?;
            if let Some(known) = &known {
                throttle::door_is_open(tx, known.id)?;
            }
            Ok(known)
        })
        .await?;
    if known.is_none() {
        public.context.strangers.door_is_open(email, public.context.clock().seconds())?;
    }
    Ok((Some(door), known))
}

async fn enter(door: &Grant<OwnSession>, clinic: &Clinic, id: i64, agent: &str) -> Result<LetIn> {
    let token = Token::random(clinic.id())?;
    let (hash, agent) = (token.hash(), agent.to_owned());
    let signed_in = door.write(move |tx| store::open(tx, id, hash, &agent)).await?;
    Ok(LetIn { signed_in, token })
}

async fn refuse(public: &Public, door: Door, known: Option<Known>, email: &str) -> Result<LetIn> {
    let id = known.map(|k| k.id);
    if id.is_none() {
        public.context.strangers.failed(email, public.context.clock().seconds());
    }
    if let Some(door) = door {
        door.write(move |tx| store::refuse(tx, id)).await?;
    }
    Err(Error::Unauthenticated("wrong_credentials"))
}
