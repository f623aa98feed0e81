//! One connection from its first byte to its last, with a deadline for every phase in which the client could stall.
use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;

use hyper::body::Incoming;
use hyper::server::conn::{http1, http2};
use hyper::service::HttpService;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulConnection;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep, timeout_at};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;

use super::clock::OneTimer;
use super::limits::Limits;
use super::reply::{Activity, Reply, stopped};
use super::request::Peer;
use super::service::{Line, Service};
use super::slots::Slot;
use super::socket::Socket;
use crate::telemetry::{Stopwatch, process};

/// A freshly accepted connection.
pub(super) struct Connection {
    pub(super) service: Arc<Service>,
    pub(super) slot: Slot,
    pub(super) tls: Option<Arc<ServerConfig>>,
}

impl Connection {
    /// Serves it until it ends; every fault of a client ends here and is not worth a log line.
    pub(super) async fn serve(self, stream: TcpStream, addr: SocketAddr) {
        let Ok(local) = stream.local_addr() else { return };
        let _open = process().connection();
        let mut line = Line { peer: Peer::new(addr, self.tls.is_some()), local, misplaced: false };
        let Some(tls) = self.tls.clone() else {
            return self.plain(stream, line).await;
        };
        let deadline = Instant::now() + self.service.limits.handshake;
        let mut first = [0];
        let peeked = self.within(deadline, stream.peek(&mut first)).await;
        // TLS never starts with a letter, and every method of HTTP does.
        if peeked == Some(1) && first.first().is_some_and(u8::is_ascii_uppercase) {
            line.peer.tls = false;
            line.misplaced = true;
            return self.plain(stream, line).await;
        }
        let Ok(socket) = Socket::new(stream, self.service.limits.stall) else {
            return;
        };
        let handshake = TlsAcceptor::from(tls).accept(socket);
        let started = Stopwatch::start();
        let Some(secure) = self.within(deadline, handshake).await else {
            return process().failed_handshakes.one();
        };
        process().handshakes.time(started.elapsed());
        if secure.get_ref().1.alpn_protocol() == Some(b"h2") {
            self.http2(secure, line).await;
        } else {
            self.http1(secure, line).await;
        }
    }

    /// A step before the first request; none when it fails, takes too long, or the place is needed.
    async fn within<T>(&self, deadline: Instant, step: impl Future<Output = io::Result<T>>) -> Option<T> {
        tokio::select! {
            done = timeout_at(deadline, step) => done.ok()?.ok(),
            () = self.slot.evicted() => None,
            () = stopped(self.service.stop.clone()) => None,
        }
    }

    async fn plain(self, stream: TcpStream, line: Line) {
        if let Ok(socket) = Socket::new(stream, self.service.limits.stall) {
            self.http1(socket, line).await;
        }
    }

    async fn http1(self, io: impl AsyncRead + AsyncWrite + Unpin + 'static, line: Line) {
        let activity = Activity::new();
        let limits = &self.service.limits;
        let server = http1_server(limits).serve_connection(TokioIo::new(io), self.handler(line, &activity));
        self.drive(server, &activity).await;
    }

    async fn http2(self, io: impl AsyncRead + AsyncWrite + Unpin + 'static, line: Line) {
        let activity = Activity::new();
        let limits = &self.service.limits;
        let server = http2_server(limits).serve_connection(TokioIo::new(io), self.handler(line, &activity));
        self.drive(server, &activity).await;
    }

    fn handler(
        &self,
        line: Line,
        activity: &Arc<Activity>,
    ) -> impl HttpService<Incoming, ResBody = Reply, Error = Infallible, Future: Send + 'static> + use<> {
        let (service, activity) = (self.service.clone(), activity.clone());
        hyper::service::service_fn(move |request| service.answer(request, line, activity.begin()))
    }

    /// Lets hyper work, and ends the connection when it is quiet for too long or the program stops. The alarm is not moved by
    /// every request: when it rings it looks how long the connection has been quiet.
    async fn drive(&self, server: impl GracefulConnection, activity: &Activity) {
        let (mut server, mut stop) = (pin!(server), pin!(stopped(self.service.stop.clone())));
        let limits = &self.service.limits;
        let mut alarm = pin!(sleep(limits.header));
        let (mut settled, mut closing) = (false, false);
        loop {
            tokio::select! {
                _ = server.as_mut() => return,
                () = activity.first(), if !settled => {
                    settled = true;
                    self.slot.settle();
                    alarm.as_mut().reset(Instant::now() + limits.idle);
                }
                () = self.slot.evicted(), if !settled => return,
                () = stop.as_mut(), if !closing => {
                    // A connection without a request has nothing to finish.
                    if !settled { return }
                    closing = true;
                    server.as_mut().graceful_shutdown();
                }
                () = alarm.as_mut(), if !closing => {
                    if !settled { return }
                    let quiet = activity.quiet_for();
                    closing = quiet >= limits.idle;
                    if closing {
                        server.as_mut().graceful_shutdown();
                    } else {
                        alarm.as_mut().reset(Instant::now() + (limits.idle - quiet));
                    }
                }
            }
        }
    }
}

fn http1_server(limits: &Limits) -> http1::Builder {
    let mut builder = http1::Builder::new();
    builder
        .timer(OneTimer::new(limits.header))
        .header_read_timeout(limits.header)
        .max_headers(limits.headers);
    builder.max_header_size(usize::try_from(limits.header_bytes).unwrap_or(usize::MAX));
    builder
}

fn http2_server(limits: &Limits) -> http2::Builder<TokioExecutor> {
    let mut builder = http2::Builder::new(TokioExecutor::new());
    builder.timer(TokioTimer::new()).keep_alive_interval(limits.ping).keep_alive_timeout(limits.header);
    builder.max_concurrent_streams(limits.streams).max_header_list_size(limits.header_bytes);
    builder.max_pending_accept_reset_streams(limits.resets).max_local_error_reset_streams(limits.resets);
    // Windows bound what one connection can make us hold; an upload on a local network does not need more.
    builder.initial_stream_window_size(256 * 1024).initial_connection_window_size(1024 * 1024);
    builder.max_send_buf_size(256 * 1024);
    builder
}
