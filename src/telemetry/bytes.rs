//! Numbers in few bytes (LEB128), and records that say by their own sum whether they are whole.

/// Writes a number, seven bits a byte.
pub(super) fn put(to: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        to.push((value as u8) | 0x80);
        value >>= 7;
    }
    to.push(value as u8);
}

/// Reads what was written; none at the end.
#[derive(Debug)]
pub(super) struct Reader<'a>(pub &'a [u8]);

impl Reader<'_> {
    /// The next number.
    pub fn number(&mut self) -> Option<u64> {
        let mut value = 0;
        for place in 0..10_u32 {
            let byte = u64::from(*self.0.split_off_first()?);
            value |= (byte & 0x7f).checked_shl(7 * place)?;
            if byte < 0x80 {
                return Some(value);
            }
        }
        None
    }

    /// The next text.
    pub fn text(&mut self) -> Option<String> {
        let length = usize::try_from(self.number()?).ok()?;
        let text = self.0.split_off(..length)?;
        String::from_utf8(text.to_vec()).ok()
    }
}

/// A record: its length, its sum, its bytes.
pub(super) fn frame(record: &[u8]) -> Vec<u8> {
    let length = u32::try_from(record.len()).unwrap_or(u32::MAX);
    [&length.to_le_bytes()[..], &sum(record).to_le_bytes(), record].concat()
}

/// Takes the next whole record off; none at the end and where one was cut short or damaged.
pub(super) fn unframe<'a>(from: &mut &'a [u8]) -> Option<&'a [u8]> {
    let mut rest = *from;
    let length = u32::from_le_bytes(rest.split_off(..4)?.try_into().ok()?);
    let expected = u64::from_le_bytes(rest.split_off(..8)?.try_into().ok()?);
    let record = rest.split_off(..usize::try_from(length).ok()?)?;
    let whole = !record.is_empty() && sum(record) == expected;
    whole.then(|| {
        *from = rest;
        record
    })
}

/// FNV-1a: against torn writes, not against people.
fn sum(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |sum, b| (sum ^ u64::from(*b)).wrapping_mul(0x0000_0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_texts_come_back() {
        let mut bytes = Vec::new();
        let numbers = [0, 1, 127, 128, 300, u64::from(u32::MAX), u64::MAX];
        numbers.iter().for_each(|n| put(&mut bytes, *n));
        put(&mut bytes, 3);
        bytes.extend_from_slice(b"abc");
        let mut reader = Reader(&bytes);
        numbers.iter().for_each(|n| assert_eq!(reader.number(), Some(*n)));
        assert_eq!((reader.text().as_deref(), reader.number()), (Some("abc"), None));
    }

    #[test]
    fn a_record_cut_short_or_damaged_anywhere_is_none() {
        let whole = frame(b"a minute of the program");
        assert_eq!(unframe(&mut whole.as_slice()), Some(&b"a minute of the program"[..]));
        for at in 0..whole.len() {
            assert_eq!(unframe(&mut &whole[..at]), None, "cut at {at}");
            let mut damaged = whole.clone();
            damaged[at] ^= 0x10;
            assert_eq!(unframe(&mut damaged.as_slice()), None, "damaged at {at}");
        }
    }
}
