//! Build script: looks only at `assets/`.
fn main() {
    println!("cargo::rerun-if-changed=assets");
}
