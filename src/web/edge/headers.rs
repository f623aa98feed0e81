//! The headers of every answer, whoever made it.
use std::net::IpAddr;

use hyper::HeaderMap;
use hyper::header::{self, HeaderName, HeaderValue};

use super::request::RequestId;

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

/// Headers with one value for every answer.
const FIXED: [(&str, &str); 7] = [
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("referrer-policy", "no-referrer"),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("x-permitted-cross-domain-policies", "none"),
    ("permissions-policy", PERMISSIONS),
];

/// Completes the headers of an answer. `named` is the Host over TLS, where there is one.
pub(super) fn dress(headers: &mut HeaderMap, named: Option<&str>, id: &RequestId) {
    for (name, value) in FIXED {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    // Browsers apply every policy they are sent: a handler may add a narrower one but never widen ours.
    headers.append(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(CONTENT_SECURITY_POLICY));
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    if named.is_some_and(may_insist_on_tls) {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    if let Ok(id) = HeaderValue::from_str(id.as_str()) {
        headers.insert(HeaderName::from_static("x-request-id"), id);
    }
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
        dress(&mut headers, named, &RequestId::fresh());
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
    fn an_answer_keeps_its_own_caching_and_cannot_widen_the_policy() {
        let mut headers = HeaderMap::new();
        headers.insert("cache-control", "no-cache".parse().unwrap());
        headers.insert("content-security-policy", "default-src *".parse().unwrap());
        dress(&mut headers, None, &RequestId::fresh());
        assert_eq!(headers.get("cache-control").unwrap(), "no-cache");
        let policies: Vec<_> = headers.get_all("content-security-policy").iter().collect();
        assert!(policies.contains(&&HeaderValue::from_static(CONTENT_SECURITY_POLICY)));
        assert_eq!(dressed(None).get("cache-control").unwrap(), "no-store");
    }
}
