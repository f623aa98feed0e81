//! Reads a JSON object field by field and finds everything that is wrong with it at once.
use serde_json::{Map, Value};

use super::{Clock, Day, Error, FieldError, Instant, Result, choice::Choice};

/// Something a client may send. Reading never stops at the first wrong field: what is missing or wrong gets a placeholder, and
/// [`parse`] hands the value out only if nothing was wrong.
pub trait Input: Sized + Send + 'static {
    /// Reads every field, wrong or not.
    fn read(fields: &mut Fields<'_>) -> Self;
}

/// Reads `T` from an object, or says every wrong field.
pub fn parse<T: Input>(object: &Map<String, Value>) -> Result<T> {
    parse_at(Clock::system().now(), object)
}

/// As [`parse`], for what is sent at `now`: a clinic's clock may be a test's.
pub fn parse_at<T: Input>(now: Instant, object: &Map<String, Value>) -> Result<T> {
    let mut fields = Fields { now, ..Fields::new(object) };
    let value = T::read(&mut fields);
    fields.finish(value)
}

/// Reads `T` from the words of a query string, where numbers and flags come as text.
pub fn parse_words<T: Input>(words: &Map<String, Value>) -> Result<T> {
    let mut fields = Fields { words: true, ..Fields::new(words) };
    let value = T::read(&mut fields);
    fields.finish(value)
}

/// The fields of one object, and what was found wrong so far.
pub struct Fields<'a> {
    object: &'a Map<String, Value>,
    prefix: String,
    known: Vec<&'static str>,
    errors: Vec<FieldError>,
    words: bool,
    now: Instant,
}

impl<'a> Fields<'a> {
    fn new(object: &'a Map<String, Value>) -> Self {
        Self {
            object,
            prefix: String::new(),
            known: Vec::new(),
            errors: Vec::new(),
            words: false,
            now: Instant(0),
        }
    }

    fn finish<T>(mut self, value: T) -> Result<T> {
        self.refuse_unknown();
        if self.errors.is_empty() { Ok(value) } else { Err(Error::Invalid(self.errors)) }
    }

    /// A field nobody reads is refused: a misspelt name must not be taken for "not given".
    fn refuse_unknown(&mut self) {
        let unknown: Vec<String> =
            self.object.keys().filter(|k| !self.known.contains(&k.as_str())).cloned().collect();
        unknown.iter().for_each(|name| self.error(name, "unknown_field"));
    }

    /// Marks a field as wrong.
    pub fn error(&mut self, name: &str, code: &'static str) {
        let name = name.replace('~', "~0").replace('/', "~1");
        self.errors.push(FieldError::new(format!("{}/{name}", self.prefix), code));
    }

    /// When the fields were sent.
    pub fn now(&self) -> Instant {
        self.now
    }

    /// Whether anything was wrong so far: rules over several fields need not repeat it.
    pub fn has_errors(&self) -> bool {
        !self.errors.is_empty()
    }

    /// Whether the field was sent at all, even as null or blank: says nothing about whether it has a value.
    pub fn has(&self, name: &str) -> bool {
        self.object.contains_key(name)
    }

