//! The key of a clinic's file: 256 random bits, never written in clear.
use std::fmt;

use sha2::{Digest, Sha256};
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

    /// What only who has the key can say of some bytes, under a name for what they are (HMAC-SHA-256, RFC 2104, with a key of its
    /// own for each name).
    pub(super) fn sign(&self, what: &str, bytes: &[u8]) -> [u8; 32] {
        let own = Zeroizing::new(hmac(self.bytes(), what.as_bytes()));
        hmac(&own, bytes)
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

/// HMAC-SHA-256 with a key of 32 bytes.
fn hmac(key: &[u8; 32], bytes: &[u8]) -> [u8; 32] {
    let padded = |pad: u8| {
        let mut block = Zeroizing::new([pad; 64]);
        block.iter_mut().zip(key).for_each(|(byte, key)| *byte ^= key);
        Sha256::new().chain_update(block.as_slice())
    };
    let inner = padded(0x36).chain_update(bytes).finalize();
    padded(0x5c).chain_update(inner).finalize().into()
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
    let mut bytes = vec![0; text.len() / 2];
    unhex_into(text, &mut bytes).map(|()| bytes)
}

/// Exactly `N` bytes of a hexadecimal text, or `None`.
pub fn unhex_array<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    unhex_into(text, &mut bytes).map(|()| bytes)
}

fn unhex_into(text: &str, bytes: &mut [u8]) -> Option<()> {
    let (pairs, []) = text.as_bytes().as_chunks::<2>() else { return None };
    if pairs.len() != bytes.len() {
        return None;
    }
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    for ([high, low], byte) in pairs.iter().zip(bytes) {
        *byte = digit(*high)? << 4 | digit(*low)?;
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_the_one_of_the_standard() {
        // RFC 4231, case 2; a shorter key is filled with zeroes.
        let mut key = [0; 32];
        key[..4].copy_from_slice(b"Jefe");
        let signed = hex(&hmac(&key, b"what do ya want for nothing?"));
        assert_eq!(signed, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    }
}
