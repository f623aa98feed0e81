//! What may be taken out of a script and what may not.
use super::bare::without_comments;

#[test]
fn comment_lines_become_empty_lines_and_code_stays() {
    let script = "/** What it is.\n * @param {string} a\n */\nexport const f = (a) => a; // why\n  // a reason\n/* one */\n/** @type {X} */ (g)();\n";
    let bare = "\n\n\nexport const f = (a) => a; // why\n\n\n/** @type {X} */ (g)();\n";
    assert_eq!(without_comments(script), bare);
    assert_eq!(script.lines().count(), bare.lines().count());
}

#[test]
fn a_template_literal_is_left_alone() {
    let script = "const t = `a\n// not a comment\n/* nor this */\n`;\n// but this\n";
    assert_eq!(without_comments(script), "const t = `a\n// not a comment\n/* nor this */\n`;\n\n");
}

#[test]
fn an_address_is_not_a_comment() {
    let script = "const a = 'https://wa.me/';\nurl(//x)\n";
    assert_eq!(without_comments(script), script);
}
