//! The number of one request.

/// The number of one request: in its extensions, its `X-Request-Id`, its log lines and its entries in the trail. Sixteen
/// hexadecimal digits; nothing where the program acts by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RequestId([u8; 16]);

impl RequestId {
    /// A fresh one. Not a secret; a client's own is never taken over, or it could write into our log.
    #[must_use]
    pub fn fresh() -> Self {
        let number = fastrand::u64(..);
        let digit = |place: usize| b"0123456789abcdef".get((number >> (4 * place)) as usize & 15).copied();
        Self(std::array::from_fn(|place| digit(15 - place).unwrap_or(b'0')))
    }

    /// The number as it is shown; empty where there is no request.
    pub fn as_str(&self) -> &str {
        let digits = if *self == Self::default() { &[] } else { self.0.as_slice() };
        std::str::from_utf8(digits).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_has_sixteen_digits_and_the_program_none() {
        let id = RequestId::fresh();
        assert!(id.as_str().len() == 16 && id.as_str().chars().all(|c| c.is_ascii_hexdigit()));
        assert_ne!(id, RequestId::fresh());
        assert_eq!(RequestId::default().as_str(), "");
    }
}
