//! The machine's own certificate authority: a root that can never sign again and one intermediate, both confined to
//! this machine's and local networks' names by critical name constraints.
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::{Duration, SystemTime};

use rcgen::{
    BasicConstraints, CertificateParams, CidrSubnet, DnType, ExtendedKeyUsagePurpose, GeneralSubtree, IsCa,
    Issuer, KeyPair, KeyUsagePurpose, NameConstraints,
};
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use x509_parser::prelude::{FromDer as _, X509Certificate};
use zeroize::Zeroize as _;

use super::super::names::{Names, is_private};
use crate::base::{Error, Result};

const DAY: Duration = Duration::from_secs(24 * 3600);
/// Batteries of front-desk clocks run out: a certificate already valid two days ago survives a wrong date.
const BACKDATE: Duration = Duration::from_secs(2 * 24 * 3600);
/// The root cannot be renewed without asking every device to trust a new one.
const AUTHORITY_LIFE: Duration = Duration::from_secs(3652 * 24 * 3600);
/// Of the leaf; below every browser's limit.
const LEAF_LIFE: Duration = Duration::from_secs(90 * 24 * 3600);
/// The names beside the host's own that the authority may ever vouch for.
const PERMITTED_NAMES: [&str; 4] = ["localhost", "local", "home.arpa", "internal"];

/// The certificates of an authority. The intermediate's key stays in its file until something is to be signed.
#[derive(Debug, Clone)]
pub(super) struct Authority {
    pub(super) root: CertificateDer<'static>,
    pub(super) intermediate: CertificateDer<'static>,
    pub(super) root_pem: String,
    pub(super) ends_at: SystemTime,
    starts_at: SystemTime,
    intermediate_pem: String,
}

impl Authority {
    /// Makes a new one and returns what is to be stored: root, intermediate and the intermediate's key. The root's
    /// key does not leave this function.
    pub(super) fn create(names: &Names, now: SystemTime) -> Result<String> {
        let id = format!("{:06X}", fastrand::u32(..1 << 24));
        let root = authority_params(&format!("TaskMed {id} root"), 1, names, now);
        let intermediate = authority_params(&format!("TaskMed {id} issuer"), 0, names, now);
        let mut root_key = KeyPair::generate().map_err(Error::internal)?;
        let mut key = KeyPair::generate().map_err(Error::internal)?;
        let root_certificate = root.self_signed(&root_key).map_err(Error::internal)?;
        let issuer = Issuer::from_params(&root, &root_key);
        let certificate = intermediate.signed_by(&key, &issuer).map_err(Error::internal)?;
        root_key.zeroize();
        let stored = format!("{}{}{}", root_certificate.pem(), certificate.pem(), key.serialize_pem());
        key.zeroize();
        Ok(stored)
    }

    /// Reads what [`Authority::create`] made; none where it is broken.
    pub(super) fn load(stored: &str) -> Option<Self> {
        let mut certificates = CertificateDer::pem_slice_iter(stored.as_bytes()).flatten();
        let mut texts = stored.split("-----BEGIN ").skip(1).map(|text| format!("-----BEGIN {text}"));
        let (root, intermediate) = (certificates.next()?, certificates.next()?);
        let key = issuing_key(stored).ok()?;
        let (_, parsed) = X509Certificate::from_der(&intermediate).ok()?;
        let (_, parsed_root) = X509Certificate::from_der(&root).ok()?;
        parsed.verify_signature(Some(parsed_root.public_key())).ok()?;
        if parsed.public_key().subject_public_key.data.as_ref() != rcgen::PublicKeyData::der_bytes(&key) {
            return None;
        }
        let (starts_at, ends_at) = life(&parsed);
        let (root_pem, intermediate_pem) = (texts.next()?, texts.next()?);
        Some(Self { root, intermediate, root_pem, ends_at, starts_at, intermediate_pem })
    }

    /// Whether it can vouch for anything at this time.
    pub(super) fn is_valid(&self, now: SystemTime) -> bool {
        self.starts_at <= now && now + DAY < self.ends_at
    }

    /// Of all names of this machine those the authority may vouch for.
    pub(super) fn covered(&self, names: &Names) -> Vec<String> {
        let permitted = self.permitted_names();
        let inside = |name: &String| {
            permitted
                .iter()
                .any(|p| name == p || name.strip_suffix(p.as_str()).is_some_and(|n| n.ends_with('.')))
        };
        let addresses = names.addresses().into_iter().filter(|a| is_private(*a));
        names.dns().into_iter().filter(inside).chain(addresses.map(|a| a.to_string())).collect()
    }

