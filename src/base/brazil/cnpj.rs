//! CNPJ, the number of a company; text since 2026, when the tax office began to issue letters (IN RFB 2.229/2024).
use super::{all_equal, modulus_11, punctuated, significant, weighted};
use crate::base::text_type::text_type;
use std::fmt;

const INVALID: &str = "invalid_cnpj";

/// Weights of the second check digit; the first one leaves out the 6.
const WEIGHTS: [u32; 13] = [6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2];

text_type! {
    /// A CNPJ with right check digits; canonical as 14 characters, shown as `12.ABC.345/01DE-35`.
    ///
    /// Letters are capitals: a lower-case letter is another value in the arithmetic, so it is refused rather than
    /// guessed. A form that wants to be kind capitalises while typing.
    Cnpj, pattern: "^[^0-9A-Za-z]*([0-9A-Z][^0-9A-Za-z]*){12}([0-9][^0-9A-Za-z]*){2}$", example: "12ABC34501DE35"
}

impl Cnpj {
    /// Reads a CNPJ with or without punctuation.
    ///
    /// # Errors
    /// `invalid_cnpj` for another length, lower-case letters, letters in the last two places, fourteen equal
    /// characters or a wrong check digit.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let kept = significant(text).ok_or(INVALID)?;
        let values: Option<Vec<u8>> = kept.bytes().map(value).collect();
        let values: [u8; 14] = values.and_then(|v| v.try_into().ok()).ok_or(INVALID)?;
        let [root @ .., first, second] = &values;
        // A letter in the last two places has a value above 9, which no check digit equals.
        if all_equal(&values) || check_digits(root) != (*first, *second) {
            return Err(INVALID);
        }
        Ok(Self(kept))
    }

    /// The CNPJ that begins with these 12 characters; nothing where they cannot begin one.
    pub fn from_root(root: &str) -> Option<Self> {
        let kept = significant(root)?;
        let values: Vec<u8> = kept.bytes().map(value).collect::<Option<_>>()?;
        let (first, second) = check_digits(&values);
        Self::parse(&format!("{kept}{first}{second}")).ok()
    }
}

impl fmt::Display for Cnpj {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        punctuated(f, self.as_str(), "##.###.###/####-##")
    }
}

/// What a character counts in the check digits: its ASCII code less 48, as the tax office defines it.
fn value(byte: u8) -> Option<u8> {
    matches!(byte, b'0'..=b'9' | b'A'..=b'Z').then(|| byte.saturating_sub(48))
}

/// Both check digits of the twelve values of the root.
fn check_digits(root: &[u8]) -> (u8, u8) {
    let first = modulus_11(weighted(root, WEIGHTS.iter().copied().skip(1)));
    let second = modulus_11(weighted(root, WEIGHTS.iter().copied()) + 2 * u32::from(first));
    (first, second)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn old_and_new_numbers_are_accepted() {
        let old = Cnpj::parse("11.222.333/0001-81").unwrap();
        assert_eq!((old.as_str(), old.to_string().as_str()), ("11222333000181", "11.222.333/0001-81"));
        let new = Cnpj::parse("12.ABC.345/01DE-35").unwrap();
        assert_eq!((new.as_str(), new.to_string().as_str()), ("12ABC34501DE35", "12.ABC.345/01DE-35"));
    }

    #[test]
    fn wrong_numbers_are_refused() {
        let wrong = [
            "12.abc.345/01de-35",
            "12.ABC.345/01DE-3A",
            "12.ABC.345/01DE-53",
            "11.222.333/0001-80",
            "00.000.000/0000-00",
            "11222333",
            "",
        ];
        for typed in wrong {
            assert_eq!(Cnpj::parse(typed), Err("invalid_cnpj"), "{typed}");
        }
    }

    proptest! {
        #[test]
        fn computed_digits_are_accepted_with_any_punctuation(root in "[0-9A-Z]{12}", mark in "[ ./-]{0,3}") {
            prop_assume!(!all_equal(root.as_bytes()));
            let cnpj = Cnpj::from_root(&root).unwrap();
            let spaced: String = cnpj.as_str().chars().flat_map(|c| mark.chars().chain([c])).collect();
            prop_assert_eq!(Cnpj::parse(&spaced), Ok(cnpj));
        }
    }
}
