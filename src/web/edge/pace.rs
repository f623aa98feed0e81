//! How long a client may take to send what it announced.
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::time::{Instant, Sleep, sleep_until};

use super::limits::Limits;

/// Time spent waiting for the client, and how much of it is allowed. Time in which nobody asks for more is free.
#[derive(Debug)]
pub(super) struct Pace {
    total: Duration,
    grace: Duration,
    rate: u64,
    waited: Duration,
    since: Option<(Instant, Pin<Box<Sleep>>)>,
}

impl Pace {
    pub(super) fn new(limits: &Limits) -> Self {
        let Limits { body: total, body_grace: grace, body_rate: rate, .. } = *limits;
        Self { total, grace, rate: rate.max(1), waited: Duration::ZERO, since: None }
    }

    /// Nothing there yet: ready once `seen` bytes are too few for the time waited.
    pub(super) fn waiting(&mut self, cx: &mut Context<'_>, seen: usize) -> Poll<()> {
        let (total, grace, rate, waited) = (self.total, self.grace, self.rate, self.waited);
        let (_, alarm) = self.since.get_or_insert_with(|| {
            let now = Instant::now();
            let earned = Duration::from_secs_f64(seen as f64 / rate as f64);
            let left = grace.saturating_add(earned).min(total).saturating_sub(waited);
            (now, Box::pin(sleep_until(now + left)))
        });
        alarm.as_mut().poll(cx)
    }

    pub(super) fn arrived(&mut self) {
        if let Some((since, _)) = self.since.take() {
            self.waited += since.elapsed();
        }
    }
}
