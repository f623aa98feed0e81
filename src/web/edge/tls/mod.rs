//! TLS without the Internet: the machine vouches for itself, and devices that installed its root see no warning.
//!
//! [`TlsKeeper`] owns the folder `tls/` (`authority.pem`, `leaf.pem`, for the owner alone), renews the leaf and
//! swaps it under running connections. What the authority can and cannot sign is in
//! `authority.rs`.
mod authority;
mod files;
mod leaf;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, SystemTime};

use sha2::{Digest as _, Sha256};
use tokio::sync::watch;
use tokio::time::interval;
use tokio_rustls::rustls::server::{ClientHello, ResolvesServerCert};
use tokio_rustls::rustls::sign::CertifiedKey;
use tokio_rustls::rustls::{self, ServerConfig};

use super::names::Names;
use super::reply::stopped;
use crate::base::{Error, Result};
use authority::Authority;
use leaf::Leaf;

/// A leaf with less than this left is replaced.
const RENEW: Duration = Duration::from_secs(30 * 24 * 3600);
/// How often names and time are looked at again.
const ROUND: Duration = Duration::from_secs(60);

/// Keeper of this machine's certificates.
#[derive(Debug)]
pub struct TlsKeeper {
    folder: PathBuf,
    authority: Authority,
    current: Arc<Current>,
}

/// The leaf that new connections get.
#[derive(Debug)]
struct Current(RwLock<Leaf>);

impl Current {
    fn leaf(&self) -> Leaf {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set(&self, leaf: Leaf) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = leaf;
    }
}

impl ResolvesServerCert for Current {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.leaf().key)
    }
}

impl TlsKeeper {
    /// Opens the folder; on first use makes the authority and a leaf for `names`. Fails with the conflict
    /// `clock_before_build` when something would have to be issued by a clock that is plainly wrong.
    pub fn open(folder: &Path, names: &Names) -> Result<Self> {
        Self::open_at(folder, names, SystemTime::now())
    }

    fn open_at(folder: &Path, names: &Names, now: SystemTime) -> Result<Self> {
        files::make_folder(folder).map_err(Error::internal)?;
        let authority = load_authority(folder, names, now)?;
        let stored = files::read(&folder.join("leaf.pem")).map_err(Error::internal)?;
        let leaf = match stored.and_then(|stored| Leaf::load(&stored, &authority)) {
            Some(leaf) => leaf,
            None => issue(folder, &authority, &authority.covered(names), now)?,
        };
        let keeper =
            Self { folder: folder.to_owned(), authority, current: Arc::new(Current(RwLock::new(leaf))) };
        if let Err(fault) = keeper.refresh_at(names, now) {
            tracing::warn!(%fault, "the certificate could not be renewed; the present one stays in use");
        }
        Ok(keeper)
    }

    /// Issues a new leaf if the names have changed or the present one has under 30 days left. Says whether it did.
    /// New connections get it at once; running ones go on.
    pub fn refresh(&self, names: &Names) -> Result<bool> {
        self.refresh_at(names, SystemTime::now())
    }

    fn refresh_at(&self, names: &Names, now: SystemTime) -> Result<bool> {
        let (present, wanted) = (self.current.leaf(), self.authority.covered(names));
        // A leaf of the future was made by a clock that has been put right since.
        let lasting =
            present.starts_at <= now && present.expires_at > now + RENEW.min(self.authority_left(now));
        if lasting && present.names_are(&wanted) {
            return Ok(false);
        }
        self.current.set(issue(&self.folder, &self.authority, &wanted, now)?);
        Ok(true)
    }

    /// Near the authority's own end no leaf can have 30 days left; renewing it every minute would not help.
    fn authority_left(&self, now: SystemTime) -> Duration {
        self.authority.ends_at.duration_since(now).unwrap_or_default().saturating_sub(ROUND)
    }

