//! What handlers answer, each kind with its status, its headers and its place in the OpenAPI document.
use std::marker::PhantomData;

use bytes::Bytes;
use poem::{
    Body, Response,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header, uri::PathAndQuery},
};
use schemars::JsonSchema;
use serde::Serialize;

use super::{Incoming, admission, operation::Operation};
use crate::{
    access::{Kept, Token},
    base::{Error, Result, Saved},
    db::Encoded,
};

/// What a reply needs to know of its request.
#[derive(Debug)]
pub struct Asked {
    if_none_match: Option<HeaderValue>,
    tls: bool,
    /// Path and query as sent.
    pub(super) target: Option<PathAndQuery>,
}

impl Asked {
    /// Notes what replies depend on, before the handler consumes the request.
    pub fn from(incoming: &Incoming) -> Self {
        Self {
            if_none_match: incoming.headers().get(header::IF_NONE_MATCH).cloned(),
            tls: incoming.peer().tls,
            target: incoming.target(),
        }
    }
}

/// Whether the asker says it has the answer of this entity tag (RFC 9110, 13.1.2: compared weakly).
fn has(known: Option<&HeaderValue>, tag: &str) -> bool {
    known.and_then(|known| known.to_str().ok()).is_some_and(|known| {
        known.trim() == "*" || known.split(',').any(|k| k.trim().trim_start_matches("W/") == tag)
    })
}

/// Something a handler answers.
pub trait Reply {
    /// Whether the same request of the same person may be given what is kept of its answer ([`Again`](crate::access::Again)).
    const KEPT: bool = false;
    /// The answer on the wire.
    fn reply(self, asked: &Asked) -> Result<Response>;
    /// Tells the OpenAPI document.
    fn describe(operation: &mut Operation);
}

/// A record with a version, which is its entity tag.
pub trait Versioned {
    /// Moves on with every change.
    fn version(&self) -> i64;
}

/// What contains a record has its version.
impl<T> Versioned for Saved<T> {
    fn version(&self) -> i64 {
        self.stamp.version
    }
}

/// A value, as JSON.
#[derive(Debug)]
pub struct Json<T>(pub T);

impl<T: Serialize + JsonSchema> Reply for Json<T> {
    fn reply(self, _: &Asked) -> Result<Response> {
        json(StatusCode::OK, &self.0)
    }

    fn describe(operation: &mut Operation) {
        operation.answers::<T>(200, "As asked.");
    }
}

/// One record with the entity tag that a change of it needs. Always answered whole: what is shown with a record (a patient's
/// name on an appointment) may change without its version.
#[derive(Debug)]
pub struct Record<T>(pub T);

impl<T: Serialize + JsonSchema + Versioned> Reply for Record<T> {
    fn reply(self, _: &Asked) -> Result<Response> {
        let mut response = json(StatusCode::OK, &self.0)?;
        set(response.headers_mut(), header::ETAG, &format!("\"{}\"", self.0.version()));
        Ok(response)
    }

    fn describe(operation: &mut Operation) {
        operation.answers::<T>(200, "The record.");
        operation.answer_header(200, "ETag", "The record's version.");
    }
}

/// Done, nothing to say.
#[derive(Debug)]
pub struct Done;

impl Reply for Done {
    fn reply(self, _: &Asked) -> Result<Response> {
        Ok(Response::builder().status(StatusCode::NO_CONTENT).finish())
    }

    fn describe(operation: &mut Operation) {
        operation.responses.insert(204, serde_json::json!({ "description": "Done." }));
    }
}

/// An answer from the cache, already encoded; 304 when the asker has it already. A list in it is whole: it names no next page.
/// What a handler asks the cache must follow from the request and from who asks, and not from the hour: the same request again is
/// given what is kept for the same question.
#[derive(Debug)]
pub struct Cached<T> {
    kept: Kept,
    kind: PhantomData<fn() -> T>,
}

impl<T> From<Kept> for Cached<T> {
    fn from(kept: Kept) -> Self {
        Self { kept, kind: PhantomData }
    }
}

impl<T: JsonSchema> Reply for Cached<T> {
    const KEPT: bool = true;

    fn reply(self, asked: &Asked) -> Result<Response> {
        let mut response = encoded(self.kept.encoded, asked.if_none_match.as_ref());
        response.set_data(self.kept.again);
        Ok(response)
    }

    fn describe(operation: &mut Operation) {
        operation.answers::<T>(200, "As asked.");
        operation.answer_header(200, "ETag", "Changes with what the answer was read from.");
        operation.responses.insert(304, serde_json::json!({ "description": "The asker has this answer." }));
    }
}

/// A text that is not JSON, for the asker to keep or show.
#[derive(Debug)]
pub struct Text {
    /// Its media type, with the character set.
    pub media_type: &'static str,
    /// The name to save it under; none to show it.
    pub file_name: Option<String>,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Its entity tag, where the asker comes back for changes.
    pub etag: Option<String>,
}

impl Text {
    /// A page to show.
    pub fn html(page: String) -> Self {
        let media_type = "text/html; charset=utf-8";
        Self { media_type, file_name: None, bytes: page.into_bytes(), etag: None }
    }

    /// A line to show.
    pub fn plain(text: &str) -> Self {
        Self {
            media_type: "text/plain; charset=utf-8",
            file_name: None,
            bytes: text.as_bytes().to_vec(),
            etag: None,
        }
    }
}

