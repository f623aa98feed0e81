//! Looks every ten seconds at all there is: for the history, and for the alerts.
use std::{collections::BTreeMap, sync::Arc, time::Duration};

use tokio::{sync::watch::Receiver, time::interval};

use super::collect;
use crate::{
    db::Clinic,
    telemetry::{
        Counts,
        alerts::{Figure, RuleName},
        minute::Minute,
        process,
        recorder::{Lookback, WINDOW_SECONDS},
    },
    web::Context,
};

/// How often it looks.
const TICK: Duration = Duration::from_secs(10);
/// Fewer answers than this in a minute say nothing about the whole.
const ENOUGH_REQUESTS: u64 = 20;
/// Fewer looks into caches than this in five minutes say nothing about them.
const ENOUGH_LOOKS: u64 = 500;
const FIVE_MINUTES: i64 = 300;
const TEN_MINUTES: i64 = 600;
const HOUR: i64 = 3600;

/// Watches until told to stop, then puts the rest into the history.
pub async fn watch(context: Arc<Context>, mut stopping: Receiver<bool>) {
    let mut watcher = Watcher::default();
    let mut ticks = interval(TICK);
    loop {
        tokio::select! {
            _ = ticks.tick() => watcher.look(&context).await,
            () = stopped(&mut stopping) => break,
        }
    }
    let _ = tokio::task::spawn_blocking(move || context.observatory.end(context.clock().seconds())).await;
}

async fn stopped(stopping: &mut Receiver<bool>) {
    let _ = stopping.wait_for(|stop| *stop).await;
}

/// What must be remembered from look to look.
#[derive(Debug)]
pub struct Watcher {
    clock: Lookback<f64>,
    /// What was answered that somebody waits for.
    awaited: Lookback<Arc<Counts>>,
    /// Messages that were lost; none taken in before the first look.
    missed: Option<Lookback<u64>>,
    clinics: BTreeMap<i64, OfClinic>,
}

impl Default for Watcher {
    fn default() -> Self {
        Self {
            clock: Lookback::new(TEN_MINUTES),
            awaited: Lookback::new(WINDOW_SECONDS),
            missed: None,
            clinics: BTreeMap::new(),
        }
    }
}

#[derive(Debug)]
struct OfClinic {
    failures: Lookback<u64>,
    looks: Lookback<(u64, u64)>,
}

impl Watcher {
    /// One look.
    pub async fn look(&mut self, context: &Arc<Context>) {
        let reading = collect::reading(context).await;
        let now = reading.at;
        let mut figures = self.of_machine(context, &reading);
        let clinics = context.clinics().all();
        self.clinics.retain(|id, _| clinics.iter().any(|clinic| clinic.id() == *id));
        clinics.iter().for_each(|clinic| figures.extend(self.of_clinic(clinic, now)));
        let observatory = Arc::clone(&context.observatory);
        let observe = move || {
            observatory.observe(reading, |window| figures.into_iter().chain([of_window(window)]).collect());
        };
        if let Err(error) = tokio::task::spawn_blocking(observe).await {
            tracing::error!(target: "taskmed::performance", %error, "a look at the program was broken off");
        }
    }

    fn of_machine(&mut self, context: &Context, reading: &Minute) -> Vec<Figure> {
        let drift = context.observatory.clock_drift();
        // By the steady clock: by its own, one that jumped a day ahead would have forgotten all before it.
        let steady = process::steady_seconds() as i64;
        let jump = (drift - self.clock.take(steady, drift)).abs();
        let capacity = context.observatory.capacity().filter(|capacity| capacity.alert_at > 0);
        // The alert point is 80 % of the people the machine should carry.
        let crowd = capacity.map(|capacity| 0.8 * reading.people as f64 / capacity.alert_at as f64);
        let left = collect::certificate_seconds_left(context);
        let of = |rule, value| Figure { rule, clinic_id: None, value };
        vec![
            of(RuleName::ResponseTime, self.response_time(context, reading.at)),
            of(RuleName::Capacity, crowd),
            of(RuleName::Disk, reading.disk_free_bytes.map(|free| free as f64)),
            of(RuleName::Certificate, left.map(|seconds| seconds as f64)),
            of(RuleName::Clock, Some(jump)),
            of(RuleName::MessagesFailed, Some(self.missed(context, reading.at) as f64)),
        ]
    }

    /// The 95th percentile of the last minute, in milliseconds, without signing in: that is slow on purpose.
    fn response_time(&mut self, context: &Context, now: i64) -> Option<f64> {
        let counts = Arc::new(context.observatory.meter.all().awaited());
        let answered = counts.since(&self.awaited.take(now, Arc::clone(&counts)));
        let p95 = answered.percentile(0.95).filter(|_| answered.count() >= ENOUGH_REQUESTS);
        p95.map(|ns| ns as f64 / 1e6)
    }

    /// Messages lost in the last hour.
    fn missed(&mut self, context: &Context, now: i64) -> u64 {
        let missed = context.observatory.messages.missed();
        let before = self.missed.get_or_insert_with(|| Lookback::starting(HOUR, now, 0));
        missed.saturating_sub(before.take(now, missed))
    }

    fn of_clinic(&mut self, clinic: &Clinic, now: i64) -> [Figure; 7] {
        let meter = clinic.meter();
        let fresh = || OfClinic {
            failures: Lookback::starting(TEN_MINUTES, now, 0),
            looks: Lookback::starting(FIVE_MINUTES, now, (0, 0)),
        };
        let known = self.clinics.entry(clinic.id()).or_insert_with(fresh);
        let failures = meter.sign_in_failures.get();
        let tries = failures.saturating_sub(known.failures.take(now, failures));
        let looks = clinic.looks().into_iter().fold((0, 0), |all, look| (all.0 + look.1, all.1 + look.2));
        let before = known.looks.take(now, looks);
        let (hits, misses) = (looks.0.saturating_sub(before.0), looks.1.saturating_sub(before.1));
        let rate = (hits + misses >= ENOUGH_LOOKS).then(|| hits as f64 / (hits + misses) as f64);
        let of = |rule, value| Figure { rule, clinic_id: Some(clinic.id()), value };
        [
            of(RuleName::WriterQueue, Some(clinic.writer().waiting() as f64)),
            of(RuleName::ChainBroken, meter.chain_faults().map(|faults| faults as f64)),
            of(RuleName::SignInAttack, Some(tries as f64)),
            of(RuleName::CacheUnavailable, rate),
            of(RuleName::BackupAge, meter.backups.age(now).map(|age| age as f64)),
            of(RuleName::BackupFailed, Some(f64::from(u8::from(meter.backups.failure().is_some())))),
            of(RuleName::DrillFailed, meter.backups.drill_failed().map(|failed| failed as f64)),
        ]
    }
}

/// What the last minute says.
fn of_window(window: &Minute) -> Figure {
    let requests = window.times.count();
    let rate = (requests >= ENOUGH_REQUESTS).then(|| window.errors as f64 / requests as f64);
    Figure { rule: RuleName::ErrorRate, clinic_id: None, value: rate }
}