    fn get(&mut self, name: &'static str) -> Option<&'a Value> {
        self.known.push(name);
        self.object.get(name).filter(|v| !v.is_null())
    }

    fn string(&mut self, name: &'static str) -> Option<&'a str> {
        let value = self.get(name)?;
        let text = value.as_str();
        if text.is_none() {
            self.error(name, "type");
        }
        text
    }

    /// A text of at most `max` characters, trimmed; empty counts as not given.
    pub fn optional_text(&mut self, name: &'static str, max: usize) -> Option<String> {
        let text = self.string(name)?.trim();
        let code = text_error(text, max);
        if let Some(code) = code {
            self.error(name, code);
        }
        (code.is_none() && !text.is_empty()).then(|| text.to_owned())
    }

    /// A text that must be given.
    pub fn text(&mut self, name: &'static str, max: usize) -> String {
        let before = self.errors.len();
        let text = self.optional_text(name, max);
        if text.is_none() && self.errors.len() == before {
            self.error(name, "required");
        }
        text.unwrap_or_default()
    }

    /// A text that must be given and is taken as typed, as a password.
    pub fn raw_text(&mut self, name: &'static str, max: usize) -> String {
        let before = self.errors.len();
        let text = self.string(name).unwrap_or_default();
        if self.errors.len() == before && text.is_empty() {
            self.error(name, "required");
        }
        if text.chars().count() > max {
            self.error(name, "too_long");
        }
        text.to_owned()
    }

    /// A text with a form of its own, as a CPF; `parse` answers the field code of what is wrong.
    pub fn parsed<T>(
        &mut self,
        name: &'static str,
        parse: impl FnOnce(&str) -> Result<T, &'static str>,
    ) -> Option<T> {
        let text = self.string(name)?.trim();
        if text.is_empty() {
            return None;
        }
        match parse(text) {
            Ok(value) => Some(value),
            Err(code) => {
                self.error(name, code);
                None
            }
        }
    }

    /// As [`Fields::parsed`], and must be given.
    pub fn required<T>(
        &mut self,
        name: &'static str,
        parse: impl FnOnce(&str) -> Result<T, &'static str>,
    ) -> Option<T> {
        let before = self.errors.len();
        let value = self.parsed(name, parse);
        if value.is_none() && self.errors.len() == before {
            self.error(name, "required");
        }
        value
    }

    /// One of a fixed list of codes.
    pub fn choice<T: Choice>(&mut self, name: &'static str) -> Option<T> {
        self.parsed(name, |code| T::from_code(code).ok_or("unknown_value"))
    }

    /// A point in time, RFC 3339.
    pub fn instant(&mut self, name: &'static str) -> Option<Instant> {
        self.parsed(name, |text| {
            let at: Instant = text.parse().map_err(|()| "invalid_time")?;
            // 1900 to 2200: beyond that it is a slip, and arithmetic on it must not overflow.
            (-2_208_988_800..7_258_118_400).contains(&at.0).then_some(at).ok_or("out_of_range")
        })
    }

    /// As [`Fields::instant`], and must be given.
    pub fn required_instant(&mut self, name: &'static str) -> Option<Instant> {
        let before = self.errors.len();
        let at = self.instant(name);
        if at.is_none() && self.errors.len() == before {
            self.error(name, "required");
        }
        at
    }

    /// A day, `YYYY-MM-DD`.
    pub fn day(&mut self, name: &'static str) -> Option<Day> {
        self.parsed(name, |text| text.parse().map_err(|()| "invalid_date"))
    }

    /// A whole number within `range`.
    pub fn integer(&mut self, name: &'static str, range: std::ops::RangeInclusive<i64>) -> Option<i64> {
        let value = self.get(name)?;
        let number = match value {
            Value::String(text) if self.words => text.parse().ok(),
            Value::Number(_) => value.as_i64(),
            _ => None,
        };
        match number {
            None => self.error(name, if value.is_number() { "out_of_range" } else { "type" }),
            Some(n) if !range.contains(&n) => self.error(name, "out_of_range"),
            Some(_) => {}
        }
        number.filter(|n| range.contains(n))
    }

    /// As [`Fields::integer`], and must be given.
    pub fn required_integer(&mut self, name: &'static str, range: std::ops::RangeInclusive<i64>) -> i64 {
        let before = self.errors.len();
        let number = self.integer(name, range);
        if number.is_none() && self.errors.len() == before {
            self.error(name, "required");
        }
        number.unwrap_or(0)
    }

    /// The number of another record.
    pub fn id(&mut self, name: &'static str) -> Option<i64> {
        self.integer(name, 1..=i64::MAX)
    }

    /// As [`Fields::id`], and must be given.
    pub fn required_id(&mut self, name: &'static str) -> i64 {
        self.required_integer(name, 1..=i64::MAX)
    }

    /// Yes or no.
    pub fn flag(&mut self, name: &'static str) -> Option<bool> {
        let value = self.get(name)?;
        let flag = match value {
            Value::Bool(flag) => Some(*flag),
            Value::String(text) if self.words => match text.as_str() {
                "1" | "true" => Some(true),
                "0" | "false" => Some(false),
                _ => None,
            },
            _ => None,
        };
        if flag.is_none() {
            self.error(name, "type");
        }
        flag
    }

    /// A list of short texts; blanks and repeats are dropped.
    pub fn texts(&mut self, name: &'static str, most: usize, max: usize) -> Vec<String> {
        let Some(items) = self.list(name, most) else { return Vec::new() };
        let mut texts: Vec<String> = Vec::new();
        for (index, item) in items.iter().enumerate() {
            let text = item.as_str().map(str::trim);
            match text.map_or(Some("type"), |t| text_error(t, max)) {
                Some(code) => {
                    self.errors.push(FieldError::new(format!("{}/{name}/{index}", self.prefix), code))
                }
                None => texts.extend(
                    text.filter(|t| !t.is_empty() && !texts.iter().any(|x| x == t)).map(str::to_owned),
                ),
            }
        }
        texts
    }

    /// A list of codes of a fixed list.
    pub fn choices<T: Choice>(&mut self, name: &'static str) -> Option<Vec<T>> {
        let items = self.list(name, 50)?;
        let mut found = Vec::new();
        for (index, item) in items.iter().enumerate() {
            match item.as_str().and_then(T::from_code) {
                Some(value) => found.push(value),
                None => self
                    .errors
                    .push(FieldError::new(format!("{}/{name}/{index}", self.prefix), "unknown_value")),
            }
        }
        Some(found)
    }

    /// An object inside the object.
    pub fn object<T>(&mut self, name: &'static str, read: impl FnOnce(&mut Fields<'_>) -> T) -> Option<T> {
        let value = self.get(name)?;
        let Value::Object(object) = value else {
            self.error(name, "type");
            return None;
        };
        let prefix = format!("{}/{name}", self.prefix);
        Some(self.nested(object, prefix, read))
    }

    /// A list of objects.
    pub fn objects<T>(
        &mut self,
        name: &'static str,
        most: usize,
        mut read: impl FnMut(&mut Fields<'_>) -> T,
    ) -> Option<Vec<T>> {
        let items = self.list(name, most)?;
        let mut found = Vec::new();
        for (index, item) in items.iter().enumerate() {
            let prefix = format!("{}/{name}/{index}", self.prefix);
            match item {
                Value::Object(object) => found.push(self.nested(object, prefix, &mut read)),
                _ => self.errors.push(FieldError::new(prefix, "type")),
            }
        }
        Some(found)
    }

    fn list(&mut self, name: &'static str, most: usize) -> Option<&'a Vec<Value>> {
        let value = self.get(name)?;
        let items = value.as_array();
        match items {
            None => self.error(name, "type"),
            Some(items) if items.len() > most => self.error(name, "too_long"),
            Some(_) => {}
        }
        items.filter(|items| items.len() <= most)
    }

    fn nested<T>(
        &mut self,
        object: &Map<String, Value>,
        prefix: String,
        read: impl FnOnce(&mut Fields<'_>) -> T,
    ) -> T {
        let mut inner = Fields { prefix, words: self.words, now: self.now, ..Fields::new(object) };
        let value = read(&mut inner);
        inner.refuse_unknown();
        self.errors.append(&mut inner.errors);
        value
    }
}

/// Control characters have no place in a name or a note, and some of them can hide what a text says.
fn text_error(text: &str, max: usize) -> Option<&'static str> {
    if text.chars().count() > max {
        return Some("too_long");
    }
    let odd = |c: char| {
        (c.is_control() && c != '\n' && c != '\t')
            || ('\u{202a}'..='\u{202e}').contains(&c)
            || ('\u{2066}'..='\u{2069}').contains(&c)
    };
    text.chars().any(odd).then_some("invalid_text")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[derive(Debug)]
    struct Sample;

    impl Input for Sample {
        fn read(f: &mut Fields<'_>) -> Self {
            f.text("name", 5);
            f.integer("age", 0..=120);
            f.day("born");
            f.object("address", |f| f.optional_text("city", 3));
            f.texts("allergies", 2, 10);
            Self
        }
    }

    #[test]
    fn every_wrong_field_is_said_at_once_with_its_pointer() {
        let body = json!({"name": "", "age": 200, "born": "31/02/2020", "address": {"city": "Santos", "moon": 1}, "a/b": 1, "allergies": [1]});
        let Err(Error::Invalid(errors)) = parse::<Sample>(body.as_object().unwrap()) else {
            panic!("accepted")
        };
        let mut said: Vec<_> = errors.iter().map(|e| format!("{} {}", e.pointer, e.code)).collect();
        said.sort();
        assert_eq!(
            said,
            [
                "/address/city too_long",
                "/address/moon unknown_field",
                "/age out_of_range",
                "/allergies/0 type",
                "/a~1b unknown_field",
                "/born invalid_date",
                "/name required",
            ]
        );
    }

    #[test]
    fn null_and_absent_are_the_same_and_good_values_pass() {
        assert!(parse::<Sample>(json!({"name": "Ana", "age": null}).as_object().unwrap()).is_ok());
    }

    #[derive(Debug)]
    struct Needed;

    impl Input for Needed {
        fn read(f: &mut Fields<'_>) -> Self {
            f.required_integer("minutes", 5..=480);
            f.required_instant("at");
            f.required_id("who");
            Self
        }
    }

    #[test]
    fn what_must_be_given_is_missed_when_absent_null_or_blank_and_is_said_once() {
        let said = |body: Value| match parse::<Needed>(body.as_object().unwrap()) {
            Ok(_) => Vec::new(),
            Err(Error::Invalid(errors)) => {
                errors.iter().map(|e| format!("{} {}", e.pointer, e.code)).collect()
            }
            Err(other) => panic!("{other}"),
        };
        let missing = ["/minutes required", "/at required", "/who required"];
        assert_eq!(said(json!({})), missing);
        assert_eq!(said(json!({"minutes": null, "at": null, "who": null})), missing);
        assert_eq!(said(json!({"minutes": null, "at": " ", "who": null})), missing);
        let wrong = ["/minutes out_of_range", "/at invalid_time", "/who type"];
        assert_eq!(said(json!({"minutes": 1, "at": "soon", "who": "1"})), wrong);
        assert!(said(json!({"minutes": 30, "at": "2026-11-24T12:00:00Z", "who": 1})).is_empty());
    }

    #[test]
    fn invisible_characters_are_refused() {
        assert!(parse::<Sample>(json!({"name": "A\u{202e}b"}).as_object().unwrap()).is_err());
        assert!(parse::<Sample>(json!({"name": "A\u{0}b"}).as_object().unwrap()).is_err());
    }
}
