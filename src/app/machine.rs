//! What health and the trust page ask about this machine.
use std::{path::PathBuf, sync::Arc, time::UNIX_EPOCH};

use crate::{
    base::Instant,
    web::{Machine, edge::tls::TlsKeeper},
};

/// The machine the program runs on.
pub struct ThisMachine {
    data: PathBuf,
    keeper: Arc<TlsKeeper>,
}

impl ThisMachine {
    /// The machine as seen from the data folder and the certificate keeper.
    pub fn new(data: PathBuf, keeper: Arc<TlsKeeper>) -> Self {
        Self { data, keeper }
    }
}

impl Machine for ThisMachine {
    fn certificate_expires_at(&self) -> Option<Instant> {
        let since = self.keeper.expires_at().duration_since(UNIX_EPOCH).ok()?;
        i64::try_from(since.as_secs()).ok().map(Instant)
    }

    fn authority_fingerprint(&self) -> Option<String> {
        let pairs: Vec<String> = self.keeper.fingerprint().iter().map(|byte| format!("{byte:02X}")).collect();
        Some(pairs.join(":"))
    }

    fn authority_pem(&self) -> Option<String> {
        Some(self.keeper.root_pem().to_owned())
    }

    fn program(&self) -> Option<PathBuf> {
        std::env::current_exe().ok()
    }

    fn free_bytes(&self) -> Option<u64> {
        fs4::available_space(&self.data).ok()
    }
}
