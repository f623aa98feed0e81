//! The yardstick: poem as it comes, answering what it holds in memory, in a process of its own: the same answers as TaskMed's, to
//! the byte, headers included.
use std::{io, path::Path, sync::Arc};

use hyper::{
    HeaderMap, StatusCode,
    body::Bytes,
    header::{CONNECTION, CONTENT_LENGTH, DATE, HeaderName, HeaderValue, TRANSFER_ENCODING},
};
use poem::{
    Endpoint, EndpointExt as _, IntoEndpoint as _, Response, Route, Server,
    endpoint::make_sync,
    http::uri::Scheme,
    listener::{Acceptor, Listener as _, TcpAcceptor, TcpListener},
    web::{LocalAddr, RemoteAddr},
};
use tokio::net::TcpStream;
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
    },
    server::TlsStream,
};

/// What the server itself says with every answer.
const OF_THE_SERVER: [HeaderName; 4] = [CONNECTION, CONTENT_LENGTH, DATE, TRANSFER_ENCODING];

/// Keeps an answer as a file of the folder: its headers, an empty line, its body. The name says which status: `agenda.200`.
pub fn keep(folder: &Path, name: &str, answer: &hyper::Response<Bytes>) {
    let mut file = Vec::new();
    for (name, value) in answer.headers().iter().filter(|(name, _)| !OF_THE_SERVER.contains(name)) {
        file.extend([name.as_str().as_bytes(), b": ", value.as_bytes(), b"\n"].concat());
    }
    file.push(b'\n');
    file.extend_from_slice(answer.body());
    std::fs::write(folder.join(format!("{name}.{}", answer.status().as_u16())), file).unwrap();
}

/// Headers and body of a file made by [`keep`].
fn read(file: Vec<u8>) -> (HeaderMap, Bytes) {
    let (mut headers, mut rest) = (HeaderMap::new(), Bytes::from(file));
    loop {
        let end = rest.iter().position(|byte| *byte == b'\n').unwrap();
        let line = rest.split_to(end + 1);
        let line = std::str::from_utf8(&line).unwrap().trim_end();
        let Some((name, value)) = line.split_once(": ") else { return (headers, rest) };
        headers.append(name.parse::<HeaderName>().unwrap(), value.parse::<HeaderValue>().unwrap());
    }
}

/// The answers of the folder, each under the name of its file.
pub async fn serve(folder: &Path) {
    let plain = listener().await;
    let secure = Tls { inner: listener().await, tls: TlsAcceptor::from(Arc::new(tls(folder))) };
    println!("{} {}", address(&plain), address(&secure));
    let routes = || routes(folder);
    let (plain, secure) =
        (Server::new_with_acceptor(plain).run(routes()), Server::new_with_acceptor(secure).run(routes()));
    tokio::try_join!(plain, secure).unwrap();
}

fn routes(folder: &Path) -> impl Endpoint + use<> {
    let mut table = Route::new();
    for file in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let name = file.file_name().into_string().unwrap();
        let status = name.rsplit('.').next().and_then(|text| text.parse().ok());
        let Some(status) = status.and_then(|code| StatusCode::from_u16(code).ok()) else { continue };
        let (headers, bytes) = read(std::fs::read(file.path()).unwrap());
        let answer = make_sync(move |_| {
            let mut response = Response::from(bytes.clone());
            response.set_status(status);
            *response.headers_mut() = headers.clone();
            response
        });
        table = table.at(format!("/{name}"), answer);
    }
    table.into_endpoint().map_to_response()
}

async fn listener() -> TcpAcceptor {
    TcpListener::bind("127.0.0.1:0").into_acceptor().await.unwrap()
}

fn address(acceptor: &impl Acceptor) -> String {
    acceptor.local_addr().first().unwrap().as_socket_addr().unwrap().to_string()
}

fn tls(folder: &Path) -> ServerConfig {
    let certificate = CertificateDer::from_pem_file(folder.join("certificate.pem")).unwrap();
    let key = PrivateKeyDer::from_pem_file(folder.join("key.pem")).unwrap();
    ServerConfig::builder().with_no_client_auth().with_single_cert(vec![certificate], key).unwrap()
}

/// TLS for poem's server. A handshake is waited for in the loop of arrivals: the load connects before it is measured.
struct Tls {
    inner: TcpAcceptor,
    tls: TlsAcceptor,
}

impl Acceptor for Tls {
    type Io = TlsStream<TcpStream>;

    fn local_addr(&self) -> Vec<LocalAddr> {
        self.inner.local_addr()
    }

    async fn accept(&mut self) -> io::Result<(Self::Io, LocalAddr, RemoteAddr, Scheme)> {
        let (stream, local, remote, _) = self.inner.accept().await?;
        Ok((self.tls.accept(stream).await?, local, remote, Scheme::HTTPS))
    }
}
