//! Proves the trail without being asked: its newest part when the program starts, all of it once a night. What was found is kept
//! for health.
use std::{sync::Arc, time::Duration};

use jiff::tz::TimeZone;
use tokio::{sync::watch, time::sleep};

use crate::{
    access::{Grant, permissions::ViewAudit},
    base::{Error, Instant, Result},
    db::Clinic,
    features::{audit::store, clinic},
    web::Context,
};

/// How often it is looked whether something is due.
const EVERY: Duration = Duration::from_secs(60);
/// A computer that is off by night proves the whole trail so long after its start.
const AFTER_START: i64 = 3600;
/// No sooner than so long after the last time is all of it proven again.
const SOONEST: i64 = 20 * 3600;
/// No later than that, whatever the hour.
const LATEST: i64 = 26 * 3600;
/// Hours of the clinic's night.
const NIGHT: std::ops::Range<i8> = 2..5;

/// Watches every clinic that is served until told to stop.
pub fn start(context: Arc<Context>, mut stopping: watch::Receiver<bool>) {
    tokio::spawn(async move {
        let watched = async {
            loop {
                for clinic in context.clinics().all() {
                    if let Err(error) = look(&clinic, context.started).await {
                        tracing::error!(%error, clinic = clinic.id(), "the trail was not proven");
                    }
                }
                sleep(EVERY).await;
            }
        };
        tokio::select! { () = watched => {} _ = stopping.wait_for(|stop| *stop) => {} }
    });
}

/// Proves what is due in one clinic.
async fn look(clinic: &Arc<Clinic>, started: Instant) -> Result<()> {
    let found = clinic.proven();
    if found.at.is_none() {
        let clinic = Arc::clone(clinic);
        tokio::task::spawn_blocking(move || clinic.verify_at_start()).await.map_err(Error::internal)??;
    }
    let grant = Grant::<ViewAudit>::of_program(Arc::clone(clinic), "night watch");
    let zone = grant.read(|tx| clinic::store::find(tx).map(|clinic| clinic.zone())).await?;
    if is_due(clinic.clock().now(), found.whole_at, started, &zone) {
        let total = grant.read(store::newest).await?;
        clinic.verification(total).verdict().await?;
    }
    Ok(())
}

/// Whether all of a trail is to be proven now. A clock that was set back puts nothing off.
fn is_due(now: Instant, last: Option<Instant>, started: Instant, zone: &TimeZone) -> bool {
    let since = |then: Instant| (now.0 - then.0).abs();
    let is_night = NIGHT.contains(&zone.to_datetime(now.timestamp()).hour());
    match last {
        Some(last) => since(last) >= LATEST || (since(last) >= SOONEST && is_night),
        None => since(started) >= AFTER_START || is_night,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_of_it_is_proven_once_a_night_and_soon_where_nights_are_slept_through() {
        let zone = TimeZone::get("America/Sao_Paulo").unwrap();
        let at = |text: &str| text.parse::<jiff::Timestamp>().map(Instant::from).unwrap();
        let (started, night) = (at("2026-11-24T11:00:00Z"), at("2026-11-25T05:30:00Z"));
        assert!(!is_due(at("2026-11-24T11:30:00Z"), None, started, &zone));
        assert!(is_due(at("2026-11-24T12:00:00Z"), None, started, &zone));
        assert!(is_due(night, None, night, &zone));
        let last = Some(at("2026-11-24T12:00:00Z"));
        assert!(!is_due(night, last, started, &zone), "it was done this day");
        assert!(!is_due(at("2026-11-25T12:00:00Z"), last, started, &zone), "it waits for the night");
        assert!(is_due(at("2026-11-25T14:30:00Z"), last, started, &zone), "which did not come");
        assert!(is_due(at("2026-11-26T05:00:00Z"), Some(night), started, &zone));
        assert!(is_due(at("2026-11-20T05:00:00Z"), Some(night), started, &zone), "a clock set back");
    }
}
