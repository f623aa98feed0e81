//! Build script: checks `assets/` against the rules of the UI, names the build by what is in it, and for releases
//! compresses it. Needs neither network nor Node.
#[path = "build/bare.rs"]
mod bare;
#[path = "build/rules.rs"]
mod rules;

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::{SystemTime, UNIX_EPOCH};
use std::{env, fs};

use rules::{Files, MARKS, is_served};
use sha2::{Digest as _, Sha256};

fn main() -> ExitCode {
    println!("cargo::rerun-if-changed=assets");
    println!("cargo::rerun-if-changed=src/build.rs");
    println!("cargo::rerun-if-changed=src/build");
    println!("cargo::rerun-if-env-changed=SOURCE_DATE_EPOCH");
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(faults) => {
            for fault in faults.to_string().lines() {
                println!("cargo::error=assets/{fault}");
            }
            ExitCode::FAILURE
        }
    }
}

fn run() -> io::Result<()> {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    let release = env::var("PROFILE").is_ok_and(|profile| profile == "release");
    let files = read_folder(&root.join("assets"))?;
    let id = build_id(&files);
    let packed = pack(&files, &id, &out.join("packed"))?;
    let mut faults = rules::faults(&files);
    let mut unfinished = rules::missing(&files);
    unfinished.extend(rules::over_budget(&files, |path| packed.get(path).map_or(0, Vec::len)));
    if release {
        faults.extend(unfinished);
    } else {
        // While a view is being written its imports run ahead of its files and it is not yet trimmed; a release is never built
        // that way.
        unfinished.iter().for_each(|name| println!("cargo::warning=assets/{name}"));
    }
    if !faults.is_empty() {
        return Err(io::Error::other(faults.join("\n")));
    }
    write_site(&out.join("site"), release.then_some((&files, &packed)), &id)?;
    let (commit, time) = origin(&root, release);
    println!("cargo::rustc-env=TASKMED_BUILD_ID={id}");
    println!("cargo::rustc-env=TASKMED_BUILD_TIME={time}");
    println!("cargo::rustc-env=TASKMED_COMMIT={commit}");
    Ok(())
}

/// All files below a folder; none where it does not exist.
fn read_folder(root: &Path) -> io::Result<Files> {
    let mut files = Files::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop().filter(|folder| folder.exists()) {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if let Ok(relative) = path.strip_prefix(root) {
                let name = relative.to_string_lossy().replace('\\', "/");
                files.insert(name, fs::read(&path)?);
            }
        }
    }
    Ok(files)
}

/// Changes whenever anything a browser could get does.
fn build_id(files: &Files) -> String {
    let mut hash = Sha256::new();
    for (path, content) in files.iter().filter(|(path, _)| is_served(path)) {
        for part in [path.as_bytes(), content] {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
    }
    hex(&hash.finalize()).chars().take(16).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What a release serves: the page with the build id in its place, scripts and style sheets without their comments.
fn served(path: &str, content: &[u8], id: &str) -> Vec<u8> {
    match std::str::from_utf8(content) {
        Ok(text) if path == "index.html" => {
            MARKS.iter().fold(text.to_owned(), |t, m| t.replace(m, id)).into_bytes()
        }
        Ok(text) if path.ends_with(".js") || path.ends_with(".css") => {
            bare::without_comments(text).into_bytes()
        }
        _ => content.to_vec(),
    }
}

/// Every file that shrinks, compressed. Kept between builds by content: the best compression takes its time.
fn pack(files: &Files, id: &str, cache: &Path) -> io::Result<Files> {
    fs::create_dir_all(cache)?;
    let mut packed = Files::new();
    for (path, content) in files.iter().filter(|(path, _)| is_served(path)) {
        let content = served(path, content, id);
        let kept = cache.join(hex(&Sha256::digest(&content)));
        let small = match fs::read(&kept) {
            Ok(small) => small,
            Err(_) => {
                let small = compress(&content)?;
                fs::write(&kept, &small)?;
                small
            }
        };
        packed.insert(path.clone(), small);
    }
    Ok(packed)
}

fn compress(content: &[u8]) -> io::Result<Vec<u8>> {
    let mut writer = brotli::CompressorWriter::new(Vec::new(), 4096, 11, 22);
    writer.write_all(content)?;
    writer.flush()?;
    Ok(writer.into_inner())
}

/// The folder that a release embeds: what is served, and beside it what is compressed. Empty in debug builds, which
/// read `assets/` itself.
fn write_site(site: &Path, content: Option<(&Files, &Files)>, id: &str) -> io::Result<()> {
    if site.exists() {
        fs::remove_dir_all(site)?;
    }
    fs::create_dir_all(site)?;
    let Some((files, packed)) = content else {
        return Ok(());
    };
    for (path, content) in files.iter().filter(|(path, _)| is_served(path)) {
        let target = site.join(path);
        fs::create_dir_all(target.parent().unwrap_or(site))?;
        let plain = served(path, content, id);
        if let Some(small) = packed.get(path).filter(|small| small.len() < plain.len()) {
            fs::write(site.join(format!("{path}.br")), small)?;
        }
        fs::write(target, plain)?;
    }
    Ok(())
}

/// The commit and the time of the build, as far as they are known. The time is a lower bound for any right clock:
/// certificates are not dated before it. It is the commit's own where there is one, so that a release can be rebuilt
/// to the same bytes.
fn origin(root: &Path, release: bool) -> (String, u64) {
    let said = env::var("SOURCE_DATE_EPOCH").ok().and_then(|time| time.parse().ok());
    let of_commit = git(root, &["log", "-1", "--format=%ct"]).and_then(|time| time.parse().ok());
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    // Debug builds need not be made anew for each commit; their commit is that of the last time this script ran.
    if let Some(log) = git(root, &["rev-parse", "--path-format=absolute", "--git-path", "logs/HEAD"])
        && release
        && Path::new(&log).exists()
    {
        println!("cargo::rerun-if-changed={log}");
    }
    let commit = git(root, &["rev-parse", "--short=12", "HEAD"]).unwrap_or_default();
    (commit, said.or(of_commit).unwrap_or(now))
}

/// What git says about this folder; none without git, or when the folder only lies inside somebody else's repository.
fn git(root: &Path, arguments: &[&str]) -> Option<String> {
    let ask = |arguments: &[&str]| {
        let output = Command::new("git").arg("-C").arg(root).args(arguments).output().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    ask(&["rev-parse", "--show-prefix"]).filter(String::is_empty)?;
    ask(arguments).filter(|answer| !answer.is_empty())
}
