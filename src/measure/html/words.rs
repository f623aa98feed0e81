//! Words and figures of the page, in both languages side by side; the style sheet shows one of them.
use std::fmt::Write as _;

/// The same in Portuguese and in English, as markup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Both {
    pub pt: String,
    pub en: String,
}

/// The same words in both languages.
pub(super) fn both(pt: impl Into<String>, en: impl Into<String>) -> Both {
    Both { pt: pt.into(), en: en.into() }
}

impl Both {
    /// Two elements, of which one is shown.
    pub(super) fn html(&self) -> String {
        if self.pt == self.en {
            return self.pt.clone();
        }
        format!("<span class=\"pt\">{}</span><span class=\"en\" lang=\"en\">{}</span>", self.pt, self.en)
    }

    /// Two texts of a drawing at the same place.
    pub(super) fn svg(&self, attributes: &str) -> String {
        let text = |class: &str, words: &str| {
            let mut text = String::new();
            let _ = write!(text, "<text {}>{words}</text>", attributes.replace("class=\"", class));
            text
        };
        if self.pt == self.en {
            return text("class=\"", &self.pt);
        }
        text("class=\"pt ", &self.pt) + &text("class=\"en ", &self.en)
    }
}

/// A number with so many decimals, as each language writes it.
pub(super) fn number(value: f64, decimals: usize) -> Both {
    let plain = format!("{value:.decimals$}");
    let (whole, rest) = plain.split_once('.').unwrap_or((&plain, ""));
    let grouped = |separator: &str| {
        let digits: Vec<char> = whole.chars().collect();
        let mut text = String::new();
        for (at, digit) in digits.iter().enumerate() {
            let left = digits.len() - at;
            if at > 0 && left.is_multiple_of(3) && digits.get(at - 1) != Some(&'-') {
                text.push_str(separator);
            }
            text.push(*digit);
        }
        text
    };
    let join = |separator: &str, point: &str| {
        let point = if rest.is_empty() { "" } else { point };
        format!("{}{point}{rest}", grouped(separator))
    };
    both(join(".", ","), join(",", "."))
}

/// A count.
pub(super) fn count(value: u64) -> Both {
    number(value as f64, 0)
}

/// Microseconds as milliseconds.
pub(super) fn ms(micros: u64) -> Both {
    let value = micros as f64 / 1000.0;
    number(value, if value < 100.0 { 1 } else { 0 })
}

/// A promise, which is a whole number of milliseconds.
pub(super) fn whole_ms(micros: u64) -> Both {
    count(micros / 1000)
}

/// What stands where nothing was measured.
pub(super) fn unmeasured() -> Both {
    both("<i>não medido</i>", "<i>not measured</i>")
}

/// Text as it may stand in a page.
pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_language_writes_numbers_its_own_way() {
        assert_eq!(number(1_234_567.25, 1), both("1.234.567,2", "1,234,567.2"));
        assert_eq!(number(-1234.0, 0), both("-1.234", "-1,234"));
        assert_eq!(number(-123.0, 0), both("-123", "-123"));
        assert_eq!(ms(20_460), both("20,5", "20.5"));
        assert_eq!(count(0), both("0", "0"));
    }

    #[test]
    fn what_comes_from_outside_cannot_become_markup() {
        assert_eq!(escaped("<b a=\"1\">&"), "&lt;b a=&quot;1&quot;&gt;&amp;");
    }
}
