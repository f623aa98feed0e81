//! The slots file beside a clinic's database: the same data key wrapped once per way in, as disk-encryption systems do.
//!
//! *file* slot: wrapped with this machine's owner-only key file. *recovery* slot: sealed to an X25519 public key whose private
//! half derives from the recovery code, so the program can write it anew without knowing the code.
//! A missing or unreadable slot is an error, never a reason to make a new key.
use std::{fs, path::Path};

use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce, aead::Aead, aead::Payload};
use crypto_box::{SecretKey, aead::OsRng};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::{
    OpenError,
    files::write_private,
    key::{DataKey, hex, random_bytes, unhex, unhex_array},
};

const MACHINE_KEY: &str = "machine.key";
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The slots file, as stored in JSON.
#[derive(Debug, Serialize, Deserialize)]
pub struct Slots {
    format: u32,
    clinic_id: i64,
    /// Names the data key without telling it.
    key_id: String,
    slots: Vec<Slot>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Slot {
    File { nonce: String, wrapped: String },
    Recovery { public_key: String, sealed: String },
}

impl Slots {
    /// Wraps `key` for this machine and for a new recovery code, which is returned and kept nowhere.
    pub fn create(folder: &Path, clinic_id: i64, key: &DataKey) -> Result<(Self, RecoveryCode), OpenError> {
        let code = RecoveryCode::random()?;
        let recovery = sealed_for(&code, key)?;
        let file = wrap(&*machine_key(folder, true)?, clinic_id, key)?;
        let slots = Self { format: 1, clinic_id, key_id: key_id(key), slots: vec![file, recovery] };
        Ok((slots, code))
    }

    /// Reads the slots file of clinic `clinic_id`.
    pub fn read(path: &Path, clinic_id: i64) -> Result<Self, OpenError> {
        let text = fs::read_to_string(path).map_err(|_| OpenError::Missing(path.to_owned()))?;
        let slots: Self = serde_json::from_str(&text).map_err(|_| OpenError::Locked(path.to_owned()))?;
        if slots.clinic_id != clinic_id {
            return Err(OpenError::WrongClinic { expected: clinic_id, found: slots.clinic_id });
        }
        Ok(slots)
    }

    /// Names the data key without telling it.
    pub fn key_id(&self) -> &str {
        &self.key_id
    }

    /// Writes beside the old file, flushes, then takes its place: a power cut leaves one whole file.
    pub fn write(&self, path: &Path) -> Result<(), OpenError> {
        let text = serde_json::to_vec_pretty(self).map_err(|e| OpenError::Broken(e.to_string()))?;
        write_private(path, &text)
    }

    /// The data key, by this machine's key file in `folder`.
    pub fn unlock_here(&self, folder: &Path, path: &Path) -> Result<DataKey, OpenError> {
        let locked = || OpenError::Locked(path.to_owned());
        let machine = machine_key(folder, false)?;
        let key = self.slots.iter().find_map(|slot| match slot {
            Slot::File { nonce, wrapped } => unwrap(&machine, self.clinic_id, nonce, wrapped),
            Slot::Recovery { .. } => None,
        });
        key.filter(|k| key_id(k) == self.key_id).ok_or_else(locked)
    }

    /// The data key, by the recovery code; `None` when the code is wrong.
    pub fn unlock_with(&self, code: &RecoveryCode) -> Option<DataKey> {
        let secret = code.secret_key();
        let key = self.slots.iter().find_map(|slot| match slot {
            Slot::Recovery { sealed, .. } => DataKey::from_bytes(&secret.unseal(&unhex(sealed)?).ok()?),
            Slot::File { .. } => None,
        });
        key.filter(|k| key_id(k) == self.key_id)
    }

    /// Whether `code` is the one this file was made with, by its public half alone.
    pub fn recovery_code_matches(&self, code: &RecoveryCode) -> bool {
        let public = hex(code.secret_key().public_key().as_bytes());
        self.slots
            .iter()
            .any(|slot| matches!(slot, Slot::Recovery { public_key, .. } if *public_key == public))
    }

