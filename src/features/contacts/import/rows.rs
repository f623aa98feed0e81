//! One row of a file as a contact: what people write in spreadsheets is brought into the form the rules know, then the rules of
//! a contact typed by hand decide.
use serde_json::{Map, Value, json};

use super::{mapping::Mapping, read::Line, words};
use crate::{
    base::{
        Day, Error, FieldError, Instant,
        brazil::{Cpf, Phone},
        dates,
        fields::parse_at,
        text::unguarded,
    },
    features::contacts::model::ContactFields,
};

/// Cells that say that nothing is known.
const BLANKS: [&str; 4] = ["-", "--", "null", "\\n"];

/// What is wrong in a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// The column; none where the row as a whole is wrong, or what is missing has no column.
    pub column: Option<usize>,
    /// The field, as `address.cep`.
    pub field: String,
    /// The stable code.
    pub code: &'static str,
}

/// A row that can be written.
#[derive(Debug, Clone, PartialEq)]
pub struct Good {
    /// The contact.
    pub fields: ContactFields,
    /// The number it had in the register it comes from.
    pub record_number: Option<i64>,
}

/// Reads rows of one file.
pub struct Reader<'a> {
    /// Which column is which.
    pub mapping: &'a Mapping,
    /// When the import began.
    pub now: Instant,
    /// The clinic's day.
    pub today: Day,
}

impl Reader<'_> {
    /// The contact of a row, or everything that is wrong with it.
    pub fn read(&self, line: &Line) -> Result<Good, Vec<Wrong>> {
        let object = Map::from_iter([("source".to_owned(), json!("import"))]);
        let mut row = Draft { object, today: self.today, record_number: Ok(None) };
        let mut cells: Vec<(&'static str, &str)> = Vec::with_capacity(line.cells.len());
        for (field, cell) in self.mapping.fields.iter().zip(&line.cells) {
            // Our own list of refused rows puts an apostrophe before what a spreadsheet would calculate; here it comes off again.
            let cell = unguarded(cell);
            let blank =
                cell.is_empty() || (*field != Some("name") && BLANKS.contains(&cell.to_lowercase().as_str()));
            cells.extend(field.filter(|_| !blank).map(|field| (field, cell)));
        }
        // A second telephone has to know whether there is a first.
        cells.sort_by_key(|(field, _)| matches!(*field, "other_phone" | "whatsapp"));
        cells.into_iter().for_each(|(field, cell)| row.put(field, cell));
        self.finish(row)
    }

    fn finish(&self, row: Draft) -> Result<Good, Vec<Wrong>> {
        let mut errors = Vec::new();
        let fields = match parse_at::<ContactFields>(self.now, &row.object) {
            Ok(fields) => Some(fields),
            Err(Error::Invalid(wrong)) => {
                errors.extend(wrong.iter().map(|e| self.wrong(e)));
                None
            }
            Err(_) => None,
        };
        if fields.as_ref().and_then(|f| f.birth_date).is_some_and(|born| born > self.today) {
            errors.push(self.wrong(&FieldError::new("/birth_date", "date_in_future")));
        }
        match (fields, row.record_number) {
            (Some(fields), Ok(record_number)) if errors.is_empty() => Ok(Good { fields, record_number }),
            (_, number) => {
                errors.extend(number.err().map(|code| self.wrong(&FieldError::new("/record_number", code))));
                Err(errors)
            }
        }
    }

    /// An error of the contact's rules, by the column it comes from.
    fn wrong(&self, error: &FieldError) -> Wrong {
        let mut parts: Vec<&str> = error.pointer.split('/').skip(1).collect();
        // Which of several allergies it was does not matter here.
        if parts.last().is_some_and(|part| part.parse::<usize>().is_ok()) {
            parts.pop();
        }
        let field = parts.join(".");
        let column = self.mapping.column_of(&field);
        Wrong { column, field, code: error.code }
    }
}

/// A row on its way to the form of an API body.
struct Draft {
    object: Map<String, Value>,
    today: Day,
    record_number: Result<Option<i64>, &'static str>,
}

