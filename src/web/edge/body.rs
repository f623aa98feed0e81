//! Request bodies with an end: most bytes, most time, least speed. Memory never holds more than the route asked for.
use std::fmt;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt as _, Limited};
use hyper::body::{Body as _, Bytes, Frame, Incoming, SizeHint};
use hyper::header::{CONTENT_ENCODING, CONTENT_LENGTH};
use poem::{Body, Request};
use tokio::time::timeout;

use super::limits::Limits;
use super::pace::Pace;
use super::request::Arrival;
use crate::base::{Error, Result};

/// Bytes and time granted to a sender that does not stop although it has been refused: long enough for a client to
/// see the answer instead of a reset connection.
const LINGER: (usize, Duration) = (16 << 20, Duration::from_secs(2));

/// Most bytes of one request's body; shared with the body itself, in the request's extensions.
#[derive(Debug, Clone)]
pub struct BodyLimit {
    most: Arc<AtomicUsize>,
    ceiling: usize,
}

impl BodyLimit {
    pub(super) fn new(limits: &Limits) -> Self {
        Self { most: Arc::new(AtomicUsize::new(limits.body_bytes)), ceiling: limits.body_ceiling }
    }

    /// Lets the route's body be as large as `most`, but never above the edge's ceiling.
    pub fn set(&self, most: usize) {
        self.most.store(most.min(self.ceiling), Ordering::Relaxed);
    }

    fn get(&self) -> usize {
        self.most.load(Ordering::Relaxed)
    }
}

/// Why a body was cut off; travels inside an [`io::Error`] through poem.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cut {
    TooLarge,
    TooSlow,
}

impl fmt::Display for Cut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if matches!(self, Self::TooLarge) { "body too large" } else { "body too slow" })
    }
}

impl std::error::Error for Cut {}

/// The whole body of a request, at most `max` bytes of it. Refuses by `Content-Length` before anything is read, and
/// by count while reading; refuses compressed bodies.
pub async fn read_limited(request: &Request, body: Body, max: usize) -> Result<Vec<u8>> {
    let headers = request.headers();
    if headers.get_all(CONTENT_ENCODING).iter().any(|v| !v.as_bytes().eq_ignore_ascii_case(b"identity")) {
        return Err(Error::UnsupportedMediaType);
    }
    if let Some(limit) = request.extensions().get::<Arrival>().and_then(|arrival| arrival.body.as_ref()) {
        limit.set(max);
    }
    let length =
        headers.get(CONTENT_LENGTH).and_then(|v| v.to_str().ok()).and_then(|v| v.parse::<usize>().ok());
    if length.is_some_and(|length| length > max) {
        return Err(Error::TooLarge);
    }
    let mut rest = BoxBody::from(body);
    // What a client announces is believed only a little: memory follows what really arrives.
    let mut whole = Vec::with_capacity(length.unwrap_or_default().min(64 * 1024));
    while let Some(frame) = rest.frame().await {
        let Ok(data) = frame.map_err(|fault| cut_off(&fault))?.into_data() else {
            continue;
        };
        if data.len() > max.saturating_sub(whole.len()) {
            return Err(Error::TooLarge);
        }
        whole.extend_from_slice(&data);
    }
    Ok(whole)
}

/// How a broken body is told to the client.
fn cut_off(fault: &io::Error) -> Error {
    match fault.get_ref().and_then(|inner| inner.downcast_ref::<Cut>()) {
        Some(Cut::TooLarge) => Error::TooLarge,
        Some(Cut::TooSlow) => Error::Malformed("body_too_slow"),
        None => Error::Malformed("body_cut_short"),
    }
}

/// A request body that keeps count and time.
#[derive(Debug)]
pub(super) struct Paced {
    inner: Option<Incoming>,
    limit: BodyLimit,
    seen: usize,
    pace: Pace,
}