impl Reply for Text {
    fn reply(self, asked: &Asked) -> Result<Response> {
        if let Some(tag) = &self.etag
            && has(asked.if_none_match.as_ref(), tag)
        {
            return Ok(not_modified(tag, self.media_type));
        }
        let mut response = typed(StatusCode::OK, self.media_type, self.bytes);
        if let Some(name) = self.file_name {
            set(
                response.headers_mut(),
                header::CONTENT_DISPOSITION,
                &format!("attachment; filename=\"{name}\""),
            );
        }
        if let Some(tag) = self.etag {
            set(response.headers_mut(), header::ETAG, &tag);
            set(response.headers_mut(), header::CACHE_CONTROL, "private, no-cache");
        }
        Ok(response)
    }

    fn describe(operation: &mut Operation) {
        let text = serde_json::json!({ "schema": { "type": "string" } });
        let content = serde_json::json!({ "text/plain": text, "text/csv": text, "text/calendar": text, "text/html": text, "application/x-pem-file": text });
        operation
            .responses
            .insert(200, serde_json::json!({ "description": "As asked.", "content": content }));
        operation.responses.insert(304, serde_json::json!({ "description": "The asker has this version." }));
    }
}

/// A line to show that is the same for everyone as long as the program runs.
#[derive(Debug, Clone, Copy)]
pub struct Fixed(pub &'static str);

impl Fixed {
    pub(super) fn response(self) -> Response {
        typed(StatusCode::OK, "text/plain; charset=utf-8", Bytes::from_static(self.0.as_bytes()))
    }
}

impl Reply for Fixed {
    fn reply(self, _: &Asked) -> Result<Response> {
        let mut response = self.response();
        response.set_data(self);
        Ok(response)
    }

    fn describe(operation: &mut Operation) {
        Text::describe(operation);
    }
}

/// A reply that says by its status whether things work.
#[derive(Debug)]
pub struct WithStatus<R> {
    reply: R,
    unavailable: bool,
}

impl<R> WithStatus<R> {
    /// 503 if `unavailable`, else the reply's own status.
    pub fn unavailable_if(unavailable: bool, reply: R) -> Self {
        Self { reply, unavailable }
    }
}

impl<R: Reply> Reply for WithStatus<R> {
    fn reply(self, asked: &Asked) -> Result<Response> {
        let mut response = self.reply.reply(asked)?;
        if self.unavailable {
            response.set_status(StatusCode::SERVICE_UNAVAILABLE);
        }
        Ok(response)
    }

    fn describe(operation: &mut Operation) {
        R::describe(operation);
        if let Some(ok) = operation.responses.get(&200).cloned() {
            operation.responses.insert(503, ok);
        }
    }
}

/// A reply that opens or ends the session of this browser.
pub struct WithSession<R> {
    reply: R,
    token: Option<Token>,
}

impl<R> WithSession<R> {
    /// Opens the session behind `token`.
    pub fn open(reply: R, token: Token) -> Self {
        Self { reply, token: Some(token) }
    }

    /// Ends the browser's session.
    pub fn end(reply: R) -> Self {
        Self { reply, token: None }
    }
}

impl<R: Reply> Reply for WithSession<R> {
    fn reply(self, asked: &Asked) -> Result<Response> {
        let mut response = self.reply.reply(asked)?;
        let name = if asked.tls { admission::SECURE_COOKIE } else { admission::COOKIE };
        let secure = if asked.tls { "; Secure" } else { "" };
        let (value, age) = self.token.map_or((String::new(), "; Max-Age=0"), |t| (t.cookie_value(), ""));
        let cookie = format!("{name}={value}; Path=/; HttpOnly; SameSite=Strict{secure}{age}");
        set(response.headers_mut(), header::SET_COOKIE, &cookie);
        Ok(response)
    }

    fn describe(operation: &mut Operation) {
        R::describe(operation);
    }
}

pub(super) fn json(status: StatusCode, value: &impl Serialize) -> Result<Response> {
    // Most records fit: what grows step by step is copied at each.
    let mut bytes = Vec::with_capacity(1024);
    serde_json::to_writer(&mut bytes, value).map_err(Error::internal)?;
    Ok(typed(status, "application/json", bytes))
}

pub(super) fn typed(status: StatusCode, media_type: &'static str, bytes: impl Into<Body>) -> Response {
    let mut response = Response::from(bytes.into());
    response.set_status(status);
    // Room for those of the edge too, so that the map is made once.
    response.headers_mut().reserve(12);
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    response
}

/// An answer from the cache, or 304 when the asker has it: `known` is their `If-None-Match`.
pub(super) fn encoded(encoded: Encoded, known: Option<&HeaderValue>) -> Response {
    if has(known, &encoded.etag) {
        return not_modified(&encoded.etag, "application/json");
    }
    // Everyone who asks gets the same bytes, not a copy of them.
    let mut response = typed(StatusCode::OK, "application/json", encoded.bytes);
    set(response.headers_mut(), header::ETAG, &encoded.etag);
    response
}

/// 304 to an asker who has what is kept, by this entity tag.
pub(super) fn unchanged(etag: HeaderValue) -> Response {
    let mut response = typed(StatusCode::NOT_MODIFIED, "application/json", Body::empty());
    response.headers_mut().insert(header::ETAG, etag);
    response
}

/// It says its kind, so that the edge does not send it with all that a page needs.
fn not_modified(tag: &str, media_type: &'static str) -> Response {
    let mut response = typed(StatusCode::NOT_MODIFIED, media_type, Body::empty());
    set(response.headers_mut(), header::ETAG, tag);
    response
}

pub(super) fn set(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}
