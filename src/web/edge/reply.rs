//! Response bodies: event streams end when the program stops, and a panic in a body costs one request.
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use http_body_util::combinators::BoxBody;
use hyper::body::{Body, Bytes, Frame, SizeHint};
use tokio::sync::Notify;
use tokio::sync::watch::Receiver;
use tokio::time::Instant;

use crate::base::panics::caught;
use crate::telemetry::process;

/// What is running on one connection. A connection with nothing running may be closed.
#[derive(Debug)]
pub(super) struct Activity {
    born: Instant,
    running: AtomicUsize,
    /// When the last request ended, in milliseconds since `born`.
    ended: AtomicU64,
    begun: AtomicBool,
    first: Notify,
}

impl Activity {
    pub(super) fn new() -> Arc<Self> {
        Arc::new(Self {
            born: Instant::now(),
            running: AtomicUsize::new(0),
            ended: AtomicU64::new(0),
            begun: AtomicBool::new(false),
            first: Notify::new(),
        })
    }

    /// Counts one request until the returned value is dropped.
    pub(super) fn begin(self: &Arc<Self>) -> Running {
        self.running.fetch_add(1, Ordering::AcqRel);
        if !self.begun.swap(true, Ordering::AcqRel) {
            self.first.notify_one();
        }
        Running(self.clone())
    }

    /// How long nothing has been running; zero while something is.
    pub(super) fn quiet_for(&self) -> Duration {
        if self.running.load(Ordering::Acquire) > 0 {
            return Duration::ZERO;
        }
        let ended = Duration::from_millis(self.ended.load(Ordering::Acquire));
        self.born.elapsed().saturating_sub(ended)
    }

    /// Resolves when the first request has begun.
    pub(super) async fn first(&self) {
        self.first.notified().await;
    }

    fn end(&self) {
        let now = u64::try_from(self.born.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.ended.store(now, Ordering::Release);
        self.running.fetch_sub(1, Ordering::AcqRel);
    }
}

/// A request that is being answered.
#[derive(Debug)]
pub(super) struct Running(Arc<Activity>);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.end();
    }
}

/// Resolves once the program is to stop; also when nobody is left to say so.
pub(super) async fn stopped(mut stop: Receiver<bool>) {
    let _ = stop.wait_for(|stop| *stop).await;
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
        let frame = caught(|| inner.poll_frame(cx)).unwrap_or_else(|panic| {
            tracing::error!(panic, "a response body panicked");
            Poll::Ready(Some(Err(io::Error::other("internal"))))
        });
        if let Poll::Ready(Some(Ok(frame))) = &frame {
            process().sent(frame.data_ref().map_or(0, Bytes::len));
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
