//! Runs this very program as `taskmed capacity` and hears how far it is. One at a time. When this server stops, so does it.
use std::{
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use super::model::{UnderWay, Wish};
use crate::base::{Error, Result};

/// What runs, and how the last one ended.
#[derive(Debug, Clone, Default)]
pub struct Runner(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    under_way: Option<UnderWay>,
    failed: Option<String>,
}

impl Runner {
    /// How far the measurement under way is; none where there is none.
    pub fn under_way(&self) -> Option<UnderWay> {
        self.state().under_way.clone()
    }

    /// Why the last one failed, if it did.
    pub fn failed(&self) -> Option<String> {
        self.state().failed.clone()
    }

    /// Starts a measurement of the data folder's computer.
    pub fn start(&self, program: &Path, data: &Path, wish: Wish) -> Result<()> {
        let mut state = self.state();
        if state.under_way.is_some() {
            return Err(Error::conflict("measuring_already"));
        }
        let child = Command::new(program)
            .args(["capacity", "--machine", "--people", &wish.people.to_string()])
            .args(["--minutes", &wish.minutes.to_string(), "--data"])
            .arg(data)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn();
        let child = child.map_err(|error| {
            tracing::error!(%error, "the measurement could not be started");
            Error::Unavailable("cannot_measure")
        })?;
        let begun = UnderWay { stage: "making".into(), people: None, done: 0, total: 0 };
        *state = State { under_way: Some(begun), failed: None };
        drop(state);
        let runner = self.clone();
        std::thread::spawn(move || runner.attend(child));
        Ok(())
    }

    /// Hears it to its end.
    fn attend(&self, mut child: Child) {
        if let Some(out) = child.stdout.take() {
            for line in BufReader::new(out).lines().map_while(|line| line.ok()) {
                if let Ok(told) = serde_json::from_str::<UnderWay>(&line) {
                    self.state().under_way = Some(told);
                }
            }
        }
        // Its input stays open until here: it ends when that does.
        let ended = child.wait_with_output();
        let failed = match ended {
            Ok(ended) if ended.status.success() => None,
            Ok(ended) => Some(String::from_utf8_lossy(&ended.stderr).trim().to_owned()),
            Err(error) => Some(error.to_string()),
        };
        if let Some(why) = &failed {
            tracing::error!(why, "the measurement failed");
        }
        *self.state() = State { under_way: None, failed };
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
