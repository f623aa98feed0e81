//! The two packages in `tests/ui` that check the UI: a type checker and an accessibility checker.
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};

use super::tools::Tool;

const NODE: Tool = Tool {
    what: "Node.js",
    setting: "TASKMED_NODE",
    names: &["node", "nodejs"],
    places: &[],
    debian: &["npm"],
    mac: "brew install node",
    windows: "winget install OpenJS.NodeJS",
};

const NPM: Tool = Tool {
    what: "npm",
    setting: "TASKMED_NPM",
    names: &["npm", "npm.cmd"],
    places: &[],
    debian: &["npm"],
    mac: "brew install node",
    windows: "winget install OpenJS.NodeJS",
};

/// Where the checkers are kept.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ui")
}

/// The folder of the packages, fetched when they are not those of the lock file.
pub fn modules() -> PathBuf {
    static FRESH: OnceLock<()> = OnceLock::new();
    FRESH.get_or_init(|| {
        if is_stale() {
            fetch();
        }
    });
    folder().join("node_modules")
}

/// Node, ready to run a script.
pub fn node() -> Command {
    Command::new(NODE.path())
}

/// A copy of the lock file says what was fetched last.
fn mark() -> PathBuf {
    folder().join("node_modules/.taskmed-lock.json")
}

fn is_stale() -> bool {
    let wanted = fs::read(folder().join("package-lock.json")).unwrap();
    fs::read(mark()).ok() != Some(wanted)
}

fn fetch() {
    let arguments = ["ci", "--no-audit", "--no-fund", "--ignore-scripts"];
    let done = Command::new(NPM.path()).args(arguments).current_dir(folder()).output().unwrap();
    assert!(done.status.success(), "npm ci in tests/ui: {}", String::from_utf8_lossy(&done.stderr));
    fs::copy(folder().join("package-lock.json"), mark()).unwrap();
}
