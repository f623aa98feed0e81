//! A signed-in person's own password, asked again: to unlock the screen, to replace the password or the
//! clinic's recovery code.
use std::sync::Arc;

use super::{
    door::wrong,
    store::{self, Known},
};
use crate::{
    access::{Grant, Mutates, password, throttle::Attempt},
    base::Result,
    web::{Context, Incoming, arguments::Argument, operation::Operation},
};

/// A try of one's own password, counted for the address it comes from: there the limit is that of the sign-in door.
pub struct Knock(Arc<Context>);

impl Argument for Knock {
    async fn read(incoming: &mut Incoming) -> Result<Self> {
        let context = Arc::clone(&incoming.context);
        context.addresses.count(&incoming.peer().addr.ip().to_string(), context.clock().seconds())?;
        Ok(Self(context))
    }

    fn describe(operation: &mut Operation) {
        operation.problems(&[429]);
    }
}

impl Knock {
    /// Checks the password of whoever the grant is of. Failures count for this session and, as at the door, for the person.
    pub async fn prove<P: Mutates>(&self, grant: &Grant<P>, given: String) -> Result<Known> {
        let (user, session) = (grant.caller().person()?, grant.caller().session_id);
        let attempt = Attempt::in_session(grant.clinic().id(), user, session);
        self.0.addresses.begin(&attempt, self.0.clock().seconds())?;
        let known = grant.read(move |tx| store::known_by_id(tx, user)).await?;
        if password::verify_apart(given, known.password_hash.clone()).await? {
            self.0.addresses.succeeded(&attempt);
            return Ok(known);
        }
        grant.write(move |tx| store::refuse(tx, Some(user))).await?;
        Err(wrong())
    }
}
