//! A text that is written while it is sent, so that a long one never stands whole in memory. One that breaks off ends the
//! connection in the middle: nobody takes half of it for all.
use std::{
    io,
    pin::Pin,
    task::{Context as Waiting, Poll},
};

use http_body_util::{BodyExt, combinators::BoxBody};
use hyper::body::{Body, Bytes, Frame};
use poem::Response;
use tokio::sync::mpsc::{Receiver, Sender, channel};

use super::{
    operation::Operation,
    replies::{Asked, Reply},
};
use crate::base::Result;

/// Pieces that may wait for a slow reader.
const AHEAD: usize = 4;

/// Where the pieces are written to.
#[derive(Debug)]
pub struct Pen(Sender<io::Result<Bytes>>);

impl Pen {
    /// Writes the next piece; false when nobody reads any more.
    pub async fn write(&self, piece: Vec<u8>) -> bool {
        self.0.send(Ok(piece.into())).await.is_ok()
    }

    /// Breaks off: the reader is told that this is not all.
    pub async fn break_off(self, why: impl std::fmt::Display) {
        // Nobody reading any more is not an error.
        let _ = self.0.send(Err(io::Error::other(why.to_string()))).await;
    }
}

/// A body, and the pen its pieces are written with.
pub(super) fn body() -> (poem::Body, Pen) {
    let (pen, pieces) = channel(AHEAD);
    (Pieces(pieces).into(), Pen(pen))
}

/// A streamed text.
#[derive(Debug)]
pub struct Streamed {
    media_type: &'static str,
    file_name: String,
    pieces: Receiver<io::Result<Bytes>>,
}

impl Streamed {
    /// A file of that name, and the pen it is written with.
    pub fn file(media_type: &'static str, file_name: String) -> (Self, Pen) {
        let (pen, pieces) = channel(AHEAD);
        (Self { media_type, file_name, pieces }, Pen(pen))
    }
}

impl Reply for Streamed {
    fn reply(self, _: &Asked) -> Result<Response> {
        let name = format!("attachment; filename=\"{}\"", self.file_name);
        Ok(Response::builder()
            .content_type(self.media_type)
            .header("content-disposition", name)
            .body(poem::Body::from(Pieces(self.pieces))))
    }

    fn describe(operation: &mut Operation) {
        let text = serde_json::json!({ "schema": { "type": "string" } });
        let content = serde_json::json!({ "text/csv": text, "application/jsonl": text });
        operation
            .responses
            .insert(200, serde_json::json!({ "description": "As asked.", "content": content }));
    }
}

struct Pieces(Receiver<io::Result<Bytes>>);

impl Body for Pieces {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        waiting: &mut Waiting<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        self.0.poll_recv(waiting).map(|piece| piece.map(|bytes| bytes.map(Frame::data)))
    }
}

impl From<Pieces> for poem::Body {
    fn from(pieces: Pieces) -> Self {
        let body: BoxBody<Bytes, io::Error> = pieces.boxed();
        body.into()
    }
}
