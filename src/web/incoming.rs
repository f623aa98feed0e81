//! A request on its way to a handler: its head, its body not yet read, and the program's context.
use std::{borrow::Cow, sync::Arc};

use poem::{
    Request,
    http::{HeaderMap, uri::PathAndQuery},
};
use serde_json::{Map, Value};

use super::{
    Context,
    admission::BACKGROUND,
    edge::{Arrival, Peer},
    trace::Visit,
};
use crate::base::{RequestId, Result};

/// What arguments are read from.
pub struct Incoming {
    request: Request,
    words: Option<Map<String, Value>>,
    body: Option<Vec<u8>>,
    limit: usize,
    /// The program's context.
    pub context: Arc<Context>,
    /// The request's id, as in the log and in problem documents.
    pub request_id: RequestId,
    /// Whose request it is, once they are let in.
    pub visit: Visit,
}

/// Names and values of the query string.
fn pairs(request: &Request) -> form_urlencoded::Parse<'_> {
    form_urlencoded::parse(request.uri().query().unwrap_or_default().as_bytes())
}

impl Incoming {
    /// Wraps a request; `limit` is the largest body its route takes, in bytes.
    pub fn new(request: Request, context: Arc<Context>, request_id: RequestId, limit: usize) -> Self {
        Self { request, words: None, body: None, limit, context, request_id, visit: Visit::default() }
    }

    /// Method, path and query as sent.
    pub fn line(&self) -> String {
        format!("{} {}", self.request.method(), self.request.uri())
    }

    /// Path and query as sent.
    pub fn target(&self) -> Option<PathAndQuery> {
        self.request.uri().path_and_query().cloned()
    }

    /// The request's method.
    pub fn method(&self) -> &poem::http::Method {
        self.request.method()
    }

    /// The request's headers.
    pub fn headers(&self) -> &HeaderMap {
        self.request.headers()
    }

    /// A header as text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.request.header(name)
    }

    /// Whether a screen asks that nobody is at.
    pub fn is_by_itself(&self) -> bool {
        self.request.headers().contains_key(BACKGROUND)
    }

    /// A part of the path, by its name in the route.
    pub fn path(&self, name: &str) -> Option<&str> {
        self.request.raw_path_param(name)
    }

    /// Who is at the other end.
    pub fn peer(&self) -> Peer {
        self.request.extensions().get::<Arrival>().map_or_else(Peer::in_process, |arrival| arrival.peer)
    }

    /// Scheme, host and port by which the asker reached us, for addresses they will use again.
    pub fn origin(&self) -> String {
        let scheme = if self.peer().tls { "https" } else { "http" };
        let named = self.request.uri().authority().map(|authority| authority.as_str());
        format!("{scheme}://{}", named.or_else(|| self.header("host")).unwrap_or("localhost"))
    }

    /// The words of the query string, read once; the last of several wins.
    pub fn query(&mut self) -> &mut Map<String, Value> {
        let request = &self.request;
        self.words.get_or_insert_with(|| {
            pairs(request)
                .map(|(name, value)| (name.into_owned(), Value::String(value.into_owned())))
                .collect()
        })
    }

    /// One word of the query string, as [`Incoming::query`] would have it, for whoever needs no other.
    pub fn word(&self, name: &str) -> Option<Cow<'_, str>> {
        pairs(&self.request).filter(|(other, _)| other == name).last().map(|(_, value)| value)
    }

    /// The value of a cookie.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        let all = self.request.headers().get_all("cookie").iter();
        let pairs = all.filter_map(|h| h.to_str().ok()).flat_map(|h| h.split(';'));
        pairs
            .filter_map(|pair| pair.trim().split_once('='))
            .find(|(key, _)| *key == name)
            .map(|(_, value)| value)
    }

    /// The media type of the body, lower case, without its parameters.
    pub fn media_type(&self) -> String {
        let value = self.request.content_type().unwrap_or_default();
        value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
    }

    /// Reads the body once and keeps it.
    pub async fn body(&mut self) -> Result<&[u8]> {
        if self.body.is_none() {
            let stream = self.request.take_body();
            self.body = Some(super::edge::read_limited(&self.request, stream, self.limit).await?);
        }
        Ok(self.body.as_deref().unwrap_or_default())
    }
}
