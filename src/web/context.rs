//! What every request can reach besides its own clinic: the open clinics, the door's throttle, the machine's settings.
use std::{
    collections::BTreeMap,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError, RwLock},
};

use moka::sync::Cache;

use super::{
    in_flight::InFlight,
    trace::{Glances, glances},
};
use crate::{
    access::{
        Caller, DemoSignIn, Token, house::House, presence::Presence, session, strangers::Strangers,
        throttle::Addresses,
    },
    backup::Keeper,
    base::{Clock, Instant, Result},
    db::{Clinic, Clinics, slots::RecoveryCode},
    telemetry::Observatory,
};

/// What the program knows of the machine, asked anew each time.
pub trait Machine: Send + Sync + 'static {
    /// When the TLS certificate ends; none when TLS is off.
    fn certificate_expires_at(&self) -> Option<Instant>;
    /// SHA-256 of the machine's own authority, as hexadecimal pairs; none when TLS is off.
    fn authority_fingerprint(&self) -> Option<String>;
    /// The authority's certificate in PEM, for other machines to trust; none when TLS is off.
    fn authority_pem(&self) -> Option<String>;
    /// This very program's file, to start it once more; none where it is not to be started.
    fn program(&self) -> Option<PathBuf> {
        None
    }
    /// Free bytes on the disk of the data folder; none when it cannot be told.
    fn free_bytes(&self) -> Option<u64>;
}

/// Shared by all requests of one running program.
pub struct Context {
    home: Arc<Clinics>,
    active: RwLock<Active>,
    /// The session of each token, which is the same as long as there is one.
    sessions: Cache<(i64, [u8; 32]), i64>,
    /// Who was here, not yet written down.
    pub presence: Arc<Presence>,
    /// Counts sign-in tries per address.
    pub addresses: Addresses,
    /// Whether there is room for one more.
    pub house: House,
    /// Requests under way.
    pub in_flight: Arc<InFlight>,
    /// Counts failed tries on e-mails nobody here has.
    pub strangers: Strangers,
    /// Recovery codes shown and not yet asked back, by clinic; gone when the program stops.
    pub codes: Mutex<BTreeMap<i64, RecoveryCode>>,
    /// Held while a demonstration is made or left: one at a time.
    pub demonstrations: Arc<tokio::sync::Mutex<()>>,
    /// Looks of screens nobody is at, each on record once.
    pub glances: Glances,
    /// When the program started.
    pub started: Instant,
    /// The machine.
    pub machine: Box<dyn Machine>,
    /// Where copies of the clinics are kept.
    pub backups: Keeper,
    /// What the program knows of itself.
    pub observatory: Arc<Observatory>,
}

/// What is being served.
struct Active {
    clinics: Arc<Clinics>,
    /// How one signs in to the demonstration; empty while it is not shown.
    sign_ins: Vec<DemoSignIn>,
}

impl Context {
    /// A context over the clinics of the data folder.
    pub fn new(home: Arc<Clinics>, machine: Box<dyn Machine>) -> Self {
        let started = home.clock().now();
        let observatory = Arc::new(Observatory::new(home.folder(), None));
        Self {
            house: House::new(home.folder().to_owned()),
            backups: Keeper::new(home.folder(), None),
            active: RwLock::new(Active { clinics: Arc::clone(&home), sign_ins: Vec::new() }),
            home,
            sessions: Cache::new(10_000),
            presence: Arc::default(),
            addresses: Addresses::default(),
            in_flight: Arc::default(),
            strangers: Strangers::default(),
            codes: Mutex::default(),
            demonstrations: Arc::default(),
            glances: glances(),
            started,
            machine,
            observatory,
        }
    }

    /// Lets other machines that have `key` ask for the program's figures.
    #[must_use]
    pub fn with_metrics_key(mut self, key: Option<String>) -> Self {
        self.observatory = Arc::new(Observatory::new(self.home.folder(), key));
        self
    }

    /// Keeps copies in a folder of the settings.
    #[must_use]
    pub fn with_backup_folder(mut self, folder: Option<PathBuf>) -> Self {
        self.backups = Keeper::new(self.home.folder(), folder);
        self
    }

    /// The clinics now served: the data folder's own, or the demonstration's.
    pub fn clinics(&self) -> Arc<Clinics> {
        Arc::clone(&self.active.read().unwrap_or_else(PoisonError::into_inner).clinics)
    }

    /// Where the data folder lies.
    pub fn data_folder(&self) -> PathBuf {
        self.home.folder().to_owned()
    }

    /// The clock everything uses.
    pub fn clock(&self) -> &Clock {
        self.home.clock()
    }

    /// Whether the data folder has a clinic of its own, whatever is being served.
    pub fn has_clinic(&self) -> bool {
        !self.home.is_empty()
    }

    /// Whether the demonstration is being served.
    pub fn in_demonstration(&self) -> bool {
        !Arc::ptr_eq(&self.clinics(), &self.home)
    }

    /// How one signs in to the demonstration being served; nobody while there is none.
    pub fn demo_sign_ins(&self) -> Vec<DemoSignIn> {
        self.active.read().unwrap_or_else(PoisonError::into_inner).sign_ins.clone()
    }

    /// Serves another folder's clinics (the demonstration's) from now on.
    pub fn serve(&self, clinics: Arc<Clinics>, sign_ins: Vec<DemoSignIn>) {
        *self.active.write().unwrap_or_else(PoisonError::into_inner) = Active { clinics, sign_ins };
        self.sessions.invalidate_all();
    }

    /// Goes back to the data folder's own clinics and answers those left behind, to be closed.
    pub fn serve_home(&self) -> Option<Arc<Clinics>> {
        let mut active = self.active.write().unwrap_or_else(PoisonError::into_inner);
        let home = Active { clinics: Arc::clone(&self.home), sign_ins: Vec::new() };
        let left = std::mem::replace(&mut *active, home).clinics;
        self.sessions.invalidate_all();
        (!Arc::ptr_eq(&left, &self.home)).then_some(left)
    }

    /// The clinic and caller behind a session's token. Remembered until the session or the person changes.
    pub(super) async fn caller(&self, token: &Token) -> Result<Option<(Arc<Clinic>, Arc<Caller>)>> {
        let Some(clinic) = self.clinics().get(token.clinic_id) else { return Ok(None) };
        let key = (token.clinic_id, token.hash());
        let now = self.clock().seconds();
        let known = self.sessions.get(&key).and_then(|id| clinic.kept::<Caller>(id));
        if let Some(caller) = known.filter(|caller| caller.is_open(now)) {
            clinic.meter().looked("sessions", true);
            return Ok(Some((clinic, caller)));
        }
        clinic.meter().looked("sessions", false);
        let found = session::find(&clinic, token).await?;
        if let Some(caller) = &found {
            self.sessions.insert(key, caller.session_id);
        }
        Ok(found.map(|caller| (clinic, caller)))
    }

    /// Sessions remembered, of all clinics.
    pub fn remembered_sessions(&self) -> u64 {
        self.sessions.entry_count()
    }

    /// Closes every clinic. Blocks.
    pub fn close(&self) {
        self.clinics().close();
        self.home.close();
    }
}
