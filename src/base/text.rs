//! Text without its accidents: case, accents, punctuation.
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// Words of a Brazilian name that carry no meaning of their own.
pub const PARTICLES: [&str; 6] = ["da", "das", "de", "do", "dos", "e"];

/// Lower case, no accents, only letters, digits and single spaces: what two spellings of one name have in common.
///
/// An apostrophe joins (`D'Ávila` is `davila`); any other mark separates (`Ana-Maria` is `ana maria`).
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut pending_space = false;
    let mut keep = |c: char| {
        if c.is_alphanumeric() {
            if pending_space && !out.is_empty() {
                out.push(' ');
            }
            pending_space = false;
            out.push(c);
        } else if !is_apostrophe(c) {
            pending_space = true;
        }
    };
    // Once more through lower case, because decomposition brings out capitals of its own (as of `™`).
    let plain = text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase);
    for c in plain.nfkd().filter(|c| !is_combining_mark(*c)) {
        match spelled(c) {
            Some(letters) => letters.chars().for_each(&mut keep),
            None => keep(c),
        }
    }
    out
}

/// Only the ASCII digits.
pub fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// The capitals of the first and last name, as a picture has them: `MS` for "Maria da Silva"; one for a single name.
pub fn initials(name: &str) -> String {
    let capital =
        |word: &str| word.chars().find(|c| c.is_alphanumeric()).into_iter().flat_map(char::to_uppercase);
    let mut words = name.split_whitespace().filter(|word| {
        word.contains(char::is_alphanumeric) && !PARTICLES.contains(&word.to_lowercase().as_str())
    });
    let first = words.next().unwrap_or_default();
    let last = words.next_back().unwrap_or_default();
    capital(first).chain(capital(last)).collect()
}

/// The marks written as an apostrophe, straight, curved, or as an accent of its own.
pub(super) fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | '´' | '`' | 'ʼ')
}

/// Letters that Unicode does not decompose, in the spelling people fall back to.
fn spelled(c: char) -> Option<&'static str> {
    Some(match c {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'ł' => "l",
        'đ' | 'ð' => "d",
        'þ' => "th",
        'ħ' => "h",
        'ŧ' => "t",
        'ı' => "i",
        // A final sigma is the same letter; a name must not change with the word's end.
        'ς' => "σ",
        _ => return None,
    })
}

/// What a spreadsheet takes for the start of a formula, also in the full width of East Asian type (OWASP, "CSV injection").
const FORMULA: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

/// A cell that a spreadsheet would calculate gets an apostrophe, which makes it a text. Some take the space before it away first.
pub fn guarded(cell: &str) -> String {
    if cell.trim_start().starts_with(FORMULA) || cell.starts_with(['\t', '\r', '\n']) {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}

/// The cell again that was [`guarded`].
pub fn unguarded(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|rest| guarded(rest) != *rest).unwrap_or(cell)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn spellings_of_one_name_become_one() {
        for (typed, folded) in [
            ("  João   da SILVA ", "joao da silva"),
            ("D'Ávila", "davila"),
            ("D’Ávila", "davila"),
            ("Ana-Maria (Bia)", "ana maria bia"),
            ("Conceição", "conceicao"),
            ("Strauß Søren Æsir Łukasz", "strauss soren aesir lukasz"),
            ("İstanbul ΟΔΟΣ", "istanbul οδοσ"),
            ("ﬁ ½ №7", "fi 1 2 no7"),
            ("...", ""),
        ] {
            assert_eq!(fold(typed), folded, "{typed}");
        }
    }

    #[test]
    fn digits_leave_everything_else_behind() {
        assert_eq!(digits("+55 (11) 98765-4321 ٣"), "5511987654321");
    }

    #[test]
    fn initials_are_of_the_first_and_last_name() {
        for (name, letters) in
            [("Maria da Silva", "MS"), ("ângela e", "Â"), ("José", "J"), ("", ""), ("- Ana B. dos", "AB")]
        {
            assert_eq!(initials(name), letters, "{name}");
        }
    }

    #[test]
    fn a_guarded_cell_is_no_formula_and_comes_off_again() {
        for formula in ["=1+1", "+1", "-1", "@a", "\t=1", "\r=1", "\n=1", "＝1+1", "  =1"] {
            assert_eq!(guarded(formula), format!("'{formula}"));
            assert_eq!(unguarded(&guarded(formula)), formula);
        }
        for text in ["Ana", "'n Sync", "D'Ávila", "1-1", "", "'"] {
            assert_eq!(guarded(text), text);
            assert_eq!(unguarded(text), text);
        }
    }

    proptest! {
        #[test]
        fn folding_twice_changes_nothing(text in "\\PC{0,24}") {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once.clone());
            prop_assert!(once.chars().all(|c| c.is_alphanumeric() || c == ' '));
            prop_assert!(!once.contains("  ") && once.trim() == once);
        }

        #[test]
        fn case_and_composition_do_not_matter(text in "[A-Za-zÀ-ÿ ']{0,24}") {
            prop_assert_eq!(fold(&text.to_uppercase()), fold(&text));
            prop_assert_eq!(fold(&text.nfd().collect::<String>()), fold(&text));
        }
    }
}
