//! What the search index holds of a contact, and what is asked of it: the same words in the same spelling.
use std::fmt::Write as _;

use super::model::ContactFields;
use crate::base::{
    Choice,
    search::{self, Searchable},
    text::fold as fold_name,
};

/// The words a contact is found by, as its column `search_text` holds them.
pub fn text_of(contact: &ContactFields) -> String {
    let of = Searchable {
        name: &contact.name,
        social_name: contact.social_name.as_deref(),
        cpf: contact.cpf.as_ref().map(|n| n.as_str()),
        cns: contact.cns.as_ref().map(|n| n.as_str()),
        phone: contact.phone.as_ref().map(|n| n.as_str()),
        birth_date: contact.birth_date.map(|day| day.0),
    };
    text(&of, contact.status.code())
}

/// As [`text_of`], from the parts. The status is among the words, so that the index itself finds the few leads of a common name.
pub fn text(of: &Searchable<'_>, status: &str) -> String {
    let mut words: Vec<String> = search::search_terms(of).iter().map(|term| plain(term)).collect();
    words.push(status_word(status));
    words.join(" ")
}

/// What a contact is ordered by, without case and accents: the name they go by, and the civil one where that is another.
pub fn order_keys(name: &str, social_name: Option<&str>) -> (String, Option<String>) {
    match social_name {
        Some(social) => (fold_name(social), Some(fold_name(name))),
        None => (fold_name(name), None),
    }
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

/// The query that asks for all of `terms`, each as the beginning of a word, and for a status if one is given.
pub fn query_of<'a>(terms: impl IntoIterator<Item = &'a str>, status: Option<&str>) -> String {
    let mut words: Vec<String> = terms.into_iter().map(|term| format!("\"{term}\"*")).collect();
    words.extend(status.map(|code| format!("\"{}\"", status_word(code))));
    words.join(" ")
}

/// No name begins with a zero, and no number has letters.
pub fn status_word(code: &str) -> String {
    format!("0s{}", plain(code))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn letters_of_other_scripts_become_plain_ones() {
        assert_eq!((plain("joao1"), plain("σο")), ("joao1".to_owned(), "0x3c3x0x3bfx".to_owned()));
    }

    #[test]
    fn a_query_asks_for_beginnings_and_a_whole_status() {
        assert_eq!(
            query_of(["ana", "silva"], Some("in_treatment")),
            "\"ana\"* \"silva\"* \"0sin0x5fxtreatment\""
        );
        assert_eq!(text(&Searchable { name: "Ana", ..Searchable::default() }, "lead"), "ana 0slead");
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
