//! The layers of the program: arrows only go down.
use std::{fs, path::Path};

/// From the top down. A layer may use those after it.
const LAYERS: [&str; 11] =
    ["cli", "measure", "app", "config", "features", "web", "backup", "access", "db", "telemetry", "base"];

fn sources(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            let name =
                path.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap().to_string_lossy().replace('\\', "/");
            found.push((name, fs::read_to_string(&path).unwrap()));
        }
    }
}

pub fn all_sources() -> Vec<(String, String)> {
    let mut found = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    assert!(found.len() > 50, "the sources were not found");
    found
}

fn layer_of(file: &str) -> Option<usize> {
    let first = file.strip_prefix("src/")?.split(['/', '.']).next()?;
    LAYERS.iter().position(|layer| *layer == first)
}

/// The layers a file names, as `crate::db::…` or inside `use crate::{db::…, …}`.
fn used_layers(text: &str) -> Vec<&'static str> {
    let code = text.split("#[cfg(test)]").next().unwrap();
    let mut used = Vec::new();
    for layer in LAYERS {
        let direct = format!("crate::{layer}::");
        let grouped = [format!("    {layer}::"), format!("    {layer},")];
        let group =
            code.split("use crate::{").nth(1).and_then(|rest| rest.split("\n};").next()).unwrap_or_default();
        if code.contains(&direct) || grouped.iter().any(|g| group.contains(g.as_str())) {
            used.push(layer);
        }
    }
    used
}

#[test]
fn a_layer_uses_only_the_layers_below_it() {
    let mut wrong = Vec::new();
    for (file, text) in all_sources() {
        let Some(own) = layer_of(&file) else { continue };
        for used in used_layers(&text) {
            let other = LAYERS.iter().position(|layer| *layer == used).unwrap();
            if other < own {
                wrong.push(format!("{file} uses {used}"));
            }
        }
    }
    assert!(wrong.is_empty(), "arrows that go up: {wrong:#?}");
}

#[test]
fn sqlite_is_named_only_in_db_and_poem_only_in_web() {
    let mut wrong = Vec::new();
    for (file, text) in all_sources() {
        let code =
            text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
        for (word, home) in [("rusqlite::", "src/db/"), ("poem::", "src/web/")] {
            if code.contains(word) && !file.starts_with(home) {
                wrong.push(format!("{file} names {word}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_feature_uses_only_features_above_it_in_the_list() {
    let all = all_sources();
    let list = &all.iter().find(|(file, _)| file == "src/features/mod.rs").unwrap().1;
    let order: Vec<&str> =
        list.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';')).collect();
    assert!(order.len() >= 7);
    let mut wrong = Vec::new();
    for (file, text) in &all {
        let Some(own) = file.strip_prefix("src/features/").and_then(|rest| rest.split('/').next()) else {
            continue;
        };
        let Some(place) = order.iter().position(|feature| *feature == own) else { continue };
        let code = text.split("#[cfg(test)]").next().unwrap();
        for below in order.iter().skip(place + 1) {
            let named =
                [format!("features::{below}::"), format!("        {below}::"), format!("        {below},\n")];
            if named.iter().any(|n| code.contains(n.as_str())) {
                wrong.push(format!("{file} uses {below}"));
            }
        }
    }
    assert!(wrong.is_empty(), "features that look down the list: {wrong:#?}");
}

#[test]
fn every_module_says_what_it_is() {
    let silent: Vec<String> = all_sources()
        .into_iter()
        .filter(|(_, text)| !text.starts_with("//!"))
        .map(|(file, _)| file)
        .collect();
    assert!(silent.is_empty(), "{silent:#?}");
}
