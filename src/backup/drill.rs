//! The drill: the newest copy is brought back into a scratch folder and held against what was copied, so that nobody finds out on
//! the worst day that it cannot be.
use std::{fs, path::Path};

use serde::{Deserialize, Serialize};

use super::{
    Refusal, Taken,
    restore::{bring, prove},
};
use crate::base::Instant;

/// Where the last result is kept, beside the copies.
const NAME: &str = "drill.json";
/// The scratch folder in a data folder.
const SCRATCH: &str = "drill";

/// How a drill went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drilled {
    /// When.
    pub at: Instant,
    /// When the copy was made.
    pub copy: Instant,
    /// Why it failed, as a code; none when the copy could take the clinic's place.
    pub failed: Option<String>,
    /// How long it took, in milliseconds.
    pub took_ms: u64,
}

/// Brings a copy back into a scratch folder of a data folder, and removes that again. Blocks.
pub fn drill(data: &Path, copy: &Taken) -> Result<(), Refusal> {
    let scratch = data.join(SCRATCH);
    let proven = bring(copy, &scratch).and_then(|()| prove(data, copy, None, &scratch)).map(drop);
    let _ = fs::remove_dir_all(&scratch);
    proven
}

impl Drilled {
    /// The last result of a clinic's folder of copies; none before the first.
    pub fn last(folder: &Path) -> Option<Self> {
        serde_json::from_slice(&fs::read(folder.join(NAME)).ok()?).ok()
    }

    /// Keeps it.
    pub fn keep(&self, folder: &Path) -> Result<(), Refusal> {
        let (path, fresh) = (folder.join(NAME), folder.join("drill.new"));
        let bytes = serde_json::to_vec(self).unwrap_or_default();
        fs::write(&fresh, bytes).and_then(|()| fs::rename(&fresh, &path)).map_err(Refusal::disk(path))
    }
}
