//! Bytes to and from the running program, without a client that keeps to the rules.
use std::{sync::Arc, time::Duration};

use http_body_util::{BodyExt, Empty};
use hyper::body::Bytes;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};
use tokio_rustls::{
    TlsConnector,
    client::TlsStream,
    rustls::{
        ClientConfig, RootCertStore, crypto,
        pki_types::{CertificateDer, ServerName, pem::PemObject},
    },
};

use crate::browser::program::Program;

/// What an HTTP/2 connection sends with.
pub type Sender = hyper::client::conn::http2::SendRequest<Empty<Bytes>>;

/// A connection without TLS.
pub async fn dial(program: &Program) -> TcpStream {
    TcpStream::connect(("127.0.0.1", program.port())).await.unwrap()
}

/// Sends the text of requests and reads until the program closes, or says nothing for so long.
pub async fn exchange(
    mut line: impl AsyncReadExt + AsyncWriteExt + Unpin,
    text: &[u8],
    patience: Duration,
) -> String {
    let _ = line.write_all(text).await;
    let mut all = Vec::new();
    let mut part = vec![0; 16 * 1024];
    while let Ok(Ok(read)) = timeout(patience, line.read(&mut part)).await {
        if read == 0 {
            break;
        }
        all.extend_from_slice(&part[..read]);
    }
    String::from_utf8_lossy(&all).into_owned()
}

/// A request of a well-behaved client on a connection of its own.
pub async fn get(program: &Program, path: &str) -> String {
    let request = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
    exchange(dial(program).await, request.as_bytes(), Duration::from_secs(10)).await
}

/// A TLS connection that trusts the program's own authority and nothing else.
pub async fn dial_secure(program: &Program, protocol: &[u8]) -> TlsStream<TcpStream> {
    let answer = get(program, "/trust/ca.pem").await;
    let pem = answer.split_once("\r\n\r\n").unwrap().1;
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(pem.as_bytes()).unwrap()).unwrap();
    let provider = Arc::new(crypto::ring::default_provider());
    let builder =
        ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let mut config = builder.with_root_certificates(roots).with_no_client_auth();
    config.alpn_protocols = vec![protocol.to_vec()];
    let stream = TcpStream::connect(("127.0.0.1", program.secure_port)).await.unwrap();
    let name = ServerName::try_from("localhost").unwrap();
    TlsConnector::from(Arc::new(config)).connect(name, stream).await.unwrap()
}

/// An HTTP/2 connection.
pub async fn dial2(program: &Program) -> Sender {
    let io = TokioIo::new(dial_secure(program, b"h2").await);
    let (send, connection) = hyper::client::conn::http2::handshake(TokioExecutor::new(), io).await.unwrap();
    tokio::spawn(connection);
    send
}

/// Resident memory of the program in bytes.
pub fn resident(program: &Program) -> u64 {
    let pages = std::fs::read_to_string(format!("/proc/{}/statm", program.id())).unwrap();
    pages.split(' ').nth(1).unwrap().parse::<u64>().unwrap() * 4096
}

/// Processor time the program has used, in hundredths of a second.
pub fn processor_time(program: &Program) -> u64 {
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", program.id())).unwrap();
    let fields: Vec<&str> = stat.rsplit(") ").next().unwrap().split(' ').collect();
    fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap()
}

/// Processor time of one request of a client that keeps to the rules, in hundredths of a second: what floods are held against, for
/// machines differ and so do builds.
pub async fn honest_request(program: &Program) -> f64 {
    const REQUESTS: u32 = 1000;
    let mut send = dial2(program).await;
    let used = processor_time(program);
    for _ in 0..REQUESTS {
        send.ready().await.unwrap();
        let request = hyper::Request::get("https://localhost/livez").body(Empty::<Bytes>::new()).unwrap();
        let answer = send.send_request(request).await.unwrap();
        assert_eq!(answer.status(), 200);
        answer.into_body().collect().await.unwrap();
    }
    (processor_time(program) - used).max(1) as f64 / f64::from(REQUESTS)
}
