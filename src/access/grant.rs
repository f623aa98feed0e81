//! A grant: caller, clinic and permission in one value. Only a grant opens a transaction; only a grant whose permission
//! [`Mutates`] opens a writing one; only an audited result leaves it.
use std::{marker::PhantomData, sync::Arc};

use serde::Serialize;

use super::{
    Again, Kept, Mutates, Permission,
    permissions::{FitIn, OwnSession},
    session::{self, Caller},
};
use crate::{
    base::{Error, Result},
    db::{Actor, Audited, Checkpoint, Clinic, Pending, ReadTx, Sources, WriteTx, Written},
};

/// The permissions a stranger at the door may be given: their own session, and no other.
pub trait DoorOnly {}
impl DoorOnly for OwnSession {}

/// Proof that `caller` may do `P` in `clinic`.
#[derive(Debug)]
pub struct Grant<P> {
    clinic: Arc<Clinic>,
    caller: Arc<Caller>,
    actor: Arc<Actor>,
    permission: PhantomData<fn() -> P>,
}

impl<P: Permission> Grant<P> {
    /// Admits `caller` if its roles have the permission.
    pub fn admit(clinic: Arc<Clinic>, caller: Arc<Caller>, actor: Arc<Actor>) -> Result<Self> {
        if !P::allows(&caller.roles) {
            return Err(Error::Forbidden(P::NAME));
        }
        Ok(Self { clinic, caller, actor, permission: PhantomData })
    }

    /// A grant of the program itself: the command line, founding a clinic, the demonstration. `origin` goes to the trail.
    pub fn of_program(clinic: Arc<Clinic>, origin: &str) -> Self {
        let actor = Arc::new(Actor { origin: origin.to_owned(), ..Actor::default() });
        Self { clinic, caller: Arc::new(Caller::program()), actor, permission: PhantomData }
    }

    /// A grant of someone not yet signed in, over nothing but their own session: what the sign-in door needs.
    pub(crate) fn at_the_door(clinic: Arc<Clinic>, actor: Arc<Actor>) -> Self
    where
        P: DoorOnly,
    {
        Self { clinic, caller: Arc::new(Caller::stranger()), actor, permission: PhantomData }
    }

    /// Who asks.
    pub fn caller(&self) -> &Caller {
        &self.caller
    }

    /// The clinic, for what is not in its file: its number, its event stream.
    pub fn clinic(&self) -> &Arc<Clinic> {
        &self.clinic
    }

    /// Whether the session behind it is still open and its screen unlocked, for what outlasts a request.
    pub async fn goes_on(&self) -> Result<bool> {
        session::goes_on(&self.clinic, self.caller.session_id).await
    }

    /// Refuses a caller who lacks a further permission that what they ask needs.
    pub fn also<Q: Permission>(&self) -> Result<()> {
        if Q::allows(&self.caller.roles) { Ok(()) } else { Err(Error::Forbidden(Q::NAME)) }
    }

    /// Whether the caller may knowingly book over another appointment.
    pub fn may_fit_in(&self) -> bool {
        FitIn::allows(&self.caller.roles)
    }

    /// Reads from a consistent view of the clinic's file.
    pub async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&ReadTx<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.clinic.read(work).await
    }

    /// Asks one question (a single statement) about a few rows, without a change of threads. Whatever touches more than a handful
    /// of rows, or must see several statements agree, goes through [`Grant::read`]: other requests wait for this thread.
    pub async fn glance<T: Send + 'static>(
        &self,
        work: impl FnOnce(&ReadTx<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.clinic.glance(work).await
    }

    /// Answers `question` from the cache, or reads it from `sources`, encodes and keeps it. `question` must say all that the
    /// answer depends on but the sources: parameters, and the role or person where they matter.
    pub async fn cached<T: Serialize>(
        &self,
        question: String,
        sources: impl Into<Sources>,
        work: impl FnOnce(&ReadTx<'_>) -> Result<T> + Send + 'static,
    ) -> Result<Kept> {
        let (question, sources) = (Arc::<str>::from(question), sources.into());
        let encoded = self.clinic.cached(Arc::clone(&question), &sources, work).await?;
        Ok(Kept { encoded, again: Again::new(&self.clinic, &self.caller, question, sources) })
    }
}

impl<P: Permission> Grant<P> {
    /// Waits until everything seen and refused so far is in the trail, for whoever reads it.
    pub async fn settle(&self) -> Result<()> {
        self.clinic.settle().await
    }
}

impl<P: Mutates> Grant<P> {
    /// Signs the trail as it is; answers the checkpoint that covers all of it.
    pub async fn seal(&self) -> Result<Checkpoint> {
        self.clinic.seal().await
    }

    /// Puts the copies of the trail's checkpoints outside aside and begins them anew: that they contradict the trail was accepted.
    pub async fn renew_copies(&self) -> Result<()> {
        self.clinic.renew_copies().await
    }

    /// Writes; answers once the group is committed and flushed.
    pub async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut WriteTx<'_>) -> Result<Audited<T>> + Send + 'static,
    ) -> Result<T> {
        match self.clinic.write(Arc::clone(&self.actor), None, work).await? {
            Written::Fresh(value) => Ok(value),
            Written::Replayed(_) => Err(Error::internal("nothing to replay")),
        }
    }

    /// Writes for a POST, what it makes or an act on what is there: with an `Idempotency-Key` answered before, the first answer comes back and nothing is done.
    pub async fn create<T: Serialize + Send + 'static>(
        &self,
        work: impl FnOnce(&mut WriteTx<'_>) -> Result<Audited<T>> + Send + 'static,
    ) -> Result<Written<T>> {
        let encode: fn(&T) -> String = |value| serde_json::to_string(value).unwrap_or_default();
        self.clinic.write(Arc::clone(&self.actor), Some(encode), work).await
    }

    /// Changes rows of support tables only, which need no entry in the trail.
    pub async fn housekeep<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut WriteTx<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.clinic.housekeep(Arc::clone(&self.actor), work).await
    }

    /// Writes from a thread that may block: imports, the demonstration, the command line.
    pub fn write_here<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut WriteTx<'_>) -> Result<Audited<T>> + Send + 'static,
    ) -> Result<T> {
        self.clinic.write_here(Arc::clone(&self.actor), work)
    }

    /// Hands work in from a thread that may block and does not wait for it: for long runs of rows, in pieces.
    pub fn hand_in<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut WriteTx<'_>) -> Result<Audited<T>> + Send + 'static,
    ) -> Result<Pending<T>> {
        self.clinic.hand_in(Arc::clone(&self.actor), work)
    }
}

impl<P: Permission> Grant<P> {
    /// Reads on this thread: imports, the demonstration, the command line.
    pub fn read_here<T>(&self, work: impl FnOnce(&ReadTx<'_>) -> Result<T>) -> Result<T> {
        self.clinic.read_here(work)
    }
}

// By hand: a derive would ask that the permission itself be `Clone`.
impl<P> Clone for Grant<P> {
    fn clone(&self) -> Self {
        Self {
            clinic: Arc::clone(&self.clinic),
            caller: Arc::clone(&self.caller),
            actor: Arc::clone(&self.actor),
            permission: PhantomData,
        }
    }
}
