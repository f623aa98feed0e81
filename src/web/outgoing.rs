//! The one way out over HTTP: something posted to an address somebody wrote into the settings. Nothing is read of the answer but its
//! status, no redirection is followed, and over TLS only whom this machine trusts is spoken to.
use std::{io, sync::Arc, time::Duration};

use http_body_util::Full;
use hyper::{
    Request, Uri,
    body::Bytes,
    client::conn::http1,
    header::{self, HeaderValue},
};
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    time::timeout,
};
use tokio_rustls::{
    TlsConnector,
    rustls::{ClientConfig, RootCertStore, crypto::ring::default_provider, pki_types::ServerName},
};

/// How long one try may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// Posts `json` to `address` (`http://` or `https://`) and answers the status. Fails when no answer came in ten seconds.
pub async fn post(address: &str, json: String) -> io::Result<u16> {
    let request = Request::post(address).header(header::CONTENT_TYPE, "application/json");
    hand_over(request.body(Bytes::from(json)).map_err(io::Error::other)?).await
}

/// Sends a request with its whole address in it, and answers the status. Fails when no answer came in ten seconds.
pub async fn hand_over(request: Request<Bytes>) -> io::Result<u16> {
    timeout(PATIENCE, try_once(request)).await.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))?
}

async fn try_once(request: Request<Bytes>) -> io::Result<u16> {
    let uri = request.uri().clone();
    let host = uri.host().ok_or(io::ErrorKind::InvalidInput)?.trim_matches(['[', ']']).to_owned();
    let is_secure = uri.scheme_str() == Some("https");
    let port = uri.port_u16().unwrap_or(if is_secure { 443 } else { 80 });
    let stream = TcpStream::connect((host.as_str(), port)).await?;
    if is_secure {
        let name = ServerName::try_from(host).map_err(io::Error::other)?;
        send(secure()?.connect(name, stream).await?, &uri, request).await
    } else {
        send(stream, &uri, request).await
    }
}

fn secure() -> io::Result<TlsConnector> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(io::Error::other)?;
    Ok(TlsConnector::from(Arc::new(config.with_root_certificates(roots).with_no_client_auth())))
}

async fn send(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    uri: &Uri,
    request: Request<Bytes>,
) -> io::Result<u16> {
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(io::Error::other)?;
    let connection = tokio::spawn(connection);
    let authority = uri.authority().map_or("", |authority| authority.as_str());
    let host = authority.rsplit('@').next().unwrap_or_default();
    let (mut head, body) = request.into_parts();
    head.uri = uri
        .path_and_query()
        .map_or(Ok(Uri::from_static("/")), |path| path.as_str().parse())
        .map_err(io::Error::other)?;
    head.headers.insert(header::HOST, host.parse().map_err(io::Error::other)?);
    head.headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    let request = Request::from_parts(head, Full::new(body));
    let answer = sender.send_request(request).await.map_err(io::Error::other);
    connection.abort();
    answer.map(|answer| answer.status().as_u16())
}
