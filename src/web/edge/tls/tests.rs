//! The authority and its leaf as a browser judges them.
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::ServerCertVerifier as _;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, RootCertStore};

use super::*;

const DAY: Duration = Duration::from_secs(24 * 3600);

/// What a client that trusts only the keeper's root says about the leaf at a given time.
fn verdict(
    keeper: &TlsKeeper,
    leaf: &Leaf,
    name: &str,
    at: SystemTime,
) -> std::result::Result<(), rustls::Error> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from(keeper.root_der().to_vec())).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider).build().unwrap();
    let at = UnixTime::since_unix_epoch(at.duration_since(SystemTime::UNIX_EPOCH).unwrap());
    let name = ServerName::try_from(name.to_owned()).unwrap();
    verifier.verify_server_cert(&leaf.key.cert[0], &leaf.key.cert[1..], &name, &[], at).map(|_| ())
}

struct Place {
    folder: tempfile::TempDir,
    now: SystemTime,
}

impl Place {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), now: SystemTime::now() + DAY }
    }

    fn open(&self, names: &Names) -> TlsKeeper {
        self.open_after(names, Duration::ZERO)
    }

    fn open_after(&self, names: &Names, later: Duration) -> TlsKeeper {
        TlsKeeper::open_at(&self.tls(), names, self.now + later).unwrap()
    }

    fn tls(&self) -> PathBuf {
        self.folder.path().join("tls")
    }
}

#[test]
fn the_leaf_is_good_for_every_local_name_from_two_days_ago() {
    let place = Place::new();
    let names = Names::loopback().with_name("recepcao.local").with_address([192, 168, 0, 9].into());
    let keeper = place.open(&names);
    let leaf = keeper.current.leaf();
    for name in ["localhost", "taskmed.local", "recepcao.local", "127.0.0.1", "::1", "192.168.0.9"] {
        for at in [place.now - 2 * DAY + Duration::from_secs(60), place.now, place.now + 89 * DAY] {
            verdict(&keeper, &leaf, name, at).unwrap();
        }
    }
    assert!(verdict(&keeper, &leaf, "localhost", place.now + 91 * DAY).is_err());
}

#[test]
fn the_authority_cannot_vouch_for_the_internet() {
    let place = Place::new();
    let keeper = place.open(&Names::loopback());
    let own = std::fs::read_to_string(place.tls().join("authority.pem")).unwrap();
    for name in ["bank.example", "taskmed.local.evil.example", "8.8.8.8", "172.32.0.1", "2001:db8::1"] {
        let forged = keeper.authority.issue(&own, &[name.to_owned()], place.now).unwrap();
        let forged = Leaf::load(&forged, &keeper.authority).unwrap();
        assert!(verdict(&keeper, &forged, name, place.now).is_err(), "{name}");
    }
}

#[test]
fn names_outside_the_constraints_are_left_out() {
    let place = Place::new();
    let names = Names::loopback().with_name("clinica.example.org").with_address([8, 8, 8, 8].into());
    let covered = place.open(&names).authority.covered(&names);
    assert_eq!(covered, ["localhost", "taskmed.local", "127.0.0.1", "::1"]);
}

#[test]
fn constraints_are_critical_and_the_path_ends_at_the_intermediate() {
    use x509_parser::prelude::{FromDer as _, X509Certificate};
    let place = Place::new();
    let authority = place.open(&Names::loopback()).authority;
    for (certificate, length) in [(&authority.root, 1), (&authority.intermediate, 0)] {
        let (_, parsed) = X509Certificate::from_der(certificate).unwrap();
        assert!(parsed.name_constraints().unwrap().unwrap().critical);
        let basic = parsed.basic_constraints().unwrap().unwrap();
        assert!(basic.critical && basic.value.ca);
        assert_eq!(basic.value.path_len_constraint, Some(length));
    }
}

#[test]
fn only_the_intermediates_key_is_kept_and_only_for_the_owner() {
    let place = Place::new();
    let keeper = place.open(&Names::loopback());
    let own = std::fs::read_to_string(place.tls().join("authority.pem")).unwrap();
    assert_eq!(own.matches("PRIVATE KEY-----").count(), 2, "one key, with its two lines");
    assert!(!keeper.root_pem().contains("PRIVATE"));
    let signed = keeper.authority.issue(&own, &["localhost".to_owned()], place.now).unwrap();
    assert!(Leaf::load(&signed, &keeper.authority).is_some(), "the key kept is the intermediate's");
    #[cfg(unix)]
    for (path, mode) in [("", 0o700), ("authority.pem", 0o600), ("leaf.pem", 0o600)] {
        use std::os::unix::fs::PermissionsExt as _;
        let found = std::fs::metadata(place.tls().join(path)).unwrap().permissions().mode();
        assert_eq!(found & 0o777, mode, "{path}");
    }
}

