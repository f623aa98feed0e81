//! The key of a clinic's file: 256 random bits, never written in clear.
use std::fmt;

use zeroize::Zeroizing;

use super::OpenError;

/// A raw 256-bit SQLCipher key, wiped from memory when dropped.
#[derive(Clone)]
pub struct DataKey(Zeroizing<[u8; 32]>);

impl DataKey {
    /// A new key from the operating system's randomness.
    pub fn random() -> Result<Self, OpenError> {
        Ok(Self(Zeroizing::new(random_bytes()?)))
    }

    /// A key from its 32 bytes; `None` for any other length.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(|b| Self(Zeroizing::new(b)))
    }

    /// The 32 bytes, for wrapping.
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The value SQLCipher takes as a raw key: no key derivation at open.
    pub(super) fn pragma(&self) -> Zeroizing<String> {
        Zeroizing::new(format!("x'{}'", hex(self.bytes())))
    }
}

impl fmt::Debug for DataKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DataKey(…)")
    }
}

/// `N` bytes of the operating system's randomness.
pub fn random_bytes<const N: usize>() -> Result<[u8; N], OpenError> {
    let mut bytes = [0u8; N];
    getrandom::fill(&mut bytes).map_err(|e| OpenError::Broken(e.to_string()))?;
    Ok(bytes)
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        text.push_str(&format!("{byte:02x}"));
        text
    })
}

/// The bytes of a hexadecimal text, or `None`.
pub fn unhex(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) || !text.is_ascii() {
        return None;
    }
    (0..text.len()).step_by(2).map(|i| u8::from_str_radix(text.get(i..i + 2)?, 16).ok()).collect()
}