    /// What rustls needs to serve: HTTP/2 and HTTP/1.1 over TLS 1.2 and 1.3, with whatever leaf is current.
    pub fn server_config(&self) -> Result<Arc<ServerConfig>> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(Error::internal)?
            .with_no_client_auth()
            .with_cert_resolver(self.current.clone());
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(Arc::new(config))
    }

    /// SHA-256 of the root, to compare on both screens before trusting it.
    pub fn fingerprint(&self) -> [u8; 32] {
        Sha256::digest(&self.authority.root).into()
    }

    /// When the current leaf ends, for the health report.
    pub fn expires_at(&self) -> SystemTime {
        self.current.leaf().expires_at
    }

    /// The root certificate as PEM, for the page that hands it out.
    pub fn root_pem(&self) -> &str {
        &self.authority.root_pem
    }

    /// The root certificate as DER, as Android and Windows like it.
    pub fn root_der(&self) -> &[u8] {
        &self.authority.root
    }
}

/// Looks every minute what this machine is called and announces changes to the Host check and the certificate.
/// `discover` may block. Returns when the program stops.
pub async fn keep_fresh(
    keeper: Option<Arc<TlsKeeper>>,
    discover: impl Fn() -> Names + Send + Sync + 'static,
    names: watch::Sender<Names>,
    stop: watch::Receiver<bool>,
) {
    let discover = Arc::new(discover);
    let mut round = interval(ROUND);
    let mut stop = std::pin::pin!(stopped(stop));
    loop {
        tokio::select! {
            () = stop.as_mut() => return,
            _ = round.tick() => {}
        }
        let (discover, keeper) = (discover.clone(), keeper.clone());
        let found = tokio::task::spawn_blocking(move || {
            let found = discover();
            if let Some(Err(fault)) = keeper.map(|keeper| keeper.refresh(&found)) {
                tracing::warn!(%fault, "the certificate could not be renewed; the present one stays in use");
            }
            found
        });
        if let Ok(found) = found.await {
            names.send_if_modified(|present| std::mem::replace(present, found.clone()) != found);
        }
    }
}

/// The stored authority, or a new one where there is none that works. A replaced one is kept: if only the clock was
/// wrong, it comes back, and devices that trust it never notice.
fn load_authority(folder: &Path, names: &Names, now: SystemTime) -> Result<Authority> {
    let (path, retired) = (folder.join("authority.pem"), folder.join("retired.pem"));
    let stored = files::read(&path).map_err(Error::internal)?;
    let older = files::read(&retired).map_err(Error::internal)?;
    let load = |stored: &Option<String>| stored.as_deref().and_then(Authority::load);
    let present = load(&stored);
    match (present, check_clock(now)) {
        (Some(present), Ok(())) if present.is_valid(now) => return Ok(present),
        (Some(present), Err(_)) => return Ok(present),
        (_, clock) => clock?,
    }
    let next = match older.filter(|older| Authority::load(older).is_some_and(|older| older.is_valid(now))) {
        Some(older) => older,
        None => Authority::create(names, now)?,
    };
    if let Some(stored) = stored {
        tracing::warn!("the certificate authority was damaged or out of its time and has been replaced");
        files::write(&retired, &stored).map_err(Error::internal)?;
    }
    files::write(&path, &next).map_err(Error::internal)?;
    Authority::load(&next).ok_or_else(|| Error::internal("a new certificate authority does not load"))
}

/// A new leaf, stored and loaded.
fn issue(folder: &Path, authority: &Authority, names: &[String], now: SystemTime) -> Result<Leaf> {
    check_clock(now)?;
    let own = files::read(&folder.join("authority.pem")).map_err(Error::internal)?.unwrap_or_default();
    let made = authority.issue(&own, names, now)?;
    files::write(&folder.join("leaf.pem"), &made).map_err(Error::internal)?;
    Leaf::load(&made, authority).ok_or_else(|| Error::internal("a new certificate does not load"))
}

/// A clock before the day this program was built cannot date a certificate.
fn check_clock(now: SystemTime) -> Result<()> {
    let built = env!("TASKMED_BUILD_TIME").parse().unwrap_or_default();
    let since = now.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs();
    if since < built { Err(Error::conflict("clock_before_build")) } else { Ok(()) }
}
