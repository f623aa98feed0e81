//! What other screens are told after a commit: the acts, without a word of content.
use std::sync::Arc;

use serde::Serialize;
use tokio::sync::broadcast;

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

/// The stream of one clinic. A listener that falls too far behind is told to start over.
#[derive(Debug)]
pub(super) struct Stream(broadcast::Sender<Arc<Event>>);

impl Stream {
    pub fn new() -> Self {
        Self(broadcast::channel(1024).0)
    }

    pub fn tell(&self, event: Event) {
        if !QUIET.contains(&event.verb.as_str()) {
            // Nobody listening is not an error.
            let _ = self.0.send(Arc::new(event));
        }
    }

    pub fn listeners(&self) -> usize {
        self.0.receiver_count()
    }

    pub fn listen(&self) -> broadcast::Receiver<Arc<Event>> {
        self.0.subscribe()
    }
}