#[test]
fn a_restart_keeps_root_and_leaf() {
    let place = Place::new();
    let (first, second) = (place.open(&Names::loopback()), place.open_after(&Names::loopback(), 59 * DAY));
    assert_eq!(first.fingerprint(), second.fingerprint());
    assert_eq!(first.current.leaf().key.cert, second.current.leaf().key.cert);
}

#[test]
fn the_leaf_is_renewed_with_under_thirty_days_left() {
    let place = Place::new();
    let keeper = place.open(&Names::loopback());
    let before = keeper.expires_at();
    assert!(!keeper.refresh_at(&Names::loopback(), place.now + 59 * DAY).unwrap());
    assert!(keeper.refresh_at(&Names::loopback(), place.now + 61 * DAY).unwrap());
    assert!(keeper.expires_at() >= before + 61 * DAY);
    let reopened = place.open_after(&Names::loopback(), 400 * DAY);
    verdict(&reopened, &reopened.current.leaf(), "localhost", place.now + 400 * DAY).unwrap();
    assert_eq!(reopened.fingerprint(), keeper.fingerprint());
}

#[test]
fn near_its_own_end_the_authority_still_issues_and_then_is_replaced() {
    let place = Place::new();
    let keeper = place.open(&Names::loopback());
    let late = place.open_after(&Names::loopback(), 3640 * DAY);
    assert_eq!(late.fingerprint(), keeper.fingerprint());
    verdict(&late, &late.current.leaf(), "localhost", place.now + 3651 * DAY).unwrap();
    assert!(!late.refresh_at(&Names::loopback(), place.now + 3640 * DAY).unwrap(), "not again every minute");
    let after = place.open_after(&Names::loopback(), 3653 * DAY);
    assert_ne!(after.fingerprint(), keeper.fingerprint());
}

#[test]
fn a_clock_before_the_build_issues_nothing_but_keeps_serving() {
    let place = Place::new();
    let dead_battery = SystemTime::UNIX_EPOCH + 20 * 365 * DAY;
    let refused = TlsKeeper::open_at(&place.tls(), &Names::loopback(), dead_battery).unwrap_err();
    assert!(matches!(refused, Error::Conflict { code: "clock_before_build", .. }));
    let keeper = place.open(&Names::loopback());
    let renamed = Names::loopback().with_name("other.local");
    let again = TlsKeeper::open_at(&place.tls(), &renamed, dead_battery).unwrap();
    assert_eq!(again.current.leaf().key.cert, keeper.current.leaf().key.cert);
}

#[test]
fn a_clock_ten_years_ahead_for_a_while_does_no_lasting_harm() {
    let place = Place::new();
    let keeper = place.open(&Names::loopback());
    let ahead = place.open_after(&Names::loopback(), 3660 * DAY);
    verdict(&ahead, &ahead.current.leaf(), "localhost", place.now + 3660 * DAY).unwrap();
    let back = place.open(&Names::loopback());
    assert_eq!(back.fingerprint(), keeper.fingerprint());
    verdict(&back, &back.current.leaf(), "localhost", place.now).unwrap();
    assert!(!back.refresh_at(&Names::loopback(), place.now).unwrap());
    // The leaf alone can be of the future too, when the authority was still good then.
    place.open_after(&Names::loopback(), 1000 * DAY);
    let back = place.open(&Names::loopback());
    verdict(&back, &back.current.leaf(), "localhost", place.now).unwrap();
}

#[test]
fn a_damaged_leaf_is_replaced_under_the_same_root() {
    let place = Place::new();
    let fingerprint = place.open(&Names::loopback()).fingerprint();
    let stranger = Place::new();
    stranger.open(&Names::loopback());
    let foreign = std::fs::read_to_string(stranger.tls().join("leaf.pem")).unwrap();
    for damage in ["", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", foreign.as_str()] {
        std::fs::write(place.tls().join("leaf.pem"), damage).unwrap();
        let keeper = place.open(&Names::loopback());
        assert_eq!(keeper.fingerprint(), fingerprint);
        verdict(&keeper, &keeper.current.leaf(), "localhost", place.now).unwrap();
    }
}

#[test]
fn a_key_that_cannot_be_read_is_not_replaced() {
    let place = Place::new();
    std::fs::create_dir_all(place.tls().join("authority.pem")).unwrap();
    assert!(TlsKeeper::open_at(&place.tls(), &Names::loopback(), place.now).is_err());
}

#[test]
fn a_stranger_is_told_that_the_issuer_is_unknown() {
    let (here, there) = (Place::new(), Place::new());
    let (own, other) = (here.open(&Names::loopback()), there.open(&Names::loopback()));
    let fault = verdict(&own, &other.current.leaf(), "localhost", here.now).unwrap_err();
    let unknown = matches!(fault, rustls::Error::InvalidCertificate(CertificateError::UnknownIssuer));
    assert!(
        unknown || matches!(fault, rustls::Error::InvalidCertificate(CertificateError::BadSignature)),
        "{fault}"
    );
}
