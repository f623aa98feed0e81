//! What the edge tells handlers about a request: who is at the other end, and the request's own number.
use std::net::{IpAddr, SocketAddr};

use hyper::HeaderMap;
use hyper::header::{FORWARDED, HeaderName, VIA};

use super::body::BodyLimit;
use crate::base::RequestId;

/// Who is at the other end of the connection.
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
const RELAYED: [HeaderName; 4] =
    [FORWARDED, HeaderName::from_static("x-forwarded-for"), HeaderName::from_static("x-real-ip"), VIA];

impl Peer {
    /// What a socket alone tells.
    pub(super) fn new(addr: SocketAddr, tls: bool) -> Self {
        let addr = SocketAddr::new(addr.ip().to_canonical(), addr.port());
        Self { addr, tls, loopback: addr.ip().is_loopback() }
    }

    /// The address, as the trail has it. By hand where it is IPv4: it is written down for every request.
    pub fn origin(&self) -> String {
        let IpAddr::V4(address) = self.addr.ip() else { return self.addr.ip().to_string() };
        let (mut text, mut digits) = (String::with_capacity(15), itoa::Buffer::new());
        for (place, octet) in address.octets().into_iter().enumerate() {
            if place > 0 {
                text.push('.');
            }
            text.push_str(digits.format(octet));
        }
        text
    }

    /// Who asks where no edge stands in front, as in tests: this machine.
    pub(in crate::web) fn in_process() -> Self {
        Self { addr: ([127, 0, 0, 1], 0).into(), tls: false, loopback: true }
    }

    /// The same peer as one request shows it: a relayed request is not a local one.
    pub(super) fn seen_in(mut self, headers: &HeaderMap) -> Self {
        self.loopback &= !RELAYED.iter().any(|name| headers.contains_key(name));
        self
    }
}

/// What the edge tells of one request, in its extensions.
#[derive(Debug, Clone)]
pub struct Arrival {
    /// Who is at the other end.
    pub peer: Peer,
    /// The request's number.
    pub id: RequestId,
    /// Most bytes of its body; none when it has no body.
    pub body: Option<BodyLimit>,
}

/// A request without a body, for endpoints asked without an edge in front.
impl From<Peer> for Arrival {
    fn from(peer: Peer) -> Self {
        Self { peer, id: RequestId::fresh(), body: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_written_as_everywhere_else() {
        for address in ["127.0.0.1", "192.168.0.9", "10.0.255.100", "::1", "fe80::1:2"] {
            let socket = SocketAddr::new(address.parse().unwrap(), 5000);
            assert_eq!(Peer::new(socket, false).origin(), address);
        }
    }

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
