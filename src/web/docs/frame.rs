//! What every page of the server's own making has around it. The pages use the product's style sheets, run no script but its
//! own files, and can be read without any.
use super::tongue::Tongue;
use crate::web::assets::BUILD_ID;

/// A whole page. `title` is text; `main` is markup whose texts went through [`escape`]; `path` is its own address.
pub fn page(tongue: Tongue, path: &str, title: &str, main: &str) -> String {
    let lang = tongue.tag();
    let title = escape(title);
    let other = tongue.choose(("en", "Read in English"), ("pt-BR", "Ler em português"));
    let home = tongue.choose("Abrir o TaskMed", "Open TaskMed");
    format!(
        r#"<!doctype html>
<html lang="{lang}" data-theme="system">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title} · TaskMed</title>
<link rel="icon" href="/ui/{BUILD_ID}/favicon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/ui/{BUILD_ID}/styles/tokens.css">
<link rel="stylesheet" href="/ui/{BUILD_ID}/styles/base.css">
<link rel="stylesheet" href="/ui/{BUILD_ID}/styles/ui.css">
<link rel="stylesheet" href="/ui/{BUILD_ID}/styles/docs.css">
<script src="/ui/{BUILD_ID}/theme.js"></script>
<script type="module" src="/ui/{BUILD_ID}/docs.js"></script>
</head>
<body class="docs" lang="{lang}">
<header class="docs-head"><a href="/"><img src="/ui/{BUILD_ID}/favicon.svg" alt="" width="28" height="28">TaskMed</a>
<nav><a href="/">{home}</a><a href="{path}?lang={tag}" lang="{tag}" hreflang="{tag}">{words}</a></nav></header>
<main><h1>{title}</h1>
{main}</main>
</body>
</html>
"#,
        path = escape(path),
        tag = other.0,
        words = other.1,
    )
}

/// A text as it stands in markup, in content and in quoted attributes alike.
pub fn escape(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut out, c| {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_cannot_become_markup() {
        assert_eq!(escape("<b a=\"'&\">"), "&lt;b a=&quot;&#39;&amp;&quot;&gt;");
    }
}
