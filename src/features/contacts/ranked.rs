//! Who matches a search, the best first, a page at a time, however large the register is.
//!
//! The best are whose record number it is, then whose name begins with what was typed, then with its first word, then the
//! others; of two names, the one they go by and the civil one, the better counts. Among equals the order of names decides. There
//! are three ways to the same order. Where those whose name begins with what was typed fill the page, nobody else is looked at.
//! Else, where few match, all of them are looked at; where many do, contacts are walked in order of names until the page is full: it
//! soon is.
use std::collections::BinaryHeap;

use super::{
    asked::{Asked, Place},
    indexed,
};
use crate::{
    base::{Result, text},
    db::{ReadTx, Value, params, params_from_iter},
};

/// Up to so many matches are all looked at. In a register of 200,000 both ways take about as long here.
pub const FEW: i64 = 2000;

/// The best matches after `asked.cursor`, one more than a page holds if there are more. Up to `few` are all looked at.
pub fn places(tx: &ReadTx<'_>, asked: &Asked, terms: &[String], few: i64) -> Result<Vec<Place>> {
    let search = Search::new(tx, asked, terms)?;
    let after = asked.cursor.clone().unwrap_or_default();
    let mut found: Vec<Place> = search.numbered.iter().filter(|place| **place > after).cloned().collect();
    let wanted = asked.limit + 1 - i64::try_from(found.len()).unwrap_or(0);
    if asked.status.is_none() {
        let best = search.walk(tx, &after, wanted, 1)?;
        if i64::try_from(best.len()).is_ok_and(|count| count >= wanted) {
            found.extend(best);
            return Ok(found);
        }
    }
    // Read once: what a full name costs is bringing its words' lists together.
    let sql = "select rowid from contacts_search where contacts_search match ?1 limit ?2";
    let matches: Vec<i64> = tx.all(sql, params![search.query, few.saturating_add(1)], |row| row.get(0))?;
    let many = i64::try_from(matches.len()).is_ok_and(|count| count > few);
    found.extend(match many {
        true => search.walk(tx, &after, wanted, 3)?,
        false => search.all(tx, matches, &after, wanted)?,
    });
    Ok(found)
}

struct Search {
    /// What the name of the best begins with.
    typed: String,
    /// What the name of the next best begins with; `typed` begins with it.
    first: String,
    /// Every beginning of a word a match must have, as in `search_text`.
    beginnings: Vec<String>,
    /// The same for the search index.
    query: String,
    /// The contact whose record number was typed.
    numbered: Option<Place>,
}

impl Search {
    fn new(tx: &ReadTx<'_>, asked: &Asked, terms: &[String]) -> Result<Self> {
        let plain: Vec<String> = terms.iter().map(|term| indexed::plain(term)).collect();
        let query = indexed::query_of(plain.iter().map(String::as_str), asked.status_code());
        let first = terms.first().cloned().unwrap_or_default();
        let typed = text::fold(asked.search.as_deref().unwrap_or_default());
        let typed = if typed.starts_with(&first) { typed } else { first.clone() };
        let of_status = asked.status_code().map(indexed::status_word);
        let beginnings = plain.into_iter().chain(of_status).collect();
        Ok(Self { typed, first, beginnings, query, numbered: numbered(tx, asked, terms)? })
    }

    /// All matches are looked at for the best of them.
    fn all(&self, tx: &ReadTx<'_>, mut matches: Vec<i64>, after: &Place, wanted: i64) -> Result<Vec<Place>> {
        matches.retain(|id| *id != self.numbered_id());
        let sql = "select sort_key, civil_key, contact_id from contacts_order where contact_id = ?1";
        let (typed, first) = (Span::of(&self.typed), Span::of(&self.first));
        let mut best = Best::after(after, wanted);
        tx.each_of(sql, &matches, |row| {
            let (key, civil) = (row.get_ref(0)?.as_str()?, row.get_ref(1)?.as_str_or_null()?);
            let is_in = |span: &Span| span.holds(key) || civil.is_some_and(|civil| span.holds(civil));
            let tier = if is_in(&typed) {
                1
            } else if is_in(&first) {
                2
            } else {
                3
            };
            best.offer(tier, key, row.get(2)?);
            Ok(())
        })?;
        Ok(best.found.into_sorted_vec())
    }

    /// The next matches in order of names, tier by tier up to the `last` one.
    fn walk(&self, tx: &ReadTx<'_>, after: &Place, wanted: i64, last: i64) -> Result<Vec<Place>> {
        let mut found = Vec::new();
        for tier in after.tier.max(1)..=last {
            let left = wanted - i64::try_from(found.len()).unwrap_or(0);
            if left <= 0 {
                break;
            }
            let start = after.clone().max(Place { tier, ..Place::default() });
            let mut next = self.of_tier(tx, &start, left)?;
            next.sort_unstable();
            next.truncate(usize::try_from(left).unwrap_or(0));
            found.extend(next);
        }
        Ok(found)
    }

    /// The next of one tier: those whose name puts them there, and those whose civil name does.
    fn of_tier(&self, tx: &ReadTx<'_>, after: &Place, left: i64) -> Result<Vec<Place>> {
        let (typed, first) = (Span::of(&self.typed), Span::of(&self.first));
        let (stretches, civil, better) = match after.tier {
            1 => (vec![typed.clone()], Some(&typed), None),
            2 => (first.around(&typed), Some(&first), Some(&typed)),
            _ => (Span::of("").around(&first), None, Some(&first)),
        };
        let by_name = stretches.iter().map(|stretch| Filter::by_name(stretch, better, after));
        let by_civil_name = civil.map(|stretch| Filter::by_civil_name(stretch, better, after));
        let mut found = Vec::new();
        for filter in by_name.chain(by_civil_name) {
            found.extend(self.run(tx, filter, after.tier, left)?);
        }
        Ok(found)
    }

