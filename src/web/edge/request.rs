//! What the edge tells handlers about a request: who is at the other end, and the request's own number.
use std::net::SocketAddr;

use hyper::HeaderMap;

/// Who is at the other end of the connection; in every request's extensions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peer {
    /// The socket's other end, IPv4 written as IPv4.
    pub addr: SocketAddr,
    /// Whether the connection is encrypted.
    pub tls: bool,
    /// Whether the request comes from this machine itself, and from no one it relays for.
    pub loopback: bool,
}

/// Headers by which a proxy on this machine says that someone else is asking.
const RELAYED: [&str; 4] = ["forwarded", "x-forwarded-for", "x-real-ip", "via"];

impl Peer {
    /// What a socket alone tells.
    pub(super) fn new(addr: SocketAddr, tls: bool) -> Self {
        let addr = SocketAddr::new(addr.ip().to_canonical(), addr.port());
        Self { addr, tls, loopback: addr.ip().is_loopback() }
    }

    /// The same peer as one request shows it: a relayed request is not a local one.
    pub(super) fn seen_in(mut self, headers: &HeaderMap) -> Self {
        self.loopback &= !RELAYED.iter().any(|name| headers.contains_key(*name));
        self
    }
}

/// The number of one request: in its extensions, its `X-Request-Id` and its log lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestId([u8; 16]);

impl RequestId {
    /// A fresh one. Not a secret; a client's own is never taken over, or it could write into our log.
    pub(in crate::web) fn fresh() -> Self {
        let number = fastrand::u64(..);
        let digit = |place: usize| b"0123456789abcdef".get((number >> (4 * place)) as usize & 15).copied();
        Self(std::array::from_fn(|place| digit(15 - place).unwrap_or(b'0')))
    }

    /// The number as it is shown.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_relayed_request_is_not_a_local_one() {
        let peer = Peer::new("[::ffff:127.0.0.1]:9".parse().unwrap(), false);
        assert!(peer.loopback && peer.addr.is_ipv4());
        let mut headers = HeaderMap::new();
        assert!(peer.seen_in(&headers).loopback);
        headers.insert("x-forwarded-for", "203.0.113.9".parse().unwrap());
        assert!(!peer.seen_in(&headers).loopback);
    }
}
