//! Just enough of JavaScript, HTML and CSS to know what a file loads. No parser: a reader of tokens.

/// JavaScript with comments blanked out; strings, templates and regular expressions stay as they are.
pub fn without_comments(source: &str) -> String {
    let mut out = String::with_capacity(source.len());
    let mut rest = source;
    // One entry per open template: how many braces are open inside its `${`.
    let mut templates: Vec<usize> = Vec::new();
    while let Some(first) = rest.chars().next() {
        let (kept, length) = if rest.starts_with("//") {
            (false, rest.find('\n').unwrap_or(rest.len()))
        } else if rest.starts_with("/*") {
            (false, rest.find("*/").map_or(rest.len(), |at| at + 2))
        } else if first == '"' || first == '\'' {
            (true, quoted(rest, first))
        } else if first == '/' && begins_expression(&out) {
            (true, regex(rest))
        } else if first == '`' || (first == '}' && templates.last() == Some(&0)) {
            if first == '}' {
                templates.pop();
            }
            let (length, open) = template(rest);
            if open {
                templates.push(0);
            }
            (true, length)
        } else {
            match (first, templates.last_mut()) {
                ('{', Some(depth)) => *depth += 1,
                ('}', Some(depth)) => *depth -= 1,
                _ => {}
            }
            (true, first.len_utf8())
        };
        let (token, next) = rest.split_at_checked(length).unwrap_or((rest, ""));
        if kept {
            out.push_str(token);
        } else {
            out.extend(token.chars().map(|c| if c == '\n' { '\n' } else { ' ' }));
        }
        rest = next;
    }
    out
}

/// Length of a string that starts with `quote`.
fn quoted(text: &str, quote: char) -> usize {
    ends_at(text, |c, _| c == quote || c == '\n')
}

/// Length of a regular expression; a slash inside brackets does not end it.
fn regex(text: &str) -> usize {
    let mut class = false;
    ends_at(text, |c, _| {
        class = (class || c == '[') && c != ']';
        (c == '/' && !class) || c == '\n'
    })
}

/// Length of a template up to its end or its next `${`, and whether it goes on after that.
fn template(text: &str) -> (usize, bool) {
    let mut open = false;
    let length = ends_at(text, |c, before| {
        open = c == '{' && before == '$';
        open || c == '`'
    });
    (length, open)
}

/// Length up to and with the first character, after the very first, that `is_end`; escaped ones do not count.
fn ends_at(text: &str, mut is_end: impl FnMut(char, char) -> bool) -> usize {
    let (mut escaped, mut before) = (false, ' ');
    for (at, c) in text.char_indices().skip(1) {
        if !escaped && is_end(c, before) {
            return at + c.len_utf8();
        }
        escaped = c == '\\' && !escaped;
        before = c;
    }
    text.len()
}

/// Whether a slash after this code starts a regular expression rather than divides.
fn begins_expression(before: &str) -> bool {
    let before = before.trim_end();
    let word = before.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    matches!(word, "return" | "typeof" | "case" | "in" | "of")
        || before.chars().next_back().is_none_or(|c| "(,=:[!&|?{};+-*%<>~^".contains(c))
}

/// What a module loads at once: `import … from 'x'`, `import 'x'`, `export … from 'x'`.
pub fn static_imports(code: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = code;
    while let Some(at) = [rest.find("import"), rest.find("export")].into_iter().flatten().min() {
        let (before, here) = rest.split_at(at);
        let statement =
            before.chars().rev().find(|c| *c != ' ' && *c != '\t').is_none_or(|c| "\n;}".contains(c));
        let (word, after) = here.split_at("import".len());
        rest = after;
        let Some(quote) = after.find(['"', '\'']).filter(|_| statement) else {
            continue;
        };
        let (clause, literal) = after.split_at(quote);
        let plain = clause.chars().all(|c| c.is_alphanumeric() || c.is_whitespace() || "_$,{}*".contains(c));
        let names = clause.trim_end().ends_with("from") || (word == "import" && clause.trim().is_empty());
        if plain && names {
            found.extend(literal_of(literal));
        }
    }
    found
}

/// Literal arguments of every call of `function`, as in `import('x')` or `loadStyle('x')`.
pub fn literal_arguments(code: &str, function: &str) -> Vec<String> {
    let call = format!("{function}(");
    code.split(&call).skip(1).filter_map(|rest| literal_of(rest.trim_start())).collect()
}

/// The content of the string literal at the start of `text`, if there is one.
fn literal_of(text: &str) -> Option<String> {
    let quote = text.chars().next().filter(|c| *c == '"' || *c == '\'')?;
    let (content, _) = text.get(1..)?.split_once(quote)?;
    Some(content.to_owned())
}

/// A tag of an HTML or SVG file: its name, its attributes, and the text up to the next tag.
#[derive(Debug)]
pub struct Tag {
    /// In lower case.
    pub name: String,
    /// Names in lower case, values without quotes.
    pub attributes: Vec<(String, String)>,
    /// What stands between this tag and the next.
    pub text: String,
}

impl Tag {
    /// The value of an attribute.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }
}

/// All opening tags; comments are skipped.
pub fn tags(source: &str) -> Vec<Tag> {
    let mut clean = String::new();
    for (i, part) in source.split("<!--").enumerate() {
        let visible = if i == 0 { part } else { part.split_once("-->").map_or("", |(_, after)| after) };
        clean.push_str(visible);
    }
    clean.split('<').skip(1).filter(|t| t.starts_with(|c: char| c.is_ascii_alphabetic())).map(tag).collect()
}

fn tag(text: &str) -> Tag {
    let end = text.find([' ', '\t', '\n', '\r', '/', '>']).unwrap_or(text.len());
    let (name, mut rest) = text.split_at(end);
    let mut attributes = Vec::new();
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
        if rest.is_empty() || rest.starts_with('>') {
            break;
        }
        let end = rest.find(|c: char| c.is_whitespace() || "=/>".contains(c)).unwrap_or(rest.len()).max(1);
        let (name, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
        let (value, after) = match after.trim_start().strip_prefix('=') {
            Some(after) => value(after.trim_start()),
            None => ("", after),
        };
        attributes.push((name.to_ascii_lowercase(), value.to_owned()));
        rest = after;
    }
    let text = rest.strip_prefix('>').unwrap_or_default().to_owned();
    Tag { name: name.to_ascii_lowercase(), attributes, text }
}

/// An attribute's value and what follows it.
fn value(text: &str) -> (&str, &str) {
    for quote in ['"', '\''] {
        if let Some(inner) = text.strip_prefix(quote) {
            return inner.split_once(quote).unwrap_or((inner, ""));
        }
    }
    text.split_at(text.find(|c: char| c.is_whitespace() || c == '>').unwrap_or(text.len()))
}

/// What a style sheet loads: `@import` and `url(…)`.
pub fn css_references(source: &str) -> Vec<String> {
    let mut clean = String::new();
    for (i, part) in source.split("/*").enumerate() {
        clean.push_str(if i == 0 { part } else { part.split_once("*/").map_or("", |(_, after)| after) });
    }
    let urls = clean
        .split("url(")
        .skip(1)
        .filter_map(|rest| rest.split_once(')').map(|(url, _)| url.trim().to_owned()));
    let imports = clean.split("@import").skip(1).filter_map(|rest| literal_of(rest.trim_start()));
    urls.chain(imports).map(|url| url.trim_matches(['"', '\'']).to_owned()).collect()
}

#[cfg(test)]
#[path = "scan_tests.rs"]
mod tests;
