//! Requests that came before: the same one again, of the same session, is answered with what is kept without going through the
//! route table, the reading of its parts and the admission once more. What made the first answer right is looked at each time
//! ([`Again`]), the trail counts the look, and meters and log hear of it as of any other.
use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, PoisonError, RwLock},
    time::Instant,
};

use poem::{
    Request, Response,
    http::{HeaderMap, HeaderValue, Method, Uri, header},
};
use sha2::{Digest as _, Sha256};

use super::{
    Context, Weight,
    admission::BACKGROUND,
    edge::{Arrival, Peer},
    replies::{self, Fixed},
    server::Told,
};
use crate::{
    access::{Again, Given},
    base::RequestId,
    db::Note,
};

/// What meters call requests that may come again.
const DOMAIN: &str = "requests";
/// Requests remembered at most; all are forgotten when there would be more.
const MOST: usize = 2048;

/// What tells a request that may come again from every other: who sends it is in the cookie.
#[derive(Debug, Clone)]
pub(super) struct Asking<'a> {
    cookie: &'a HeaderValue,
    target: &'a Uri,
    from: IpAddr,
    tls: bool,
}

impl<'a> Asking<'a> {
    /// None where a request is not one to remember: it changes something, nobody is signed in, or no person made it.
    pub fn of(method: &Method, target: &'a Uri, headers: &'a HeaderMap, peer: Peer) -> Option<Self> {
        let mut cookies = headers.get_all(header::COOKIE).iter();
        let (Some(cookie), None) = (cookies.next(), cookies.next()) else { return None };
        let is_plain = *method == Method::GET && !headers.contains_key(BACKGROUND);
        is_plain.then_some(Self { cookie, target, from: peer.addr.ip(), tls: peer.tls })
    }

    /// What the request is known by.
    pub fn key(&self) -> Key {
        let from = match self.from {
            IpAddr::V4(address) => address.to_ipv6_mapped(),
            IpAddr::V6(address) => address,
        };
        let mut digest = Sha256::new_with_prefix(from.octets());
        digest.update([u8::from(self.tls)]);
        // A line end is in neither a header nor an address.
        for part in [self.target.path(), "\n", self.target.query().unwrap_or_default(), "\n"] {
            digest.update(part);
        }
        digest.update(self.cookie);
        Key(digest.finalize().into())
    }
}

/// SHA-256 of all that: no session lies here in clear, and no request is taken for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Key([u8; 32]);

/// A request that came before.
pub(super) struct Known {
    pub again: Again,
    /// What the trail says of it.
    pub note: Option<Note>,
    pub weight: Weight,
    pub told: Arc<Told>,
}

/// The requests that came before.
pub struct Recall {
    context: Arc<Context>,
    known: RwLock<HashMap<Key, Arc<Known>>>,
    /// Paths whose answer never changes.
    fixed: RwLock<Vec<(Fixed, Arc<Told>)>>,
}

impl Recall {
    /// Nothing came before.
    pub(super) fn new(context: Arc<Context>) -> Self {
        Self { context, known: RwLock::default(), fixed: RwLock::default() }
    }

    /// The answer to a request that came before, if it still is what the whole way would answer.
    pub fn answer(
        &self,
        (method, target, headers): (&Method, &Uri, &HeaderMap),
        peer: Peer,
        id: RequestId,
    ) -> Option<Response> {
        let started = Instant::now();
        if let Some((fixed, told)) = self.fixed(method, target) {
            let _inside = told.meter.enter();
            told.tell(method, 200, (None, id), started.elapsed());
            return Some(fixed.response());
        }
        let key = Asking::of(method, target, headers, peer)?.key();
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner).get(&key).cloned()?;
        let _inside = known.told.meter.enter();
        let _running = self.context.in_flight.begin(known.weight).ok()?;
        let etag = headers.get(header::IF_NONE_MATCH);
        let (clinic, given) =
            known.again.answer(self.context.clock().seconds(), etag.map(HeaderValue::as_bytes))?;
        // Which clinics are served may have changed, and the first look of a while takes its place in the trail the whole way.
        let is_served =
            self.context.clinics().get(clinic.id()).is_some_and(|served| Arc::ptr_eq(&served, &clinic));
        if !is_served || !known.note.as_ref().is_none_or(|note| clinic.noted_again(note)) {
            return None;
        }
        let response = match given {
            Given::Whole(encoded) => replies::encoded(encoded, etag),
            Given::Unchanged => replies::unchanged(etag?.clone()),
        };
        let (status, took) = (response.status().as_u16(), started.elapsed());
        known.again.count(&clinic);
        clinic.meter().looked(DOMAIN, true);
        clinic.meter().answered(status, took);
        known.told.tell(method, status, (Some(clinic.id()), id), took);
        Some(response)
    }

    /// The same for a request that came by no edge, as in tests in process; an edge has asked already.
    pub(super) fn answer_whole(&self, request: &Request) -> Option<Response> {
        let came_by_edge = request.extensions().get::<Arrival>().is_some();
        let parts = (request.method(), request.uri(), request.headers());
        if came_by_edge { None } else { self.answer(parts, Peer::in_process(), RequestId::fresh()) }
    }

    fn fixed(&self, method: &Method, target: &Uri) -> Option<(Fixed, Arc<Told>)> {
        let all = self.fixed.read().unwrap_or_else(PoisonError::into_inner);
        let found = all.iter().find(|(_, told)| told.path == target.path() && *method == Method::GET);
        found.map(|(fixed, told)| (*fixed, Arc::clone(told)))
    }

    /// Remembers an answer that never changes.
    pub(super) fn learn_fixed(&self, fixed: Fixed, told: &Arc<Told>) {
        let mut all = self.fixed.write().unwrap_or_else(PoisonError::into_inner);
        if all.iter().all(|(_, known)| known.path != told.path) {
            all.push((fixed, Arc::clone(told)));
        }
    }

    /// Remembers a request that was answered from what is kept.
    pub(super) fn learn(&self, key: Key, known: Known) {
        if let Some(clinic) = known.again.clinic() {
            clinic.meter().looked(DOMAIN, false);
        }
        let mut all = self.known.write().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= MOST {
            all.clear();
        }
        all.insert(key, Arc::new(known));
    }
}
