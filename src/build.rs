//! Build script: looks only at `assets/`.
fn main() {
    println!("cargo::rerun-if-changed=assets");
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap_or_default();
    println!("cargo::rustc-env=TASKMED_BUILD_TIME={}", now.as_secs());
}
