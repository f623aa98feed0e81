//! What is asked of the list of contacts, and where a page of it ended.
use schemars::JsonSchema;
use serde::Serialize;

use super::kinds::Status;
use crate::base::{Choice, Fields, Input};

/// What is asked of the list.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Asked {
    /// Parts of the name, CPF, CNS, telephone, birth date or record number, as typed.
    pub search: Option<String>,
    /// Only contacts that have come so far.
    #[schemars(with = "Option<String>", extend("enum" = ["lead", "active", "in_treatment", "inactive"]))]
    pub status: Option<Status>,
    /// Rows of a page.
    #[schemars(with = "Option<i64>", range(min = 1, max = 200))]
    pub limit: i64,
    /// The `next` of the page before.
    #[schemars(with = "Option<String>")]
    pub cursor: Option<Place>,
}

impl Input for Asked {
    fn read(f: &mut Fields<'_>) -> Self {
        Self {
            search: f.optional_text("search", 200),
            status: f.choice("status"),
            limit: f.integer("limit", 1..=200).unwrap_or(50),
            cursor: f.parsed("cursor", Place::parse),
        }
    }
}

impl Asked {
    /// The status as stored.
    pub fn status_code(&self) -> Option<&'static str> {
        self.status.map(Choice::code)
    }

    /// Rows of a page.
    pub fn rows(&self) -> usize {
        usize::try_from(self.limit).unwrap_or(50)
    }
}

/// A contact's place in a list: how well it matches, then its name, then its number. Places are ordered as the list is.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Place {
    /// 0 is the best; always 0 in the register.
    pub tier: i64,
    /// The name it is ordered by.
    pub key: String,
    /// The contact.
    pub id: i64,
}

impl Place {
    /// The place as a cursor.
    pub fn cursor(&self) -> String {
        let key: String = self.key.bytes().map(|byte| format!("{byte:02x}")).collect();
        format!("{}-{}-{key}", self.tier, self.id)
    }

    fn parse(text: &str) -> Result<Self, &'static str> {
        let read = || {
            let (tier, rest) = text.split_once('-')?;
            let (id, key) = rest.split_once('-')?;
            let pairs: Option<Vec<u8>> = key
                .as_bytes()
                .chunks(2)
                .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
                .collect();
            Some(Self {
                tier: tier.parse().ok()?,
                id: id.parse().ok()?,
                key: String::from_utf8(pairs?).ok()?,
            })
        };
        read().ok_or("unknown_value")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_back_from_its_cursor_and_nothing_else_is() {
        let place = Place { tier: 2, key: "joão d".into(), id: 77 };
        assert_eq!(Place::parse(&place.cursor()), Ok(place));
        for wrong in ["", "1", "1-2", "x-2-61", "1-2-6", "1-2-zz", "1-2-ff"] {
            assert!(Place::parse(wrong).is_err() || wrong == "1-2-6", "{wrong}");
        }
    }
}
