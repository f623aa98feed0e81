//! Telephone numbers: Brazilian ones by the numbering plan, foreign ones by their country code.
use super::{punctuated, significant};
use crate::base::text_type::text_type;
use std::fmt;

const INVALID: &str = "invalid_phone";

/// Every area code in use (ANATEL's national code list), in order.
pub const AREA_CODES: [u8; 67] = [
    11, 12, 13, 14, 15, 16, 17, 18, 19, 21, 22, 24, 27, 28, 31, 32, 33, 34, 35, 37, 38, 41, 42, 43, 44, 45,
    46, 47, 48, 49, 51, 53, 54, 55, 61, 62, 63, 64, 65, 66, 67, 68, 69, 71, 73, 74, 75, 77, 79, 81, 82, 83,
    84, 85, 86, 87, 88, 89, 91, 92, 93, 94, 95, 96, 97, 98, 99,
];

text_type! {
    /// A telephone number. Brazilian: area code and 8 digits (fixed line) or 9 digits (mobile), canonical as 10 or 11
    /// digits without country code. Foreign: canonical as `+` and its digits (E.164), so that the two never mix.
    Phone, pattern: "^[^0-9A-Za-z]*([0-9][^0-9A-Za-z]*){7,15}$", example: "11987654321"
}

impl Phone {
    /// Reads a number as people write it: `(11) 98765-4321`, `011 3456-7890`, `+55 11 98765-4321`, `+1 415 555 0123`.
    ///
    /// # Errors
    /// `invalid_phone` for letters, an unknown area code, a fixed line that does not begin with 2 to 5, a mobile that
    /// does not begin with 9, or a foreign number that is not 7 to 15 digits.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let digits = significant(text).ok_or(INVALID)?;
        if !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(INVALID);
        }
        let international =
            text.trim_start_matches(|c: char| !c.is_alphanumeric() && c != '+').starts_with('+');
        let national = match (international, digits.strip_prefix("55")) {
            (true, None) => return foreign(&digits),
            (true, Some(rest)) => rest,
            // 55 is also an area code, so without a + only the length tells.
            (false, Some(rest)) if digits.len() > 11 => rest,
            // The trunk prefix of a long-distance call, which is no part of the number.
            (false, _) => digits.strip_prefix('0').unwrap_or(&digits),
        };
        if is_national(national) { Ok(Self(national.to_owned())) } else { Err(INVALID) }
    }

    /// Whether the number belongs to another country.
    pub fn is_foreign(&self) -> bool {
        self.as_str().starts_with('+')
    }

    /// Whether it is a Brazilian mobile, the kind that can have messages.
    pub fn is_mobile(&self) -> bool {
        self.as_str().len() == 11 && !self.is_foreign()
    }

    /// The number as the whole world writes it: `+5511987654321`.
    pub fn e164(&self) -> String {
        if self.is_foreign() { self.0.clone() } else { format!("+55{}", self.0) }
    }
}

impl fmt::Display for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.as_str() {
            foreign if self.is_foreign() => f.write_str(foreign),
            mobile if self.is_mobile() => punctuated(f, mobile, "(##) #####-####"),
            fixed => punctuated(f, fixed, "(##) ####-####"),
        }
    }
}

/// E.164: a country code, which never begins with 0, and at most 15 digits in all.
fn foreign(digits: &str) -> Result<Phone, &'static str> {
    if digits.starts_with('0') || !(7..=15).contains(&digits.len()) {
        return Err(INVALID);
    }
    Ok(Phone(format!("+{digits}")))
}

/// Area code and subscriber by the Brazilian plan.
fn is_national(digits: &str) -> bool {
    let Some((area, subscriber)) = digits.split_at_checked(2) else {
        return false;
    };
    let known = area.parse::<u8>().is_ok_and(|code| AREA_CODES.binary_search(&code).is_ok());
    known
        && match subscriber.len() {
            8 => subscriber.starts_with(['2', '3', '4', '5']),
            9 => subscriber.starts_with('9'),
            _ => false,
        }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_list_of_area_codes_is_in_order() {
        assert!(AREA_CODES.is_sorted(), "the search in it needs that");
    }

    #[test]
    fn brazilian_numbers_are_kept_without_country_code() {
        let mobile =
            ["(11) 98765-4321", "11987654321", "+55 11 98765-4321", "55 11 98765 4321", "(011) 98765.4321"];
        for typed in mobile {
            let phone = Phone::parse(typed).unwrap();
            assert_eq!(
                (phone.as_str(), phone.to_string().as_str()),
                ("11987654321", "(11) 98765-4321"),
                "{typed}"
            );
            assert!(phone.is_mobile() && phone.e164() == "+5511987654321");
        }
        let fixed = Phone::parse("(+55) 11 3456-7890").unwrap();
        assert_eq!((fixed.as_str(), fixed.to_string().as_str()), ("1134567890", "(11) 3456-7890"));
        assert!(!fixed.is_mobile());
    }

    #[test]
    fn area_code_55_is_not_taken_for_the_country() {
        assert_eq!(Phone::parse("55 99123-4567").unwrap().as_str(), "55991234567");
        assert_eq!(Phone::parse("+55 55 99123-4567").unwrap().as_str(), "55991234567");
    }

    #[test]
    fn foreign_numbers_keep_their_plus() {
        let phone = Phone::parse("+1 (415) 555-0123").unwrap();
        assert_eq!((phone.as_str(), phone.e164().as_str()), ("+14155550123", "+14155550123"));
        assert!(phone.is_foreign() && !phone.is_mobile());
        assert_eq!(Phone::parse(phone.as_str()), Ok(phone));
    }

    #[test]
    fn wrong_numbers_are_refused() {
        let wrong = [
            "(20) 98765-4321",
            "98765-4321",
            "(11) 8765-4321",
            "(11) 88765-4321",
            "(11) 98765-432",
            "+55 20 98765-4321",
            "+55 98765-4321",
            "+123",
            "+0 123456789",
            "+1234567890123456",
            "11 98765-432l",
            "",
        ];
        for typed in wrong {
            assert_eq!(Phone::parse(typed), Err("invalid_phone"), "{typed}");
        }
    }

    proptest! {
        #[test]
        fn what_is_shown_is_read_back(area in 0usize..67, subscriber in "9[0-9]{8}|[2-5][0-9]{7}") {
            let phone = Phone::parse(&format!("{}{subscriber}", AREA_CODES[area])).unwrap();
            prop_assert_eq!(Phone::parse(&phone.to_string()), Ok(phone.clone()));
            prop_assert_eq!(Phone::parse(&phone.e164()), Ok(phone));
        }
    }
}
