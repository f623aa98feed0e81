//! The outermost layer of HTTP: sockets, TLS, deadlines, limits, and the checks and headers that no route may
//! forget. Everything behind it is poem's. It knows nothing about clinics, people or sessions.
//!
//! poem's own server has no defence against slow clients, sets no `TCP_NODELAY` and believes any Host; hence this
//! accept loop over hyper.
mod body;
mod clock;
mod connection;
mod gate;
mod headers;
mod limits;
mod names;
mod pace;
mod problem;
mod reply;
mod request;
mod service;
mod slots;
mod socket;
mod turn;
#[cfg(test)]
mod tests;
pub mod tls;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use hyper::http::request::Parts;
use poem::EndpointExt as _;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tokio_rustls::rustls::ServerConfig;

pub use body::read_limited;
pub use headers::CONTENT_SECURITY_POLICY;
pub use limits::Limits;
pub use names::Names;
pub use request::{Arrival, Peer};

use crate::base::RequestId;
use connection::Connection;
use service::Service;
use slots::Slots;

/// The HTTP edge of the program: give it an endpoint and listeners, then [`Edge::serve`].
pub struct Edge {
    service: Service,
    plain: Option<TcpListener>,
    secure: Option<(TcpListener, Arc<ServerConfig>)>,
}

impl Edge {
    /// An edge in front of `endpoint`. `names` may change while it runs, `stop` ends it when it turns true.
    pub fn new(
        endpoint: impl poem::IntoEndpoint<Endpoint: poem::Endpoint<Output = poem::Response> + 'static>,
        names: watch::Receiver<Names>,
        stop: watch::Receiver<bool>,
    ) -> Self {
        let endpoint = endpoint.into_endpoint().boxed();
        let service =
            Service { endpoint, names, limits: Limits::default(), stop, open: Vec::new(), at_hand: None };
        Self { service, plain: None, secure: None }
    }

    /// Other limits than the usual ones.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.service.limits = limits;
        self
    }

    /// Listens without TLS. From outside this machine only paths named with [`Edge::open_path`] are answered there.
    pub fn plain(mut self, listener: std::net::TcpListener) -> io::Result<Self> {
        self.plain = Some(adopt(listener)?);
        Ok(self)
    }

    /// Listens with TLS.
    pub fn secure(mut self, listener: std::net::TcpListener, tls: Arc<ServerConfig>) -> io::Result<Self> {
        self.secure = Some((adopt(listener)?, tls));
        Ok(self)
    }

    /// A path that is answered without TLS to other machines too, as the page that hands out our root certificate.
    #[must_use]
    pub fn open_path(mut self, path: &str) -> Self {
        self.service.open.push(path.to_owned());
        self
    }

    /// What may know the answer to a request from its head alone, and is asked before the endpoint is.
    #[must_use]
    pub fn at_hand(
        mut self,
        ask: impl Fn(&Parts, Peer, RequestId) -> Option<poem::Response> + Send + Sync + 'static,
    ) -> Self {
        self.service.at_hand = Some(Box::new(ask));
        self
    }

    /// Serves until told to stop. Then: no new connections, event streams end, running requests get
    /// [`Limits::drain`] to finish.
    pub async fn serve(self) {
        let Self { service, plain, secure } = self;
        let slots = Slots::new(&service.limits);
        let service = Arc::new(service);
        let (listener, config) = secure.map_or((None, None), |(l, c)| (Some(l), Some(c)));
        let mut connections = JoinSet::new();
        let mut stop = std::pin::pin!(reply::stopped(service.stop.clone()));
        loop {
            let (accepted, tls) = tokio::select! {
                () = stop.as_mut() => break,
                Some(_) = connections.join_next() => continue,
                accepted = accept(plain.as_ref()) => (accepted, None),
                accepted = accept(listener.as_ref()) => (accepted, config.clone()),
            };
            if let Some((stream, addr)) = accepted
                && let Some(slot) = slots.admit(addr.ip())
            {
                connections.spawn(Connection { service: service.clone(), slot, tls }.serve(stream, addr));
            }
        }
        drop((plain, listener));
        let rest = async { while connections.join_next().await.is_some() {} };
        if timeout(service.limits.drain, rest).await.is_err() {
            tracing::warn!("requests still running at the end of the stop period were cut off");
        }
        connections.shutdown().await;
    }
}

/// Takes a blocking listener into the runtime.
fn adopt(listener: std::net::TcpListener) -> io::Result<TcpListener> {
    listener.set_nonblocking(true)?;
    TcpListener::from_std(listener)
}

/// The next connection of a listener, never if there is none. A failing accept is another client's problem, except
/// when the process is out of descriptors: then waiting a little lets others give theirs back.
async fn accept(listener: Option<&TcpListener>) -> Option<(TcpStream, SocketAddr)> {
    let Some(listener) = listener else {
        return std::future::pending().await;
    };
    match listener.accept().await {
        Ok(accepted) => Some(accepted),
        Err(fault) => {
            tracing::debug!(%fault, "accept failed");
            sleep(Duration::from_millis(20)).await;
            None
        }
    }
}
