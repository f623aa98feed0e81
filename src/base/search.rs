//! How a patient is found: the terms a record is indexed by, and the terms of what a receptionist types.
//!
//! The two are made for each other: every query term is a *prefix* of some search term of each patient it should
//! find, and all of them must match. So the index needs nothing but ordered words, and a half-typed name works.
use super::{dates, text};
use jiff::civil::Date;
use std::collections::BTreeSet;

/// More terms than anybody types; the rest of a pasted text would only slow the search down.
const MOST_TERMS: usize = 10;

/// Longest number anybody searches by: the CNS.
const LONGEST_NUMBER: usize = 15;

/// Last year a two-digit year of a birth date may mean.
const LAST_BIRTH_YEAR: i16 = 2029;

/// What of a patient can be searched, in canonical form. The mother's name is left out on purpose: it finds the whole
/// family where one person was meant.
#[derive(Debug, Clone, Copy, Default)]
pub struct Searchable<'a> {
    /// Civil name.
    pub name: &'a str,
    /// The name the patient goes by.
    pub social_name: Option<&'a str>,
    /// CPF, its digits.
    pub cpf: Option<&'a str>,
    /// CNS, its digits.
    pub cns: Option<&'a str>,
    /// Telephone: area code and number, or `+` and a foreign one.
    pub phone: Option<&'a str>,
    /// Date of birth.
    pub birth_date: Option<Date>,
}

/// The terms of a patient, each once, in order: parts of both names, digits of CPF and CNS, digits of the phone with
/// and without area code, and the birth date as `d19801123`.
pub fn search_terms(of: &Searchable<'_>) -> Vec<String> {
    let mut terms = BTreeSet::new();
    for name in [Some(of.name), of.social_name].into_iter().flatten() {
        add_name(&mut terms, name);
    }
    terms.extend([of.cpf, of.cns, of.phone].into_iter().flatten().map(text::digits));
    if let Some(local) =
        of.phone.filter(|p| !p.starts_with('+')).and_then(|p| text::digits(p).get(2..).map(String::from))
    {
        terms.insert(local);
    }
    terms.extend(of.birth_date.map(date_term));
    terms.remove("");
    terms.into_iter().collect()
}

/// The terms of what was typed into the search box: name parts in any order and any length, numbers with or without
/// punctuation, a birth date as `23/11/1980`, `23/11/80`, `1980-11-23` or `23111980`.
///
/// Eight digits that make a date *are* the date; a fixed line of that shape is found when written with its hyphen.
/// Words like "da" count only when nothing else was typed. An empty answer means that nothing was asked.
pub fn query_terms(typed: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut found = Vec::new();
    let mut number = String::new();
    for word in typed.split_whitespace() {
        if word.contains(char::is_alphabetic) {
            finish(&mut number, &mut found);
            names.extend(text::fold(word).split(' ').filter(|part| !part.is_empty()).map(String::from));
        } else if let Ok(date) = dates::parse_until(word, LAST_BIRTH_YEAR) {
            finish(&mut number, &mut found);
            found.push(date_term(date));
        } else {
            // A number may be typed in pieces, as "11 98765 4321"; past the longest one, another begins.
            if text::digits(&number).len() + text::digits(word).len() > LONGEST_NUMBER {
                finish(&mut number, &mut found);
            }
            number.push_str(word);
        }
    }
    finish(&mut number, &mut found);
    if !found.is_empty() || names.iter().any(|name| !is_particle(name)) {
        names.retain(|name| !is_particle(name));
    }
    let mut seen = BTreeSet::new();
    names.into_iter().chain(found).filter(|term| seen.insert(term.clone())).take(MOST_TERMS).collect()
}

/// Folded words of a name; one with an apostrophe (`D'Ávila`) is also found by what stands behind it.
fn add_name(terms: &mut BTreeSet<String>, name: &str) {
    terms.extend(text::fold(name).split(' ').map(String::from));
    if name.contains(text::is_apostrophe) {
        let apart = name.replace(text::is_apostrophe, " ");
        terms.extend(text::fold(&apart).split(' ').map(String::from));
    }
}

/// Turns the number gathered so far into a term.
fn finish(number: &mut String, found: &mut Vec<String>) {
    let raw = std::mem::take(number);
    let digits = text::digits(&raw);
    if let Some(date) = run_together(&raw) {
        found.push(date_term(date));
    } else if !digits.is_empty() {
        found.push(national(&raw, &digits).to_owned());
    }
}

/// `23111980`, when the whole word is those eight digits and they are a believable date.
fn run_together(raw: &str) -> Option<Date> {
    let (day, rest) = raw.split_at_checked(2).filter(|_| raw.len() == 8)?;
    let (month, year) = rest.split_at_checked(2)?;
    year.starts_with(['1', '2']).then(|| dates::parse(&format!("{day}/{month}/{year}")).ok())?
}

/// A phone without what stands before its area code: the country's 55, or the 0 of a long-distance call. Recognised by
/// a + or ( or by being longer than a CPF; a plain number is left alone, since it may be one.
fn national<'a>(raw: &str, digits: &'a str) -> &'a str {
    let long = (12..=13).contains(&digits.len());
    let rest = match (digits.strip_prefix("55"), digits.strip_prefix('0')) {
        (Some(rest), _) if long || raw.starts_with(['+']) || raw.starts_with("(+") => rest,
        (_, Some(rest)) if long || raw.starts_with("(0") => rest,
        _ => digits,
    };
    if rest.is_empty() { digits } else { rest }
}

fn date_term(date: Date) -> String {
    format!("d{:04}{:02}{:02}", date.year(), date.month(), date.day())
}

fn is_particle(word: &str) -> bool {
    text::PARTICLES.contains(&word)
}

#[cfg(test)]
#[path = "search_tests.rs"]
mod tests;
