//! The edge over real sockets on 127.0.0.1, with deadlines short enough to wait for.
mod limits;
mod requests;
mod secure;
mod stop;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use poem::http::StatusCode;
use poem::{Body, Endpoint, Request, Response, Route, get, handler, post};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::tls::TlsKeeper;
use super::*;
use crate::base::Error;

/// A running edge.
struct Rig {
    plain: SocketAddr,
    secure: SocketAddr,
    keeper: Arc<TlsKeeper>,
    stop: watch::Sender<bool>,
    served: JoinHandle<()>,
    _names: watch::Sender<Names>,
    _folder: tempfile::TempDir,
}

#[handler]
fn hello() -> &'static str {
    "hello"
}

/// Takes every method, so that HEAD reaches it: poem's `get` would answer HEAD without its body.
#[handler]
fn ping(request: &Request) -> String {
    request.method().to_string()
}

#[handler]
fn broken() -> &'static str {
    panic!("on purpose")
}

#[handler]
fn who(request: &Request) -> String {
    let peer = request.extensions().get::<Arrival>().unwrap().peer;
    format!("tls={} loopback={}", peer.tls, peer.loopback)
}

#[handler]
async fn slow() -> &'static str {
    tokio::time::sleep(Duration::from_millis(400)).await;
    "done"
}

#[handler]
fn events() -> Response {
    let (mut keep, stream) = tokio::io::duplex(64);
    tokio::spawn(async move {
        while keep.write_all(b": still here\n\n").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    });
    Response::builder().content_type("text/event-stream").body(Body::from_async_read(stream))
}

#[handler]
async fn upload(request: &Request, body: Body) -> Response {
    let status = match read_limited(request, body, 10_000).await {
        Ok(read) => return Response::builder().body(read.len().to_string()),
        Err(Error::TooLarge) => StatusCode::PAYLOAD_TOO_LARGE,
        Err(Error::Malformed(_)) => StatusCode::BAD_REQUEST,
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR,
    };
    status.into()
}

#[handler]
async fn careless(body: Body) -> String {
    body.into_bytes().await.map_or_else(|_| "cut".to_owned(), |all| all.len().to_string())
}

fn routes() -> impl Endpoint<Output = Response> {
    let all = Route::new().at("/", get(hello).post(hello)).at("/broken", get(broken)).at("/who", get(who));
    let all = all.at("/slow", get(slow)).at("/ping", ping).at("/events", get(events));
    poem::EndpointExt::to_response(all.at("/upload", post(upload)).at("/careless", post(careless)))
}

impl Rig {
    async fn start(limits: Limits) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let keeper = Arc::new(TlsKeeper::open(folder.path(), &Names::loopback()).unwrap());
        let (stop, stopped) = watch::channel(false);
        let (names, known) = watch::channel(Names::loopback());
        let plain = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let secure = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let addresses = (plain.local_addr().unwrap(), secure.local_addr().unwrap());
        let edge = Edge::new(routes(), known, stopped).limits(limits).plain(plain).unwrap();
        let edge = edge.secure(secure, keeper.server_config().unwrap()).unwrap();
        let (plain, secure) = addresses;
        let served = tokio::spawn(edge.serve());
        Self { plain, secure, keeper, stop, served, _names: names, _folder: folder }
    }

    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.plain).await.unwrap()
    }

    /// Sends the text of a request and reads until the server closes.
    async fn ask(&self, request: &str) -> String {
        let mut stream = self.connect().await;
        stream.write_all(request.as_bytes()).await.unwrap();
        read_all(&mut stream).await
    }

    /// A request with `Host: localhost` that asks to close.
    async fn get(&self, path: &str) -> String {
        self.ask(&format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")).await
    }
}

/// Everything until the server closes; panics if it does not within four seconds.
async fn read_all(stream: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    let read = timeout(Duration::from_secs(4), stream.read_to_end(&mut answer)).await;
    let _ = read.expect("the server keeps the connection open");
    String::from_utf8_lossy(&answer).into_owned()
}

fn short() -> Limits {
    let short = Duration::from_millis(300);
    Limits { handshake: short, header: short, body: short * 2, body_grace: short, ..Limits::default() }
}
