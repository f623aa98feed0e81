//! Errors on the wire: RFC 9457 problem documents. The server sends codes, never sentences; the screens have the words.
use poem::{Response, http::StatusCode};
use serde_json::{Map, Value, json};

use super::problems;
use crate::base::Error;

/// The media type of every error.
pub const MEDIA_TYPE: &str = "application/problem+json";

/// When whoever found no room should try again.
const FULL_SECONDS: u64 = 20;

/// The status and the code of an error.
pub fn status_and_code(error: &Error) -> (StatusCode, &str) {
    match error {
        Error::Malformed(code) => (StatusCode::BAD_REQUEST, code),
        Error::Unauthenticated(code) => (StatusCode::UNAUTHORIZED, code),
        Error::Forbidden(_) => (StatusCode::FORBIDDEN, "forbidden"),
        Error::NotFound(_) => (StatusCode::NOT_FOUND, "not_found"),
        Error::MethodNotAllowed => (StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed"),
        Error::Conflict { code, .. } => (StatusCode::CONFLICT, code),
        Error::Stale => (StatusCode::PRECONDITION_FAILED, "stale"),
        Error::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "too_large"),
        Error::UnsupportedMediaType => (StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type"),
        Error::Invalid(_) => (StatusCode::UNPROCESSABLE_ENTITY, "invalid"),
        Error::BadFile(_) => (StatusCode::UNPROCESSABLE_ENTITY, "bad_file"),
        Error::PreconditionRequired => (StatusCode::PRECONDITION_REQUIRED, "precondition_required"),
        Error::TooMany(_) => (StatusCode::TOO_MANY_REQUESTS, "too_many"),
        Error::Busy => (StatusCode::SERVICE_UNAVAILABLE, "busy"),
        Error::Unavailable(code) => (StatusCode::SERVICE_UNAVAILABLE, code),
        Error::StorageFull => (StatusCode::INSUFFICIENT_STORAGE, "storage_full"),
        Error::Internal(_) => (StatusCode::INTERNAL_SERVER_ERROR, "internal"),
    }
}

/// The problem document of an error. What went wrong inside goes to the log, under the same request id.
pub fn render(error: &Error, request_id: &str) -> Response {
    if let Error::Internal(what) = error {
        tracing::error!(request_id, what, "internal error");
    }
    let (status, code) = status_and_code(error);
    debug_assert!(problems::find(code).is_some(), "{code} has no page");
    let mut body = json!({
        "type": format!("/problems/{code}"), "title": code, "status": status.as_u16(), "code": code, "request_id": request_id,
    });
    if let Value::Object(members) = &mut body {
        members.extend(details(error));
    }
    let mut response = Response::builder().status(status).content_type(MEDIA_TYPE).body(body.to_string());
    if let Some(seconds) = retry_after(error)
        && let Ok(value) = seconds.to_string().parse()
    {
        response.headers_mut().insert("retry-after", value);
    }
    response
}

fn details(error: &Error) -> Map<String, Value> {
    let mut members = Map::new();
    match error {
        Error::Forbidden(permission) => drop(members.insert("permission".into(), json!(permission))),
        Error::NotFound(entity) => drop(members.insert("entity".into(), json!(entity))),
        Error::Invalid(errors) => drop(members.insert("errors".into(), json!(errors))),
        Error::BadFile(errors) => drop(members.insert("errors".into(), json!(errors))),
        Error::Conflict { details, .. } => members.extend(details.clone()),
        _ => {}
    }
    members
}

fn retry_after(error: &Error) -> Option<u64> {
    match error {
        Error::TooMany(seconds) => Some(*seconds),
        Error::Busy => Some(1),
        Error::Unavailable("full") => Some(FULL_SECONDS),
        Error::StorageFull => Some(30),
        _ => None,
    }
}