impl Paced {
    /// The body as poem wants it, and the limit it keeps to. Most requests have no body and need neither.
    pub(super) fn of(inner: Incoming, limits: &Limits) -> (Body, Option<BodyLimit>) {
        if inner.is_end_stream() {
            return (Body::empty(), None);
        }
        let limit = BodyLimit::new(limits);
        let paced = Self { inner: Some(inner), limit: limit.clone(), seen: 0, pace: Pace::new(limits) };
        (Body::from(BoxBody::new(paced)), Some(limit))
    }

    /// Counts a frame, or cuts the body off.
    fn count(&mut self, frame: Frame<Bytes>) -> io::Result<Frame<Bytes>> {
        self.seen = self.seen.saturating_add(frame.data_ref().map_or(0, Bytes::len));
        if self.seen > self.limit.get() { Err(io::Error::other(Cut::TooLarge)) } else { Ok(frame) }
    }
}

impl hyper::body::Body for Paced {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        let this = &mut *self;
        let Some(inner) = &mut this.inner else {
            return Poll::Ready(None);
        };
        let announced = usize::try_from(inner.size_hint().lower()).unwrap_or(usize::MAX);
        if this.seen.saturating_add(announced) > this.limit.get() {
            return Poll::Ready(Some(Err(io::Error::other(Cut::TooLarge))));
        }
        match Pin::new(inner).poll_frame(cx) {
            Poll::Pending => {
                this.pace.waiting(cx, this.seen).map(|()| Some(Err(io::Error::other(Cut::TooSlow))))
            }
            Poll::Ready(Some(Ok(frame))) => {
                this.pace.arrived();
                Poll::Ready(Some(this.count(frame)))
            }
            Poll::Ready(Some(Err(fault))) => Poll::Ready(Some(Err(io::Error::other(fault)))),
            Poll::Ready(None) => {
                this.inner = None;
                Poll::Ready(None)
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.inner.as_ref().is_none_or(Incoming::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.as_ref().map_or(SizeHint::with_exact(0), Incoming::size_hint)
    }
}

impl Drop for Paced {
    /// Closing a socket with unread bytes in it resets the connection, and the client never sees why it was
    /// refused: so a little of what is still coming is read and thrown away.
    fn drop(&mut self) {
        let Some(inner) = self.inner.take().filter(|inner| !inner.is_end_stream()) else {
            return;
        };
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            let (bytes, time) = LINGER;
            runtime.spawn(async move {
                let mut rest = Limited::new(inner, bytes);
                let drain = async { while let Some(Ok(_)) = rest.frame().await {} };
                let _ = timeout(time, drain).await;
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn post(headers: &[(&str, &str)]) -> Request {
        let builder = Request::builder().method(poem::http::Method::POST);
        headers.iter().fold(builder, |b, (name, value)| b.header(*name, *value)).finish()
    }

    #[tokio::test]
    async fn a_body_of_exactly_the_limit_is_read() {
        let body = Body::from_vec(vec![7; 100]);
        assert_eq!(read_limited(&post(&[]), body, 100).await.unwrap().len(), 100);
        let body = Body::from_vec(vec![7; 101]);
        assert!(matches!(read_limited(&post(&[]), body, 100).await, Err(Error::TooLarge)));
    }

    #[tokio::test]
    async fn an_announced_excess_is_refused_without_reading() {
        let request = post(&[("content-length", "101")]);
        assert!(matches!(read_limited(&request, Body::empty(), 100).await, Err(Error::TooLarge)));
    }

    #[tokio::test]
    async fn a_compressed_body_is_refused() {
        let request = post(&[("content-encoding", "br")]);
        let answer = read_limited(&request, Body::empty(), 100).await;
        assert!(matches!(answer, Err(Error::UnsupportedMediaType)));
    }

    #[test]
    fn no_route_gets_past_the_ceiling() {
        let limit = BodyLimit::new(&Limits { body_ceiling: 50, ..Limits::default() });
        limit.set(1000);
        assert_eq!(limit.get(), 50);
    }
}
