//! A CSV file as rows of cells: its delimiter is found out, and whatever is wrong with its shape refuses the whole file, with
//! the lines. Knows nothing of contacts.
use csv::{Reader, ReaderBuilder, StringRecord};

use super::{
    decode::{Decoded, bad, decode},
    quotes,
};
use crate::base::{Error, FileError, Result, text};

/// Most rows of one file.
pub const MOST_ROWS: usize = 200_000;
/// Longest cell, in bytes.
const LONGEST_CELL: usize = 32 * 1024;
/// Most errors told of one file.
pub const MOST_ERRORS: usize = 200;

/// A file of the right shape: every row has the cells that the header says.
#[derive(Debug)]
pub struct Sheet {
    text: String,
    delimiter: u8,
    /// `utf-8` or `windows-1252`.
    pub encoding: &'static str,
    /// The names of its columns.
    pub header: Vec<String>,
    /// Rows that are not blank, the header apart.
    pub rows: usize,
}

/// One row.
#[derive(Debug, PartialEq, Eq)]
pub struct Line {
    /// The line of the file it begins in, from 1.
    pub number: u64,
    /// Its cells without the spaces around them, as many as the header has.
    pub cells: Vec<String>,
}

impl Sheet {
    /// Reads a file, or says everything that is wrong with its shape.
    pub fn open(bytes: Vec<u8>) -> Result<Self> {
        let Decoded { text, encoding } = decode(bytes)?;
        let delimiter = delimiter_of(&text)?;
        if let Some(line) = quotes::first_wrong(&text, delimiter) {
            return Err(bad(line, "bad_quotes"));
        }
        let mut sheet = Self { text, delimiter, encoding, header: Vec::new(), rows: 0 };
        let mut records = sheet.records();
        let Some(first) = records.next() else { return Err(bad(1, "empty_file")) };
        let header = header_of(&first)?;
        let mut shape = Shape { header: &header, rows: 0, errors: Vec::new() };
        records.take_while(|record| shape.check(record)).for_each(drop);
        if shape.rows == 0 && shape.errors.is_empty() {
            return Err(bad(first.number + 1, "no_rows"));
        }
        if !shape.errors.is_empty() {
            return Err(Error::BadFile(shape.errors));
        }
        (sheet.rows, sheet.header) = (shape.rows, header);
        Ok(sheet)
    }

    /// Its rows in order; blank ones are left out.
    pub fn lines(&self) -> impl Iterator<Item = Line> {
        let columns = self.header.len();
        self.records().skip(1).map(move |mut line| {
            line.cells.truncate(columns);
            line
        })
    }

    /// What stands between its cells.
    pub fn delimiter(&self) -> char {
        char::from(self.delimiter)
    }

    fn records(&self) -> Records<'_> {
        let mut reader = ReaderBuilder::new();
        reader.delimiter(self.delimiter).has_headers(false).flexible(true);
        let reader = reader.from_reader(self.text.as_bytes());
        Records { text: &self.text, reader, record: StringRecord::new() }
    }
}

struct Records<'a> {
    text: &'a str,
    reader: Reader<&'a [u8]>,
    record: StringRecord,
}

impl Iterator for Records<'_> {
    type Item = Line;

    fn next(&mut self) -> Option<Line> {
        // A text in memory that is UTF-8 and may have rows of any length has no way to fail.
        while self.reader.read_record(&mut self.record).unwrap_or(false) {
            let cells: Vec<String> = self.record.iter().map(|cell| cell.trim().to_owned()).collect();
            if cells.iter().any(|cell| !cell.is_empty()) {
                return Some(Line { number: self.line(), cells });
            }
        }
        None
    }
}

impl Records<'_> {
    /// The reader counts from where it began to look, which is before any empty lines it went over.
    fn line(&self) -> u64 {
        let Some(position) = self.record.position() else { return 0 };
        let from = usize::try_from(position.byte()).unwrap_or(0);
        let ahead = self.text.as_bytes().get(from..).unwrap_or_default();
        let skipped =
            ahead.iter().take_while(|b| matches!(b, b'\r' | b'\n')).filter(|b| **b == b'\n').count();
        position.line() + skipped as u64
    }
}

/// Holds every row against the header.
struct Shape<'a> {
    header: &'a [String],
    rows: usize,
    errors: Vec<FileError>,
}

impl Shape<'_> {
    /// Whether to go on.
    fn check(&mut self, line: &Line) -> bool {
        self.rows += 1;
        if self.rows > MOST_ROWS {
            self.wrong(line, "", "too_many_rows");
            return false;
        }
        let (cells, columns) = (&line.cells, self.header.len());
        if cells.len() < columns {
            self.wrong(line, "", "missing_columns");
        } else if cells.iter().skip(columns).any(|cell| !cell.is_empty()) {
            self.wrong(line, "", "extra_columns");
        } else if let Some((_, name)) =
            cells.iter().zip(self.header).find(|(cell, _)| cell.len() > LONGEST_CELL)
        {
            self.wrong(line, name, "cell_too_large");
        }
        self.errors.len() < MOST_ERRORS
    }

    fn wrong(&mut self, line: &Line, column: &str, code: &'static str) {
        self.errors.push(FileError { line: line.number, column: column.to_owned(), code });
    }
}

/// The one of `;`, `,` and tab that the first line has most of, outside of quotes.
fn delimiter_of(text: &str) -> Result<u8> {
    let before = text.lines().take_while(|line| line.trim().is_empty()).count() as u64;
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    if first.trim_matches([';', ',', '\t', ' ', '"']).is_empty() {
        return Err(bad(before + 1, "no_header"));
    }
    let mut quoted = false;
    let mut counts = [(b';', 0), (b'\t', 0), (b',', 0)];
    for byte in first.bytes() {
        quoted ^= byte == b'"';
        counts.iter_mut().filter(|(mark, _)| *mark == byte && !quoted).for_each(|(_, count)| *count += 1);
    }
    // Of equals the first: a comma may stand in a name of a column, the others hardly.
    let best = counts.iter().rev().max_by_key(|(_, count)| *count).filter(|(_, count)| *count > 0);
    best.map(|(mark, _)| *mark).ok_or_else(|| bad(before + 1, "unknown_delimiter"))
}

fn header_of(first: &Line) -> Result<Vec<String>> {
    let header = first.cells.clone();
    let mut seen = std::collections::BTreeSet::new();
    let twice = header.iter().filter(|name| !name.is_empty() && !seen.insert(text::fold(name)));
    let errors: Vec<FileError> = twice
        .map(|name| FileError { line: first.number, column: name.clone(), code: "duplicate_header" })
        .collect();
    if errors.is_empty() { Ok(header) } else { Err(Error::BadFile(errors)) }
}

#[cfg(test)]
#[path = "read_tests.rs"]
mod tests;
