//! One person's connection, as a browser keeps it: over TLS, HTTP/2 where it is offered, opened again when it was closed.
use std::{
    net::{IpAddr, SocketAddr},
    path::Path,
    sync::Arc,
    time::Duration,
};

use http_body_util::{BodyExt as _, Full};
use hyper::{
    HeaderMap, Method, Request, Response, StatusCode,
    body::{Bytes, Incoming},
    client::conn::{http1, http2},
    header::{HOST, HeaderName, HeaderValue},
};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpSocket,
    time::timeout,
};
use tokio_rustls::{
    TlsConnector,
    rustls::{
        ClientConfig, RootCertStore,
        pki_types::{CertificateDer, ServerName, pem::PemObject as _},
    },
};

/// No answer is waited for longer.
const PATIENCE: Duration = Duration::from_secs(60);

/// Where to knock.
#[derive(Debug, Clone)]
pub struct Door {
    /// The address that is connected to.
    pub address: SocketAddr,
    /// The name that is asked for, as `localhost:8480`.
    pub authority: String,
    /// Whom to trust; none for plain HTTP.
    pub tls: Option<Arc<ClientConfig>>,
}

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lost {
    /// The connection could not be made.
    Unreachable,
    /// It ended before the answer did.
    Broken,
    /// The answer did not come in time.
    TimedOut,
}

impl Lost {
    /// Its name in a report.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unreachable => "not connected",
            Self::Broken => "connection lost",
            Self::TimedOut => "no answer in time",
        }
    }
}

/// A whole answer.
#[derive(Debug)]
pub struct Answer {
    /// Its status.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body.
    pub body: Bytes,
}

/// A connection, opened when it is first needed.
pub struct Link {
    door: Arc<Door>,
    from: Option<IpAddr>,
    line: Option<Sender>,
}

enum Sender {
    One(http1::SendRequest<Full<Bytes>>),
    Two(http2::SendRequest<Full<Bytes>>),
}

/// A client that trusts the certificates of one file, and nothing else.
pub fn trusting(file: &Path) -> Result<Arc<ClientConfig>, String> {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(file).map_err(|e| e.to_string())? {
        roots.add(certificate.map_err(|e| e.to_string())?).map_err(|e| e.to_string())?;
    }
    let mut config = ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

impl Link {
    /// A connection to be; `from` is the address of this machine it comes from, where that matters.
    pub fn new(door: Arc<Door>, from: Option<IpAddr>) -> Self {
        Self { door, from, line: None }
    }

    /// Asks, and waits for the whole answer.
    pub async fn ask(
        &mut self,
        method: Method,
        path: &str,
        headers: &[(HeaderName, HeaderValue)],
        body: Bytes,
    ) -> Result<Answer, Lost> {
        let whole = async {
            let answer = self.send(method, path, headers, body).await?;
            let (head, body) = answer.into_parts();
            let body = body.collect().await.map_err(|_| Lost::Broken)?.to_bytes();
            Ok(Answer { status: head.status, headers: head.headers, body })
        };
        let ended = timeout(PATIENCE, whole).await.unwrap_or(Err(Lost::TimedOut));
        if ended.is_err() {
            self.line = None;
        }
        ended
    }

    /// Asks, and answers as soon as the head of the answer is there: for streams.
    pub async fn send(
        &mut self,
        method: Method,
        path: &str,
        headers: &[(HeaderName, HeaderValue)],
        body: Bytes,
    ) -> Result<Response<Incoming>, Lost> {
        let mut line = match self.open_line().await {
            Some(line) => line,
            None => self.connect().await?,
        };
        let request = self.request(&line, (method, path), headers, body).ok_or(Lost::Broken)?;
        let answer = match &mut line {
            Sender::One(sender) => sender.send_request(request).await,
            Sender::Two(sender) => sender.send_request(request).await,
        };
        self.line = Some(line);
        answer.map_err(|_| Lost::Broken)
    }

    fn request(
        &self,
        line: &Sender,
        (method, path): (Method, &str),
        headers: &[(HeaderName, HeaderValue)],
        body: Bytes,
    ) -> Option<Request<Full<Bytes>>> {
        let builder = Request::builder().method(method);
        let builder = match line {
            Sender::One(_) => builder.uri(path).header(HOST, &self.door.authority),
            Sender::Two(_) => builder.uri(format!("https://{}{path}", self.door.authority)),
        };
        let builder = headers.iter().fold(builder, |builder, (name, value)| builder.header(name, value));
        builder.body(Full::new(body)).ok()
    }

    /// The connection, if it is still open.
    async fn open_line(&mut self) -> Option<Sender> {
        let mut line = self.line.take()?;
        line.ready().await.then_some(line)
    }

    async fn connect(&self) -> Result<Sender, Lost> {
        let opened = async {
            let socket = if self.door.address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() };
            let socket = socket.ok()?;
            if let Some(from) = self.from {
                socket.bind(SocketAddr::new(from, 0)).ok()?;
            }
            let stream = socket.connect(self.door.address).await.ok()?;
            stream.set_nodelay(true).ok()?;
            let Some(tls) = &self.door.tls else { return one(stream).await };
            let host = self.door.authority.rsplit_once(':').map_or(self.door.authority.as_str(), |(h, _)| h);
            let name = ServerName::try_from(host.to_owned()).ok()?;
            let stream = TlsConnector::from(Arc::clone(tls)).connect(name, stream).await.ok()?;
            let is_two = stream.get_ref().1.alpn_protocol() == Some(b"h2");
            if is_two { two(stream).await } else { one(stream).await }
        };
        opened.await.ok_or(Lost::Unreachable)
    }
}

impl Sender {
    /// Whether it can be asked now; one that was closed cannot.
    async fn ready(&mut self) -> bool {
        match self {
            Self::One(sender) => sender.ready().await.is_ok(),
            Self::Two(sender) => sender.ready().await.is_ok(),
        }
    }
}

async fn one(io: impl AsyncRead + AsyncWrite + Send + Unpin + 'static) -> Option<Sender> {
    let (sender, connection) = http1::handshake(TokioIo::new(io)).await.ok()?;
    tokio::spawn(connection);
    Some(Sender::One(sender))
}

async fn two(io: impl AsyncRead + AsyncWrite + Send + Unpin + 'static) -> Option<Sender> {
    let (sender, connection) = http2::handshake(TokioExecutor::new(), TokioIo::new(io)).await.ok()?;
    tokio::spawn(connection);
    Some(Sender::Two(sender))
}
