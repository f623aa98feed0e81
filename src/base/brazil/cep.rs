//! CEP, the postal code. Only its shape is checked: which street it means needs a list that this program does not ship.
use super::{exact_digits, punctuated, to_text};
use crate::base::text_type::text_type;
use std::fmt;

text_type! {
    /// A CEP; canonical as its 8 digits, shown as `01310-100`.
    Cep, pattern: "^[^0-9A-Za-z]*([0-9][^0-9A-Za-z]*){8}$", example: "01310100"
}

impl Cep {
    /// Reads a CEP with or without punctuation.
    ///
    /// # Errors
    /// `invalid_cep` for another count of digits, letters, or a number below 01000-000, where the first ones begin.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        match exact_digits::<8>(text) {
            Some([0, 0, ..]) | None => Err("invalid_cep"),
            Some(digits) => Ok(Self(to_text(&digits))),
        }
    }
}

impl fmt::Display for Cep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        punctuated(f, self.as_str(), "#####-###")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cep_is_eight_digits_with_any_punctuation() {
        for typed in ["01310-100", "01.310-100", " 01310 100 ", "01310100"] {
            let cep = Cep::parse(typed).unwrap();
            assert_eq!((cep.as_str(), cep.to_string().as_str()), ("01310100", "01310-100"));
        }
    }

    #[test]
    fn wrong_codes_are_refused() {
        for typed in ["", "0131010", "013101000", "00000-000", "0131O-100"] {
            assert_eq!(Cep::parse(typed), Err("invalid_cep"), "{typed}");
        }
    }
}
