//! The same question again. A question that was let in and answered from what is kept may be answered again without a second
//! admission, as long as nothing the first one rested on has changed: the session, the person and their roles are the very value
//! that was let in, and the answer is kept under the state the clinic is in now.
use std::sync::{Arc, Weak};

use super::{Caller, session::SEEN_GRAIN_SECONDS};
use crate::db::{Clinic, Encoded, Sources};

/// What makes answering a question again possible. Only a grant's cached answer makes one.
#[derive(Debug, Clone)]
pub struct Again {
    /// Not held: a clinic that is closed goes.
    clinic: Weak<Clinic>,
    caller: Arc<Caller>,
    question: Arc<str>,
    sources: Sources,
}

impl Again {
    pub(super) fn new(
        clinic: &Arc<Clinic>,
        caller: &Arc<Caller>,
        question: Arc<str>,
        sources: Sources,
    ) -> Self {
        Self { clinic: Arc::downgrade(clinic), caller: Arc::clone(caller), question, sources }
    }

    /// The clinic it is about, while it is open.
    pub fn clinic(&self) -> Option<Arc<Clinic>> {
        self.clinic.upgrade()
    }

    /// The clinic and its answer at second `now` to somebody who has the answer of the entity tag `known`. None where anything has
    /// to be looked at anew: who asks, what is asked about, or whether the person was here, which is written down once a minute.
    pub fn answer(&self, now: i64, known: Option<&[u8]>) -> Option<(Arc<Clinic>, Given)> {
        let clinic = self.clinic.upgrade()?;
        let caller = clinic.kept::<Caller>(self.caller.session_id)?;
        let is_same = Arc::ptr_eq(&caller, &self.caller) && !caller.locked && caller.is_open(now);
        if !is_same || now - caller.last_seen_at >= SEEN_GRAIN_SECONDS {
            return None;
        }
        let has_it = known.is_some_and(|etag| clinic.is_unchanged(&self.question, &self.sources, etag));
        let whole = || clinic.kept_answer(&self.question, &self.sources).map(Given::Whole);
        let given = if has_it { Some(Given::Unchanged) } else { whole() };
        given.map(|given| (clinic, given))
    }

    /// Counts the looks of an answer that was given: who asks and what is asked were both known.
    pub fn count(&self, clinic: &Clinic) {
        clinic.meter().looked("sessions", true);
        clinic.meter().looked(&self.question, true);
    }
}

/// What is given again.
#[derive(Debug)]
pub enum Given {
    /// The answer.
    Whole(Encoded),
    /// It is still the one the asker has.
    Unchanged,
}

/// A cached answer, and how it may be given again.
#[derive(Debug)]
pub struct Kept {
    /// The answer.
    pub encoded: Encoded,
    /// How to give it again to the same person.
    pub again: Again,
}