    /// Replaces the recovery slot by one for a new code, which is returned and kept nowhere.
    pub fn renew_recovery(&mut self, key: &DataKey) -> Result<RecoveryCode, OpenError> {
        let code = RecoveryCode::random()?;
        let fresh = sealed_for(&code, key)?;
        self.slots.retain(|slot| !matches!(slot, Slot::Recovery { .. }));
        self.slots.push(fresh);
        Ok(code)
    }

    /// Replaces the file slot by one for this machine; the recovery slot stays as it is.
    pub fn rewrap_here(&mut self, folder: &Path, key: &DataKey) -> Result<(), OpenError> {
        let fresh = wrap(&*machine_key(folder, true)?, self.clinic_id, key)?;
        self.slots.retain(|slot| !matches!(slot, Slot::File { .. }));
        self.slots.push(fresh);
        Ok(())
    }
}

fn key_id(key: &DataKey) -> String {
    let digest = Sha256::new().chain_update(b"taskmed key id v1").chain_update(key.bytes()).finalize();
    hex(digest.get(..8).unwrap_or_default())
}

fn sealed_for(code: &RecoveryCode, key: &DataKey) -> Result<Slot, OpenError> {
    let public_key = code.secret_key().public_key();
    let sealed =
        public_key.seal(&mut OsRng, key.bytes()).map_err(|_| OpenError::Broken("sealing failed".into()))?;
    Ok(Slot::Recovery { public_key: hex(public_key.as_bytes()), sealed: hex(&sealed) })
}

fn associated(clinic_id: i64) -> String {
    format!("taskmed file slot v1 clinic {clinic_id}")
}

fn cipher(machine: &[u8; 32]) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(&(*machine).into())
}

fn wrap(machine: &[u8; 32], clinic_id: i64, key: &DataKey) -> Result<Slot, OpenError> {
    let nonce: [u8; 24] = random_bytes()?;
    let aad = associated(clinic_id);
    let wrapped = cipher(machine)
        .encrypt(&XNonce::from(nonce), Payload { msg: key.bytes(), aad: aad.as_bytes() })
        .map_err(|_| OpenError::Broken("wrapping failed".into()))?;
    Ok(Slot::File { nonce: hex(&nonce), wrapped: hex(&wrapped) })
}

fn unwrap(machine: &[u8; 32], clinic_id: i64, nonce: &str, wrapped: &str) -> Option<DataKey> {
    let nonce: [u8; 24] = unhex_array(nonce)?;
    let aad = associated(clinic_id);
    let wrapped = unhex(wrapped)?;
    let clear = cipher(machine)
        .decrypt(&XNonce::from(nonce), Payload { msg: &wrapped, aad: aad.as_bytes() })
        .ok()
        .map(Zeroizing::new)?;
    DataKey::from_bytes(&clear)
}

/// This machine's wrapping key: `machine.key` in the data folder, readable by its owner alone.
fn machine_key(folder: &Path, create: bool) -> Result<Zeroizing<[u8; 32]>, OpenError> {
    let path = folder.join(MACHINE_KEY);
    if create && !path.exists() {
        write_private(&path, hex(&random_bytes::<32>()?).as_bytes())?;
    }
    let text = Zeroizing::new(fs::read_to_string(&path).map_err(|_| OpenError::Missing(path.clone()))?);
    let bytes = unhex_array(text.trim()).ok_or(OpenError::Locked(path))?;
    Ok(Zeroizing::new(bytes))
}

/// The code that opens a clinic's key without this machine: 130 random bits and a 10-bit check, as seven groups of four.
///
/// Crockford's base 32, so that 0/O and 1/I/L are one when typed.
#[derive(Clone)]
pub struct RecoveryCode(Zeroizing<String>);

impl RecoveryCode {
    fn random() -> Result<Self, OpenError> {
        let bytes: [u8; 26] = random_bytes()?;
        let mut body: String = bytes.iter().map(|b| letter(*b)).collect();
        body.push_str(&check(&body));
        Ok(Self(Zeroizing::new(body)))
    }

