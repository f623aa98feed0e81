//! Each rule broken once, and a good folder that breaks none.
use super::*;

fn folder(files: &[(&str, &str)]) -> Files {
    files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect()
}

/// A small folder that keeps every rule, with one file added or replaced.
fn good_but(path: &str, text: &str) -> Files {
    let mut files = folder(&[
        (
            "index.html",
            "<!doctype html><link rel=stylesheet href=\"/ui/__BUILD__/styles/base.css\">\
             <script type=module src='/ui/{{build}}/app.js'></script><a href=/agenda>x</a>",
        ),
        ("app.js", "import { h } from './kernel/dom.js';\nconst v = () => import('./views/team/index.js');"),
        ("kernel/dom.js", "export const h = 'http://www.w3.org/2000/svg'; // import './gone.js'\n"),
        ("views/agenda/index.js", "import '../../kernel/dom.js';\nloadStyle('agenda');"),
        ("views/team/index.js", "export const x = `https://wa.me/55${y}`;"),
        ("styles/base.css", "@import './more.css'; a { background: url(../icons.svg#b) }"),
        ("styles/more.css", ""),
        ("styles/agenda.css", ""),
        ("icons.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"><use href=\"#a\"/></svg>"),
        ("types/api.d.ts", "import 'https://example.org/never-served';"),
    ]);
    files.insert(path.to_owned(), text.as_bytes().to_vec());
    files
}

fn all_faults(files: &Files) -> Vec<String> {
    [faults(files), missing(files)].concat()
}

#[test]
fn a_good_folder_and_an_empty_one_have_no_faults() {
    let good = good_but("robots.txt", "");
    assert_eq!(all_faults(&good), Vec::<String>::new());
    assert_eq!(over_budget(&good, |_| 100), Vec::<String>::new());
    assert_eq!(all_faults(&Files::new()), Vec::<String>::new());
    assert_eq!(over_budget(&Files::new(), |_| 100), Vec::<String>::new());
}

#[test]
fn every_rule_is_enforced() {
    let large = format!("// {}", "x".repeat(FILE));
    let cases = [
        ("a.html", "<script>alert(1)</script>", "inline <script>"),
        ("a.html", "<script src=./app.js>alert(1)</script>", "inline <script>"),
        ("a.html", "<script type=importmap>{}</script>", "inline <script>"),
        ("a.html", "<STYLE>a{}</STYLE>", "inline <style>"),
        ("a.html", "<p style='color:red'>", "inline style="),
        ("a.html", "<p\nonclick=x()>", "inline onclick="),
        ("a.html", "<a href='javascript:x()'>", "inline href="),
        ("a.svg", "<svg><script>1</script></svg>", "inline <script>"),
        ("a.html", "<img src=https://cdn.example/x.png>", "absolute address https://cdn.example/x.png"),
        ("a.js", "fetch('http://evil.example')", "absolute address http://evil.example"),
        ("a.js", "// see https://example.org/x", "absolute address https://example.org/x"),
        ("a.js", "x('http://www.w3.org/2000/svg.evil.example')", "absolute address"),
        ("a.css", "a { b: url(https://fonts.example/x) }", "absolute address"),
        ("a.js", "import './gone.js';", "./gone.js does not resolve"),
        ("views/a.js", "import { x } from './app.js';", "./app.js does not resolve"),
        ("a.js", "import x from 'lit';", "lit does not resolve"),
        ("a.js", "import x from '../../etc/passwd';", "does not resolve"),
        ("a.js", "f(() => import('./gone.js'))", "./gone.js does not resolve"),
        ("a.js", "loadStyle('gone')", "styles/gone.css does not resolve"),
        ("a.js", "new URL('../gone.svg', import.meta.url)", "../gone.svg does not resolve"),
        ("a.html", "<script src='/ui/__BUILD__/gone.js'></script>", "does not resolve"),
        ("styles/base.css", "a { b: url('gone.svg') }", "gone.svg does not resolve"),
        ("a.js", large.as_str(), "bytes, at most"),
    ];
    for (path, text, fault) in cases {
        let found = all_faults(&good_but(path, text));
        assert!(found.iter().any(|f| f.starts_with(path) && f.contains(fault)), "{text}: {found:?}");
    }
}

#[test]
fn budgets_follow_what_the_first_view_really_loads() {
    let files = good_but("robots.txt", "");
    let (scripts, styles) = first_view(&files);
    assert_eq!(scripts.into_iter().collect::<Vec<_>>(), ["app.js", "kernel/dom.js", "views/agenda/index.js"]);
    let expected = ["styles/agenda.css", "styles/base.css", "styles/more.css"];
    assert_eq!(styles.into_iter().collect::<Vec<_>>(), expected);
    let over = over_budget(&files, |path| if path == "app.js" { FIRST_SCRIPTS + 1 } else { 0 });
    assert_eq!(over.len(), 1, "{over:?}");
    let over = over_budget(&files, |path| if path == "views/team/index.js" { SCRIPTS + 1 } else { 0 });
    assert_eq!(over.len(), 1, "{over:?}");
    let over = over_budget(&files, |path| if path == "styles/agenda.css" { FIRST_STYLES + 1 } else { 0 });
    assert_eq!(over.len(), 1, "{over:?}");
    let mut spoken = files.clone();
    for language in ["pt-BR", "en"] {
        spoken.insert(format!("i18n/{language}/common.js"), Vec::new());
    }
    let most = |path: &str| if path.starts_with("i18n/") { SCRIPTS } else { 0 };
    assert_eq!(over_budget(&spoken, most), Vec::<String>::new(), "nobody reads two languages");
    let over = over_budget(&spoken, |path| most(path) + usize::from(path == "i18n/en/common.js"));
    assert_eq!(over.len(), 1, "{over:?}");
    let mut crowd = files;
    for i in 0..30 {
        crowd.insert(format!("m{i}.js"), format!("import './m{}.js';", i + 1).into_bytes());
    }
    crowd.insert("app.js".into(), b"import './m0.js'".to_vec());
    assert!(over_budget(&crowd, |_| 0)[0].starts_with("number of scripts"));
}
