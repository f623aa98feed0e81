//! E-mail addresses: catches typing mistakes, does not try to be the whole of RFC 5322.
use super::text_type::text_type;
use std::fmt;

text_type! {
    /// An e-mail address of the ordinary kind; canonical in lower case, because no mailbox in use tells case apart
    /// and a sign-in must not either.
    Email, pattern: "^\\s*[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)+\\s*$", example: "ana@example.com"
}

impl Email {
    /// Reads an address; spaces around it are dropped.
    ///
    /// # Errors
    /// `invalid_email` for no or several `@`, a dot at an end or doubled, characters no ordinary address has, a domain
    /// without a dot, or more than 254 characters.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let address = text.trim().to_ascii_lowercase();
        let right = address.len() <= 254
            && address.split_once('@').is_some_and(|(local, domain)| is_local(local) && is_domain(domain));
        if right { Ok(Self(address)) } else { Err("invalid_email") }
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

fn is_local(text: &str) -> bool {
    let allowed = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+/=?^_`{|}~-".contains(&b);
    text.len() <= 64 && text.split('.').all(|part| !part.is_empty() && part.bytes().all(allowed))
}

fn is_domain(text: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    // A number at the end is an IP address, which nobody's mail has.
    let named = text
        .rsplit_once('.')
        .is_some_and(|(_, top)| top.len() >= 2 && !top.bytes().all(|b| b.is_ascii_digit()));
    named && text.split('.').all(is_label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_addresses_are_accepted_in_lower_case() {
        for typed in
            ["ana@example.com", "a.b+c@sub.example.com.br", "o'neil_1@ex-ample.org", " Ana@Example.COM "]
        {
            let kept = Email::parse(typed).unwrap();
            assert_eq!(kept.as_str(), typed.trim().to_lowercase());
            assert_eq!(kept.to_string(), kept.as_str());
        }
    }

    #[test]
    fn typing_mistakes_are_refused() {
        let wrong = [
            "",
            "ana",
            "ana@",
            "@example.com",
            "ana@example",
            "ana@@example.com",
            "ana@ex@ample.com",
            "a b@example.com",
            ".ana@example.com",
            "ana.@example.com",
            "a..b@example.com",
            "ana@example..com",
            "ana@-example.com",
            "ana@example-.com",
            "ana@example.c",
            "ana@127.0.0.1",
            "ana@exa mple.com",
            "ana@example.com,",
            "josé@example.com",
        ];
        for typed in wrong {
            assert_eq!(Email::parse(typed), Err("invalid_email"), "{typed}");
        }
        assert!(Email::parse(&format!("{}@example.com", "a".repeat(65))).is_err());
        assert!(Email::parse(&format!("a@{}.com", "e".repeat(64))).is_err());
        assert!(Email::parse(&format!("a@{}com", "example.".repeat(32))).is_err());
    }
}
