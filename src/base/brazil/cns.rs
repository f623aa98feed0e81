//! CNS, the number of a person in the public health system (Cartão Nacional de Saúde).
use super::{exact_digits, punctuated, to_text, weighted};
use crate::base::text_type::text_type;
use std::fmt;

const INVALID: &str = "invalid_cns";

text_type! {
    /// A CNS with a right check; canonical as its 15 digits, shown as `700 0000 0000 0005`.
    ///
    /// The official arithmetic is modulo 11 with the weights 15…1, so the *fifth* digit, whose weight is 11, is
    /// protected by nothing: a mistake there cannot be seen by anybody.
    Cns, pattern: "^[^0-9A-Za-z]*[12789]([^0-9A-Za-z]*[0-9]){14}[^0-9A-Za-z]*$", example: "700000000000005"
}

impl Cns {
    /// Reads a CNS with or without spaces.
    ///
    /// # Errors
    /// `invalid_cns` for another count of digits, letters, a first digit no card begins with (0, 3 to 6) or a wrong
    /// check.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let digits: [u8; 15] = exact_digits(text).ok_or(INVALID)?;
        let right = match digits {
            [1 | 2, ..] => definitive(&digits),
            [7..=9, ..] => weighted(&digits, (1..=15).rev()).is_multiple_of(11),
            _ => false,
        };
        right.then(|| Self(to_text(&digits))).ok_or(INVALID)
    }

    /// The provisional CNS (first digit 7, 8 or 9) made of the first 13 digits and a matching end; nothing where
    /// they cannot begin one.
    pub fn provisional(root: u64) -> Option<Self> {
        // The last two digits weigh 2 and 1: one of a hundred endings always fits.
        (0..100)
            .find_map(|end| Self::parse(&format!("{root:013}{end:02}")).ok())
            .filter(|c| !c.is_definitive())
    }

    fn is_definitive(&self) -> bool {
        self.as_str().starts_with(['1', '2'])
    }
}

impl fmt::Display for Cns {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        punctuated(f, self.as_str(), "### #### #### ####")
    }
}

/// A definitive card (first digit 1 or 2) carries the holder's PIS number in its first eleven digits, then `000` and
/// the check digit; where that digit would be 10, two is added to the sum and the suffix becomes `001`.
fn definitive(digits: &[u8; 15]) -> bool {
    let [pis @ .., zero, nil, one, check] = digits;
    let sum = weighted(pis, (5..=15).rev());
    let (suffix, wanted) = match (11 - sum % 11) % 11 {
        10 => (1, (11 - (sum + 2) % 11) % 11),
        digit => (0, digit),
    };
    (*zero, *nil, *one, u32::from(*check)) == (0, 0, suffix, wanted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const RIGHT: [&str; 4] = ["100000000060018", "123456789010000", "700000000000005", "898000000000002"];

    #[test]
    fn both_kinds_are_accepted() {
        for typed in RIGHT {
            assert_eq!(Cns::parse(typed).unwrap().as_str(), typed);
        }
        assert_eq!(Cns::parse("898-0000 0000.0002").unwrap().to_string(), "898 0000 0000 0002");
    }

    #[test]
    fn wrong_numbers_are_refused() {
        for typed in
            ["000000000000000", "300000000000006", "600000000000000", "70000000000000", "", "70000000000000A"]
        {
            assert_eq!(Cns::parse(typed), Err("invalid_cns"), "{typed}");
        }
    }

    #[test]
    fn any_single_digit_change_of_the_vectors_is_refused() {
        for right in RIGHT {
            // The fifth digit weighs 11, which modulo 11 is nothing: see the type.
            for (at, by) in (0..15).filter(|at| *at != 4).flat_map(|at| (1..10).map(move |by| (at, by))) {
                let mut text = right.as_bytes().to_vec();
                text[at] = b'0' + (text[at] - b'0' + by) % 10;
                let text = String::from_utf8(text).unwrap();
                assert_eq!(Cns::parse(&text), Err("invalid_cns"), "{text}");
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn computed_digits_are_accepted(root in 7_000_000_000_000u64..10_000_000_000_000) {
            let cns = Cns::provisional(root).unwrap();
            prop_assert_eq!(Cns::parse(&cns.to_string()), Ok(cns));
        }

        #[test]
        fn every_pis_has_one_definitive_card(pis in 10_000_000_000u64..30_000_000_000) {
            let cards = (0..100).filter(|end| Cns::parse(&format!("{pis}{end:04}")).is_ok()).count();
            prop_assert_eq!(cards, 1);
        }

        #[test]
        fn any_single_digit_change_is_refused(
            root in 7_000_000_000_000u64..10_000_000_000_000, at in 0usize..15, by in 1u8..10,
        ) {
            prop_assume!(at != 4);
            let mut text = Cns::provisional(root).unwrap().as_str().to_owned().into_bytes();
            text[at] = b'0' + (text[at] - b'0' + by) % 10;
            prop_assert_eq!(Cns::parse(&String::from_utf8(text).unwrap()), Err("invalid_cns"));
        }
    }
}