    /// Reads what a person typed: any case, any grouping. `None` when it is not a code or a letter is wrong.
    pub fn parse(text: &str) -> Option<Self> {
        let clean: String = text.chars().filter(char::is_ascii_alphanumeric).map(unconfuse).collect();
        let (body, tail) = clean.split_at_checked(26)?;
        (clean.len() == 28 && clean.bytes().all(|b| ALPHABET.contains(&b)) && tail == check(body))
            .then(|| Self(Zeroizing::new(clean.clone())))
    }

    /// The code in groups of four, as shown and printed.
    pub fn grouped(&self) -> String {
        let groups: Vec<&str> = (0..28).step_by(4).filter_map(|i| self.0.get(i..i + 4)).collect();
        groups.join("-")
    }

    /// The last group, which set-up asks back.
    pub fn last_group(&self) -> String {
        self.0.get(24..).unwrap_or_default().to_owned()
    }

    fn secret_key(&self) -> SecretKey {
        let digest =
            Sha256::new().chain_update(b"taskmed recovery v1").chain_update(self.0.as_bytes()).finalize();
        SecretKey::from_bytes(digest.into())
    }
}

/// One of the 32 letters of Crockford's base 32.
pub(super) fn letter(byte: u8) -> char {
    ALPHABET.get(usize::from(byte & 31)).map_or('0', |b| char::from(*b))
}

fn check(body: &str) -> String {
    let digest =
        Sha256::new().chain_update(b"taskmed recovery check").chain_update(body.as_bytes()).finalize();
    digest.iter().take(2).map(|b| letter(*b)).collect()
}

/// Upper case, with the letters people confuse folded as Crockford does.
pub fn unconfuse(c: char) -> char {
    match c.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_opens_by_machine_and_by_code_and_not_by_another_code() {
        let folder = tempfile::tempdir().unwrap();
        let key = DataKey::random().unwrap();
        let (slots, code) = Slots::create(folder.path(), 1, &key).unwrap();
        let path = folder.path().join("clinic.key");
        slots.write(&path).unwrap();
        let slots = Slots::read(&path, 1).unwrap();
        assert_eq!(slots.unlock_here(folder.path(), &path).unwrap().bytes(), key.bytes());
        let typed = RecoveryCode::parse(&code.grouped().to_lowercase().replace('0', "o")).unwrap();
        assert_eq!(slots.unlock_with(&typed).unwrap().bytes(), key.bytes());
        assert!(slots.recovery_code_matches(&typed));
        assert!(slots.unlock_with(&RecoveryCode::random().unwrap()).is_none());
    }

    #[test]
    fn a_new_code_takes_the_old_ones_place() {
        let folder = tempfile::tempdir().unwrap();
        let key = DataKey::random().unwrap();
        let (mut slots, old) = Slots::create(folder.path(), 1, &key).unwrap();
        let new = slots.renew_recovery(&key).unwrap();
        assert_eq!(slots.unlock_with(&new).unwrap().bytes(), key.bytes());
        assert!(slots.unlock_with(&old).is_none() && !slots.recovery_code_matches(&old));
        let path = folder.path().join("clinic.key");
        assert_eq!(slots.unlock_here(folder.path(), &path).unwrap().bytes(), key.bytes());
    }

    #[test]
    fn a_mistyped_code_is_noticed() {
        let code = RecoveryCode::random().unwrap().grouped();
        let wrong: String = code
            .chars()
            .enumerate()
            .map(|(i, c)| if i == 6 { if c == '7' { '8' } else { '7' } } else { c })
            .collect();
        assert!(RecoveryCode::parse(&code).is_some());
        assert!(RecoveryCode::parse(&wrong).is_none());
    }

    #[test]
    fn slots_of_another_clinic_or_machine_are_refused() {
        let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let key = DataKey::random().unwrap();
        let (slots, _) = Slots::create(here.path(), 1, &key).unwrap();
        let path = here.path().join("clinic.key");
        slots.write(&path).unwrap();
        assert!(matches!(Slots::read(&path, 2), Err(OpenError::WrongClinic { expected: 2, found: 1 })));
        machine_key(there.path(), true).unwrap();
        assert!(matches!(slots.unlock_here(there.path(), &path), Err(OpenError::Locked(_))));
    }
}
