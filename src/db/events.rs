//! What other screens are told after a commit: the acts, without a word of content.
use std::{sync::Arc, time::Duration};

use serde::Serialize;
use tokio::{
    sync::broadcast::{
        self,
        error::{RecvError, TryRecvError},
    },
    time::{Instant, sleep_until},
};

use super::{Act, Actor};

/// One committed act, as the event stream tells it.
#[derive(Debug, Clone, Serialize)]
pub struct Event {
    /// Number of the entry in the trail; also the stream's event id.
    pub seq: i64,
    /// What was done, as `created`.
    pub verb: String,
    /// To what kind of record, as `appointment`.
    pub entity: String,
    /// To which one.
    pub id: Option<i64>,
    /// By whom; null for the program itself.
    pub user_id: Option<i64>,
    /// Their name, for "changed by".
    pub user_name: Option<String>,
}

impl Event {
    /// The act behind entry `seq`.
    pub(super) fn of(seq: i64, act: &Act, actor: &Actor) -> Self {
        Self {
            seq,
            verb: act.verb.to_owned(),
            entity: act.entity.to_owned(),
            id: act.id,
            user_id: actor.user_id,
            user_name: actor.user_id.map(|_| actor.name.to_string()),
        }
    }
}

/// Acts that change nothing other screens show.
pub const QUIET: &[&str] = &[
    "opened",
    "history_opened",
    "listed",
    "visits_listed",
    "searched",
    "exported",
    "printed",
    "refused",
    "verified",
    "day_closed",
    "code_checked",
    "restored_accepted",
    "restored",
    "backup_made",
    "acknowledged",
    "silenced",
    "tested",
    "capacity_measured",
    "signed_in",
    "sign_in_failed",
    "signed_out",
    "locked",
    "unlocked",
    "preferred",
    "password_chosen",
    "password_changed",
];

/// An act written out once for all who hear of it.
#[derive(Debug)]
pub struct Told {
    /// Number of the entry in the trail.
    pub seq: i64,
    /// The [`Event`] as JSON.
    pub json: String,
}

impl From<&Event> for Told {
    fn from(event: &Event) -> Self {
        Self { seq: event.seq, json: serde_json::to_string(event).unwrap_or_default() }
    }
}

/// The stream of one clinic. A listener that falls too far behind is told to start over.
#[derive(Debug)]
pub(super) struct Stream(broadcast::Sender<Arc<Told>>);

impl Stream {
    pub fn new() -> Self {
        Self(broadcast::channel(1024).0)
    }

    pub fn tell(&self, event: &Event) {
        if !QUIET.contains(&event.verb.as_str()) && self.0.receiver_count() > 0 {
            // Nobody listening any more is not an error.
            let _ = self.0.send(Arc::new(event.into()));
        }
    }

    pub fn listeners(&self) -> usize {
        self.0.receiver_count()
    }

    pub fn listen(&self) -> Listener {
        Listener { heard: self.0.subscribe(), stream: self.0.downgrade(), gathered: Vec::new(), until: None }
    }
}

/// A listener waits this many milliseconds at most for more acts to tell together.
const LONGEST: u64 = 800;

/// Hears what is committed in a clinic. The more listen, the more acts are heard together: a handful of screens are told at once,
/// while a thousand, of which each is told of each act, would take the machine from those who ask it something.
#[derive(Debug)]
pub struct Listener {
    heard: broadcast::Receiver<Arc<Told>>,
    stream: broadcast::WeakSender<Arc<Told>>,
    gathered: Vec<Arc<Told>>,
    /// Till when more is waited for.
    until: Option<Instant>,
}

/// What a [`Listener`] heard.
#[derive(Debug)]
pub enum Heard {
    /// Acts, oldest first.
    Acts(Vec<Arc<Told>>),
    /// More than it could keep up with.
    TooMuch,
    /// Nothing, and nothing more will be: the clinic is closed.
    Closed,
}

impl Listener {
    /// What happened since the last time, or happens next. Nothing is lost when it is not waited for to its end.
    pub async fn next(&mut self) -> Heard {
        let until = match self.until {
            Some(until) => until,
            None => match self.heard.recv().await {
                Ok(told) => self.gather(told),
                Err(RecvError::Lagged(_)) => return Heard::TooMuch,
                Err(RecvError::Closed) => return Heard::Closed,
            },
        };
        sleep_until(until).await;
        self.until = None;
        let mut acts = std::mem::take(&mut self.gathered);
        loop {
            match self.heard.try_recv() {
                Ok(told) => acts.push(told),
                Err(TryRecvError::Lagged(_)) => return Heard::TooMuch,
                Err(TryRecvError::Empty | TryRecvError::Closed) => return Heard::Acts(acts),
            }
        }
    }

    /// Keeps the first of several and says till when more is waited for.
    fn gather(&mut self, told: Arc<Told>) -> Instant {
        self.gathered.push(told);
        *self.until.insert(Instant::now() + self.patience())
    }

    /// A millisecond at most for each listener, by chance, so that not all are told in the same moment.
    fn patience(&self) -> Duration {
        let others = self.stream.upgrade().map_or(0, |stream| stream.receiver_count().saturating_sub(1));
        Duration::from_millis(fastrand::u64(0..=LONGEST.min(others as u64)))
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::{sleep, timeout};

    use super::*;

    fn act(seq: i64) -> Event {
        let (verb, entity) = ("created".to_owned(), "room".to_owned());
        Event { seq, verb, entity, id: None, user_id: None, user_name: None }
    }

    #[tokio::test]
    async fn a_crowd_hears_acts_together_in_their_order_and_misses_none() {
        let stream = Stream::new();
        let mut crowd: Vec<Listener> = (0..300).map(|_| stream.listen()).collect();
        let mut listener = crowd.pop().unwrap();
        let tell = async {
            for seq in 1..=100 {
                stream.tell(&act(seq));
                sleep(Duration::from_millis(1)).await;
            }
        };
        let (mut heard, mut times) = (Vec::new(), 0);
        let hear = async {
            while heard.len() < 100 {
                // Given up and taken up again, as beside a ping.
                if let Ok(Heard::Acts(acts)) = timeout(Duration::from_millis(3), listener.next()).await {
                    heard.extend(acts.iter().map(|told| told.seq));
                    times += 1;
                }
            }
        };
        tokio::join!(tell, hear);
        assert_eq!(heard, (1..=100).collect::<Vec<i64>>());
        assert!(times < 50, "told {times} times");
    }

    #[tokio::test]
    async fn one_that_cannot_keep_up_is_told_so_and_hears_what_follows() {
        let stream = Stream::new();
        let mut listener = stream.listen();
        (1..=3000).for_each(|seq| stream.tell(&act(seq)));
        assert!(matches!(listener.next().await, Heard::TooMuch));
        let Heard::Acts(acts) = listener.next().await else { panic!("nothing heard") };
        assert_eq!(acts.last().map(|told| told.seq), Some(3000));
        drop(stream);
        assert!(matches!(listener.next().await, Heard::Closed));
    }
}
