//! The files of the UI: inside the executable in releases, read from `assets/` in debug builds (edit, F5).
//!
//! Everything but the page lives under `/ui/<build id>/`, so that a browser may keep it for ever and a new build is a
//! new address. The page itself is asked for anew each time and costs a 304.
use std::borrow::Cow;

use poem::http::{Method, StatusCode, header};
use poem::{Body, Request, Response, ResponseBuilder, handler};
use rust_embed::RustEmbed;
use sha2::{Digest as _, Sha256};

use super::edge::Arrival;
use super::problem;
use crate::base::Error;

#[cfg(test)]
#[path = "../build/bare.rs"]
mod bare;
#[cfg(test)]
#[path = "../build/bare_tests.rs"]
mod bare_tests;
#[cfg(test)]
#[path = "../build/rules.rs"]
mod rules;
#[cfg(test)]
#[path = "assets_tests.rs"]
mod tests;

/// Names what is in the UI: the first half of the SHA-256 over all its files.
pub const BUILD_ID: &str = env!("TASKMED_BUILD_ID");

/// The addresses, in poem's notation, at which a browser gets the page and the page decides what to show.
pub const PAGES: [&str; 12] = [
    "/",
    "/agenda",
    "/contacts",
    "/contacts/*rest",
    "/team",
    "/team/*rest",
    "/settings",
    "/settings/*rest",
    "/health",
    "/audit",
    "/setup",
    "/login",
];

/// Where in poem's route table [`asset`] belongs.
pub const ASSETS: &str = "/ui/*path";

/// What the page has in place of the build id until it is served; the build script of a release fills it in.
const MARKS: [&str; 2] = ["__BUILD__", "{{build}}"];

/// The whole UI. A release embeds what the build script prepared, with a `.br` beside each file that shrinks.
#[derive(RustEmbed)]
#[cfg_attr(debug_assertions, folder = "$CARGO_MANIFEST_DIR/assets")]
#[cfg_attr(not(debug_assertions), folder = "$OUT_DIR/site")]
#[allow_missing = true]
struct Site;

/// One form of one file.
struct Content {
    data: Cow<'static, [u8]>,
    hash: [u8; 32],
    brotli: bool,
}

/// The page of the program, for `/` and every address that the page itself understands.
#[handler]
pub async fn page(request: &Request) -> Response {
    let found = find("index.html", accepts_brotli(request)).map(fill_in);
    answer(request, "index.html", found, "no-cache")
}

/// Whether a person sent the browser to an address, rather than a program asking for something.
pub fn is_typed_address(request: &Request) -> bool {
    let (path, accept) = (request.uri().path(), request.header(header::ACCEPT).unwrap_or_default());
    let is_machines = path.starts_with("/api/") || path.starts_with("/ui/");
    *request.method() == Method::GET && accept.contains("text/html") && !is_machines
}

/// The page of the program for an address that is none of its own: it says so in the person's words.
pub fn lost_page() -> Response {
    let answer = Response::builder().status(StatusCode::NOT_FOUND).header(header::CACHE_CONTROL, "no-cache");
    let answer = answer.content_type(content_type("index.html"));
    match find("index.html", false).map(fill_in) {
        Some(content) => send(answer, content, false),
        None => answer.finish(),
    }
}

/// A file of the UI, by `/ui/<build id>/<path>`. Another build's files are not found: a page that asks for them is
/// old and reloads.
#[handler]
pub async fn asset(request: &Request) -> Response {
    let path = request.uri().path().strip_prefix("/ui/").and_then(|rest| rest.split_once('/'));
    let path = path.filter(|(id, path)| *id == BUILD_ID && is_plain(path)).map_or("", |(_, path)| path);
    // A debug build serves what is in the folder now, under the id of when it was built.
    let caching = if cfg!(debug_assertions) { "no-cache" } else { "public, max-age=31536000, immutable" };
    answer(request, path, find(path, accepts_brotli(request)), caching)
}

/// Only names as they are in the folder: nothing hidden, nothing that climbs, nothing for the compiler only.
fn is_plain(path: &str) -> bool {
    let hidden = |part: &str| part.is_empty() || part.starts_with('.');
    !path.split('/').any(hidden) && !path.contains('\\') && !path.ends_with(".d.ts") && !path.ends_with(".br")
}

fn find(path: &str, brotli: bool) -> Option<Content> {
    let packed = if brotli { Site::get(&format!("{path}.br")) } else { None };
    let brotli = packed.is_some();
    let file = packed.or_else(|| Site::get(path).filter(|_| !path.is_empty()))?;
    Some(Content { data: file.data, hash: file.metadata.sha256_hash(), brotli })
}

/// Puts the build id into a page that does not have it yet, as in debug builds.
fn fill_in(found: Content) -> Content {
    match std::str::from_utf8(&found.data) {
        Ok(text) if MARKS.iter().any(|mark| text.contains(mark)) => {
            let filled = MARKS.iter().fold(text.to_owned(), |text, mark| text.replace(mark, BUILD_ID));
            let hash = Sha256::digest(&filled).into();
            Content { data: filled.into_bytes().into(), hash, brotli: false }
        }
        _ => found,
    }
}

fn answer(request: &Request, path: &str, found: Option<Content>, caching: &str) -> Response {
    let is_head = *request.method() == Method::HEAD;
    if !is_head && *request.method() != Method::GET {
        let mut response = problem::render(&Error::MethodNotAllowed, request_id(request));
        response.headers_mut().insert(header::ALLOW, header::HeaderValue::from_static("GET, HEAD"));
        return response;
    }
    let Some(content) = found else {
        return problem::render(&Error::NotFound("asset"), request_id(request));
    };
    let etag = etag(&content.hash);
    let response = Response::builder()
        .header(header::ETAG, &etag)
        .header(header::CACHE_CONTROL, caching)
        .header(header::VARY, "accept-encoding");
    if is_known(request, &etag) {
        return response.status(StatusCode::NOT_MODIFIED).finish();
    }
    let response =
        response.content_type(content_type(path)).header(header::CONTENT_LENGTH, content.data.len());
    send(response, content, is_head)
}

fn send(mut response: ResponseBuilder, content: Content, is_head: bool) -> Response {
    if content.brotli {
        response = response.header(header::CONTENT_ENCODING, "br");
    }
    match content.data {
        _ if is_head => response.finish(),
        Cow::Borrowed(data) => response.body(Body::from(data)),
        Cow::Owned(data) => response.body(data),
    }
}

fn request_id(request: &Request) -> &str {
    request.extensions().get::<Arrival>().map_or("", |arrival| arrival.id.as_str())
}

/// A strong one, in its quotes. Each form of a file has its own.
fn etag(hash: &[u8; 32]) -> String {
    let half: String = hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    format!("\"{half}\"")
}

/// Whether the browser says that it has this very form already.
fn is_known(request: &Request, etag: &str) -> bool {
    let given =
        request.headers().get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    let mut each = given.flat_map(|list| list.split(',')).map(|tag| tag.trim());
    each.any(|tag| tag == "*" || tag.trim_start_matches("W/") == etag)
}

fn accepts_brotli(request: &Request) -> bool {
    let given =
        request.headers().get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    given.flat_map(|list| list.split(',')).any(|coding| {
        let (name, weight) = coding.split_once(';').unwrap_or((coding, "q=1"));
        let weight = weight.trim().strip_prefix("q=").and_then(|q| q.parse::<f32>().ok());
        name.trim() == "br" && weight.is_some_and(|q| q > 0.0)
    })
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        "txt" => "text/plain; charset=utf-8",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}
