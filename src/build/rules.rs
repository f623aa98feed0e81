//! What `assets/` must be, checked at every build: nothing a strict content policy would refuse, nothing from the
//! Internet, nothing missing, nothing too big. Pure functions over the files, so that tests can break each rule.
#[path = "scan.rs"]
mod scan;

use std::collections::{BTreeMap, BTreeSet};

/// The files of `assets/`: path with forward slashes, content.
pub type Files = BTreeMap<String, Vec<u8>>;

/// What the page has in place of the build id until it is served.
pub const MARKS: [&str; 2] = ["__BUILD__", "{{build}}"];

/// Most bytes of one file.
const FILE: usize = 40 * 1024;
/// Most compressed bytes of all scripts, with the words of one language: nobody's browser reads two.
const SCRIPTS: usize = 180 * 1024;
/// Most compressed bytes of scripts before the agenda shows.
const FIRST_SCRIPTS: usize = 60 * 1024;
/// Most compressed bytes of style sheets before the agenda shows.
const FIRST_STYLES: usize = 12 * 1024;
/// Most scripts before the agenda shows.
const FIRST_MODULES: usize = 25;
/// Where the first view starts: the entry, and the view that most people see first.
const ENTRIES: [&str; 2] = ["app.js", "views/agenda/index.js"];

/// Absolute addresses that are not loaded: names of XML vocabularies, and the link that opens a chat.
const ALLOWED: [&str; 3] = ["http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink", "https://wa.me/"];

/// Everything wrong with the files themselves.
pub fn faults(files: &Files) -> Vec<String> {
    let mut found = Vec::new();
    for (path, content) in files.iter().filter(|(path, _)| is_served(path)) {
        if content.len() > FILE {
            found.push(format!("{path}: {} bytes, at most {FILE} are allowed", content.len()));
        }
        let Ok(text) = std::str::from_utf8(content) else {
            continue;
        };
        found.extend(addresses(text).map(|address| format!("{path}: absolute address {address}")));
        found.extend(markup_faults(path, text).into_iter().map(|fault| format!("{path}: {fault}")));
    }
    found
}

/// Every file that another one names and that is not there.
pub fn missing(files: &Files) -> Vec<String> {
    let mut found = Vec::new();
    for (path, content) in files.iter().filter(|(path, _)| is_served(path)) {
        let Ok(text) = std::str::from_utf8(content) else {
            continue;
        };
        let broken = references(path, text).into_iter().filter(|r| !r.resolves(files));
        found.extend(broken.map(|r| format!("{path}: {} does not resolve", r.written)));
    }
    found
}

/// Everything over its budget. `packed` says how large a file is on the wire.
pub fn over_budget(files: &Files, packed: impl Fn(&str) -> usize) -> Vec<String> {
    let size = |paths: &BTreeSet<String>| paths.iter().map(|path| packed(path)).sum::<usize>();
    let all = files.keys().filter(|path| path.ends_with(".js"));
    let (words, code): (BTreeSet<String>, BTreeSet<String>) =
        all.cloned().partition(|path| language_of(path).is_some());
    let mut by_language = BTreeMap::<&str, BTreeSet<String>>::new();
    for path in &words {
        by_language.entry(language_of(path).unwrap_or_default()).or_default().insert(path.clone());
    }
    let longest = by_language.values().map(size).max().unwrap_or_default();
    let (scripts, styles) = first_view(files);
    let sums = [
        ("all scripts, compressed", size(&code) + longest, SCRIPTS),
        ("scripts of the first view, compressed", size(&scripts), FIRST_SCRIPTS),
        ("style sheets of the first view, compressed", size(&styles), FIRST_STYLES),
        ("number of scripts of the first view", scripts.len(), FIRST_MODULES),
    ];
    let over = sums.into_iter().filter(|(_, is, most)| is > most);
    over.map(|(what, is, most)| format!("{what}: {is}, at most {most} are allowed")).collect()
}

/// Of which language the words in a file are, where it is one of words.
fn language_of(path: &str) -> Option<&str> {
    path.strip_prefix("i18n/")?.split_once('/').map(|(language, _)| language)
}

/// Whether a file goes to browsers at all: types are for the compiler only.
pub fn is_served(path: &str) -> bool {
    !path.ends_with(".d.ts") && !path.split('/').any(|part| part.starts_with('.'))
}

/// Scripts and style sheets that are loaded before the agenda shows.
fn first_view(files: &Files) -> (BTreeSet<String>, BTreeSet<String>) {
    let mut scripts = BTreeSet::new();
    let mut styles = BTreeSet::new();
    let page = ["index.html".to_owned()];
    let mut next: Vec<String> = ENTRIES.iter().map(|e| (*e).to_owned()).chain(page).collect();
    while let Some(path) = next.pop() {
        let Some(text) = files.get(&path).and_then(|content| std::str::from_utf8(content).ok()) else {
            continue;
        };
        let new = match extension(&path) {
            "js" => scripts.insert(path.clone()),
            "css" => styles.insert(path.clone()),
            _ => true,
        };
        if new {
            let eager = references(&path, text).into_iter().filter(|r| !r.lazy).filter_map(|r| r.target);
            next.extend(eager.filter(|target| matches!(extension(target), "js" | "css")));
        }
    }
    (scripts, styles)
}

