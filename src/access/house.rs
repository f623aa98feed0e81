//! How many people the computer carries at one time, and whether there is room for one more. Those who are at work already are
//! protected: only who comes anew is asked to wait. The limit is the measured one; without a measurement it is generous.
use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use serde::{Deserialize, Serialize};

use crate::{
    base::{Error, Result},
    db::{Clinics, ReadTx},
};

/// Where the last measurement lies in the data folder.
pub const FILE: &str = "capacity.json";
/// The limit where nothing was measured.
pub const UNMEASURED: usize = 4096;
/// Who has asked for anything within this time is at work.
pub const AT_WORK_SECONDS: i64 = 5 * 60;
/// How long a count serves. Whoever comes in meanwhile is added to it.
const FRESH: Duration = Duration::from_secs(1);

/// What is kept of a measurement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// Version of the program that was measured.
    pub version: String,
    /// When, RFC 3339.
    pub measured_at: String,
    /// The capacity: people.
    pub people: usize,
    /// Whether the measurement was told to end there, so that it may carry more.
    #[serde(default)]
    pub reached_target: bool,
    /// The limit: four fifths of the capacity.
    pub recommended: usize,
    /// Where to warn: four fifths of the limit.
    pub alert_at: usize,
    /// What people did.
    #[serde(default)]
    pub scenario: String,
}

impl Kept {
    /// The last measurement of a data folder; none where there is none that can be read.
    pub fn read(data: &Path) -> Option<Self> {
        serde_json::from_slice(&std::fs::read(data.join(FILE)).ok()?).ok()
    }
}

/// How full it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fullness {
    /// People at work.
    pub people: usize,
    /// People there is room for.
    pub limit: usize,
    /// From how many on it is worth a warning.
    pub alert_at: usize,
}

impl Fullness {
    /// Whether there is no room for one more.
    pub fn is_full(self) -> bool {
        self.people >= self.limit
    }
}

/// The house of one data folder.
#[derive(Debug)]
pub struct House {
    data: PathBuf,
    last: Mutex<Option<(Instant, Fullness)>>,
}

impl House {
    /// The house whose measurement lies in a data folder.
    pub fn new(data: PathBuf) -> Self {
        Self { data, last: Mutex::default() }
    }

    /// How full it is, at most a second old.
    pub async fn fullness(&self, clinics: &Arc<Clinics>) -> Result<Fullness> {
        if let Some((at, fullness)) = *self.last()
            && at.elapsed() < FRESH
        {
            return Ok(fullness);
        }
        let (clinics, data) = (Arc::clone(clinics), self.data.clone());
        let fullness = tokio::task::spawn_blocking(move || {
            let kept = Kept::read(&data);
            let limit = kept.as_ref().map_or(UNMEASURED, |kept| kept.recommended.max(1));
            let alert_at = kept.map_or(UNMEASURED * 4 / 5, |kept| kept.alert_at);
            let mut people = 0;
            for clinic in clinics.all() {
                people += clinic.read_here(at_work)?;
            }
            Ok::<_, Error>(Fullness { people, limit, alert_at })
        });
        let fullness = fullness.await.map_err(Error::internal)??;
        *self.last() = Some((Instant::now(), fullness));
        Ok(fullness)
    }

    /// One more has come in.
    pub fn entered(&self) {
        self.last().iter_mut().for_each(|(_, fullness)| fullness.people += 1);
    }

    fn last(&self) -> std::sync::MutexGuard<'_, Option<(Instant, Fullness)>> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How many people of a clinic are at work.
fn at_work(tx: &ReadTx<'_>) -> Result<usize> {
    let since = tx.now().as_second() - AT_WORK_SECONDS;
    let sql = "select count(distinct user_id) from sessions where last_seen_at > ?1 and expires_at > ?2";
    let count = tx.number(sql, [since, tx.now().as_second()])?;
    Ok(usize::try_from(count).unwrap_or(0))
}

/// Whether a person is at work at some screen already.
pub fn is_at_work(tx: &ReadTx<'_>, user_id: i64) -> Result<bool> {
    let since = tx.now().as_second() - AT_WORK_SECONDS;
    let sql = "select count(*) from sessions where user_id = ?1 and last_seen_at > ?2 and expires_at > ?3";
    Ok(tx.number(sql, [user_id, since, tx.now().as_second()])? > 0)
}
