//! Messages that leave the program for people who are not looking at a screen: which ways out there are, what is under way, and
//! how many arrived or were given up. Who carries them listens to one line, which is bounded: where too many wait the oldest are
//! left out, and nobody who says something ever waits.
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use tokio::sync::broadcast;

use super::{Counter, Gauge, Inside, alerts::RuleName, observatory::AlertEvent};
use crate::{
    base::{Choice as _, Instant},
    choices,
};

/// How many messages may wait.
const WAITING: usize = 64;

choices! {
    /// A way out.
    Channel {
        /// Posted to an address of the settings.
        Webhook = "webhook",
        /// Sent by e-mail.
        Email = "email",
    }
}

/// Something to be said outside.
#[derive(Debug, Clone, PartialEq)]
pub enum Message {
    /// An alert began, stopped, or somebody said something to it.
    Alert(AlertEvent),
    /// Somebody tries whether messages arrive.
    Trial(Instant),
}

impl Message {
    /// Whether its loss is worth an alert. The loss of what tells of lost messages is not: that would never end.
    fn is_missed(&self) -> bool {
        matches!(self, Self::Alert(event) if event.rule != RuleName::MessagesFailed)
    }
}

/// Every way out.
#[derive(Debug)]
pub struct Messages {
    ways: [Way; Channel::ALL.len()],
    line: broadcast::Sender<Message>,
}

impl Default for Messages {
    fn default() -> Self {
        Self { ways: std::array::from_fn(|_| Way::default()), line: broadcast::channel(WAITING).0 }
    }
}

impl Messages {
    /// Everything said from now on.
    pub fn listen(&self) -> broadcast::Receiver<Message> {
        self.line.subscribe()
    }

    /// Says something. Nobody listening is not an error.
    pub fn say(&self, message: Message) {
        let _ = self.line.send(message);
    }

    /// What is known of a way out.
    pub fn way(&self, channel: Channel) -> &Way {
        let [webhook, email] = &self.ways;
        match channel {
            Channel::Webhook => webhook,
            Channel::Email => email,
        }
    }

    /// Messages lost since the start whose loss is worth an alert.
    pub fn missed(&self) -> u64 {
        self.ways.iter().map(|way| way.missed.get()).sum()
    }
}

/// One way out, counted since the start. A message to two people counts as two.
#[derive(Debug, Default)]
pub struct Way {
    recipients: AtomicU64,
    under_way: Gauge,
    /// Messages that arrived.
    pub sent: Counter,
    /// Messages that were given up.
    pub failed: Counter,
    missed: Counter,
    sent_at: AtomicI64,
    failed_at: AtomicI64,
}

impl Way {
    /// One more listens at the other end.
    pub fn open(&self) {
        self.recipients.fetch_add(1, Ordering::Relaxed);
    }

    /// To how many messages go; none where this way is not set up.
    pub fn recipients(&self) -> u64 {
        self.recipients.load(Ordering::Relaxed)
    }

    /// A message is being carried until what is returned is dropped.
    pub fn carry(&self) -> Inside<'_> {
        self.under_way.enter()
    }

    /// How many are being carried.
    pub fn under_way(&self) -> u64 {
        u64::try_from(self.under_way.get()).unwrap_or(0)
    }

    /// A message arrived.
    pub fn arrived(&self, at: Instant) {
        self.sent.one();
        self.sent_at.store(at.0, Ordering::Relaxed);
    }

    /// A message was given up.
    pub fn lost(&self, message: &Message, at: Instant) {
        self.failed.one();
        self.failed_at.store(at.0, Ordering::Relaxed);
        if message.is_missed() {
            self.missed.one();
        }
    }

    /// So many were left out because too many waited.
    pub fn left_out(&self, messages: u64, at: Instant) {
        self.failed.add(messages);
        self.missed.add(messages);
        self.failed_at.store(at.0, Ordering::Relaxed);
    }

    /// When the last one arrived.
    pub fn sent_at(&self) -> Option<Instant> {
        moment(&self.sent_at)
    }

    /// When the last one was given up.
    pub fn failed_at(&self) -> Option<Instant> {
        moment(&self.failed_at)
    }
}

fn moment(at: &AtomicI64) -> Option<Instant> {
    Some(at.load(Ordering::Relaxed)).filter(|at| *at != 0).map(Instant)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::telemetry::alerts::{Severity, State};

    const NOON: Instant = Instant(1_795_521_600);

    fn alert(rule: RuleName) -> Message {
        let (state, severity) = (State::Firing, Severity::Warning);
        let at = NOON;
        Message::Alert(AlertEvent {
            rule,
            clinic_id: None,
            state,
            severity,
            value: None,
            at,
            since: Some(at),
        })
    }

    #[test]
    fn the_loss_of_what_tells_of_losses_is_counted_and_does_not_ring_again() {
        let messages = Messages::default();
        let mail = messages.way(Channel::Email);
        for message in [alert(RuleName::MessagesFailed), Message::Trial(NOON), alert(RuleName::Disk)] {
            mail.lost(&message, NOON);
        }
        assert_eq!((mail.failed.get(), messages.missed(), mail.failed_at()), (3, 1, Some(NOON)));
        assert_eq!((messages.way(Channel::Webhook).failed.get(), mail.sent_at()), (0, None));
    }

    #[tokio::test]
    async fn who_says_something_never_waits_and_the_oldest_are_left_out() {
        let messages = Messages::default();
        let mut line = messages.listen();
        (0..WAITING as i64 + 6).for_each(|n| messages.say(Message::Trial(Instant(n))));
        assert_eq!(line.recv().await, Err(broadcast::error::RecvError::Lagged(6)));
        assert_eq!(line.recv().await, Ok(Message::Trial(Instant(6))));
    }
}
