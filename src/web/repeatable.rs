//! What a POST answers. One that may be sent again answers a [`Written`]: only the writer makes one, after it has looked for the
//! `Idempotency-Key`, so that what the document promises of the key is what the engine does.
use poem::{
    Response,
    http::{StatusCode, header},
};
use schemars::JsonSchema;
use serde::Serialize;

use super::{
    operation::Operation,
    replies::{Asked, Reply, Versioned, json, set, typed},
};
use crate::{base::Result, db::Written};

/// The header that makes a request safe to send again.
pub const KEY: &str = "Idempotency-Key";

/// A record made by this request, or the answer to an earlier one with the same `Idempotency-Key`.
#[derive(Debug)]
pub struct Created<T>(pub Written<T>);

impl<T: Serialize + JsonSchema + Tagged> Reply for Created<T> {
    fn reply(self, _: &Asked) -> Result<Response> {
        written(StatusCode::CREATED, self.0, T::tag)
    }

    fn describe(operation: &mut Operation) {
        operation.answers::<T>(201, "Made.");
        takes_key(operation);
    }
}

/// A record changed by an act of this request, or the answer to an earlier one with the same `Idempotency-Key`.
#[derive(Debug)]
pub struct Acted<T>(pub Written<T>);

impl<T: Serialize + JsonSchema + Versioned> Reply for Acted<T> {
    fn reply(self, _: &Asked) -> Result<Response> {
        written(StatusCode::OK, self.0, T::tag)
    }

    fn describe(operation: &mut Operation) {
        operation.answers::<T>(200, "The record after it.");
        operation.answer_header(200, "ETag", "The record's version.");
        takes_key(operation);
    }
}

/// Work that goes on after the answer; begun by this request, or by an earlier one with the same `Idempotency-Key`.
#[derive(Debug)]
pub struct Accepted<T>(pub Written<T>);

impl<T: Serialize + JsonSchema> Reply for Accepted<T> {
    fn reply(self, _: &Asked) -> Result<Response> {
        written(StatusCode::ACCEPTED, self.0, |_| None)
    }

    fn describe(operation: &mut Operation) {
        operation.answers::<T>(202, "Under way.");
        takes_key(operation);
    }
}

/// Something made, told with a secret that stands nowhere but in this answer: kept for nobody who asks again.
#[derive(Debug)]
pub struct ToldOnce<T>(pub T);

impl<T: Serialize + JsonSchema> Reply for ToldOnce<T> {
    fn reply(self, _: &Asked) -> Result<Response> {
        json(StatusCode::CREATED, &self.0)
    }

    fn describe(operation: &mut Operation) {
        operation.answers::<T>(201, "Made. What is secret in it is told this once.");
    }
}

/// What a request made. Its version, where it has one, is the answer's entity tag.
pub trait Tagged {
    /// As it stands in the answer; none where the answer holds more than one record.
    fn tag(&self) -> Option<i64> {
        None
    }
}

impl<T: Versioned> Tagged for T {
    fn tag(&self) -> Option<i64> {
        Some(self.version())
    }
}

/// What is read of an answer that was kept as text.
#[derive(serde::Deserialize)]
struct Versions {
    version: Option<i64>,
}

/// The answer, the same to the letter for a request sent again.
fn written<T: Serialize>(
    status: StatusCode,
    written: Written<T>,
    tag: fn(&T) -> Option<i64>,
) -> Result<Response> {
    let (mut response, version) = match written {
        Written::Fresh(value) => (json(status, &value)?, tag(&value)),
        Written::Replayed(text) => {
            let version = serde_json::from_str::<Versions>(&text).ok().and_then(|v| v.version);
            (typed(status, "application/json", text.into_bytes()), version)
        }
    };
    if let Some(version) = version {
        set(response.headers_mut(), header::ETAG, &format!("\"{version}\""));
    }
    Ok(response)
}

fn takes_key(operation: &mut Operation) {
    let about = "The same key and request within 24 h get the first answer again, and nothing is done twice.";
    operation.header_parameter(KEY, false, about);
}
