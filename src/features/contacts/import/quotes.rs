//! Whether every quote of a CSV text is closed where it should be (RFC 4180). The reader of the rows forgives what this does
//! not: a quote that is never closed would swallow the rest of the file as one cell.

/// The line of the first quote that is not closed, or is closed in the middle of its cell.
pub fn first_wrong(text: &str, delimiter: u8) -> Option<u64> {
    let (mut line, mut opened_at) = (1, 1);
    let mut place = Place::Start;
    for byte in text.bytes() {
        place = match (place, byte) {
            (Place::Quoted, b'"') => Place::Closed,
            (Place::Quoted, _) => Place::Quoted,
            (Place::Closed, b'"') => Place::Quoted,
            (Place::Start, b'"') => {
                opened_at = line;
                Place::Quoted
            }
            (_, b'\n' | b'\r') => Place::Start,
            (_, other) if other == delimiter => Place::Start,
            // Spaces between the closing quote and the next cell harm nobody.
            (Place::Closed, b' ') => Place::Closed,
            (Place::Closed, _) => return Some(opened_at),
            _ => Place::Plain,
        };
        line += u64::from(byte == b'\n');
    }
    (place == Place::Quoted).then_some(opened_at)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Start,
    Plain,
    Quoted,
    Closed,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closed_quotes_are_fine() {
        for text in ["", "a;b\n", "\"a;\nb\";c\n", "\"a\"\"b\"\n", "a\"b;c\"\n", "\"\";\"\" \r\n"] {
            assert_eq!(first_wrong(text, b';'), None, "{text}");
        }
    }

    #[test]
    fn a_quote_left_open_is_told_by_the_line_it_was_opened_in() {
        assert_eq!(first_wrong("a;b\n1;\"2\n3;4\n", b';'), Some(2));
        assert_eq!(first_wrong("a;b\n\"1;2\n\"3\";4\n", b';'), Some(2));
        assert_eq!(first_wrong("a\n\"b\nc\"\n\"d", b';'), Some(4));
    }
}
