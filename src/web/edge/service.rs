//! One request from hyper's hands to poem's and back.
use std::convert::Infallible;
use std::future::ready;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::Poll;

use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt as _, Empty};
use hyper::body::{Body as _, Bytes, Incoming};
use hyper::header::{self, HeaderMap, HeaderValue};
use hyper::http::request::Parts;
use hyper::http::uri::{Authority, Scheme};
use hyper::{Method, Request, Response, StatusCode};
use poem::endpoint::BoxEndpoint;
use poem::web::{LocalAddr, RemoteAddr};
use poem::{Addr, Endpoint as _};
use tokio::sync::watch::Receiver;

use super::body::Paced;
use super::gate;
use super::headers::dress;
use super::limits::Limits;
use super::names::Names;
use super::problem::Refusal;
use super::reply::{Reply, Running};
use super::request::{Arrival, Peer};
use super::turn::OthersFirst;
use crate::base::{RequestId, panics::caught};

/// What all connections share.
pub(super) struct Service {
    pub(super) endpoint: BoxEndpoint<'static, poem::Response>,
    pub(super) names: Receiver<Names>,
    pub(super) limits: Limits,
    pub(super) stop: Receiver<bool>,
    /// Paths that may be asked for without TLS from outside this machine.
    pub(super) open: Vec<String>,
    /// Asked before the endpoint.
    pub(super) at_hand: Option<AtHand>,
}

/// What may know the answer to a request from its head alone.
pub(super) type AtHand = Box<dyn Fn(&Parts, Peer, RequestId) -> Option<poem::Response> + Send + Sync>;

/// An answer on its way. Boxed: hyper moves it from hand to hand, and unboxed it is a few thousand bytes.
pub(super) type Answering = Pin<Box<dyn Future<Output = Result<Response<Reply>, Infallible>> + Send>>;

/// One connection as its requests see it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line {
    pub(super) peer: Peer,
    pub(super) local: SocketAddr,
    /// Plain HTTP on the port for TLS, as when somebody types `http://` before an address with that port.
    pub(super) misplaced: bool,
}

impl Service {
    /// Answers one request, whatever happens. What hyper calls for each request of a connection.
    pub(super) fn answer(
        self: &Arc<Self>,
        request: Request<Incoming>,
        line: Line,
        running: Running,
    ) -> Answering {
        let (mut head, body) = request.into_parts();
        let id = RequestId::fresh();
        let peer = line.peer.seen_in(&head.headers);
        let is_head = head.method == Method::HEAD;
        let authority = self.admit(&head, line);
        let named = authority.as_ref().ok().filter(|_| peer.tls).map(|a| gate::bare(a).to_owned());
        // Before anything is refused: what is left of a body must be read, or the client never hears why.
        let (body, limit) = Paced::of(body, &self.limits);
        let at_once = match authority {
            Ok(authority) if line.misplaced => Some(redirect(&authority, &head)),
            Ok(_) if limit.is_none() => self.known(&head, peer, id),
            Ok(_) => None,
            Err(refusal) => Some(refusal.response(&id)),
        };
        if let Some(response) = at_once {
            let sent = self.send(response, (named.as_deref(), id), is_head, running);
            return Box::pin(ready(Ok(sent)));
        }
        let service = Arc::clone(self);
        Box::pin(async move {
            head.extensions.insert(Arrival { peer, id, body: limit });
            let response = service.call(poem_request(head, body, line), &id).await;
            let sent = service.send(response, (named.as_deref(), id), is_head, running);
            OthersFirst::default().await;
            Ok(sent)
        })
    }

    /// An answer that is at hand; a panic there is told as any other.
    fn known(&self, head: &Parts, peer: Peer, id: RequestId) -> Option<poem::Response> {
        let ask = self.at_hand.as_ref()?;
        caught(|| ask(head, peer, id)).unwrap_or_else(|panic| {
            tracing::error!(request_id = id.as_str(), panic, "what is at hand panicked");
            Some(Refusal::Defect.response(&id))
        })
    }

    /// All checks before routing.
    fn admit(&self, head: &Parts, line: Line) -> Result<Authority, Refusal> {
        let local: IpAddr = line.local.ip().to_canonical();
        let authority = gate::check(head, &self.names.borrow(), local, line.peer.tls, &self.limits)?;
        let open = line.peer.tls
            || line.misplaced
            || line.peer.addr.ip().is_loopback()
            || self.is_open(head.uri.path());
        if open { Ok(authority) } else { Err(Refusal::NeedsTls) }
    }

