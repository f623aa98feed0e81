//! What a copy says of itself. Every byte of it counts: it is read only as it was written, carries a sum of itself, and is signed
//! with the clinic's key, so that neither a bad disk nor whoever has no key can change it unnoticed.
use std::{collections::BTreeMap, fs, path::Path};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::Refusal;
use crate::{
    base::Instant,
    choices,
    db::{
        key::hex,
        schema,
        snapshot::{Contents, Files, Flaw},
    },
};

/// The name of the file.
pub const NAME: &str = "manifest.json";
/// The form of the file.
const FORMAT: u32 = 1;
/// What is signed, for the clinic's key.
const WHAT: &str = "taskmed backup manifest v1";

choices! {
    /// Why a copy was made.
    Reason {
        /// The program started, and the last one was old.
        Start = "start",
        /// An hour has passed, and something was written.
        Hourly = "hourly",
        /// A day has passed.
        Daily = "daily",
        /// The program stops, and something was written.
        Stop = "stop",
        /// Somebody asked for it.
        ByHand = "by_hand",
    }
}

/// A file of a copy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sum {
    /// Its bytes.
    pub bytes: u64,
    /// Their SHA-256, in hexadecimal.
    pub sha256: String,
}

/// What a copy says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    format: u32,
    /// The clinic's number.
    pub clinic_id: i64,
    /// When it was made.
    pub made_at: Instant,
    /// Why.
    pub reason: Reason,
    /// Version of the program that made it.
    pub program: String,
    /// What the clinic's file holds.
    pub contents: Contents,
    /// Its files by name.
    pub files: BTreeMap<String, Sum>,
    /// Signed with the clinic's key, over all above.
    signature: String,
    /// SHA-256 over all above, to be told from a forgery without the key.
    sum: String,
}

impl Manifest {
    /// The manifest of the files in a folder that hold `contents`.
    pub(super) fn of(
        files: &Files,
        (made_at, reason): (Instant, Reason),
        contents: Contents,
    ) -> Result<Self, Refusal> {
        let sums = Files::NAMES.iter().map(|name| {
            let path = files.folder().join(name);
            sum_of(&path).map(|sum| ((*name).to_owned(), sum)).map_err(Refusal::disk(path))
        });
        let mut made = Self {
            format: FORMAT,
            clinic_id: files.id(),
            made_at,
            reason,
            program: env!("CARGO_PKG_VERSION").to_owned(),
            contents,
            files: sums.collect::<Result<_, _>>()?,
            signature: String::new(),
            sum: String::new(),
        };
        made.signature = hex(&files.sign(WHAT, &made.unsigned()));
        made.sum = made.summed();
        Ok(made)
    }

    /// Reads the manifest of the copy in `folder`, exactly as it was written.
    pub fn read(folder: &Path) -> Result<Self, Refusal> {
        let file = folder.join(NAME);
        let bytes = fs::read(&file).map_err(|_| Refusal::NoCopy(folder.to_owned()))?;
        let damaged = || Refusal::Damaged { file: file.clone(), flaw: Flaw::Bytes };
        let read: Self = serde_json::from_slice(&bytes).map_err(|_| match newer(&bytes) {
            Some(schema) => Refusal::Newer(schema),
            None => damaged(),
        })?;
        if read.bytes() != bytes || read.sum != read.summed() {
            return Err(damaged());
        }
        match read.contents.schema {
            schema::VERSION if read.format == FORMAT => Ok(read),
            older if older < schema::VERSION => Err(Refusal::Older(older)),
            newer => Err(Refusal::Newer(newer)),
        }
    }

    /// The file.
    pub(super) fn bytes(&self) -> Vec<u8> {
        serde_json::to_vec_pretty(self).unwrap_or_default()
    }

    /// Whether it was signed with the key of these files.
    pub(super) fn is_signed_by(&self, files: &Files) -> bool {
        self.signature == hex(&files.sign(WHAT, &self.unsigned()))
    }

    /// Bytes of the whole copy.
    pub fn size(&self) -> u64 {
        self.files.values().map(|file| file.bytes).sum()
    }

    fn unsigned(&self) -> Vec<u8> {
        Self { signature: String::new(), sum: String::new(), ..self.clone() }.bytes()
    }

    fn summed(&self) -> String {
        hex(&Sha256::digest(Self { sum: String::new(), ..self.clone() }.bytes()))
    }
}

/// The schema version a manifest of a later form names.
fn newer(bytes: &[u8]) -> Option<i64> {
    let said: serde_json::Value = serde_json::from_slice(bytes).ok()?;
    let later = said.get("format")?.as_u64()? > u64::from(FORMAT);
    said.pointer("/contents/schema").and_then(serde_json::Value::as_i64).filter(|_| later)
}

/// Size and sum of a file.
pub(super) fn sum_of(path: &Path) -> std::io::Result<Sum> {
    copy_summing(path, &mut std::io::sink())
}

/// Writes a file elsewhere and says what passed by.
pub(super) fn copy_summing(path: &Path, into: &mut impl std::io::Write) -> std::io::Result<Sum> {
    let mut file = fs::File::open(path)?;
    let (mut bytes, mut all, mut piece) = (0, Sha256::new(), vec![0; 1 << 18]);
    loop {
        let read = std::io::Read::read(&mut file, &mut piece)?;
        let Some(part) = piece.get(..read).filter(|part| !part.is_empty()) else { break };
        all.update(part);
        into.write_all(part)?;
        bytes += part.len() as u64;
    }
    Ok(Sum { bytes, sha256: hex(&all.finalize()) })
}