fn extension(path: &str) -> &str {
    path.rsplit_once('.').map_or("", |(_, extension)| extension)
}

/// Absolute addresses that are not excepted.
fn addresses(text: &str) -> impl Iterator<Item = &str> {
    let starts = text.match_indices("http").map(|(at, _)| text.get(at..).unwrap_or_default());
    let absolute = starts.filter(|rest| rest.starts_with("http://") || rest.starts_with("https://"));
    let end = |c: char| c.is_whitespace() || "\"'`<>()$".contains(c);
    let whole = absolute.map(move |rest| rest.split(end).next().unwrap_or_default());
    // The chat's prefix may be continued, a vocabulary's name may not.
    whole.filter(|a| !ALLOWED.iter().any(|ok| if ok.ends_with('/') { a.starts_with(ok) } else { a == ok }))
}

/// What the content policy would refuse in a page or a drawing.
fn markup_faults(path: &str, text: &str) -> Vec<String> {
    if !matches!(extension(path), "html" | "svg") {
        return Vec::new();
    }
    let mut found = Vec::new();
    for tag in scan::tags(text) {
        let script = tag.name == "script" && (tag.attribute("src").is_none() || !tag.text.trim().is_empty());
        if script || tag.name == "style" {
            found.push(format!("inline <{}>", tag.name));
        }
        for (name, value) in &tag.attributes {
            if name == "style" || name.starts_with("on") || value.trim_start().starts_with("javascript:") {
                found.push(format!("inline {name}= in <{}>", tag.name));
            }
        }
    }
    found
}

/// One file naming another.
struct Reference {
    written: String,
    /// Its path in `assets/`, or none where it is no path at all.
    target: Option<String>,
    lazy: bool,
}

impl Reference {
    fn new(from: &str, written: String, lazy: bool) -> Self {
        let path = written.split(['?', '#']).next().unwrap_or_default();
        let marked = MARKS.iter().find_map(|mark| path.strip_prefix(&format!("/ui/{mark}/")));
        let target = match marked {
            Some(rest) => Some(rest.to_owned()),
            None if path.starts_with('/') => None,
            None => join(from, path),
        };
        Self { written, target, lazy }
    }

    fn resolves(&self, files: &Files) -> bool {
        self.target.as_ref().is_some_and(|target| files.contains_key(target))
    }
}

/// A relative path from a file; none where it leaves `assets/`.
fn join(from: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in path.split('/') {
        match part {
            "." | "" => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// Everything a file loads from `assets/`.
fn references(path: &str, text: &str) -> Vec<Reference> {
    match extension(path) {
        "js" => script_references(path, text),
        "css" => {
            let local = scan::css_references(text).into_iter().filter(|url| !is_inside(url));
            local.map(|url| Reference::new(path, url, false)).collect()
        }
        "html" | "svg" => {
            let tags = scan::tags(text);
            // Other absolute paths of a page are addresses of the program, not files.
            let file = |url: &&str| !is_inside(url) && (!url.starts_with('/') || url.starts_with("/ui/"));
            let named = tags.iter().flat_map(|t| ["src", "href"].into_iter().filter_map(|a| t.attribute(a)));
            named.filter(file).map(|url| Reference::new(path, url.to_owned(), false)).collect()
        }
        _ => Vec::new(),
    }
}

/// Addresses that need no file: part of the same file, or the content itself.
fn is_inside(url: &str) -> bool {
    url.is_empty() || url.starts_with('#') || url.starts_with("data:") || url.starts_with("http")
}

fn script_references(path: &str, text: &str) -> Vec<Reference> {
    let code = scan::without_comments(text);
    let eager = scan::static_imports(&code).into_iter().map(|name| Reference::module(path, name, false));
    let lazy =
        scan::literal_arguments(&code, "import").into_iter().map(|name| Reference::module(path, name, true));
    let urls = scan::literal_arguments(&code, "new URL").into_iter().filter(|url| url.starts_with('.'));
    let urls = urls.map(|url| Reference::new(path, url, true));
    let styles = scan::literal_arguments(&code, "loadStyle").into_iter();
    let styles = styles.map(|name| Reference::new("", format!("styles/{name}.css"), false));
    eager.chain(lazy).chain(urls).chain(styles).collect()
}

impl Reference {
    /// Modules are named relative to each other: a bare name would need an import map, and that a looser policy.
    fn module(from: &str, written: String, lazy: bool) -> Self {
        if written.starts_with("./") || written.starts_with("../") {
            Self::new(from, written, lazy)
        } else {
            Self { written, target: None, lazy }
        }
    }
}

#[cfg(test)]
#[path = "rules_tests.rs"]
mod tests;
