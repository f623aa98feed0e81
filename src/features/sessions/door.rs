//! The sign-in door: the same answer and the same work whether the person exists or not.
use std::sync::Arc;

use tokio::time::Instant;

use super::{
    model::{AcceptInvite, SignIn, SignedIn},
    store::{self, Known},
};
use crate::{
    access::{
        Grant, Token, house, password,
        permissions::OwnSession,
        throttle::{self, Attempt},
    },
    base::{Error, Result},
    db::Clinic,
    features::people::invite,
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
    let meant = tried.clinic_id;
    counted(public, meant, try_password(public, tried).await)
}

async fn try_password(public: &Public, tried: SignIn) -> Result<LetIn> {
    knock(public)?;
    let visitor = Visitor::arrive(public, tried.clinic_id, tried.email).await?;
    let verified = visitor.known.as_ref().and_then(|k| k.password_hash.clone());
    let entered = if password::verify_apart(tried.password, verified.clone()).await? {
        visitor.enter(verified).await
    } else {
        Err(wrong())
    };
    visitor.leave(entered).await
}

/// Uses a one-time code and chooses a password. Whether the password is made of the person's own name is said only to someone
/// who has their code: to anyone else it would tell who works here, and what they are called.
pub async fn accept_invite(public: &Public, tried: AcceptInvite) -> Result<LetIn> {
    let meant = tried.clinic_id;
    counted(public, meant, try_code(public, tried).await)
}

async fn try_code(public: &Public, tried: AcceptInvite) -> Result<LetIn> {
    knock(public)?;
    if let Some(code) = password::weakness(&tried.password, &[]) {
        return Err(Error::field("/password", code));
    }
    let visitor = Visitor::arrive(public, tried.clinic_id, tried.email).await?;
    let hash = password::hash_apart(tried.password.clone()).await?;
    let accepted = if visitor.has_code(&tried.code).await? {
        visitor.accept(tried.code, tried.password, hash).await
    } else {
        Err(wrong())
    };
    visitor.leave(accepted).await
}

/// Hashes a new password, if it is good for someone with these words of their own.
pub async fn hash_new(chosen: String, own_words: &[String]) -> Result<String> {
    check_new(&chosen, own_words)?;
    password::hash_apart(chosen).await
}

/// Whether a new password is good for someone with these words of their own.
pub fn check_new(chosen: &str, own_words: &[String]) -> Result<()> {
    let own: Vec<&str> = own_words.iter().map(String::as_str).collect();
    password::weakness(chosen, &own).map_or(Ok(()), |code| Err(Error::field("/password", code)))
}

/// What blocks, or takes tens of milliseconds of one core, never runs on a request thread.
pub async fn off_thread<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(Error::internal)?
}

/// What everyone hears who is not let in.
pub fn wrong() -> Error {
    Error::Unauthenticated("wrong_credentials")
}

/// What everyone hears for whom there is no room.
const FULL: Error = Error::Unavailable("full");

/// Counts a try, those at a closed door too, and logs that there was one; of whom stands in the trail and nowhere else.
fn counted(public: &Public, meant: Option<i64>, ended: Result<LetIn>) -> Result<LetIn> {
    let clinic = public.clinic(meant).ok().flatten();
    let result = match (&ended, &clinic) {
        // What was typed was no try yet: a password too short, a fault of ours.
        (Err(error), _) if !matches!(error, Error::Unauthenticated(_) | Error::TooMany(_)) => return ended,
        (Ok(_), Some(clinic)) => {
            clinic.meter().sign_ins.one();
            "let in"
        }
        (_, Some(clinic)) => {
            clinic.meter().sign_in_failures.one();
            "refused"
        }
        (_, None) => {
            public.context.observatory.meter.strangers_refused.one();
            "refused"
        }
    };
    let (clinic, request_id) = (clinic.map(|clinic| clinic.id()), public.request_id.as_str());
    tracing::info!(target: "taskmed::auth", clinic, result, request_id, "sign-in");
    ended
}

fn knock(public: &Public) -> Result<()> {
    public.context.addresses.count(&public.peer.addr.ip().to_string(), public.context.clock().seconds())
}

/// Someone at the door, whose try counts as failed until it is known to be good.
struct Visitor<'a> {
    public: &'a Public,
    /// The clinic they mean; its number is the one asked for even when there is no such clinic.
    clinic_id: i64,
    clinic: Option<Arc<Clinic>>,
    email: String,
    /// The person of that e-mail, if there is one.
    known: Option<Known>,
    attempt: Attempt,
    arrived: Instant,
    /// Whether there is no room for one more.
    is_full: bool,
    /// Whether they are let in even so: an owner, or someone who is at work at another screen already.
    is_expected: bool,
}

