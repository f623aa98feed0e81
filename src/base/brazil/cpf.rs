//! CPF, the number of a person at the Brazilian tax office, and the natural key of a patient.
use super::{all_equal, exact_digits, modulus_11, punctuated, to_text, weighted};
use crate::base::text_type::text_type;
use std::fmt;

const INVALID: &str = "invalid_cpf";

text_type! {
    /// A CPF with right check digits; canonical as its 11 digits, shown as `123.456.789-09`.
    ///
    /// Newborns and foreigners may have none: the patient's field is optional, the value never half right. The official
    /// arithmetic writes two remainders as 0, so a few numbers with that first check digit hide one wrong digit.
    Cpf, pattern: "^[^0-9A-Za-z]*([0-9][^0-9A-Za-z]*){11}$", example: "52998224725"
}

impl Cpf {
    /// Reads a CPF with or without punctuation.
    ///
    /// # Errors
    /// `invalid_cpf` for another count of digits, letters, eleven equal digits or a wrong check digit.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let digits: [u8; 11] = exact_digits(text).ok_or(INVALID)?;
        let [root @ .., first, second] = &digits;
        if all_equal(&digits) || check_digits(root) != (*first, *second) {
            return Err(INVALID);
        }
        Ok(Self(to_text(&digits)))
    }

    /// The CPF whose first nine digits are `root`; nothing where they are more than nine, or all eleven come out equal.
    ///
    /// For made-up people: the number is right, whether the tax office issued it is not known here.
    pub fn from_root(root: u32) -> Option<Self> {
        let digits: [u8; 9] = exact_digits(&format!("{root:09}"))?;
        let (first, second) = check_digits(&digits);
        Self::parse(&format!("{root:09}{first}{second}")).ok()
    }
}

impl fmt::Display for Cpf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        punctuated(f, self.as_str(), "###.###.###-##")
    }
}

/// Both check digits of the nine digits of the root: weights 10…2, then 11…2 with the first check digit appended.
fn check_digits(root: &[u8]) -> (u8, u8) {
    let first = modulus_11(weighted(root, (2..=10).rev()));
    let second = modulus_11(weighted(root, (3..=11).rev()) + 2 * u32::from(first));
    (first, second)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn real_looking_numbers_are_accepted_and_shown_with_punctuation() {
        for (typed, kept) in [("123.456.789-09", "12345678909"), ("529 982 247 25", "52998224725")] {
            let cpf = Cpf::parse(typed).unwrap();
            assert_eq!(cpf.as_str(), kept);
        }
        assert_eq!(Cpf::parse("52998224725").unwrap().to_string(), "529.982.247-25");
    }

    #[test]
    fn wrong_numbers_are_refused() {
        for typed in ["123.456.789-00", "111.111.111-11", "", "1234567890", "529982247250", "5299822472S"] {
            assert_eq!(Cpf::parse(typed), Err("invalid_cpf"), "{typed}");
        }
    }

    #[test]
    fn json_goes_through_the_check() {
        let cpf: Cpf = serde_json::from_value("529.982.247-25".into()).unwrap();
        assert_eq!(serde_json::to_value(&cpf).unwrap(), "52998224725");
        let wrong = serde_json::from_value::<Cpf>("529.982.247-26".into()).unwrap_err();
        assert_eq!(wrong.to_string(), "invalid_cpf");
        assert_eq!(schemars::schema_for!(Cpf).get("type").unwrap(), "string");
    }

    #[test]
    fn the_blind_spot_of_the_official_arithmetic_is_known() {
        for typed in ["01421545802", "11421545802"] {
            assert!(Cpf::parse(typed).is_ok(), "one digit apart and both right");
        }
    }

    #[test]
    fn a_root_of_equal_digits_gives_none() {
        assert_eq!(Cpf::from_root(111_111_111), None);
        assert_eq!(Cpf::from_root(1_000_000_000), None);
    }

    proptest! {
        #[test]
        fn computed_digits_are_accepted(root in 0u32..1_000_000_000) {
            prop_assume!(root % 111_111_111 != 0);
            let cpf = Cpf::from_root(root).unwrap();
            prop_assert_eq!(Cpf::parse(&cpf.to_string()), Ok(cpf));
        }

        #[test]
        fn any_single_digit_change_is_refused(root in 1u32..111_111_111, at in 0usize..11, by in 1u8..10) {
            // A first check digit of 0 stands for two remainders, see the type.
            prop_assume!(Cpf::from_root(root).unwrap().as_str().as_bytes()[9] != b'0');
            let mut text = Cpf::from_root(root).unwrap().as_str().to_owned().into_bytes();
            text[at] = b'0' + (text[at] - b'0' + by) % 10;
            prop_assert_eq!(Cpf::parse(&String::from_utf8(text).unwrap()), Err("invalid_cpf"));
        }

        #[test]
        fn punctuation_and_spaces_do_not_matter(root in 1u32..111_111_111, marks in "[ ./\\-\u{a0}]{12}") {
            let cpf = Cpf::from_root(root).unwrap();
            let typed: String = marks.chars().zip(cpf.as_str().chars()).flat_map(|(m, c)| [m, c]).collect();
            prop_assert_eq!(Cpf::parse(&typed), Ok(cpf));
        }
    }
}
