//! Checks for whoever asks, however often: one at a time, and what it found serves everyone for a moment. The checks write to
//! every clinic's file, and their route is open to strangers.
use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use super::checks::{self, Health, Verdict};
use crate::{
    base::{Error, Result},
    web::Context,
};

/// How long a finding is told again.
const FRESH: Duration = Duration::from_secs(1);

/// The last finding, and whose turn it is to look again.
#[derive(Debug, Clone, Default)]
pub struct Checker {
    turn: Arc<tokio::sync::Mutex<()>>,
    last: Arc<Mutex<Option<(Instant, Health)>>>,
}

impl Checker {
    /// The state, at most a second old.
    pub async fn health(&self, context: Arc<Context>) -> Result<Health> {
        let turn = Arc::clone(&self.turn).lock_owned().await;
        if let Some((at, health)) = self.last()
            && at.elapsed() < FRESH
        {
            return Ok(health);
        }
        let last = Arc::clone(&self.last);
        // Carried through even when the asker goes away: otherwise each who does so would leave a job behind.
        let check = async move {
            let health = checks::run(&context).await;
            *last.lock().unwrap_or_else(PoisonError::into_inner) = Some((Instant::now(), health.clone()));
            drop(turn);
            health
        };
        tokio::spawn(check).await.map_err(Error::internal)
    }

    /// Whether the program can do its work, told from what stands without asking. Only while the last finding was bad is it
    /// looked into again, so that the answer recovers by itself.
    pub async fn verdict(&self, context: Arc<Context>) -> Result<Verdict> {
        let glance = checks::glance(&context);
        let ill = self.last().is_some_and(|(_, health)| health.status == Verdict::Unhealthy);
        if ill { Ok(self.health(context).await?.status.max(glance)) } else { Ok(glance) }
    }

    fn last(&self) -> Option<(Instant, Health)> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
