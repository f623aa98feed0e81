//! How much a browser has to fetch, counted as the build counts it: a release over its budget is not built, and here it is
//! said before anyone tries.
#[path = "../../src/build/bare.rs"]
mod bare;
#[path = "../../src/build/rules.rs"]
mod rules;

use std::{
    fs,
    path::{Path, PathBuf},
};

use rules::{Files, MARKS};
use sha2::{Digest, Sha256};
use taskmed::web::assets::BUILD_ID;

#[test]
fn the_ui_keeps_to_its_budgets() {
    let files = assets();
    assert_eq!(rules::faults(&files), Vec::<String>::new());
    assert_eq!(rules::missing(&files), Vec::<String>::new());
    let over = rules::over_budget(&files, |path| packed(path, &files[path]));
    let scripts: usize = files
        .iter()
        .filter(|(path, _)| path.ends_with(".js"))
        .map(|(path, content)| packed(path, content))
        .sum();
    println!("all scripts, compressed: {scripts} bytes");
    assert_eq!(over, Vec::<String>::new());
}

fn assets() -> Files {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets");
    let mut files = Files::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/");
                files.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    files
}

/// The size of a file as the build compressed it; the build keeps what it has compressed under the hash of what is served.
fn packed(path: &str, content: &[u8]) -> usize {
    let marked = |text: &str| MARKS.iter().fold(text.to_owned(), |text, mark| text.replace(mark, BUILD_ID));
    let served = match std::str::from_utf8(content) {
        Ok(text) if path == "index.html" => marked(text).into_bytes(),
        Ok(text) if path.ends_with(".js") || path.ends_with(".css") => {
            bare::without_comments(text).into_bytes()
        }
        _ => content.to_vec(),
    };
    let name: String = Sha256::digest(&served).iter().map(|byte| format!("{byte:02x}")).collect();
    let kept = PathBuf::from(env!("OUT_DIR")).join("packed").join(name);
    match fs::metadata(&kept) {
        Ok(file) => usize::try_from(file.len()).unwrap(),
        Err(_) if !rules::is_served(path) => 0,
        Err(why) => panic!("{path} was not compressed: {why}"),
    }
}
