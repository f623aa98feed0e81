//! From bytes to a table of texts. Whatever is wrong with the file as a whole is said here, with its line and column, before
//! anything is looked up or written.
use std::collections::HashSet;

use encoding_rs::WINDOWS_1252;

use crate::base::{Error, FileError, Result, text};

/// Most rows of one file.
const MOST_ROWS: usize = 200_000;
/// Most characters of one cell.
const LARGEST_CELL: usize = 4_000;
/// Most faults said of one file.
const MOST_FAULTS: usize = 50;

/// The file, read.
#[derive(Debug)]
pub struct Sheet {
    /// Its headers, trimmed.
    pub headers: Vec<String>,
    /// Its rows with their lines.
    pub rows: Vec<(u64, Vec<String>)>,
    /// What separates the cells.
    pub delimiter: u8,
    /// How its letters are written.
    pub encoding: &'static str,
}

/// Reads a file, or says all that keeps it from being read.
pub fn sheet(bytes: &[u8]) -> Result<Sheet> {
    let (content, encoding) = decode(bytes)?;
    if content.trim().is_empty() {
        return Err(fault(1, "", "empty"));
    }
    let delimiter = delimiter(&content)?;
    closed_quotes(&content, delimiter)?;
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(content.as_bytes());
    let mut records = reader.records();
    let first = records.next().and_then(std::result::Result::ok).unwrap_or_default();
    let headers: Vec<String> = first.iter().map(str::to_owned).collect();
    check_headers(&headers)?;
    let mut rows = Vec::new();
    let mut faults = Vec::new();
    for record in records {
        let record =
            record.map_err(|e| fault(e.position().map_or(1, csv::Position::line), "", "unreadable"))?;
        let line = record.position().map_or(0, csv::Position::line);
        faults.extend(row_faults(line, &record, &headers));
        if faults.len() >= MOST_FAULTS {
            break;
        }
        if record.iter().any(|cell| !cell.is_empty()) {
            rows.push((line, record.iter().map(str::to_owned).collect()));
        }
        if rows.len() > MOST_ROWS {
            return Err(fault(line, "", "too_many_rows"));
        }
    }
    match (faults.is_empty(), rows.is_empty()) {
        (false, _) => Err(Error::BadFile(faults)),
        (true, true) => Err(fault(1, "", "no_rows")),
        (true, false) => Ok(Sheet { headers, rows, delimiter, encoding }),
    }
}

fn fault(line: u64, column: &str, code: &'static str) -> Error {
    Error::BadFile(vec![FileError { line, column: column.to_owned(), code }])
}

/// UTF-8 with or without its mark, or else Windows-1252, which Brazilian spreadsheets write. A mixture of both is nobody's text.
fn decode(bytes: &[u8]) -> Result<(String, &'static str)> {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(fault(1, "", "utf16"));
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        return Err(fault(1, "", "spreadsheet"));
    }
    if let Some(at) = bytes.iter().position(|b| *b == 0) {
        return Err(fault(line_of(bytes, at), "", "binary"));
    }
    let bytes = bytes.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(bytes);
    let Err(wrong) = std::str::from_utf8(bytes) else {
        return Ok((String::from_utf8_lossy(bytes).into_owned(), "utf-8"));
    };
    if has_utf8(bytes) {
        return Err(fault(line_of(bytes, wrong.valid_up_to()), "", "bad_encoding"));
    }
    Ok((WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned(), "windows-1252"))
}

/// Whether a letter beyond ASCII stands there as UTF-8: two or more bytes that fit each other.
fn has_utf8(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    loop {
        match std::str::from_utf8(rest) {
            Ok(good) => return !good.is_ascii(),
            Err(error) => {
                let (good, bad) = rest.split_at(error.valid_up_to());
                if !good.is_ascii() {
                    return true;
                }
                rest = bad.get(error.error_len().unwrap_or(1)..).unwrap_or_default();
            }
        }
    }
}

fn line_of(bytes: &[u8], at: usize) -> u64 {
    let before = bytes.get(..at).unwrap_or_default();
    1 + before.iter().filter(|b| **b == b'\n').count() as u64
}

/// Whichever of `;`, `,` and tab the header line has most of. A file of one column cannot hold a name and a way to reach it.
fn delimiter(content: &str) -> Result<u8> {
    let header = content.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let count = |d: u8| header.bytes().filter(|b| *b == d).count();
    let best = [b';', b',', b'\t'].into_iter().max_by_key(|d| count(*d)).filter(|d| count(*d) > 0);
    best.ok_or_else(|| fault(1, header, "unknown_delimiter"))
}