    /// The host may have been renamed since: only the certificate knows what it is confined to.
    fn permitted_names(&self) -> Vec<String> {
        use x509_parser::extensions::GeneralName;
        let parsed = X509Certificate::from_der(&self.intermediate).ok();
        let constraints = parsed.as_ref().and_then(|(_, c)| c.name_constraints().ok().flatten());
        let trees = constraints.and_then(|c| c.value.permitted_subtrees.as_ref()).into_iter().flatten();
        let names = trees.filter_map(|tree| match tree.base {
            GeneralName::DNSName(name) => Some(name.to_owned()),
            _ => None,
        });
        names.collect()
    }

    /// A new leaf for `names` with its chain and key, as stored; `stored` is the authority's own file.
    pub(super) fn issue(&self, stored: &str, names: &[String], now: SystemTime) -> Result<String> {
        let mut params = CertificateParams::new(names.to_vec()).map_err(Error::internal)?;
        let common = names.first().map_or("localhost", String::as_str);
        params.distinguished_name.push(DnType::CommonName, common);
        params.not_before = (now - BACKDATE).into();
        params.not_after = (now + LEAF_LIFE).min(self.ends_at).into();
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.use_authority_key_identifier_extension = true;
        let mut issuing = issuing_key(stored)?;
        let mut key = KeyPair::generate().map_err(Error::internal)?;
        let issuer = Issuer::from_ca_cert_der(&self.intermediate, &issuing).map_err(Error::internal)?;
        let leaf = params.signed_by(&key, &issuer).map_err(Error::internal)?;
        issuing.zeroize();
        let stored = format!("{}{}{}", leaf.pem(), self.intermediate_pem, key.serialize_pem());
        key.zeroize();
        Ok(stored)
    }
}

/// From when until when a certificate is good.
pub(super) fn life(certificate: &X509Certificate<'_>) -> (SystemTime, SystemTime) {
    let at = |time: x509_parser::time::ASN1Time| {
        SystemTime::UNIX_EPOCH + Duration::from_secs(u64::try_from(time.timestamp()).unwrap_or_default())
    };
    (at(certificate.validity().not_before), at(certificate.validity().not_after))
}

/// The private key in an authority's file.
fn issuing_key(stored: &str) -> Result<KeyPair> {
    let key = PrivatePkcs8KeyDer::from_pem_slice(stored.as_bytes()).map_err(Error::internal)?;
    KeyPair::try_from(&PrivateKeyDer::Pkcs8(key)).map_err(Error::internal)
}

fn authority_params(name: &str, path_length: u8, names: &Names, now: SystemTime) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    params.distinguished_name.push(DnType::OrganizationName, "TaskMed");
    params.not_before = (now - BACKDATE).into();
    params.not_after = (now + AUTHORITY_LIFE).into();
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(path_length));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.use_authority_key_identifier_extension = true;
    params.name_constraints =
        Some(NameConstraints { permitted_subtrees: permitted(names.host()), excluded_subtrees: Vec::new() });
    params
}

/// The trees both authorities are confined to: a stolen one cannot vouch for any site of the Internet.
fn permitted(host: Option<&str>) -> Vec<GeneralSubtree> {
    let names = PERMITTED_NAMES.into_iter().chain(host).map(|name| GeneralSubtree::DnsName(name.to_owned()));
    let v4 = [([127, 0, 0, 0], 8), ([10, 0, 0, 0], 8), ([172, 16, 0, 0], 12), ([192, 168, 0, 0], 16)];
    let v4 = v4.into_iter().chain([([169, 254, 0, 0], 16)]).map(|(a, n)| (IpAddr::V4(Ipv4Addr::from(a)), n));
    let v6 = [
        (Ipv6Addr::LOCALHOST, 128),
        (Ipv6Addr::from_bits(0xfc << 120), 7),
        (Ipv6Addr::from_bits(0xfe8 << 116), 10),
    ];
    let networks = v4.chain(v6.into_iter().map(|(a, n)| (IpAddr::V6(a), n)));
    names
        .chain(networks.map(|(a, n)| GeneralSubtree::IpAddress(CidrSubnet::from_addr_prefix(a, n))))
        .collect()
}
