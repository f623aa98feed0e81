//! Pages and documents about the program itself: the OpenAPI document and its readable form, what each problem code means, the
//! machine's own certificate authority.
mod frame;
mod meaning;
mod portuguese;
mod reference;
mod schema;
mod tongue;

use std::sync::{Arc, OnceLock};

use serde_json::Value;

use super::{Json, Program, Public, Route, Text, get, openapi};
use crate::base::{Error, Result};
use tongue::Tongue;

/// The routes about the program, and `/openapi.json` and its readable form over all `routes` and these.
pub fn with_docs(mut routes: Vec<Route>) -> Vec<Route> {
    routes.push(get(
        "/trust/ca.pem",
        "The machine's own certificate authority, to be trusted by other machines",
        authority,
    ));
    routes.push(get("/trust/ca.json", "Its fingerprint, to compare on both screens", fingerprint));
    routes.push(get(
        "/problems/{code}",
        "What a problem code means and what to do, as a page",
        meaning::show,
    ));
    let document: Arc<OnceLock<Value>> = Arc::default();
    let (raw, readable) = (Arc::clone(&document), Arc::clone(&document));
    let show = move |_: Public| {
        let bytes = raw.get().map(Value::to_string).unwrap_or_default().into_bytes();
        async move { Ok(Text { media_type: "application/json", file_name: None, bytes, etag: None }) }
    };
    let read = move |_: Public, tongue: Tongue| {
        let page =
            readable.get().map(|document| reference::written_out(document, tongue)).unwrap_or_default();
        async move { Ok(Text::html(page)) }
    };
    routes.push(get("/openapi.json", "This document", show));
    routes.push(get("/docs", "This document, as a page to read and search", read));
    // Written last, so that it describes itself too.
    document.get_or_init(|| openapi::document(&routes));
    routes
}

async fn authority(_: Public, program: Program) -> Result<Text> {
    let pem = program.0.machine.authority_pem().ok_or(Error::NotFound("authority"))?;
    let file_name = Some("taskmed-ca.pem".to_owned());
    Ok(Text { media_type: "application/x-pem-file", file_name, bytes: pem.into_bytes(), etag: None })
}

/// What a person compares before trusting the authority.
#[derive(Debug, serde::Serialize, schemars::JsonSchema)]
pub struct Fingerprint {
    /// SHA-256 of the root certificate, as hexadecimal pairs.
    pub sha256: String,
}

async fn fingerprint(_: Public, program: Program) -> Result<Json<Fingerprint>> {
    let sha256 = program.0.machine.authority_fingerprint().ok_or(Error::NotFound("authority"))?;
    Ok(Json(Fingerprint { sha256 }))
}
