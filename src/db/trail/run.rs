//! A verification that goes on behind the answers: whoever asks joins it and hears how far it is.
use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicI64, Ordering},
};

use tokio::sync::watch;

use super::Verdict;
use crate::{
    base::{Error, Result},
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

/// The verification under way in a clinic, if there is one.
#[derive(Debug, Default)]
pub(in crate::db) struct Runs(Mutex<Option<Arc<Run>>>);

impl Clinic {
    /// The verification under way over `total` entries; a new one when there is none. Inside the async runtime only.
    pub fn verification(self: &Arc<Self>, total: i64) -> Arc<Run> {
        let mut current = self.runs.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(run) = &*current {
            return Arc::clone(run);
        }
        let run = Arc::new(Run { total, checked: AtomicI64::new(0), ended: watch::Sender::new(None) });
        *current = Some(Arc::clone(&run));
        let (clinic, going) = (Arc::clone(self), Arc::clone(&run));
        tokio::task::spawn_blocking(move || clinic.carry_out(&going));
        run
    }

    fn carry_out(&self, run: &Run) {
        let verdict = self.verify_trail(&|checked| run.checked.store(checked, Ordering::Relaxed));
        match &verdict {
            Ok(verdict) => self.meter().verified(verdict.faults.len()),
            Err(error) => tracing::error!(%error, "the trail was not verified"),
        }
        *self.runs.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
        run.ended.send_replace(Some(verdict.ok().map(Arc::new)));
    }
}