impl Draft {
    fn put(&mut self, field: &'static str, cell: &str) {
        match field {
            "birth_date" => self.set(field, json!(birth_date(cell, self.today))),
            "sex" | "status" | "priority" | "source" => self.set(field, json!(words::code(field, cell))),
            "cpf" => self.set(field, json!(cpf(cell))),
            "phone" => self.phone(cell),
            "other_phone" => self.other_phone(cell),
            "whatsapp" => self.whatsapp(cell),
            "address.cep" => self.set(field, json!(with_zeros(cell, 7..=7, 8))),
            "address.state" => self.set(field, json!(words::state(cell))),
            "emergency_contact.phone" => self.set(field, json!(first_phone(cell))),
            "allergies" | "medications" => self.set(field, json!(list(cell))),
            "notes" => self.note(cell),
            "record_number" => self.record_number = record_number(cell),
            _ => self.set(field, json!(cell)),
        }
    }

    fn set(&mut self, field: &str, value: Value) {
        match field.split_once('.') {
            None => drop(self.object.insert(field.to_owned(), value)),
            Some((outer, inner)) => {
                let place = self.object.entry(outer).or_insert_with(|| json!({}));
                if let Value::Object(object) = place {
                    object.insert(inner.to_owned(), value);
                }
            }
        }
    }

    /// The first right number of a cell is the telephone; a cell of several is kept whole among the notes.
    fn phone(&mut self, cell: &str) {
        let first = first_phone(cell);
        if first != cell {
            self.note(cell);
        }
        self.set("phone", json!(first));
    }

    fn other_phone(&mut self, cell: &str) {
        if !self.object.contains_key("phone") {
            self.phone(cell);
        } else if !self.is_the_phone(cell) {
            self.note(cell);
        }
    }

    /// "Sim", or the number itself.
    fn whatsapp(&mut self, cell: &str) {
        match words::flag(cell) {
            Some(flag) => self.set("whatsapp", json!(flag)),
            None if Phone::parse(&first_phone(cell)).is_ok() => {
                self.other_phone(cell);
                let same = self.is_the_phone(cell);
                self.set("whatsapp", json!(same));
            }
            None => self.set("whatsapp", json!(cell)),
        }
    }

    fn is_the_phone(&self, cell: &str) -> bool {
        let known = self.object.get("phone").and_then(Value::as_str).and_then(|text| Phone::parse(text).ok());
        known.is_some() && known == Phone::parse(&first_phone(cell)).ok()
    }

    fn note(&mut self, text: &str) {
        let before =
            self.object.get("notes").and_then(Value::as_str).map(|n| format!("{n}\n")).unwrap_or_default();
        self.set("notes", json!(format!("{before}{text}")));
    }
}

/// The first right number of a cell such as `(11) 3456-7890 / 98765-4321`; the whole cell where none is right.
fn first_phone(cell: &str) -> String {
    let right = |text: &str| Phone::parse(text).is_ok();
    if right(cell) {
        return cell.to_owned();
    }
    let parts = cell
        .split(['/', ',', ';', '|', '\n'])
        .flat_map(|part| part.split(" ou "))
        .flat_map(|part| part.split(" e "));
    parts.map(str::trim).find(|part| right(part)).unwrap_or(cell).to_owned()
}

/// Spreadsheets take a CPF for a number and drop the zeros in front; the check digits tell that nothing else is missing.
fn cpf(cell: &str) -> String {
    let whole = with_zeros(cell, 9..=10, 11);
    if Cpf::parse(&whole).is_ok() { whole } else { cell.to_owned() }
}

fn with_zeros(cell: &str, lengths: std::ops::RangeInclusive<usize>, whole: usize) -> String {
    let bare = cell.bytes().all(|b| b.is_ascii_digit()) && lengths.contains(&cell.len());
    if bare { format!("{cell:0>whole$}") } else { cell.to_owned() }
}

/// `23/11/1980`, `23/11/80`, `1980-11-23`, with or without a time of day behind it.
fn birth_date(cell: &str, today: Day) -> String {
    let day = cell.split([' ', 'T']).next().unwrap_or_default();
    dates::parse_until(day, today.0.year()).map_or_else(|_| cell.to_owned(), |date| date.to_string())
}

fn list(cell: &str) -> Vec<&str> {
    cell.split([',', ';', '|', '\n']).map(str::trim).filter(|part| !part.is_empty()).collect()
}

/// The number of a record.
pub fn record_number(cell: &str) -> Result<Option<i64>, &'static str> {
    let number: i64 = cell.parse().map_err(|_| "type")?;
    (1..=999_999_999).contains(&number).then_some(Some(number)).ok_or("out_of_range")
}

#[cfg(test)]
#[path = "rows_tests.rs"]
mod tests;
