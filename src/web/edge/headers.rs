//! The headers of every answer, whoever made it.
use std::net::IpAddr;

use hyper::HeaderMap;
use hyper::header::{self, HeaderName, HeaderValue};

use crate::base::RequestId;

/// What a page of ours may load and do: its own files, and no string turned into markup or code.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; \
    form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; \
    trusted-types 'none'";

/// No page of ours asks the browser for any of these, so no injected one may either.
const PERMISSIONS: &str = "accelerometer=(), autoplay=(), browsing-topics=(), camera=(), \
    display-capture=(), encrypted-media=(), geolocation=(), gyroscope=(), hid=(), idle-detection=(), \
    local-fonts=(), magnetometer=(), microphone=(), midi=(), payment=(), picture-in-picture=(), \
    publickey-credentials-get=(), screen-wake-lock=(), serial=(), usb=(), xr-spatial-tracking=()";

/// What anything that is not a page may load and do, should a browser be made to show it as one.
const NOTHING: &str = "default-src 'none'; frame-ancestors 'none'";

const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Headers that mean something on a page only.
const OF_PAGES: [(HeaderName, HeaderValue); 4] = [
    (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (HeaderName::from_static("x-permitted-cross-domain-policies"), HeaderValue::from_static("none")),
    (HeaderName::from_static("permissions-policy"), HeaderValue::from_static(PERMISSIONS)),
];

/// Completes the headers of an answer. `named` is the Host over TLS, where there is one.
pub(super) fn dress(headers: &mut HeaderMap, named: Option<&str>, id: RequestId) {
    // As many as follow: with room for one more than there is, the map is made anew and twice as large.
    let is_page = is_page(headers);
    headers.reserve(7 + if is_page { OF_PAGES.len() } else { 0 });
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(RESOURCE_POLICY, HeaderValue::from_static("same-origin"));
    let policy = if is_page {
        OF_PAGES.into_iter().for_each(|(name, value)| drop(headers.insert(name, value)));
        CONTENT_SECURITY_POLICY
    } else {
        NOTHING
    };
    // Browsers apply every policy they are sent: a handler may add a narrower one but never widen ours.
    headers.append(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    if named.is_some_and(may_insist_on_tls) {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    if let Ok(id) = HeaderValue::from_str(id.as_str()) {
        headers.insert(REQUEST_ID, id);
    }
}

/// Whether a browser shows the answer as a page of its own.
fn is_page(headers: &HeaderMap) -> bool {
    headers.get(header::CONTENT_TYPE).is_none_or(|kind| kind.as_bytes().starts_with(b"text/html"))
}

/// On `localhost` the rule would bind every other program of this machine; browsers ignore it for addresses.
fn may_insist_on_tls(host: &str) -> bool {
    !host.eq_ignore_ascii_case("localhost") && host.parse::<IpAddr>().is_err()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dressed(named: Option<&str>) -> HeaderMap {
        let mut headers = HeaderMap::new();
        dress(&mut headers, named, RequestId::fresh());
        headers
    }

    #[test]
    fn tls_is_insisted_on_for_real_names_only() {
        assert!(dressed(Some("taskmed.local")).contains_key("strict-transport-security"));
        for host in [None, Some("localhost"), Some("127.0.0.1"), Some("::1"), Some("192.168.0.9")] {
            assert!(!dressed(host).contains_key("strict-transport-security"), "{host:?}");
        }
    }

    #[test]
    fn what_is_not_a_page_may_do_nothing_as_one() {
        let mut headers = HeaderMap::new();
        headers.insert("content-type", "application/json".parse().unwrap());
        dress(&mut headers, None, RequestId::fresh());
        assert_eq!(headers.get("content-security-policy").unwrap(), NOTHING);
        assert!(!headers.contains_key("permissions-policy"));
        assert!(dressed(None).contains_key("permissions-policy"), "an answer of no kind counts as a page");
    }

    #[test]
    fn an_answer_keeps_its_own_caching_and_cannot_widen_the_policy() {
        let mut headers = HeaderMap::new();
        headers.insert("cache-control", "no-cache".parse().unwrap());
        headers.insert("content-security-policy", "default-src *".parse().unwrap());
        dress(&mut headers, None, RequestId::fresh());
        assert_eq!(headers.get("cache-control").unwrap(), "no-cache");
        let policies: Vec<_> = headers.get_all("content-security-policy").iter().collect();
        assert!(policies.contains(&&HeaderValue::from_static(CONTENT_SECURITY_POLICY)));
        assert_eq!(dressed(None).get("cache-control").unwrap(), "no-store");
    }
}
