//! Registration of a professional with a council, as it must stand on every document (CFM 2.299/2021 and alike).
use super::Uf;
use std::fmt;

const INVALID: &str = "invalid_council";

/// The longest number kept: councils write up to eight digits with a category or region around them.
const LONGEST: usize = 16;

/// Declares the councils, their codes and their list from one table.
macro_rules! councils {
    ($($variant:ident $code:literal $doc:literal),* $(,)?) => {
        /// Which council; stored and sent as its abbreviation in capitals, and `other` for one not listed.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, schemars::JsonSchema)]
        pub enum CouncilKind {
            $(#[doc = $doc] #[serde(rename = $code)] $variant,)*
        }

        impl CouncilKind {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// Its code.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code),* }
            }
        }
    };
}

councils! {
    Crm "CRM" "Medicine", Cro "CRO" "Dentistry", Crp "CRP" "Psychology",
    Crefito "CREFITO" "Physiotherapy and occupational therapy", Crn "CRN" "Nutrition", Coren "COREN" "Nursing",
    Crfa "CRFA" "Speech therapy", Crf "CRF" "Pharmacy", Cref "CREF" "Physical education", Crbm "CRBM" "Biomedicine",
    Cress "CRESS" "Social work", Other "other" "A council that is not listed",
}

impl CouncilKind {
    /// Reads a code in any case.
    ///
    /// # Errors
    /// `invalid_council` for an unknown one; nothing is silently filed under `other`.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let typed = text.trim();
        Self::ALL.iter().copied().find(|kind| kind.as_str().eq_ignore_ascii_case(typed)).ok_or(INVALID)
    }
}

impl<'de> serde::Deserialize<'de> for CouncilKind {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = <String as serde::Deserialize>::deserialize(from)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

/// A registration: council, number and state, unique as a whole. In JSON an object of the three.
#[derive(
    Debug,
    Clone,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    serde::Serialize,
    serde::Deserialize,
    schemars::JsonSchema,
)]
#[serde(try_from = "Unchecked")]
pub struct Council {
    kind: CouncilKind,
    number: String,
    state: Uf,
}

/// A registration as it arrives, before its number was looked at.
#[derive(serde::Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Council")]
struct Unchecked {
    kind: CouncilKind,
    /// Digits, with the region or category some councils write: `123456`, `06/12345`, `12345-F`.
    #[schemars(length(min = 1, max = 24))]
    number: String,
    state: Uf,
}

impl TryFrom<Unchecked> for Council {
    type Error = &'static str;
    fn try_from(from: Unchecked) -> Result<Self, Self::Error> {
        Self::new(from.kind, &from.number, from.state)
    }
}

impl Council {
    /// A registration from its three parts.
    ///
    /// Dots and spaces of the number are dropped and letters become capitals; `-` and `/` between them stay, because
    /// `06/12345` (CRP) and `12345-F` (CREFITO) are not the number without them.
    ///
    /// # Errors
    /// `invalid_council` for a number without a digit, with other characters, or longer than 16.
    pub fn new(kind: CouncilKind, number: &str, state: Uf) -> Result<Self, &'static str> {
        let kept: String = number.chars().filter(|c| !c.is_whitespace() && *c != '.').collect();
        let kept = kept.trim_matches(['-', '/']).to_ascii_uppercase();
        let plain = kept.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'/');
        if !plain || !kept.bytes().any(|b| b.is_ascii_digit()) || kept.len() > LONGEST {
            return Err(INVALID);
        }
        Ok(Self { kind, number: kept, state })
    }

    /// Reads the written form, the state before or behind the number: `CRM/SP 123456`, `CRP 06/12345-SP`.
    ///
    /// # Errors
    /// `invalid_council` where council, number or state is missing or wrong.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let text = text.trim();
        let (kind, rest) = text.split_at(text.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(text.len()));
        let kind = CouncilKind::parse(kind)?;
        let rest = rest.trim_matches(is_separator);
        let before = rest.split_once(is_separator).map(|(state, number)| (number, state));
        let behind = rest.rsplit_once(is_separator);
        [before, behind]
            .into_iter()
            .flatten()
            .find_map(|(number, state)| Some((number, Uf::parse(state).ok()?)))
            .ok_or(INVALID)
            .and_then(|(number, state)| Self::new(kind, number, state))
    }

    /// Which council.
    pub fn kind(&self) -> CouncilKind {
        self.kind
    }

    /// The number, canonical.
    pub fn number(&self) -> &str {
        &self.number
    }

    /// The state of the registration.
    pub fn state(&self) -> Uf {
        self.state
    }
}

impl fmt::Display for Council {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{} {}", self.kind.as_str(), self.state, self.number)
    }
}

fn is_separator(c: char) -> bool {
    c.is_whitespace() || matches!(c, '/' | '-' | ':' | '.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_written_form_is_read_with_the_state_on_either_side() {
        for typed in
            ["CRM/SP 123456", "crm-sp 123.456", "CRM SP: 123456", "CRM 123456/SP", "CRM 123.456 - SP"]
        {
            let council = Council::parse(typed).unwrap();
            assert_eq!(council.to_string(), "CRM/SP 123456", "{typed}");
        }
        let parts = Council::parse("CREFITO 3/12345-f SP").unwrap();
        assert_eq!(
            (parts.kind(), parts.number(), parts.state()),
            (CouncilKind::Crefito, "3/12345-F", Uf::Sp)
        );
        assert_eq!(Council::parse("CRP 06/12345/SP").unwrap().number(), "06/12345");
    }

    #[test]
    fn every_shown_form_is_read_back() {
        for kind in CouncilKind::ALL {
            let council = Council::new(*kind, "06/1234-G", Uf::Rs).unwrap();
            assert_eq!(Council::parse(&council.to_string()), Ok(council));
        }
    }

    #[test]
    fn a_missing_part_is_refused() {
        for typed in
            ["CRM 123456", "CRM/SP", "CRM/SP sem", "XYZ/SP 123", "123456/SP", "", "CRM/SP 12345678901234567"]
        {
            assert_eq!(Council::parse(typed), Err("invalid_council"), "{typed}");
        }
    }

    #[test]
    fn json_is_an_object_of_three_checked_parts() {
        let value = serde_json::json!({ "kind": "CRM", "number": "123.456", "state": "sp" });
        let council: Council = serde_json::from_value(value).unwrap();
        let back = serde_json::json!({ "kind": "CRM", "number": "123456", "state": "SP" });
        assert_eq!(serde_json::to_value(&council).unwrap(), back);
        let wrong = serde_json::json!({ "kind": "CRM", "number": "abc", "state": "SP" });
        assert_eq!(serde_json::from_value::<Council>(wrong).unwrap_err().to_string(), "invalid_council");
        assert_eq!(schemars::schema_for!(Council).get("title").unwrap(), "Council");
    }
}