/// A quote that is opened and never closed would swallow the rest of the file without a word.
fn closed_quotes(content: &str, delimiter: u8) -> Result<()> {
    let (mut line, mut opened, mut at_start) = (1, 0, true);
    let mut bytes = content.bytes().peekable();
    let mut quoted = false;
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' if quoted && bytes.peek() == Some(&b'"') => drop(bytes.next()),
            b'"' if quoted => quoted = false,
            b'"' if at_start => (quoted, opened) = (true, line),
            b'\n' => line += 1,
            _ => {}
        }
        at_start = !quoted && (byte == b'\n' || byte == delimiter || (at_start && byte == b' '));
    }
    if quoted { Err(fault(opened, "", "bad_quotes")) } else { Ok(()) }
}

fn check_headers(headers: &[String]) -> Result<()> {
    if headers.iter().all(String::is_empty) {
        return Err(fault(1, "", "no_header"));
    }
    let mut seen = HashSet::new();
    let repeated = headers.iter().filter(|h| !h.is_empty()).find(|h| !seen.insert(text::fold(h)));
    match repeated {
        Some(header) => Err(fault(1, header, "duplicate_header")),
        None => Ok(()),
    }
}

fn row_faults(line: u64, record: &csv::StringRecord, headers: &[String]) -> Vec<FileError> {
    let empty = record.iter().all(str::is_empty);
    let mut faults = Vec::new();
    if !empty && record.len() != headers.len() {
        let code = if record.len() > headers.len() { "extra_columns" } else { "missing_columns" };
        faults.push(FileError { line, column: String::new(), code });
    }
    for (cell, header) in record.iter().zip(headers) {
        if cell.chars().count() > LARGEST_CELL {
            faults.push(FileError { line, column: header.clone(), code: "cell_too_large" });
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(bytes: &[u8]) -> String {
        match sheet(bytes) {
            Err(Error::BadFile(faults)) => {
                let first = &faults[0];
                format!("{} {} {}", first.line, first.column, first.code)
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_good_file_is_read_whatever_its_letters_and_separators() {
        for (bytes, delimiter, encoding) in [
            (&b"nome;telefone\r\nJo\xe3o;11\r\n"[..], b';', "windows-1252"),
            ("nome,telefone\nJoão,11\n".as_bytes(), b',', "utf-8"),
            ("\u{feff}nome\ttelefone\nJoão\t11".as_bytes(), b'\t', "utf-8"),
            ("nome;telefone\n\"João\";\"1\"\"1\"\n;\n".as_bytes(), b';', "utf-8"),
        ] {
            let read = sheet(bytes).unwrap();
            assert_eq!((read.delimiter, read.encoding, read.rows.len()), (delimiter, encoding, 1));
            assert_eq!(read.rows[0].1[0], "João");
        }
    }

    #[test]
    fn a_file_that_is_broken_as_a_whole_is_said_with_its_line() {
        for (bytes, expected) in [
            (&b""[..], "1  empty"),
            (b"\xef\xbb\xbf \n", "1  empty"),
            (b"\xff\xfen\x00o\x00", "1  utf16"),
            (b"PK\x03\x04...", "1  spreadsheet"),
            (b"nome;fone\nA;1\nB\x00;2\n", "3  binary"),
            (b"nome;fone\nJo\xc3\xa3o;1\nJo\xe3o;2\n", "3  bad_encoding"),
            (b"nome\nAna\n", "1 nome unknown_delimiter"),
            (b";;\nAna;1;2\n", "1  no_header"),
            (b"nome;Nome\nAna;1\n", "1 Nome duplicate_header"),
            (b"nome;fone\nA;1\n\"B;2\nC;3\n", "3  bad_quotes"),
            (b"nome;fone\nA;1\nB;2;3\n", "3  extra_columns"),
            (b"nome;fone\nA;1\nB\n", "3  missing_columns"),
            (b"nome;fone\n", "1  no_rows"),
        ] {
            assert_eq!(said(bytes), expected, "{}", String::from_utf8_lossy(bytes));
        }
        let large = format!("nome;fone\nA;{}\n", "9".repeat(LARGEST_CELL + 1));
        assert_eq!(said(large.as_bytes()), "2 fone cell_too_large");
        let many = format!("nome;fone\n{}", "A;1\n".repeat(MOST_ROWS + 1));
        assert_eq!(said(many.as_bytes()), format!("{}  too_many_rows", MOST_ROWS + 2));
    }
}
