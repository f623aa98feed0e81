//! `taskmed capacity` as it is typed: a whole small measurement of the real program.
use std::{
    fs,
    path::Path,
    process::{Command, Output, Stdio},
    time::{Duration, Instant},
};

use serde_json::Value;
use taskmed::{access::house::Kept, measure::report::Report};

fn capacity(data: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_taskmed"));
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("TASKMED_")) {
        command.env_remove(name);
    }
    command.arg("capacity").args(arguments).arg("--data").arg(data).stdin(Stdio::null());
    command
}

fn read(path: &Path) -> Report {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

fn said(out: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr))
}

/// Nothing of the scratch copy is left.
fn is_tidy(data: &Path) -> bool {
    let left = fs::read_dir(data.join("capacity")).unwrap();
    left.flatten().all(|entry| !entry.file_name().to_string_lossy().starts_with("scratch-"))
}

#[test]
fn a_measurement_drives_signed_in_people_and_finds_everything_afterwards() {
    let data = tempfile::tempdir().unwrap();
    let (json, html, markdown) =
        (data.path().join("a.json"), data.path().join("a.html"), data.path().join("a.md"));
    let files = ["--json", "--html", "--markdown"].iter().zip([&json, &html, &markdown]);
    let mut command =
        capacity(data.path(), &["--people", "6", "--minutes", "0.1", "--warm-up", "1", "--step", "2"]);
    command.args(["--think", "1", "2", "--scenario", "several_clinics"]);
    for (name, file) in files {
        command.arg(name).arg(file);
    }
    let out = command.output().unwrap();
    assert!(out.status.success(), "{}", said(&out));
    let report = read(&json);
    assert_eq!(report.method.clinics, 4, "three to work in and one that nobody may see");
    let step = &report.steps[0];
    assert!(step.people == 6 && step.all.requests > 10, "{step:?}");
    assert_eq!(step.all.error_count(), 0, "{:?}", step.all.errors);
    // What the server says of itself was heard: agendas are asked again and again.
    let hits = step.usage.cache_hits.expect("the cache was not measured");
    assert!(hits > 0.0 && hits <= 1.0 && step.usage.queue.is_some(), "{:?}", step.usage);
    assert_eq!(report.sign_in.as_ref().unwrap().requests, 6);
    let proof = report.proof.as_ref().unwrap();
    assert!(report.is_sound() && report.isolation.probes > 10, "{:?} {proof:?}", report.isolation);
    assert!(proof.trail_whole && proof.trail_entries > 100);
    let page = fs::read_to_string(html).unwrap();
    assert!(
        page.starts_with("<!doctype html>") && fs::read_to_string(markdown).unwrap().contains("| capacity |")
    );
    assert!(is_tidy(data.path()) && fs::read_dir(data.path().join("capacity")).unwrap().count() >= 1);
    let kept = Kept::read(data.path());
    assert_eq!(kept.map(|kept| kept.people), Some(report.people).filter(|people| *people > 0));
}

#[cfg(unix)]
#[test]
fn told_to_stop_it_still_reports_and_leaves_nothing_behind() {
    let data = tempfile::tempdir().unwrap();
    let json = data.path().join("a.json");
    let arguments = ["--people", "4", "--minutes", "5", "--warm-up", "1", "--think", "1", "2", "--machine"];
    let mut command = capacity(data.path(), &arguments);
    let mut child =
        command.arg("--json").arg(&json).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = std::io::BufRead::lines(std::io::BufReader::new(child.stdout.take().unwrap()));
    let measuring = lines.find(|line| {
        let said: Value = serde_json::from_str(line.as_ref().unwrap()).unwrap();
        said["stage"] == "measuring" && said["done"].as_u64().unwrap() >= 3
    });
    assert!(measuring.is_some(), "it never measured");
    let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
    let asked = Instant::now();
    lines.for_each(drop);
    assert!(child.wait().unwrap().success() && asked.elapsed() < Duration::from_secs(60));
    let report = read(&json);
    assert_eq!(report.ended_early.as_deref(), Some("stopped by hand"));
    assert!(report.proof.is_some() && report.is_sound() && report.steps[0].seconds < 60.0);
    assert!(is_tidy(data.path()) && Kept::read(data.path()).is_none(), "half a measurement is no limit");
}

#[test]
fn only_one_measurement_at_a_time() {
    let data = tempfile::tempdir().unwrap();
    fs::create_dir_all(data.path().join("capacity")).unwrap();
    let lock = fs::File::create(data.path().join("capacity/measuring.lock")).unwrap();
    lock.lock().unwrap();
    let out = capacity(data.path(), &["--people", "1"]).output().unwrap();
    assert_eq!(out.status.code(), Some(1));
    assert!(said(&out).contains("being measured already"), "{}", said(&out));
}
