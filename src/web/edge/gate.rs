//! The checks before routing: is the request meant for this machine, and does this machine's own page send it?
//!
//! Pure functions over the head of a request. Host list against DNS rebinding, `Sec-Fetch-Site` and `Origin` against
//! cross-site writes.
use std::net::IpAddr;

use hyper::header::{CONTENT_ENCODING, CONTENT_LENGTH, HOST, ORIGIN};
use hyper::http::request::Parts;
use hyper::http::uri::Authority;
use hyper::{HeaderMap, Method};

use super::limits::Limits;
use super::names::Names;
use super::problem::Refusal;

/// The authority the client asked for.
pub(super) fn authority(head: &Parts) -> Result<Authority, Refusal> {
    let mut hosts = head.headers.get_all(HOST).iter();
    let header = match (hosts.next(), hosts.next()) {
        (Some(host), None) => {
            let host = host.to_str().ok().and_then(|text| text.parse::<Authority>().ok());
            Some(host.ok_or(Refusal::UnclearHost)?)
        }
        (None, _) => None,
        (Some(_), Some(_)) => return Err(Refusal::UnclearHost),
    };
    let found = match (head.uri.authority(), header) {
        (Some(line), Some(header)) if *line != header => return Err(Refusal::UnclearHost),
        (Some(line), _) => line.clone(),
        (None, Some(header)) => header,
        (None, None) => return Err(Refusal::UnclearHost),
    };
    // `user@host` has no place in a Host header and hides the real one from a reader of the log.
    if found.as_str().contains('@') || !has_clear_port(&found) {
        Err(Refusal::UnclearHost)
    } else {
        Ok(found)
    }
}

/// Whether there is no port, or one there can be.
fn has_clear_port(authority: &Authority) -> bool {
    authority.port_u16().is_some()
        || matches!(authority.as_str().strip_prefix(authority.host()), Some("" | ":"))
}

/// The host of an authority without the brackets of an IPv6 address.
pub(super) fn bare(authority: &Authority) -> &str {
    authority.host().trim_start_matches('[').trim_end_matches(']')
}

/// Everything that can be refused from the head alone.
pub(super) fn check(
    head: &Parts,
    names: &Names,
    local: IpAddr,
    tls: bool,
    limits: &Limits,
) -> Result<Authority, Refusal> {
    let authority = authority(head)?;
    let host = bare(&authority);
    // Without TLS this machine answers to itself alone, and only by names nobody on the network can claim: `taskmed.local` may be
    // announced by anyone and then pointed here.
    let rebindable = !tls && local.is_loopback() && !is_this_very_machine(host);
    if rebindable || !names.admits(host, local) {
        return Err(Refusal::ForeignHost);
    }
    if !is_safe(&head.method) {
        same_site(&head.headers, &authority, tls)?;
    }
    body(&head.headers, limits)?;
    Ok(authority)
}

fn is_this_very_machine(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Methods that never change anything, so that any site may cause them.
fn is_safe(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS | Method::TRACE)
}

/// A browser names the page behind a request; programs send neither header and carry no cookie by themselves.
fn same_site(headers: &HeaderMap, authority: &Authority, tls: bool) -> Result<(), Refusal> {
    let own = |value: &hyper::header::HeaderValue| matches!(value.as_bytes(), b"same-origin" | b"none");
    if !headers.get_all("sec-fetch-site").iter().all(own) {
        return Err(Refusal::CrossSite);
    }
    let scheme = if tls { "https" } else { "http" };
    let port = if tls { 443 } else { 80 };
    let same = |origin: &str| {
        let Some(theirs) = origin.strip_prefix(scheme).and_then(|rest| rest.strip_prefix("://")) else {
            return false;
        };
        theirs.parse::<Authority>().is_ok_and(|theirs| {
            theirs.host().eq_ignore_ascii_case(authority.host())
                && theirs.port_u16().unwrap_or(port) == authority.port_u16().unwrap_or(port)
        })
    };
    let all = headers.get_all(ORIGIN).iter().all(|origin| origin.to_str().is_ok_and(same));
    if all { Ok(()) } else { Err(Refusal::CrossSite) }
}

