//! The one place where requests are let in. A handler's first argument says what it takes to get in; it cannot be reached
//! without it, so the check cannot be forgotten.
use std::{borrow::Cow, marker::PhantomData, sync::Arc};

use poem::http::{HeaderName, Method};
use sha2::{Digest, Sha256};

use super::{Context, Incoming, arguments::Argument, edge::Peer, operation::Operation, trace::Visit};
use crate::{
    access::{Caller, Grant, Permission, Token, permissions::OwnSession, session},
    base::{Error, RequestId, Result},
    db::{Actor, Clinic, clinic::IdempotencyKey},
};

/// The cookie on plain HTTP, which only this machine may use.
pub const COOKIE: &str = "taskmed_session";
/// The cookie over TLS: the prefix makes browsers refuse it from anywhere but this very host.
pub const SECURE_COOKIE: &str = "__Host-taskmed_session";
/// Set by the screens on requests no person made, so that they do not keep a session alive.
pub const BACKGROUND: HeaderName = HeaderName::from_static("x-taskmed-background");

/// What a handler must hold before it runs.
pub trait Admission: Sized + Send {
    /// Lets the request in, or says why not.
    fn admit(incoming: &mut Incoming) -> impl Future<Output = Result<Self>> + Send;
    /// Tells the OpenAPI document.
    fn describe(operation: &mut Operation);
}

impl<P: Permission> Admission for Grant<P> {
    /// In this order: a request must name a clinic (400), have a session (401), of that clinic (404), and the permission (403).
    async fn admit(incoming: &mut Incoming) -> Result<Self> {
        let named = named_clinic(incoming)?;
        let (clinic, caller, mut actor) = signed_in(incoming).await?;
        if caller.locked {
            return Err(Error::Unauthenticated("session_locked"));
        }
        if clinic.id() != named {
            return Err(Error::NotFound("clinic"));
        }
        if !P::allows(&caller.roles) {
            return Err(Error::Forbidden(P::NAME));
        }
        if let Some(key) = idempotency(incoming).await? {
            actor = Arc::new(Actor { idempotency: Some(key), ..Actor::clone(&actor) });
        }
        seen(incoming, &clinic, &caller);
        Self::admit(clinic, caller, actor)
    }

    fn describe(operation: &mut Operation) {
        operation.access = P::NAME;
        operation.names_clinic = true;
        operation.problems(&[400, 401, 403, 404]);
    }
}

/// A signed-in person acting on their own session, whatever clinic it is of; let in even while the screen is locked.
pub struct Own {
    /// The grant over their own things.
    pub grant: Grant<OwnSession>,
    /// Whether the screen is locked.
    pub locked: bool,
}

impl Own {
    /// The grant, unless the screen is locked.
    pub fn unlocked(self) -> Result<Grant<OwnSession>> {
        if self.locked { Err(Error::Unauthenticated("session_locked")) } else { Ok(self.grant) }
    }
}

impl Admission for Own {
    async fn admit(incoming: &mut Incoming) -> Result<Self> {
        let (clinic, caller, actor) = signed_in(incoming).await?;
        let locked = caller.locked;
        Ok(Self { grant: Grant::admit(clinic, caller, actor)?, locked })
    }

    fn describe(operation: &mut Operation) {
        operation.access = "session";
        operation.problems(&[401]);
    }
}

/// Nobody in particular: the routes that use it are listed one by one in a test.
pub struct Public {
    /// The program's context.
    pub context: Arc<Context>,
    /// Who is at the other end.
    pub peer: Peer,
    /// The browser, in its own words.
    pub user_agent: String,
    /// The request's id.
    pub request_id: RequestId,
    /// Told when a stranger is let as far as a clinic's door.
    visit: Visit,
}

impl Public {
    /// Refuses everyone but this machine itself.
    pub fn only_here(&self) -> Result<()> {
        if self.peer.loopback { Ok(()) } else { Err(Error::Forbidden("loopback")) }
    }