    fn run(&self, tx: &ReadTx<'_>, mut filter: Filter, tier: i64, left: i64) -> Result<Vec<Place>> {
        for word in &self.beginnings {
            filter.and("instr(' ' || search_text, ?) > 0", [format!(" {word}").into()]);
        }
        filter.and("id <> ?", [self.numbered_id().into()]);
        let (index, conditions) = (filter.index, filter.conditions.join(" and "));
        let sql = format!(
            "select sort_key, id from contacts indexed by {index} where {conditions} order by sort_key, id limit {left}"
        );
        tx.all(&sql, params_from_iter(filter.values), |r| Ok(Place { tier, key: r.get(0)?, id: r.get(1)? }))
    }

    fn numbered_id(&self) -> i64 {
        self.numbered.as_ref().map_or(0, |place| place.id)
    }
}

/// The best so many of the places after one.
struct Best<'a> {
    after: &'a Place,
    wanted: usize,
    /// The worst of them on top.
    found: BinaryHeap<Place>,
}

impl<'a> Best<'a> {
    fn after(after: &'a Place, wanted: i64) -> Self {
        Self { after, wanted: usize::try_from(wanted).unwrap_or(0), found: BinaryHeap::new() }
    }

    /// Most are not among the best: they cost a comparison and nothing else.
    fn offer(&mut self, tier: i64, key: &str, id: i64) {
        let is_before = |place: &Place| (place.tier, place.key.as_str(), place.id) < (tier, key, id);
        let is_full = self.found.len() >= self.wanted;
        if !is_before(self.after) || is_full && self.found.peek().is_none_or(is_before) {
            return;
        }
        if is_full {
            self.found.pop();
        }
        self.found.push(Place { tier, key: key.to_owned(), id });
    }
}

/// A stretch of names: from one, and up to but without another.
#[derive(Clone)]
struct Span {
    from: String,
    to: String,
}

impl Span {
    /// All names that begin so.
    fn of(beginning: &str) -> Self {
        Self { from: beginning.to_owned(), to: end(beginning) }
    }

    /// What is left of this stretch without one inside it.
    fn around(&self, inner: &Self) -> Vec<Self> {
        let before = Self { from: self.from.clone(), to: inner.from.clone() };
        vec![before, Self { from: inner.to.clone(), to: self.to.clone() }]
    }

    fn holds(&self, name: &str) -> bool {
        self.from.as_str() <= name && name < self.to.as_str()
    }

    fn values(&self) -> [Value; 2] {
        [self.from.clone().into(), self.to.clone().into()]
    }
}

/// Which contacts an index is walked for: conditions, and the values that stand for their marks.
struct Filter {
    index: &'static str,
    conditions: Vec<&'static str>,
    values: Vec<Value>,
}

impl Filter {
    fn over(index: &'static str) -> Self {
        Self { index, conditions: Vec::new(), values: Vec::new() }
    }

    /// A stretch of names, without those whose civil name is in a `better` one.
    fn by_name(stretch: &Span, better: Option<&Span>, after: &Place) -> Self {
        let mut filter = Self::over("contacts_by_name");
        let (key, id) = if after.key >= stretch.from { (&after.key, after.id) } else { (&stretch.from, 0) };
        filter.and("(sort_key, id) > (?, ?)", [key.clone().into(), id.into()]);
        filter.and("sort_key < ?", [stretch.to.clone().into()]);
        if let Some(better) = better {
            filter.and("(civil_key >= ? and civil_key < ?) is not true", better.values());
        }
        filter
    }

    /// Those whose civil name is in a stretch and whose shown name is not, nor their civil name in a `better` one. They are few.
    fn by_civil_name(stretch: &Span, better: Option<&Span>, after: &Place) -> Self {
        let mut filter = Self::over("contacts_by_civil_name");
        filter.and("civil_key >= ? and civil_key < ?", stretch.values());
        filter.and("not (sort_key >= ? and sort_key < ?)", stretch.values());
        filter.and("(sort_key, id) > (?, ?)", [after.key.clone().into(), after.id.into()]);
        if let Some(better) = better {
            filter.and("not (civil_key >= ? and civil_key < ?)", better.values());
        }
        filter
    }

    fn and<const N: usize>(&mut self, condition: &'static str, values: [Value; N]) {
        self.conditions.push(condition);
        self.values.extend(values);
    }
}

/// What comes after every text that begins with `beginning`.
fn end(beginning: &str) -> String {
    format!("{beginning}{}", char::MAX)
}

/// A short number may be that of the record.
fn numbered(tx: &ReadTx<'_>, asked: &Asked, terms: &[String]) -> Result<Option<Place>> {
    let [number] = terms else { return Ok(None) };
    let Some(number) = number.parse::<i64>().ok().filter(|_| number.len() <= 9) else { return Ok(None) };
    let sql = "select sort_key, id from contacts where record_number = ?1 and (?2 is null or status = ?2)";
    tx.first(sql, params![number, asked.status_code()], |r| {
        Ok(Place { tier: 0, key: r.get(0)?, id: r.get(1)? })
    })
}
