//! The types of the UI: every module checked as strictly as TypeScript can.
use super::support::node;

#[test]
fn the_types_of_the_ui_hold() {
    let compiler = node::modules().join("typescript/bin/tsc");
    let project = node::folder();
    let done =
        node::node().arg(compiler).arg("-p").arg(&project).arg("--pretty").arg("false").output().unwrap();
    let said = String::from_utf8_lossy(&done.stdout);
    let first: Vec<&str> = said.lines().take(40).collect();
    assert!(done.status.success(), "{} lines, the first:\n{}", said.lines().count(), first.join("\n"));
}
