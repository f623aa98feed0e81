//! What is loaded before the program to stand between it and the machine.
use std::{
    path::{Path, PathBuf},
    process::Command,
};

/// Compiles a source of the tests that stands by itself; the library goes into the environment as `LD_PRELOAD`.
pub fn compiled(source: &str) -> PathBuf {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(source);
    let name = source.file_stem().unwrap().to_str().unwrap();
    let made = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("lib{name}.so"));
    let compiler = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let mut command = Command::new(compiler);
    command.args(["--edition", "2024", "--crate-type", "cdylib", "-C", "opt-level=2", "-o"]).arg(&made);
    assert!(command.arg(&source).status().unwrap().success(), "{} does not compile", source.display());
    made
}
