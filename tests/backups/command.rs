//! `taskmed backup` and `taskmed restore`, as people type them.
use std::{
    fs,
    io::Write as _,
    path::Path,
    process::{Command, Output, Stdio},
    time::Duration,
};

use serde_json::Value;

use super::bytes_of;
use crate::browser::{
    api::{Api, OWNER},
    program::{self, Program},
};

fn taskmed(arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_taskmed"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

fn said(out: &Output) -> String {
    String::from_utf8_lossy(&out.stderr).into_owned()
}

fn path(folder: &Path) -> &str {
    folder.to_str().unwrap()
}

/// A clinic without a browser; answers its recovery code.
fn set_up(data: &Path) -> String {
    let arguments = ["setup", "--clinic", "Clínica Cópia", "--owner", "Olívia Prado", "--email", OWNER];
    let arguments = [&arguments[..], &["--password-stdin", "--data", path(data)]].concat();
    let out = taskmed(&arguments, crate::browser::api::PASSWORD);
    let told: Value = serde_json::from_slice(&out.stdout).unwrap_or_else(|_| panic!("{}", said(&out)));
    told["recovery_code"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_and_the_recovery_code_are_enough_on_another_computer() {
    let (here, disk, there) =
        (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let code = set_up(here.path());
    let to = disk.path().join("cópias");
    let out = taskmed(&["backup", "--data", path(here.path()), "--to", path(&to)], "");
    assert!(out.status.success(), "{}", said(&out));
    let told: Value = serde_json::from_slice(&out.stdout).unwrap();
    assert!(
        told["bytes"].as_i64().unwrap() > 0 && Path::new(told["folder"].as_str().unwrap()).is_dir(),
        "{told}"
    );
    drop(here);

    let bring = |input: &str| taskmed(&["restore", path(&to), "--data", path(there.path())], input);
    let nothing = bring("");
    assert!(
        !nothing.status.success() && said(&nothing).contains("not a recovery code"),
        "{}",
        said(&nothing)
    );
    let other = set_up(tempfile::tempdir().unwrap().path());
    let wrong = bring(&format!("{other}\n"));
    assert!(!wrong.status.success() && said(&wrong).contains("not the recovery code"), "{}", said(&wrong));
    assert!(
        fs::read_dir(there.path().join("clinics")).unwrap().next().is_none(),
        "something was left behind"
    );
    let right = bring(&format!("{}\n", code.to_lowercase()));
    assert!(right.status.success(), "{}", said(&right));
    let told: Value = serde_json::from_slice(&right.stdout).unwrap();
    assert_eq!(
        (&told["clinic_id"], &told["replaced"], &told["lost_entries"]),
        (&1.into(), &Value::Null, &Value::Null)
    );
    assert_eq!(program::check(there.path())["ok"], true);
    let program = Program::start_in(there);
    Api::sign_in(&program, OWNER).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn copies_are_made_beside_a_running_server_and_brought_back_only_without_one() {
    let mut program = Program::start();
    let (owner, _) = Api::found(&program, "Clínica Viva", "America/Sao_Paulo").await;
    let patient = |name: &str, phone: &str| serde_json::json!({ "name": name, "phone": phone });
    owner.post("/api/contacts", patient("Antes", "11955550001")).await;
    let data = program.folder.path().to_owned();
    let out = taskmed(&["backup", "--data", path(&data)], "");
    assert!(out.status.success(), "{}", said(&out));
    owner.post("/api/contacts", patient("Depois", "11955550002")).await;
    let from = data.join("backups");
    let held = taskmed(&["restore", path(&from), "--data", path(&data), "--yes"], "");
    assert_eq!(held.status.code(), Some(75), "{}", said(&held));
    program.stop();
    let live = bytes_of(&data.join("clinics"));
    let asked = taskmed(&["restore", path(&from), "--data", path(&data)], "no\n");
    let told = said(&asked);
    assert!(
        !asked.status.success()
            && told.contains("is lost to the clinic")
            && told.contains("nothing was changed"),
        "{told}"
    );
    assert!(bytes_of(&data.join("clinics")) == live, "it was changed all the same");
    let early = taskmed(&["restore", path(&from), "--at", "2000-01-01T00:00:00Z", "--data", path(&data)], "");
    assert!(said(&early).contains("there is no copy"), "{}", said(&early));
    let done = taskmed(&["restore", path(&from), "--data", path(&data), "--yes"], "");
    assert!(done.status.success(), "{}", said(&done));
    assert_eq!(program::check(&data)["ok"], true);
    program.start_again();
    let owner = Api::sign_in(&program, OWNER).await;
    let found = owner.get("/api/contacts?search=1195555").await;
    let names: Vec<_> = found["items"].as_array().unwrap().iter().map(|one| one["name"].clone()).collect();
    assert_eq!(names, ["Antes"]);
}

#[cfg(unix)]
#[test]
fn a_copy_that_is_killed_is_none() {
    let (data, disk) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    set_up(data.path());
    let arguments = ["backup", "--data", path(data.path()), "--to", path(disk.path())];
    let began = std::time::Instant::now();
    assert!(taskmed(&arguments, "").status.success());
    let whole = began.elapsed();
    let mut killed = 0;
    for round in 1..=24 {
        let mut child = Command::new(env!("CARGO_BIN_EXE_taskmed"))
            .args(arguments)
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(whole.mul_f64(f64::from(round) / 24.0).min(Duration::from_secs(2)));
        killed += usize::from(child.try_wait().unwrap().is_none());
        let _ = child.kill();
        child.wait().unwrap();
    }
    assert!(killed > 3, "only {killed} were killed in the middle");
    let folder = fs::read_dir(disk.path()).unwrap().next().unwrap().unwrap().path();
    let found = taskmed::backup::place::copies_in(&folder);
    assert_eq!(found.unreadable, Vec::<std::path::PathBuf>::new());
    for copy in &found.copies {
        let elsewhere = tempfile::tempdir().unwrap();
        fs::copy(data.path().join("machine.key"), elsewhere.path().join("machine.key")).unwrap();
        taskmed::backup::restore::prepare(elsewhere.path(), copy, None).unwrap();
    }
    assert!(taskmed(&arguments, "").status.success());
    let parts = fs::read_dir(&folder)
        .unwrap()
        .filter(|e| e.as_ref().unwrap().path().extension().is_some_and(|e| e == "part"));
    assert_eq!(parts.count(), 0, "what was cut off is cleared away");
    assert_eq!(program::check(data.path())["ok"], true);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_makes_no_copy_and_takes_none_away() {
    let (data, disk) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    set_up(data.path());
    assert!(
        taskmed(&["backup", "--data", path(data.path()), "--to", path(disk.path())], "").status.success()
    );
    let (live, before) = (bytes_of(&data.path().join("clinics")), bytes_of(disk.path()));
    let size = fs::metadata(data.path().join("clinics/1/clinic.db")).unwrap().len();
    for part in [3, 5, 7, 9] {
        let kib = size * part / 10 / 1024;
        let script = format!("trap '' XFSZ; ulimit -S -f {kib}; exec \"$0\" \"$@\"");
        let out = Command::new("bash")
            .args(["-c", &script, env!("CARGO_BIN_EXE_taskmed"), "backup", "--data", path(data.path())])
            .args(["--to", path(disk.path())])
            .output()
            .unwrap();
        assert!(out.status.code() == Some(1) && said(&out).contains("no room"), "{part}: {}", said(&out));
        assert!(bytes_of(disk.path()) == before, "{part}: earlier copies are as they were");
        assert!(bytes_of(&data.path().join("clinics")) == live, "{part}: the clinic is as it was");
    }
}