    /// The clinic a stranger means: the one named, or the only one.
    pub fn clinic(&self, id: Option<i64>) -> Result<Option<Arc<Clinic>>> {
        self.context.clinics().meant(id)
    }

    /// A grant over the stranger's own session-to-be: what signing in needs, and no more.
    pub fn door(&self, clinic: Arc<Clinic>) -> Grant<OwnSession> {
        let actor =
            Arc::new(Actor { origin: self.peer.origin(), request_id: self.request_id, ..Actor::default() });
        self.visit.arrive(&clinic, &actor);
        Grant::at_the_door(clinic, actor)
    }
}

impl Admission for Public {
    async fn admit(incoming: &mut Incoming) -> Result<Self> {
        Ok(Self {
            context: Arc::clone(&incoming.context),
            peer: incoming.peer(),
            user_agent: incoming.header("user-agent").unwrap_or_default().to_owned(),
            request_id: incoming.request_id,
            visit: incoming.visit.clone(),
        })
    }

    fn describe(operation: &mut Operation) {
        operation.access = "public";
    }
}

/// Whether whoever asks a public route is signed in and may do `P`; nobody is refused for not being so.
#[derive(Debug)]
pub struct May<P>(pub bool, PhantomData<fn() -> P>);

impl<P: Permission> Argument for May<P> {
    async fn read(incoming: &mut Incoming) -> Result<Self> {
        let may = match signed_in(incoming).await {
            Ok((_, caller, _)) => !caller.locked && P::allows(&caller.roles),
            Err(Error::Unauthenticated(_)) => false,
            Err(error) => return Err(error),
        };
        Ok(Self(may, PhantomData))
    }

    fn describe(_: &mut Operation) {}
}

/// The clinic a request names, in its path or its query. It is the admission's business, so handlers do not see it.
fn named_clinic(incoming: &Incoming) -> Result<i64> {
    let text = incoming.path("clinic_id").map(Cow::from).or_else(|| incoming.word("clinic_id"));
    let id = text.and_then(|text| text.parse().ok()).filter(|id| *id > 0);
    id.ok_or(Error::Malformed("clinic_id_missing"))
}

async fn signed_in(incoming: &Incoming) -> Result<(Arc<Clinic>, Arc<Caller>, Arc<Actor>)> {
    let name = if incoming.peer().tls { SECURE_COOKIE } else { COOKIE };
    let token =
        incoming.cookie(name).and_then(Token::parse).ok_or(Error::Unauthenticated("unauthenticated"))?;
    let found = incoming.context.caller(&token).await?;
    let (clinic, caller) = found.ok_or(Error::Unauthenticated("unauthenticated"))?;
    let actor = Arc::new(Actor {
        user_id: caller.user_id,
        name: Arc::clone(&caller.name),
        roles: Arc::clone(&caller.role_codes),
        origin: incoming.peer().origin(),
        request_id: incoming.request_id,
        idempotency: None,
    });
    incoming.visit.arrive(&clinic, &actor);
    Ok((clinic, caller, actor))
}

/// The key of a POST that may be repeated, bound to the very request it came with.
async fn idempotency(incoming: &mut Incoming) -> Result<Option<IdempotencyKey>> {
    if incoming.method() != Method::POST {
        return Ok(None);
    }
    let Some(key) = incoming.header("idempotency-key").map(str::to_owned) else { return Ok(None) };
    if key.is_empty() || key.len() > 200 {
        return Err(Error::Malformed("malformed"));
    }
    let mut digest = Sha256::new_with_prefix(incoming.line());
    digest.update(incoming.body().await?);
    Ok(Some(IdempotencyKey { key, body_hash: digest.finalize().to_vec() }))
}

/// Remembers that the person is here, at most once a minute, without making the request wait.
fn seen(incoming: &Incoming, clinic: &Arc<Clinic>, caller: &Caller) {
    let now = incoming.context.clock().seconds();
    if now - caller.last_seen_at < session::SEEN_GRAIN_SECONDS
        || incoming.line().contains("/api/events")
        || incoming.is_by_itself()
    {
        return;
    }
    incoming.context.presence.note(clinic, caller.session_id);
}
