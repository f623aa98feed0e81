//! Numbers, places and days that only Brazil has. Each type checks itself on the way in, so a value that exists is
//! a value that is right; nothing here looks anything up online.
//!
//! All of them take any punctuation and spaces, keep one canonical text for storage, and refuse with the stable
//! field code of the contract (`invalid_cpf`, …).
pub mod cep;
pub mod cnpj;
pub mod cns;
pub mod council;
pub mod cpf;
pub mod holidays;
pub mod phone;
pub mod state;

pub use cep::Cep;
pub use cnpj::Cnpj;
pub use cns::Cns;
pub use council::{Council, CouncilKind};
pub use cpf::Cpf;
pub use phone::Phone;
pub use state::Uf;

use std::fmt::{Formatter, Result as Written, Write as _};

/// The ASCII letters and digits of a typed number, or nothing when it holds letters of another script: those are
/// never punctuation, and dropping them would turn a wrong number into a right one.
fn significant(text: &str) -> Option<String> {
    let mut kept = String::with_capacity(text.len());
    for c in text.chars().filter(|c| c.is_alphanumeric()) {
        kept.push(Some(c).filter(char::is_ascii_alphanumeric)?);
    }
    Some(kept)
}

/// Exactly `N` digits, whatever stands between them; nothing for another count or any letter.
fn exact_digits<const N: usize>(text: &str) -> Option<[u8; N]> {
    let (mut digits, mut count) = ([0; N], 0);
    for c in text.chars().filter(|c| c.is_alphanumeric()) {
        // Digits of another script are none.
        *digits.get_mut(count)? = c.to_digit(10).and_then(|digit| u8::try_from(digit).ok())?;
        count += 1;
    }
    (count == N).then_some(digits)
}

/// Digits as text.
fn to_text(digits: &[u8]) -> String {
    let mut text = String::with_capacity(digits.len());
    text.extend(digits.iter().map(|d| char::from(b'0' + d)));
    text
}

/// The sum of values times weights, the heart of every check digit here.
fn weighted(values: &[u8], weights: impl Iterator<Item = u32>) -> u32 {
    values.iter().zip(weights).map(|(value, weight)| u32::from(*value) * weight).sum()
}

/// The check digit of the CPF and CNPJ kind: 11 less the remainder, and 0 where that would have two digits.
fn modulus_11(sum: u32) -> u8 {
    match sum % 11 {
        0 | 1 => 0,
        rest => u8::try_from(11 - rest).unwrap_or(0),
    }
}

/// Whether all values are the same: such numbers pass the arithmetic but are never issued.
fn all_equal(values: &[u8]) -> bool {
    values.windows(2).all(|pair| pair.first() == pair.last())
}

/// Writes `text` with a `#` of the mask for each of its characters.
fn punctuated(f: &mut Formatter<'_>, text: &str, mask: &str) -> Written {
    let mut rest = text.chars();
    for mark in mask.chars() {
        match mark {
            '#' => rest.next().map_or(Ok(()), |c| f.write_char(c))?,
            other => f.write_char(other)?,
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn punctuation_is_dropped_and_foreign_letters_are_not() {
        assert_eq!(exact_digits::<3>(" 1-2.\u{a0}3/"), Some([1, 2, 3]));
        assert_eq!(exact_digits::<3>("12a3"), None);
        assert_eq!(exact_digits::<3>("1234"), None);
        assert_eq!(exact_digits::<3>("12\u{ff13}"), None, "a full-width digit is not a separator");
    }

    #[test]
    fn all_equal_needs_every_value() {
        assert!(all_equal(&[1, 1, 1]) && !all_equal(&[1, 1, 2]));
    }
}