/// A body that no route could take is refused before it is sent.
fn body(headers: &HeaderMap, limits: &Limits) -> Result<(), Refusal> {
    // Nothing of ours sends compressed bodies, and unpacking a stranger's is how a small one becomes a bomb.
    if !headers.get_all(CONTENT_ENCODING).iter().all(|v| v.as_bytes().eq_ignore_ascii_case(b"identity")) {
        return Err(Refusal::Encoded);
    }
    let length =
        headers.get(CONTENT_LENGTH).and_then(|v| v.to_str().ok()).and_then(|v| v.parse::<u64>().ok());
    let most = u64::try_from(limits.body_ceiling).unwrap_or(u64::MAX);
    if length.is_some_and(|length| length > most) { Err(Refusal::TooLarge) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    fn verdict(method: &str, uri: &str, headers: &[(&str, &str)]) -> Result<Authority, Refusal> {
        let mut request = hyper::Request::builder().method(method).uri(uri);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let (head, ()) = request.body(()).unwrap().into_parts();
        check(&head, &Names::loopback(), Ipv4Addr::LOCALHOST.into(), true, &Limits::default())
    }

    #[test]
    fn a_request_must_name_this_machine_and_only_once() {
        for host in ["localhost", "localhost:8443", "127.0.0.1:1", "[::1]:8443", "TaskMed.local"] {
            assert!(verdict("GET", "/", &[("host", host)]).is_ok(), "{host}");
        }
        assert!(verdict("GET", "https://localhost/", &[]).is_ok());
        for host in ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example:8443", "[::2]"] {
            assert_eq!(verdict("GET", "/", &[("host", host)]), Err(Refusal::ForeignHost), "{host}");
        }
        let unclear: [&[(&str, &str)]; 5] = [
            &[],
            &[("host", "")],
            &[("host", "localhost"), ("host", "localhost")],
            &[("host", "a b")],
            &[("host", "evil.example@localhost")],
        ];
        for headers in unclear {
            assert_eq!(verdict("GET", "/", headers), Err(Refusal::UnclearHost), "{headers:?}");
        }
        let contradiction = verdict("GET", "https://localhost/", &[("host", "evil.example")]);
        assert_eq!(contradiction, Err(Refusal::UnclearHost));
    }

    #[test]
    fn only_our_own_pages_and_programs_may_write() {
        let host = ("host", "localhost:8443");
        let good: [&[(&str, &str)]; 4] = [
            &[],
            &[("sec-fetch-site", "same-origin"), ("origin", "https://localhost:8443")],
            &[("sec-fetch-site", "none")],
            &[("origin", "https://LOCALHOST:8443")],
        ];
        let bad: [&[(&str, &str)]; 8] = [
            &[("sec-fetch-site", "cross-site")],
            &[("sec-fetch-site", "same-site")],
            &[("sec-fetch-site", "same-origin"), ("sec-fetch-site", "cross-site")],
            &[("sec-fetch-site", "same-origin"), ("origin", "https://evil.example")],
            &[("origin", "null")],
            &[("origin", "http://localhost:8443")],
            &[("origin", "https://localhost:9999")],
            &[("origin", "https://localhost:8443"), ("origin", "https://evil.example")],
        ];
        for method in ["POST", "PUT", "PATCH", "DELETE", "PROPFIND"] {
            for headers in good {
                let headers = [&[host], headers].concat();
                assert!(verdict(method, "/", &headers).is_ok(), "{method} {headers:?}");
            }
            for headers in bad {
                let headers = [&[host], headers].concat();
                assert_eq!(verdict(method, "/", &headers), Err(Refusal::CrossSite), "{method} {headers:?}");
            }
        }
        assert!(verdict("GET", "/", &[host, ("sec-fetch-site", "cross-site")]).is_ok());
    }

    #[test]
    fn a_default_port_need_not_be_written() {
        let headers = [("host", "localhost"), ("origin", "https://localhost:443")];
        assert!(verdict("POST", "/", &headers).is_ok());
    }

    #[test]
    fn a_body_no_route_could_take_is_refused_at_once() {
        let host = ("host", "localhost");
        assert_eq!(verdict("POST", "/", &[host, ("content-encoding", "gzip")]), Err(Refusal::Encoded));
        assert_eq!(verdict("POST", "/", &[host, ("content-length", "99999999999")]), Err(Refusal::TooLarge));
        assert!(verdict("POST", "/", &[host, ("content-length", "9")]).is_ok());
    }
}
