//! Who was here, noted for many at once: a commit for each person each minute would have everybody else's rows read anew.
use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use super::{Grant, permissions::OwnSession, session};
use crate::db::Clinic;

/// How long a note waits for others.
const TOGETHER: Duration = Duration::from_millis(250);

/// Sessions whose people were here, by clinic, not yet written down.
#[derive(Default)]
pub struct Presence(Mutex<Vec<(Arc<Clinic>, BTreeSet<i64>)>>);

impl Presence {
    /// Notes that the person of a session is here, without making their request wait.
    pub fn note(self: &Arc<Self>, clinic: &Arc<Clinic>, session_id: i64) {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, ids)) = waiting.iter_mut().find(|(other, _)| Arc::ptr_eq(other, clinic)) {
            ids.insert(session_id);
        } else {
            waiting.push((Arc::clone(clinic), BTreeSet::from([session_id])));
            tokio::spawn(Arc::clone(self).write_down(Arc::clone(clinic)));
        }
    }

    async fn write_down(self: Arc<Self>, clinic: Arc<Clinic>) {
        tokio::time::sleep(TOGETHER).await;
        let ids = self.take(&clinic);
        let grant = Grant::<OwnSession>::at_the_door(clinic, Arc::default());
        let noted = grant.housekeep(move |tx| ids.into_iter().try_for_each(|id| session::seen(tx, id))).await;
        if let Err(error) = noted {
            tracing::debug!(%error, "the last use of sessions was not noted");
        }
    }

    fn take(&self, clinic: &Arc<Clinic>) -> BTreeSet<i64> {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let place = waiting.iter().position(|(other, _)| Arc::ptr_eq(other, clinic));
        place.map(|place| waiting.swap_remove(place).1).unwrap_or_default()
    }
}
