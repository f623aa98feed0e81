//! A page of a list: the way on stands in its body and, for programs that follow links, in its head (RFC 8288).
use poem::{
    Response,
    http::{header, uri::PathAndQuery},
};
use schemars::JsonSchema;
use serde::Serialize;

use super::{
    operation::Operation,
    replies::{Asked, Json, Reply, set},
    trace::Found,
};
use crate::base::{Page, Result};

/// One page of a list; the trail keeps how many records it shows.
#[derive(Debug)]
pub struct Paged<T>(pub Page<T>);

impl<T: Serialize + JsonSchema> Reply for Paged<T> {
    fn reply(self, asked: &Asked) -> Result<Response> {
        let link = self
            .0
            .next
            .as_ref()
            .map(|cursor| link(asked.target.as_ref().map_or("", PathAndQuery::as_str), cursor));
        let found = Found(self.0.items.len());
        let mut response = Json(self.0).reply(asked)?;
        response.set_data(found);
        if let Some(link) = link {
            set(response.headers_mut(), header::LINK, &link);
        }
        Ok(response)
    }

    fn describe(operation: &mut Operation) {
        Json::<Page<T>>::describe(operation);
        operation.answer_header(
            200,
            "Link",
            "Where there is more: the address of the next page, as `<...>; rel=\"next\"`.",
        );
    }
}

/// The same request with another cursor.
fn link(target: &str, cursor: &str) -> String {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let kept = query.split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("cursor="));
    let cursor = format!("cursor={}", in_query(cursor));
    let all: Vec<&str> = kept.chain([cursor.as_str()]).collect();
    format!("<{path}?{}>; rel=\"next\"", all.join("&"))
}

/// Percent-encodes all but what every part of an address may hold (RFC 3986, 2.3).
fn in_query(text: &str) -> String {
    let encode = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        other => format!("%{other:02X}"),
    };
    text.bytes().map(encode).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_link_keeps_what_was_asked_and_replaces_the_cursor() {
        let link = link("/api/contacts?clinic_id=1&cursor=a&search=jos%C3%A9", "7-é&");
        assert_eq!(link, "</api/contacts?clinic_id=1&search=jos%C3%A9&cursor=7-%C3%A9%26>; rel=\"next\"");
        assert_eq!(super::link("/x", "1"), "</x?cursor=1>; rel=\"next\"");
    }
}
