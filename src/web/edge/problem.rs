//! What the edge refuses before any route is asked, as `application/problem+json` (RFC 9457).
use poem::Response;
use poem::http::{StatusCode, header};

use crate::{base::RequestId, web::problems};

/// A reason of the edge for not passing a request on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    /// No Host, or more than one, or one that contradicts the request line.
    UnclearHost,
    /// A Host that is not this machine's: a rebound name, or a misdirected request.
    ForeignHost,
    /// A write that another site started.
    CrossSite,
    /// The announced body is larger than any route takes.
    TooLarge,
    /// A compressed request body.
    Encoded,
    /// From outside this machine without TLS.
    NeedsTls,
    /// The endpoint panicked.
    Defect,
}

impl Refusal {
    /// Status and stable code.
    pub(super) fn parts(self) -> (StatusCode, &'static str) {
        match self {
            Self::UnclearHost => (StatusCode::BAD_REQUEST, "unclear_host"),
            Self::ForeignHost => (StatusCode::MISDIRECTED_REQUEST, "foreign_host"),
            Self::CrossSite => (StatusCode::FORBIDDEN, "cross_site"),
            Self::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "too_large"),
            Self::Encoded => (StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_encoding"),
            Self::NeedsTls => (StatusCode::FORBIDDEN, "https_required"),
            Self::Defect => (StatusCode::INTERNAL_SERVER_ERROR, "internal"),
        }
    }

    /// The whole answer.
    pub(super) fn response(self, id: &RequestId) -> Response {
        let (status, code) = self.parts();
        debug_assert!(problems::find(code).is_some(), "{code} has no page");
        let body = serde_json::json!({
            "type": format!("/problems/{code}"),
            "title": code,
            "status": status.as_u16(),
            "code": code,
            "request_id": id.as_str(),
        });
        Response::builder()
            .status(status)
            .header(header::CONTENT_TYPE, "application/problem+json")
            .body(body.to_string())
    }
}
