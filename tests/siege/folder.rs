//! The data folder itself: not writable, half writable, wanted by many at once.
use std::{
    collections::BTreeMap,
    fs,
    os::unix::{
        fs::{PermissionsExt, chown},
        process::CommandExt,
    },
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use serde_json::Value;

use crate::browser::{
    api::{Api, OWNER},
    program::Program,
};

/// Whoever may do everything is told nothing by permissions: then somebody else tries.
const NOBODY: u32 = 65_534;

fn is_administrator() -> bool {
    rustix::process::geteuid().is_root()
}

/// Sets the permissions of everything in a folder, which belongs to whoever runs the program.
fn permit(folder: &Path, files: u32, folders: u32) {
    let own = |path: &Path| {
        if is_administrator() {
            chown(path, Some(NOBODY), Some(NOBODY)).unwrap();
        }
    };
    own(folder);
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            permit(&path, files, folders);
        } else {
            own(&path);
            fs::set_permissions(&path, fs::Permissions::from_mode(files)).unwrap();
        }
    }
    fs::set_permissions(folder, fs::Permissions::from_mode(folders)).unwrap();
}

/// Every file of a folder with its bytes.
fn contents(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut all = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(contents(&path));
        } else {
            let bytes = fs::read(&path).unwrap();
            all.insert(path, bytes);
        }
    }
    all
}

/// A copy of the program where everybody may run it.
fn program_for_all(folder: &Path) -> PathBuf {
    let copy = folder.join("taskmed");
    fs::copy(env!("CARGO_BIN_EXE_taskmed"), &copy).unwrap();
    fs::set_permissions(&copy, fs::Permissions::from_mode(0o755)).unwrap();
    fs::set_permissions(folder, fs::Permissions::from_mode(0o755)).unwrap();
    copy
}

fn serve(program: &Path, data: &Path) -> Command {
    let mut command = Command::new(program);
    command.args(["serve", "--no-browser", "--http-port", "0", "--https-port", "0", "--data"]).arg(data);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    if is_administrator() {
        command.uid(NOBODY).gid(NOBODY);
    }
    command
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_may_not_be_written_is_named_and_nothing_in_it_changes() {
    let mut program = Program::start();
    Api::found(&program, "Clínica Sol", "America/Sao_Paulo").await;
    program.stop();
    let place = tempfile::tempdir().unwrap();
    let (copy, data) = (program_for_all(place.path()), program.folder.path().to_owned());
    permit(&data, 0o444, 0o555);
    let before = contents(&data);
    let out = serve(&copy, &data).output().unwrap();
    let said = String::from_utf8_lossy(&out.stderr).into_owned();
    assert_eq!(out.status.code(), Some(78), "{said}");
    assert!(said.contains(&data.display().to_string()) && said.contains("may not be written"), "{said}");
    assert_eq!(said.lines().count(), 1, "{said}");
    assert_eq!(contents(&data), before);
    // Once it may be written again all is as it was.
    permit(&data, 0o600, 0o700);
    program.start_again();
    Api::sign_in(&program, OWNER).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clinic_that_may_not_be_written_is_left_alone_and_the_program_says_which() {
    let mut program = Program::start();
    Api::found(&program, "Clínica Sol", "America/Sao_Paulo").await;
    program.stop();
    let place = tempfile::tempdir().unwrap();
    let (copy, data) = (program_for_all(place.path()), program.folder.path().to_owned());
    permit(&data, 0o666, 0o777);
    let clinic = data.join("clinics/1");
    permit(&clinic, 0o444, 0o555);
    let before = contents(&clinic);
    let mut command = serve(&copy, &data);
    let child = Ended(command.spawn().unwrap());
    let address = address_of(&data).await;
    let ready = reqwest::get(format!("{address}/readyz")).await.unwrap();
    assert_eq!(ready.status().as_u16(), 503);
    assert!(ready.text().await.unwrap().contains("clinic 1"));
    drop(child);
    assert_eq!(contents(&clinic), before);
    permit(&data, 0o600, 0o700);
    program.start_again();
    Api::sign_in(&program, OWNER).await;
}

/// A process that ends with the test.
struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Where the program that holds a folder answers.
async fn address_of(data: &Path) -> String {
    let end = Instant::now() + Duration::from_secs(10);
    loop {
        let noted = fs::read(data.join("running.json")).ok();
        let note: Option<Value> = noted.and_then(|text| serde_json::from_slice(&text).ok());
        if let Some(address) = note.as_ref().and_then(|note| note["http"].as_str()) {
            return address.to_owned();
        }
        assert!(Instant::now() < end, "the program does not say where it listens");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_programs_started_at_once_over_one_folder_one_serves_it() {
    let data = tempfile::tempdir().unwrap();
    let start = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_taskmed"));
        command.args(["serve", "--no-browser", "--http-port", "0", "--https-port", "0", "--data"]);
        command.arg(data.path()).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        Ended(command.spawn().unwrap())
    };
    let mut all: Vec<Ended> = (0..8).map(|_| start()).collect();
    let address = address_of(data.path()).await;
    assert!(reqwest::get(format!("{address}/readyz")).await.unwrap().status().is_success());
    let end = Instant::now() + Duration::from_secs(10);
    let mut running = Vec::new();
    while Instant::now() < end {
        running = all.iter_mut().map(|one| one.0.try_wait().unwrap()).collect();
        if running.iter().filter(|ended| ended.is_none()).count() == 1 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(running.iter().filter(|ended| ended.is_none()).count(), 1, "{running:?}");
    for ended in running.iter().flatten() {
        // Found the first, or came while it was still starting.
        assert!(matches!(ended.code(), Some(0 | 75)), "{running:?}");
    }
    for verb in ["check", "recover"] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_taskmed"));
        let out = command.args([verb, "--data"]).arg(data.path()).stdin(Stdio::null()).output().unwrap();
        let said = String::from_utf8_lossy(&out.stderr).into_owned();
        assert_eq!(out.status.code(), Some(75), "{verb}: {said}");
        assert!(said.contains("another TaskMed is using"), "{said}");
    }
}
