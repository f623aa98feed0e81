//! What the search index holds of a contact, and what is asked of it: the same words in the same spelling.
use std::fmt::Write as _;

use super::model::ContactFields;
use crate::base::search::{self, Searchable};

/// The words a contact is found by, as its column `search_text` holds them.
pub fn text_of(contact: &ContactFields) -> String {
    let terms = search::search_terms(&Searchable {
        name: &contact.name,
        social_name: contact.social_name.as_deref(),
        cpf: contact.cpf.as_ref().map(|n| n.as_str()),
        cns: contact.cns.as_ref().map(|n| n.as_str()),
        phone: contact.phone.as_ref().map(|n| n.as_str()),
        birth_date: contact.birth_date.map(|day| day.0),
    });
    terms.iter().map(|term| plain(term)).collect::<Vec<_>>().join(" ")
}

/// A term in letters and digits of ASCII, so that the index never cuts it in two: what is a letter to Unicode today is not
/// always one to SQLite's tokenizer. Spelling letter by letter keeps a beginning a beginning.
pub fn plain(term: &str) -> String {
    let mut out = String::with_capacity(term.len());
    for c in term.chars() {
        if c.is_ascii_alphanumeric() {
            out.push(c);
        } else {
            let _ = write!(out, "0x{:x}x", u32::from(c));
        }
    }
    out
}

/// The query that asks for all of `terms`, each as the beginning of a word.
pub fn query_of<'a>(terms: impl IntoIterator<Item = &'a str>) -> String {
    terms.into_iter().map(|term| format!("\"{term}\"*")).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn letters_of_other_scripts_become_plain_ones() {
        assert_eq!((plain("joao1"), plain("σο")), ("joao1".to_owned(), "0x3c3x0x3bfx".to_owned()));
    }

    proptest! {
        #[test]
        fn a_beginning_stays_a_beginning(term in "\\PC{0,12}", take in 0usize..12) {
            let part: String = term.chars().take(take).collect();
            prop_assert!(plain(&term).starts_with(&plain(&part)));
            prop_assert!(plain(&term).bytes().all(|b| b.is_ascii_alphanumeric()));
        }
    }
}
