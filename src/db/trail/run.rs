//! A verification that goes on behind the answers: whoever asks joins it and hears how far it is.
use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicI64, Ordering},
};

use tokio::sync::watch;

use super::{Fault, Verdict};
use crate::{
    base::{Choice, Error, Instant, Result},
    db::Clinic,
};

/// One verification.
#[derive(Debug)]
pub struct Run {
    /// Entries there were when it began.
    pub total: i64,
    checked: AtomicI64,
    ended: watch::Sender<Option<Option<Arc<Verdict>>>>,
}

impl Run {
    /// Entries done so far.
    pub fn checked(&self) -> i64 {
        self.checked.load(Ordering::Relaxed)
    }

    /// Waits for the end.
    pub async fn verdict(&self) -> Result<Arc<Verdict>> {
        let mut ended = self.ended.subscribe();
        let verdict = ended.wait_for(Option::is_some).await.map_err(Error::internal)?.clone();
        verdict.flatten().ok_or_else(|| Error::internal("the trail could not be read to its end"))
    }
}

/// What the latest verifications of a clinic found.
#[derive(Debug, Clone, Default)]
pub struct Proven {
    /// When the newest part was last proven, or all of it.
    pub at: Option<Instant>,
    /// When all of it was last proven.
    pub whole_at: Option<Instant>,
    /// What is wrong; empty while nothing is.
    pub faults: Vec<Fault>,
}

/// The verification under way in a clinic, if there is one, and what the last ones found.
#[derive(Debug, Default)]
pub(in crate::db) struct Runs {
    current: Mutex<Option<Arc<Run>>>,
    proven: Mutex<Proven>,
}

impl Clinic {
    /// The verification under way over `total` entries; a new one when there is none. Inside the async runtime only.
    pub fn verification(self: &Arc<Self>, total: i64) -> Arc<Run> {
        let mut current = self.runs.current.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(run) = &*current {
            return Arc::clone(run);
        }
        let run = Arc::new(Run { total, checked: AtomicI64::new(0), ended: watch::Sender::new(None) });
        *current = Some(Arc::clone(&run));
        let (clinic, going) = (Arc::clone(self), Arc::clone(&run));
        tokio::task::spawn_blocking(move || clinic.carry_out(&going));
        run
    }

    /// What the latest verifications found.
    pub fn proven(&self) -> Proven {
        self.runs.proven.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Verifies the newest part and keeps what was found. Blocks.
    pub fn verify_at_start(&self) -> Result<()> {
        self.verify_newest().map(|verdict| self.keep(&verdict, false))
    }

    fn keep(&self, verdict: &Verdict, whole: bool) {
        let now = self.clock().now();
        let mut found = self.runs.proven.lock().unwrap_or_else(PoisonError::into_inner);
        found.at = Some(now);
        if whole {
            found.whole_at = Some(now);
        }
        // What is wrong further back is not seen by a look at the newest part.
        if whole || !verdict.faults.is_empty() {
            found.faults.clone_from(&verdict.faults);
        }
        if let Some(fault) = verdict.faults.first() {
            tracing::error!(
                clinic = self.id(),
                entry = fault.seq,
                why = fault.why.code(),
                "the trail is broken"
            );
        }
    }

    fn carry_out(&self, run: &Run) {
        let verdict = self.verify_trail(&|checked| run.checked.store(checked, Ordering::Relaxed));
        match &verdict {
            Ok(verdict) => {
                self.meter().verified(verdict.faults.len());
                self.keep(verdict, true);
            }
            Err(error) => tracing::error!(%error, "the trail was not verified"),
        }
        *self.runs.current.lock().unwrap_or_else(PoisonError::into_inner) = None;
        run.ended.send_replace(Some(verdict.ok().map(Arc::new)));
    }
}