impl<'a> Visitor<'a> {
    async fn arrive(public: &'a Public, asked: Option<i64>, email: String) -> Result<Self> {
        let clinic = public.clinic(asked)?;
        let clinic_id = clinic.as_ref().map(|c| c.id()).or(asked).unwrap_or(0);
        let arrived = Instant::now();
        let attempt = Attempt::at_the_door(clinic_id, &email, &public.peer.addr.ip().to_string());
        let mut visitor = Self {
            public,
            clinic_id,
            clinic,
            email,
            known: None,
            attempt,
            arrived,
            is_full: false,
            is_expected: false,
        };
        (visitor.known, visitor.is_expected) = visitor.look_up().await?;
        let now = public.context.clock().seconds();
        if visitor.known.is_none() {
            public.context.strangers.door_is_open(clinic_id, &visitor.email, now)?;
        }
        visitor.find_room().await?;
        public.context.addresses.begin(&visitor.attempt, now)?;
        Ok(visitor)
    }

    /// Asks whoever comes anew into a full house to wait. It takes as long as any refusal, so that it does not tell who would
    /// have been let in.
    async fn find_room(&mut self) -> Result<()> {
        let context = &self.public.context;
        self.is_full = context.house.fullness(&context.clinics()).await?.is_full();
        if !self.is_full || self.is_expected {
            return Ok(());
        }
        password::until_refusal(self.arrived).await;
        Err(FULL)
    }

    fn door(&self) -> Option<Grant<OwnSession>> {
        self.clinic.as_ref().map(|clinic| self.public.door(Arc::clone(clinic)))
    }

    /// The person, and whether they are let in even into a full house.
    async fn look_up(&self) -> Result<(Option<Known>, bool)> {
        let Some(door) = self.door() else { return Ok((None, false)) };
        let email = self.email.clone();
        door.read(move |tx| {
            let Some(known) = store::known(tx, &email)? else { return Ok((None, false)) };
            throttle::door_is_open(tx, known.id)?;
            let is_expected = known.is_owner || house::is_at_work(tx, known.id)?;
            Ok((Some(known), is_expected))
        })
        .await
    }

    /// Whether they have the person's one-time code. Asked for people who do not exist too: it takes time.
    async fn has_code(&self, code: &str) -> Result<bool> {
        let Some(door) = self.door() else { return Ok(false) };
        let (id, code) = (self.known.as_ref().map_or(0, |k| k.id), code.to_owned());
        door.read(move |tx| invite::is_good(tx, id, &code)).await
    }

    async fn enter(&self, verified: Option<String>) -> Result<LetIn> {
        let (door, id, token) = self.entry()?;
        let (hash, agent) = (token.hash(), self.public.user_agent.clone());
        let entered = door.write(move |tx| store::enter(tx, id, verified.as_deref(), (hash, &agent)));
        Ok(LetIn { signed_in: entered.await?, token })
    }

    async fn accept(&self, code: String, chosen: String, hash: String) -> Result<LetIn> {
        let (door, id, token) = self.entry()?;
        let (token_hash, agent) = (token.hash(), self.public.user_agent.clone());
        let accepted =
            door.write(move |tx| store::accept(tx, id, &code, (&chosen, &hash), (token_hash, &agent)));
        Ok(LetIn { signed_in: accepted.await?, token })
    }

    /// What it takes to let a person in; nobody is let in who is not known.
    fn entry(&self) -> Result<(Grant<OwnSession>, i64, Token)> {
        let (door, known) = self.door().zip(self.known.as_ref()).ok_or_else(wrong)?;
        Ok((door, known.id, Token::random(self.clinic_id)?))
    }

    /// Ends the visit: a failed try is put on record, a good one takes the failures before it away.
    async fn leave(self, ended: Result<LetIn>) -> Result<LetIn> {
        let context = &self.public.context;
        match &ended {
            Err(Error::Unauthenticated(_)) => {
                let id = self.known.as_ref().map(|k| k.id);
                if id.is_none() {
                    context.strangers.failed(self.clinic_id, &self.email, context.clock().seconds());
                }
                if let Some(door) = self.door() {
                    door.write(move |tx| store::refuse(tx, id)).await?;
                }
                password::until_refusal(self.arrived).await;
            }
            // The code was good and only the new password was not.
            Ok(_) | Err(Error::Invalid(_)) => context.addresses.succeeded(&self.attempt),
            Err(_) => {}
        }
        match ended {
            Ok(let_in) => {
                context.house.entered();
                Ok(let_in)
            }
            // In a full house all who are not let in hear the same: another answer would tell who is expected.
            Err(Error::Unauthenticated(_)) if self.is_full => Err(FULL),
            Err(error) => Err(error),
        }
    }
}
