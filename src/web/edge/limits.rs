//! What the edge puts up with, in numbers. Tests shrink them; production uses the defaults.
use std::time::Duration;

/// Deadlines, rates and sizes of the HTTP edge.
#[derive(Debug, Clone)]
pub struct Limits {
    /// A TLS handshake must be over by then.
    pub handshake: Duration,
    /// A whole request head must be there by then; also how long an HTTP/1 connection may idle between requests.
    pub header: Duration,
    /// Waiting for the client's body may take no longer in all.
    pub body: Duration,
    /// Waiting this long for a body is free; afterwards [`Limits::body_rate`] applies.
    pub body_grace: Duration,
    /// Least bytes per second of a request body.
    pub body_rate: u64,
    /// A client that takes almost none of its answer for this long is let go.
    pub stall: Duration,
    /// An HTTP/2 connection without any running request is closed after this.
    pub idle: Duration,
    /// How long running requests may take to finish once the program stops.
    pub drain: Duration,
    /// Connections that have sent a request, in all.
    pub connections: usize,
    /// Connections of one address (one /64 in IPv6); the machine itself is exempt.
    pub per_address: usize,
    /// Connections that have not sent a request yet; the oldest gives way to the newest.
    pub waiting: usize,
    /// Most header lines of a request (HTTP/1).
    pub headers: usize,
    /// Most bytes of a request head.
    pub header_bytes: u32,
    /// Most bytes of a request body where the route does not ask for more.
    pub body_bytes: usize,
    /// Most bytes of a request body a route may ask for.
    pub body_ceiling: usize,
    /// Concurrent HTTP/2 streams of one connection.
    pub streams: u32,
    /// HTTP/2 streams that a client may reset, or make us reset, before the connection is dropped.
    pub resets: usize,
    /// How often a quiet HTTP/2 client is asked whether it is still there.
    pub ping: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            handshake: Duration::from_secs(10),
            header: Duration::from_secs(10),
            body: Duration::from_secs(300),
            body_grace: Duration::from_secs(10),
            body_rate: 8 * 1024,
            stall: Duration::from_secs(12),
            idle: Duration::from_secs(180),
            drain: Duration::from_secs(10),
            connections: 4096,
            per_address: 256,
            waiting: 512,
            headers: 100,
            header_bytes: 32 * 1024,
            body_bytes: 1024 * 1024,
            body_ceiling: 64 * 1024 * 1024,
            streams: 100,
            resets: 20,
            ping: Duration::from_secs(20),
        }
    }
}
