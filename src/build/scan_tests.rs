//! What the scanner sees and what it must not be fooled by.
use super::*;

#[test]
fn comments_go_and_strings_stay() {
    let source = "a('//x', \"/*y*/\", `//${b({}) /* c */}//z`); // gone\nreturn /[/]'\\/\"/g; /* also\ngone */ d / 2 / e";
    let clean = without_comments(source);
    for stays in ["'//x'", "\"/*y*/\"", "`//${b({})", "}//z`", "/[/]'\\/\"/g", "d / 2 / e"] {
        assert!(clean.contains(stays), "{stays} in {clean}");
    }
    assert!(!clean.contains("gone") && !clean.contains("/* c */"));
    assert_eq!(clean.lines().count(), source.lines().count());
}

#[test]
fn imports_are_found_in_every_form() {
    let code = "import a from './a.js';\nimport { b,\n  c } from \"./b.js\"\nimport './c.js';\nexport * from './d.js';\n\
                export const e = 'no';\nexport default 'no';\nimport * as f from './f.js'; x.import = 'no';\n\
                const l = () => import('./lazy.js');\nimported('no')";
    assert_eq!(static_imports(code), ["./a.js", "./b.js", "./c.js", "./d.js", "./f.js"]);
    assert_eq!(literal_arguments(code, "import"), ["./lazy.js"]);
}

#[test]
fn tags_have_their_attributes() {
    let all = tags(
        "<!doctype html><!-- <script>x</script> --><a href=x onclick='y > z' data-b>t</a><br/><script>1</script>",
    );
    let names: Vec<_> = all.iter().map(|t| t.name.as_str()).collect();
    assert_eq!(names, ["a", "br", "script"]);
    assert_eq!(all[0].attribute("onclick"), Some("y > z"));
    assert_eq!((all[0].attribute("href"), all[0].attribute("data-b")), (Some("x"), Some("")));
    assert_eq!(all[2].text, "1");
}

#[test]
fn style_sheets_name_what_they_load() {
    let sheet =
        "@import 'a.css'; /* url(no.svg) */ a { b: url( \"c.svg\" ) } d { e: url(data:image/png;base64,x) }";
    assert_eq!(css_references(sheet), ["c.svg", "data:image/png;base64,x", "a.css"]);
}
