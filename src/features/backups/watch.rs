//! Makes copies without being asked: what was written each hour, one of each day, what a start finds old, what a stop leaves. And
//! once a week brings the newest back into nowhere.
use std::{collections::BTreeMap, sync::Arc, time::Duration};

use tokio::{sync::watch, time::sleep};

use crate::{
    access::{Grant, permissions::ManageBackups},
    backup::{Reason, Refusal},
    base::{Error, Instant, Result},
    db::Clinic,
    features::clinic,
    web::Context,
};

/// How often it is looked whether something is due.
const EVERY: Duration = Duration::from_secs(30);
/// A program that has just started is left to its first callers.
const AFTER_START: i64 = 30;
/// What failed is tried again after so long, in seconds.
const AGAIN: i64 = 600;
/// A drill is due after so long; a little sooner, so that its hour does not wander.
const WEEK: i64 = 7 * 86_400 - 3600;

/// Watches every clinic that is served until told to stop.
pub fn start(context: Arc<Context>, mut stopping: watch::Receiver<bool>) {
    tokio::spawn(async move {
        let mut watcher = Watcher::default();
        let watched = async {
            loop {
                watcher.look(&context).await;
                sleep(EVERY).await;
            }
        };
        tokio::select! { () = watched => {} _ = stopping.wait_for(|stop| *stop) => {} }
    });
}

/// Copies what a stop would leave in no copy.
pub async fn at_stop(context: &Arc<Context>) {
    let now = context.clock().now();
    for clinic in context.clinics().all() {
        let standing = blocking(context, &clinic, |context, clinic| context.backups.standing(clinic)).await;
        if matches!(standing, Ok(Ok(standing)) if standing.is_due_at_stop(now)) {
            let _ = copy(context, &clinic, Reason::Stop).await;
        }
    }
}

/// What must be remembered from look to look.
#[derive(Debug, Default)]
pub struct Watcher {
    /// When something failed last, by clinic.
    failed: BTreeMap<i64, Instant>,
}

impl Watcher {
    /// One look at every clinic.
    pub async fn look(&mut self, context: &Arc<Context>) {
        for clinic in context.clinics().all() {
            match self.look_at(context, &clinic).await {
                Ok(Ok(())) | Ok(Err(Refusal::Underway)) => {}
                Ok(Err(error)) => self.give_up(&clinic, &error.to_string()),
                Err(error) => self.give_up(&clinic, &error.to_string()),
            }
        }
    }

    fn give_up(&mut self, clinic: &Clinic, error: &str) {
        tracing::warn!(clinic = clinic.id(), error, "copies are tried again later");
        self.failed.insert(clinic.id(), clinic.clock().now());
    }

    async fn look_at(&self, context: &Arc<Context>, clinic: &Arc<Clinic>) -> Result<Result<(), Refusal>> {
        let now = clinic.clock().now();
        let since = |then: Instant| (now.0 - then.0).abs();
        let known = blocking(context, clinic, |context, clinic| {
            Ok((context.backups.standing(clinic)?, context.backups.last_drill(clinic)?))
        });
        let (standing, drilled) = match known.await? {
            Ok(known) => known,
            Err(error) => return Ok(Err(error)),
        };
        let waits = self.failed.get(&clinic.id()).is_some_and(|failed| since(*failed) < AGAIN);
        if since(context.started) < AFTER_START || waits {
            return Ok(Ok(()));
        }
        if let Some(reason) = standing.is_due(now, context.started) {
            return copy(context, clinic, reason).await;
        }
        let drill_is_due = |(made_at, _): (Instant, i64)| {
            // After one that failed the next copy is tried at once.
            drilled.is_none_or(|last| since(last.at) >= WEEK || last.failed.is_some() && last.copy != made_at)
        };
        if standing.last.is_some_and(drill_is_due) {
            let drilled = blocking(context, clinic, |context, clinic| context.backups.drill(clinic));
            return Ok(drilled.await?.map(drop));
        }
        Ok(Ok(()))
    }
}

/// Signs the trail and makes a copy.
async fn copy(context: &Arc<Context>, clinic: &Arc<Clinic>, reason: Reason) -> Result<Result<(), Refusal>> {
    let grant = Grant::<ManageBackups>::of_program(Arc::clone(clinic), "backup");
    grant.seal().await?;
    let zone = grant.read(clinic::store::find).await?.zone();
    let made = blocking(context, clinic, move |context, clinic| context.backups.take(clinic, reason, &zone));
    Ok(made.await?.map(drop))
}

async fn blocking<T: Send + 'static>(
    context: &Arc<Context>,
    clinic: &Arc<Clinic>,
    work: impl FnOnce(&Context, &Clinic) -> Result<T, Refusal> + Send + 'static,
) -> Result<Result<T, Refusal>> {
    let (context, clinic) = (Arc::clone(context), Arc::clone(clinic));
    tokio::task::spawn_blocking(move || work(&context, &clinic)).await.map_err(Error::internal)
}
