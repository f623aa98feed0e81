//! Response bodies: event streams end when the program stops, and a panic in a body costs one request.
use std::any::Any;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use http_body_util::combinators::BoxBody;
use hyper::body::{Body, Bytes, Frame, SizeHint};
use tokio::sync::Notify;
use tokio::sync::watch::Receiver;
use tokio::time::Instant;

/// What is running on one connection. A connection with nothing running may be closed.
#[derive(Debug)]
pub(super) struct Activity(std::sync::Mutex<(usize, Instant)>, Notify);

impl Activity {
    pub(super) fn new() -> Arc<Self> {
        Arc::new(Self(std::sync::Mutex::new((0, Instant::now())), Notify::new()))
    }

    /// Counts one request until the returned value is dropped.
    pub(super) fn begin(self: &Arc<Self>) -> Running {
        self.change(|running| running + 1);
        Running(self.clone())
    }

    /// Since when nothing is running, or none while something is.
    pub(super) fn quiet_since(&self) -> Option<Instant> {
        let state = *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        (state.0 == 0).then_some(state.1)
    }

    /// Resolves when a request has begun or ended.
    pub(super) async fn changed(&self) {
        self.1.notified().await;
    }

    fn change(&self, by: impl Fn(usize) -> usize) {
        let mut state = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        *state = (by(state.0), Instant::now());
        self.1.notify_one();
    }
}

/// A request that is being answered.
#[derive(Debug)]
pub(super) struct Running(Arc<Activity>);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.change(|running| running.saturating_sub(1));
    }
}

/// Resolves once the program is to stop; also when nobody is left to say so.
pub(super) async fn stopped(mut stop: Receiver<bool>) {
    let _ = stop.wait_for(|stop| *stop).await;
}

/// Runs `f`; a panic becomes an error with its message.
pub(super) fn guarded<T>(f: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(f)).map_err(|panic| message(panic.as_ref()))
}

/// The text of a panic.
fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|s| (*s).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "panic".to_owned())
}

/// A response body on its way out.
pub(super) struct Reply {
    inner: BoxBody<Bytes, io::Error>,
    ends: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
    _running: Running,
}

impl Reply {
    /// `events` are endless by nature and end with the program.
    pub(super) fn new(
        inner: BoxBody<Bytes, io::Error>,
        events: Option<Receiver<bool>>,
        running: Running,
    ) -> Self {
        let ends = events.map(|stop| Box::pin(stopped(stop)) as Pin<Box<dyn Future<Output = ()> + Send>>);
        Self { inner, ends, _running: running }
    }
}

impl Body for Reply {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        if let Some(ends) = &mut self.ends
            && ends.as_mut().poll(cx).is_ready()
        {
            return Poll::Ready(None);
        }
        let inner = Pin::new(&mut self.inner);
        guarded(|| inner.poll_frame(cx)).unwrap_or_else(|panic| {
            tracing::error!(panic, "a response body panicked");
            Poll::Ready(Some(Err(io::Error::other("internal"))))
        })
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
