//! Bytes to text: UTF-8 with or without its mark, or Windows-1252, which is what Excel in Brazil writes as "CSV".
use encoding_rs::WINDOWS_1252;

use crate::base::{Error, FileError, Result};

/// What begins the files people take for CSV: workbooks (zip and the old binary), PDF, gzip, and Excel's "Unicode text".
const OTHER_FILES: [&[u8]; 6] =
    [b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF", b"\x1f\x8b", b"\xff\xfe", b"\xfe\xff"];

/// A file's text and the name of the encoding it was in.
#[derive(Debug, PartialEq, Eq)]
pub struct Decoded {
    /// The text, its lines ending in LF or CRLF.
    pub text: String,
    /// `utf-8` or `windows-1252`.
    pub encoding: &'static str,
}

/// The file as text, or why it is none.
pub fn decode(mut bytes: Vec<u8>) -> Result<Decoded> {
    let marked = bytes.starts_with(b"\xef\xbb\xbf");
    if marked {
        bytes.drain(..3);
    }
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(bad(1, "empty_file"));
    }
    if OTHER_FILES.iter().any(|magic| bytes.starts_with(magic)) || is_mostly_binary(&bytes) {
        return Err(bad(1, "not_csv"));
    }
    if let Some(at) = bytes.iter().position(|b| *b == 0) {
        return Err(bad(line_of(&bytes, at), "bad_encoding"));
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Decoded { text: with_line_feeds(text), encoding: "utf-8" }),
        Err(error) => {
            let bytes = error.into_bytes();
            let mixed = Mixture::of(&bytes);
            if marked || mixed.is_meant_as_utf_8() {
                return Err(bad(line_of(&bytes, mixed.first_wrong), "bad_encoding"));
            }
            let (text, _) = WINDOWS_1252.decode_without_bom_handling(&bytes);
            Ok(Decoded { text: with_line_feeds(text.into_owned()), encoding: "windows-1252" })
        }
    }
}

/// How much of a file that is not UTF-8 would be.
struct Mixture {
    letters: usize,
    wrong: usize,
    first_wrong: usize,
}

impl Mixture {
    fn of(bytes: &[u8]) -> Self {
        let mut found = Self { letters: 0, wrong: 0, first_wrong: 0 };
        let mut at = 0;
        for chunk in bytes.utf8_chunks() {
            found.letters += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
            if !chunk.invalid().is_empty() {
                if found.wrong == 0 {
                    found.first_wrong = at + chunk.valid().len();
                }
                found.wrong += 1;
            }
            at += chunk.valid().len() + chunk.invalid().len();
        }
        found
    }

    /// In Windows-1252 an accented letter hardly ever looks like one in UTF-8 by chance: where they are the greater part, the
    /// file is UTF-8 with something broken in it.
    fn is_meant_as_utf_8(&self) -> bool {
        self.letters > 0 && self.letters >= self.wrong
    }
}

/// Files of the oldest Macs end their lines in CR alone.
fn with_line_feeds(text: String) -> String {
    if text.contains('\r') && !text.contains('\n') { text.replace('\r', "\n") } else { text }
}

fn is_mostly_binary(bytes: &[u8]) -> bool {
    let start = bytes.get(..bytes.len().min(4096)).unwrap_or_default();
    let odd = start.iter().filter(|b| b.is_ascii_control() && !b.is_ascii_whitespace()).count();
    odd * 10 > start.len()
}

fn line_of(bytes: &[u8], at: usize) -> u64 {
    let before = bytes.get(..at).unwrap_or_default();
    before.iter().filter(|b| **b == b'\n').count() as u64 + 1
}

/// A file that is refused as a whole, for one reason.
pub(super) fn bad(line: u64, code: &'static str) -> Error {
    Error::BadFile(vec![FileError { line, column: String::new(), code }])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn refused(bytes: &[u8]) -> (u64, &'static str) {
        match decode(bytes.to_vec()) {
            Err(Error::BadFile(errors)) => (errors[0].line, errors[0].code),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_three_ways_a_brazilian_list_is_written_are_read() {
        let text = "nome;telefone\nJoão;1";
        let read = |bytes: Vec<u8>| decode(bytes).map(|d| (d.text, d.encoding)).unwrap();
        assert_eq!(read(text.into()), (text.to_owned(), "utf-8"));
        assert_eq!(read([b"\xef\xbb\xbf", text.as_bytes()].concat()), (text.to_owned(), "utf-8"));
        let (windows, _, _) = WINDOWS_1252.encode(text);
        assert_eq!(read(windows.into_owned()), (text.to_owned(), "windows-1252"));
        assert_eq!(read(b"nome;cpf\rAna;1\r".to_vec()).0, "nome;cpf\nAna;1\n");
    }

    #[test]
    fn what_is_no_text_is_refused_with_its_line() {
        assert_eq!(refused(b""), (1, "empty_file"));
        assert_eq!(refused(b" \r\n \n"), (1, "empty_file"));
        assert_eq!(refused(b"PK\x03\x04rest"), (1, "not_csv"));
        assert_eq!(refused(b"\xff\xfen\0o\0m\0e\0"), (1, "not_csv"));
        assert_eq!(refused(b"n\0o\0m\0e\0;\0"), (1, "not_csv"));
        assert_eq!(refused(b"nome;telefone;email;cpf\nAna;1\nB\0ia;2"), (3, "bad_encoding"));
        assert_eq!(
            refused("nome\nJoão\nZé\nJos".bytes().chain([0xe9]).collect::<Vec<_>>().as_slice()),
            (4, "bad_encoding")
        );
        assert_eq!(refused(b"\xef\xbb\xbfnome\nJos\xe9"), (2, "bad_encoding"));
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = decode(bytes);
        }

        #[test]
        fn any_text_is_read_back(text in "[a-zà-ÿ]{1,30}") {
            prop_assert_eq!(decode(text.clone().into_bytes()).unwrap().text, text);
        }
    }
}
