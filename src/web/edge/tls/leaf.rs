//! The certificate the server shows, with its key, as read back from its file.
use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;
use std::time::SystemTime;

use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::sign::CertifiedKey;
use x509_parser::extensions::GeneralName;
use x509_parser::prelude::{FromDer as _, X509Certificate};

use super::authority::{Authority, life};

/// A usable leaf.
#[derive(Debug, Clone)]
pub(super) struct Leaf {
    pub(super) key: Arc<CertifiedKey>,
    pub(super) starts_at: SystemTime,
    pub(super) expires_at: SystemTime,
    names: BTreeSet<String>,
}

impl Leaf {
    /// Reads what [`Authority::issue`] made; none where it is broken, of another authority or with a wrong key.
    pub(super) fn load(stored: &str, authority: &Authority) -> Option<Self> {
        let chain: Vec<_> =
            CertificateDer::pem_slice_iter(stored.as_bytes()).collect::<Result<_, _>>().ok()?;
        let first = chain.first()?.clone();
        let (_, parsed) = X509Certificate::from_der(&first).ok()?;
        let (_, issuer) = X509Certificate::from_der(&authority.intermediate).ok()?;
        parsed.verify_signature(Some(issuer.public_key())).ok()?;
        let key = PrivateKeyDer::from_pem_slice(stored.as_bytes()).ok()?;
        // Refuses a key that does not belong to the certificate.
        let key = CertifiedKey::from_der(chain, key, &default_provider()).ok()?;
        let (starts_at, expires_at) = life(&parsed);
        Some(Self { key: Arc::new(key), starts_at, expires_at, names: names(&parsed) })
    }

    /// Whether the leaf vouches for exactly these names.
    pub(super) fn names_are(&self, wanted: &[String]) -> bool {
        self.names == wanted.iter().cloned().collect()
    }
}

/// The alternative names of a certificate, addresses in their usual form.
fn names(certificate: &X509Certificate<'_>) -> BTreeSet<String> {
    let extension = certificate.subject_alternative_name().ok().flatten();
    let all = extension.map(|e| e.value.general_names.as_slice()).unwrap_or_default();
    let written = all.iter().filter_map(|name| match name {
        GeneralName::DNSName(name) => Some((*name).to_owned()),
        GeneralName::IPAddress(octets) => address(octets).map(|a| a.to_string()),
        _ => None,
    });
    written.collect()
}

fn address(octets: &[u8]) -> Option<IpAddr> {
    let v4 = <[u8; 4]>::try_from(octets).map(|o| IpAddr::V4(Ipv4Addr::from(o)));
    v4.or_else(|_| <[u8; 16]>::try_from(octets).map(|o| IpAddr::V6(Ipv6Addr::from(o)))).ok()
}
