//! HTTP over TLS, trusted through the machine's own root.
use http_body_util::{BodyExt as _, Empty};
use hyper::body::Bytes;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore, SupportedProtocolVersion, crypto, version};

use super::*;

/// A client that trusts nothing but the rig's root.
fn trusting(rig: &Rig, alpn: &[u8], versions: &[&'static SupportedProtocolVersion]) -> TlsConnector {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(rig.keeper.root_pem().as_bytes()).unwrap()).unwrap();
    let provider = Arc::new(crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider).with_protocol_versions(versions).unwrap();
    let mut config = builder.with_root_certificates(roots).with_no_client_auth();
    config.alpn_protocols = vec![alpn.to_vec()];
    TlsConnector::from(Arc::new(config))
}

async fn dial(rig: &Rig, name: &'static str, alpn: &[u8]) -> std::io::Result<TlsStream<TcpStream>> {
    let versions = [&version::TLS12, &version::TLS13];
    let stream = TcpStream::connect(rig.secure).await.unwrap();
    trusting(rig, alpn, &versions).connect(ServerName::try_from(name).unwrap(), stream).await
}

type Sender = hyper::client::conn::http2::SendRequest<Empty<Bytes>>;

/// An HTTP/2 connection to `localhost`.
async fn open2(rig: &Rig) -> (Sender, JoinHandle<hyper::Result<()>>) {
    let stream = dial(rig, "localhost", b"h2").await.unwrap();
    let io = TokioIo::new(stream);
    let (send, connection) = hyper::client::conn::http2::handshake(TokioExecutor::new(), io).await.unwrap();
    (send, tokio::spawn(connection))
}

async fn get2(rig: &Rig, name: &'static str, path: &str) -> (hyper::http::response::Parts, Bytes) {
    let stream = dial(rig, name, b"h2").await.unwrap();
    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(b"h2".as_slice()));
    let (mut send, connection) =
        hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(stream)).await.unwrap();
    tokio::spawn(connection);
    let request = hyper::Request::get(format!("https://{name}{path}")).body(Empty::<Bytes>::new()).unwrap();
    let (head, body) = send.send_request(request).await.unwrap().into_parts();
    (head, body.collect().await.unwrap().to_bytes())
}

#[tokio::test]
async fn http2_works_for_every_name_once_the_root_is_trusted() {
    let rig = Rig::start(Limits::default()).await;
    for name in ["localhost", "127.0.0.1", "taskmed.local"] {
        let (head, body) = get2(&rig, name, "/who").await;
        assert_eq!(head.status, 200);
        assert_eq!(body, "tls=true loopback=true");
        let insists = head.headers.contains_key("strict-transport-security");
        assert_eq!(insists, name == "taskmed.local", "{name}");
    }
}

#[tokio::test]
async fn a_name_outside_the_certificate_is_not_trusted() {
    let rig = Rig::start(Limits::default()).await;
    assert!(dial(&rig, "evil.example", b"h2").await.is_err());
}

#[tokio::test]
async fn both_tls_versions_and_http1_work() {
    let rig = Rig::start(Limits::default()).await;
    for version in [&version::TLS12, &version::TLS13] {
        let stream = TcpStream::connect(rig.secure).await.unwrap();
        let connector = trusting(&rig, b"http/1.1", &[version]);
        let mut stream = connector.connect(ServerName::try_from("localhost").unwrap(), stream).await.unwrap();
        let request = b"GET /who HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
        stream.write_all(request).await.unwrap();
        let mut answer = String::new();
        let _ = stream.read_to_string(&mut answer).await;
        assert!(answer.ends_with("tls=true loopback=true"), "{answer}");
    }
}

#[tokio::test]
async fn a_new_name_is_served_without_a_restart() {
    let rig = Rig::start(Limits::default()).await;
    assert!(dial(&rig, "192.168.7.9", b"h2").await.is_err());
    let names = Names::loopback().with_address([192, 168, 7, 9].into());
    assert!(rig.keeper.refresh(&names).unwrap());
    assert!(!rig.keeper.refresh(&names).unwrap());
    assert!(dial(&rig, "192.168.7.9", b"h2").await.is_ok());
}

#[tokio::test]
async fn an_http2_client_that_never_speaks_is_dropped() {
    let rig = Rig::start(short()).await;
    let mut silent = dial(&rig, "localhost", b"h2").await.unwrap();
    let mut answer = Vec::new();
    let closed = timeout(Duration::from_secs(2), silent.read_to_end(&mut answer)).await;
    assert!(closed.is_ok());
}

#[tokio::test]
async fn an_idle_http2_connection_is_closed() {
    let rig = Rig::start(Limits { idle: Duration::from_millis(200), ..Limits::default() }).await;
    let (mut send, connection) = open2(&rig).await;
    let request = hyper::Request::get("https://localhost/").body(Empty::<Bytes>::new()).unwrap();
    send.send_request(request).await.unwrap();
    assert!(timeout(Duration::from_secs(2), connection).await.is_ok());
}

#[tokio::test]
async fn plain_http_on_the_port_for_tls_is_sent_to_the_right_scheme() {
    let rig = Rig::start(Limits::default()).await;
    for (host, expected) in [("localhost:1", "308"), ("evil.example", "421")] {
        let mut stream = TcpStream::connect(rig.secure).await.unwrap();
        let request = format!("GET /who?a=1 HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let answer = read_all(&mut stream).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {expected}")), "{answer}");
        assert_eq!(answer.contains("location: https://localhost:1/who?a=1"), expected == "308", "{answer}");
    }
}

#[tokio::test]
async fn http2_head_has_the_length_and_no_body() {
    let rig = Rig::start(Limits::default()).await;
    let (mut send, _) = open2(&rig).await;
    let request = hyper::Request::head("https://localhost/ping").body(Empty::<Bytes>::new()).unwrap();
    let (head, body) = send.send_request(request).await.unwrap().into_parts();
    assert_eq!(head.headers.get("content-length").unwrap(), "4");
    assert!(body.collect().await.unwrap().to_bytes().is_empty());
}

#[tokio::test]
async fn a_client_that_resets_stream_after_stream_harms_only_itself() {
    let rig = Rig::start(Limits::default()).await;
    let (mut send, connection) = open2(&rig).await;
    for _ in 0..2000 {
        let request = hyper::Request::get("https://localhost/slow").body(Empty::<Bytes>::new()).unwrap();
        let Ok(()) = send.ready().await else { break };
        // Dropping the answer resets the stream.
        let _ = timeout(Duration::from_micros(1), send.send_request(request)).await;
    }
    let start = std::time::Instant::now();
    let (head, _) = get2(&rig, "localhost", "/").await;
    assert_eq!(head.status, 200);
    assert!(start.elapsed() < Duration::from_secs(1));
    connection.abort();
}
