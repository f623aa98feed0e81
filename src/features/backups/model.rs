//! What is told of copies.
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    backup::{Reason, Taken, drill::Drilled},
    base::{Fields, Input, Instant},
    db::slots::RecoveryCode,
};

/// A copy.
#[derive(Debug, Serialize, JsonSchema)]
pub struct BackupCopy {
    /// The name of its folder.
    pub name: String,
    /// When it was made.
    pub made_at: Instant,
    /// Why.
    pub reason: Reason,
    /// Bytes.
    pub size_bytes: u64,
    /// Entries of the trail that are in it.
    pub entries: i64,
}

impl From<&Taken> for BackupCopy {
    fn from(copy: &Taken) -> Self {
        let manifest = &copy.manifest;
        Self {
            name: copy.folder.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            made_at: manifest.made_at,
            reason: manifest.reason,
            size_bytes: manifest.size(),
            entries: manifest.contents.entries,
        }
    }
}

/// How bringing the newest copy back into nowhere went.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Drill {
    /// When.
    pub at: Instant,
    /// When the copy was made.
    pub copy_made_at: Instant,
    /// Whether the copy could take the clinic's place.
    pub passed: bool,
    /// How long it took, in milliseconds.
    pub took_ms: u64,
}

impl From<Drilled> for Drill {
    fn from(drilled: Drilled) -> Self {
        Self {
            at: drilled.at,
            copy_made_at: drilled.copy,
            passed: drilled.failed.is_none(),
            took_ms: drilled.took_ms,
        }
    }
}

/// A copy to bring back, on a computer without a clinic.
#[derive(JsonSchema)]
pub struct Wanted {
    /// The folder of a copy, or one with copies: the newest is taken.
    pub folder: String,
    /// The clinic's recovery code.
    #[schemars(with = "String")]
    pub recovery_code: Option<RecoveryCode>,
    /// Its number, where the folder has copies of several clinics.
    #[schemars(range(min = 1))]
    pub clinic_id: Option<i64>,
}

impl Input for Wanted {
    fn read(f: &mut Fields<'_>) -> Self {
        Self {
            folder: f.text("folder", 1000),
            recovery_code: f.required("recovery_code", |text| RecoveryCode::parse(text).ok_or("wrong_code")),
            clinic_id: f.id("clinic_id"),
        }
    }
}

/// A clinic that was brought back.
#[derive(Debug, Serialize, JsonSchema)]
pub struct BroughtBack {
    /// Its number.
    pub clinic_id: i64,
    /// When the copy was made: the clinic is as it was then.
    pub made_at: Instant,
}

/// The copies of the clinic.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Backups {
    /// The folder they lie in.
    pub folder: String,
    /// Whether that is in the data folder, and so on the same disk.
    pub beside_the_data: bool,
    /// Newest first.
    pub items: Vec<BackupCopy>,
    /// Folders that look like copies and cannot be read.
    pub unreadable: usize,
    /// Entries of the trail that are in no copy yet.
    pub entries_since: i64,
    /// Why the last copy was not made, as a problem code; null where it was.
    pub failed: Option<&'static str>,
    /// The last drill; null before the first.
    pub drill: Option<Drill>,
}