    fn is_open(&self, path: &str) -> bool {
        self.open.iter().any(|open| open == path)
    }

    /// Calls the endpoint; a panic costs this request and no other.
    async fn call(&self, request: poem::Request, id: &RequestId) -> poem::Response {
        let mut answer = pin!(self.endpoint.get_response(request));
        let outcome = std::future::poll_fn(|cx| match caught(|| answer.as_mut().poll(cx)) {
            Ok(state) => state.map(Ok),
            Err(panic) => Poll::Ready(Err(panic)),
        });
        outcome.await.unwrap_or_else(|panic| {
            tracing::error!(request_id = id.as_str(), panic, "a handler panicked");
            Refusal::Defect.response(id)
        })
    }

    /// Completes the headers and wraps the body for its way out.
    fn send(
        &self,
        mut response: poem::Response,
        (named, id): (Option<&str>, RequestId),
        is_head: bool,
        running: Running,
    ) -> Response<Reply> {
        dress(response.headers_mut(), named, id);
        let response: Response<BoxBody<Bytes, io::Error>> = response.into();
        let (mut head, mut body) = response.into_parts();
        if is_head {
            body = without_body(&mut head.headers, body);
        }
        let events = is_event_stream(&head.headers).then(|| self.stop.clone());
        Response::from_parts(head, Reply::new(body, events, running))
    }
}

/// The answer to HEAD says how long the body would be; HTTP/2 would otherwise send it.
fn without_body(headers: &mut HeaderMap, body: BoxBody<Bytes, io::Error>) -> BoxBody<Bytes, io::Error> {
    if let Some(length) = body.size_hint().exact().filter(|length| *length > 0) {
        headers.entry(header::CONTENT_LENGTH).or_insert_with(|| HeaderValue::from(length));
    }
    Empty::new().map_err(|never| match never {}).boxed()
}

/// To the same address with TLS.
fn redirect(authority: &Authority, head: &Parts) -> poem::Response {
    let path = head.uri.path_and_query().map_or("/", |path| path.as_str());
    let response = poem::Response::builder().status(StatusCode::PERMANENT_REDIRECT);
    response.header(header::LOCATION, format!("https://{authority}{path}")).finish()
}

fn is_event_stream(headers: &HeaderMap) -> bool {
    headers.get(header::CONTENT_TYPE).is_some_and(|v| v.as_bytes().starts_with(b"text/event-stream"))
}

/// The request as poem's endpoints expect it.
fn poem_request(head: Parts, body: poem::Body, line: Line) -> poem::Request {
    let scheme = if line.peer.tls { Scheme::HTTPS } else { Scheme::HTTP };
    let local = LocalAddr(Addr::SocketAddr(line.local));
    let remote = RemoteAddr(Addr::SocketAddr(line.peer.addr));
    poem::Request::from_parts((head, local, remote, scheme).into(), body)
}

#[cfg(test)]
mod tests {
    use poem::EndpointExt as _;
    use tokio::sync::watch;

    use super::*;

    fn verdict(from: &str, tls: bool, path: &str) -> Result<Authority, Refusal> {
        let (names, stop) = (watch::channel(Names::loopback()).1, watch::channel(false).1);
        let endpoint = poem::endpoint::make_sync(|_| poem::Response::default()).boxed();
        let open = vec!["/certificate".to_owned()];
        let service = Service { endpoint, names, limits: Limits::default(), stop, open, at_hand: None };
        let local = SocketAddr::from(([192, 168, 0, 9], 8080));
        let line = Line { peer: Peer::new(from.parse().unwrap(), tls), local, misplaced: false };
        let request = Request::get(path).header("host", "192.168.0.9:8080").body(()).unwrap();
        service.admit(&request.into_parts().0, line)
    }

    #[test]
    fn other_machines_need_tls_except_for_what_was_opened() {
        let neighbour = "192.168.0.7:5000";
        assert_eq!(verdict(neighbour, false, "/"), Err(Refusal::NeedsTls));
        assert_eq!(verdict(neighbour, false, "/certificate/x"), Err(Refusal::NeedsTls));
        assert!(verdict(neighbour, false, "/certificate").is_ok());
        assert!(verdict(neighbour, true, "/").is_ok());
        assert!(verdict("[::ffff:127.0.0.1]:5000", false, "/").is_ok());
    }
}
