//! Encoded answers, bounded by bytes, keyed by what was asked and by the state of the tables it was read from.
use std::{collections::BTreeMap, sync::Arc};

use bytes::Bytes;
use moka::sync::Cache;

use crate::{base::Result, telemetry::clinic::domain_of};

/// Bytes the answers of one clinic may take.
pub const BOUND_BYTES: u64 = 32 * 1024 * 1024;

/// An answer as it goes over the wire, with its strong entity tag.
#[derive(Debug, Clone)]
pub struct Encoded {
    /// UTF-8 JSON, or another text format.
    pub bytes: Bytes,
    /// Quoted entity tag: changes whenever a table the answer was read from does.
    pub etag: Arc<str>,
}

/// What was asked: the place, and whatever else the answer depends on (a role, a person, a day).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Key {
    pub question: Arc<str>,
    pub state: u64,
}

impl Key {
    /// The answer's entity tag. It follows from the question and the state alone.
    fn etag(&self) -> u64 {
        self.state ^ hash(&self.question)
    }

    /// Whether `etag`, quoted, is the answer's.
    pub fn is_tagged(&self, etag: &[u8]) -> bool {
        let digits = etag.strip_prefix(b"\"").and_then(|rest| rest.strip_suffix(b"\""));
        digits.and_then(|digits| <[u8; 16]>::try_from(digits).ok()) == Some(hexadecimal(self.etag()))
    }
}

fn hexadecimal(number: u64) -> [u8; 16] {
    std::array::from_fn(|at| {
        let digit = u8::try_from(number >> (60 - 4 * at) & 15).unwrap_or_default();
        if digit < 10 { b'0' + digit } else { b'a' - 10 + digit }
    })
}

/// What is kept of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holding {
    /// The kind, as meters name it.
    pub domain: &'static str,
    /// How many.
    pub entries: u64,
    /// Bytes they take, about.
    pub bytes: u64,
    /// Bytes all kinds that share a place may take together.
    pub bound_bytes: u64,
}

impl Holding {
    /// Nothing of a kind.
    pub fn none(domain: &'static str, bound_bytes: u64) -> Self {
        Self { domain, entries: 0, bytes: 0, bound_bytes }
    }
}

fn weight(key: &Key, value: &Encoded) -> u32 {
    u32::try_from(key.question.len() + value.bytes.len() + 128).unwrap_or(u32::MAX)
}

/// The answers of one clinic.
#[derive(Debug)]
pub(super) struct Answers(Cache<Key, Encoded>);

impl Answers {
    pub fn new() -> Self {
        Self(Cache::builder().weigher(weight).max_capacity(BOUND_BYTES).build())
    }

    pub fn get(&self, key: &Key) -> Option<Encoded> {
        self.0.get(key)
    }

    /// Computes an answer once, however many ask for it at the same time.
    pub fn get_with(&self, key: Key, make: impl FnOnce() -> Result<Vec<u8>>) -> Result<Encoded> {
        let etag = format!("\"{:016x}\"", key.etag());
        let encode = || make().map(|bytes| Encoded { bytes: bytes.into(), etag: etag.into() });
        self.0.try_get_with(key, encode).map_err(|shared| match Arc::try_unwrap(shared) {
            Ok(error) => error,
            Err(shared) => crate::base::Error::internal(shared),
        })
    }

    pub fn forget(&self) {
        self.0.invalidate_all();
    }

    /// Bytes all of them take, about.
    pub fn bytes(&self) -> u64 {
        self.0.weighted_size()
    }

    /// What is kept, by the kind of question. Looks at every entry.
    pub fn holdings(&self) -> Vec<Holding> {
        let mut kinds: BTreeMap<&'static str, Holding> = BTreeMap::new();
        for (key, value) in &self.0 {
            let domain = domain_of(&key.question);
            let holding = kinds.entry(domain).or_insert(Holding::none(domain, BOUND_BYTES));
            holding.entries += 1;
            holding.bytes += u64::from(weight(&key, &value));
        }
        kinds.into_values().collect()
    }
}

fn hash(text: &str) -> u64 {
    text.bytes()
        .fold(0xcbf2_9ce4_8422_2325, |sum, b| (sum ^ u64::from(b)).wrapping_mul(0x0000_0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_knows_its_tag_and_no_other() {
        let answers = Answers::new();
        for (question, state) in [("agenda", 0), ("agenda", 0x9f), ("agenda", u64::MAX), ("rooms", 7)] {
            let key = || Key { question: question.into(), state };
            let etag = answers.get_with(key(), || Ok(Vec::new())).unwrap().etag;
            assert!(key().is_tagged(etag.as_bytes()), "{etag}");
            assert!(!Key { state: state ^ 1, ..key() }.is_tagged(etag.as_bytes()), "{etag}");
            for other in [format!("W/{etag}"), etag.replace('"', ""), etag.to_uppercase(), String::new()] {
                assert!(other == *etag || !key().is_tagged(other.as_bytes()), "{other}");
            }
        }
    }
}
