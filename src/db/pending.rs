//! Work handed to the writer from threads that may block, and the wait for what came of it.
use tokio::sync::oneshot;

use super::Written;
use crate::base::{Error, Result};

/// A writing transaction that was handed in.
#[must_use = "it has not been said yet whether it was committed"]
pub struct Pending<T>(oneshot::Receiver<Result<Written<T>>>);

impl<T> Pending<T> {
    pub(super) fn new(answer: oneshot::Receiver<Result<Written<T>>>) -> Self {
        Self(answer)
    }

    /// Waits until it is committed. Blocks: callers inside the async runtime come through `spawn_blocking`.
    pub fn wait(self) -> Result<T> {
        match self.0.blocking_recv().unwrap_or(Err(Error::Busy))? {
            Written::Fresh(value) => Ok(value),
            Written::Replayed(_) => Err(Error::internal("no key was given")),
        }
    }
}
