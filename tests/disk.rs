//! The disk fills up in the middle of the day: what was acknowledged stays, what cannot be kept is refused in words, reading goes
//! on, and writing comes back with the space.
use std::{process::Command, time::Duration};

use poem::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::browser::{api::Api, program::Program};

/// Largest file the program may write, in KiB: a disk without room, for this process alone and without rights of any kind. More
/// than the log takes before it is brought home, so that it is the clinic's own file that grows into it.
const ROOM_KIB: u32 = 10 * 1024;
/// Far more than fits.
const MOST: usize = 20_000;

fn patient(number: usize) -> Value {
    json!({
        "name": format!("Paciente Cheio {number}"), "phone": format!("1196{number:07}"),
        "notes": "Mora longe e vem de barco; avisar com dois dias de antecedência. ".repeat(20),
    })
}

/// Registers patients until one is refused; answers how many were acknowledged and how the refusal was worded.
async fn fill(desk: &Api) -> (usize, StatusCode, Value) {
    for number in 0..MOST {
        let (status, body) = desk.ask(Method::POST, "/api/contacts", None, Some(patient(number))).await;
        if status != StatusCode::CREATED {
            return (number, status, body);
        }
    }
    panic!("the disk never filled up");
}

/// Gives the running program room again.
fn make_room(program: &Program) {
    let done =
        Command::new("prlimit").args(["--fsize=unlimited", "--pid", &program.id().to_string()]).status();
    assert!(done.unwrap().success());
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_refuses_in_words_loses_nothing_and_lets_go_of_nobody() {
    let mut program = Program::start_with_room(ROOM_KIB);
    let (desk, _) = Api::found(&program, "Clínica Cheia", "America/Sao_Paulo").await;
    let (kept, status, body) = fill(&desk).await;
    assert_eq!((status, &body["code"]), (StatusCode::INSUFFICIENT_STORAGE, &json!("storage_full")), "{body}");
    assert!(kept > 100, "only {kept} fitted");

    // Reading goes on, and a refusal does not turn into something worse when it is repeated.
    let found = desk.get("/api/contacts?search=paciente%20cheio%200&limit=5").await;
    assert_eq!(found["items"][0]["name"], "Paciente Cheio 0", "{found}");
    for number in kept..kept + 20 {
        let (status, body) = desk.ask(Method::POST, "/api/contacts", None, Some(patient(number))).await;
        assert_eq!(status, StatusCode::INSUFFICIENT_STORAGE, "{body}");
    }

    make_room(&program);
    tokio::time::sleep(Duration::from_millis(200)).await;
    let after = desk.post("/api/contacts", patient(kept)).await;
    assert_eq!(after["name"], format!("Paciente Cheio {kept}"));

    program.stop();
    let report = program.check();
    assert_eq!(report["ok"], true, "{report}");
    program.start_again();
    let desk = Api::sign_in(&program, crate::browser::api::OWNER).await;
    for number in [0, kept / 2, kept - 1, kept] {
        let found = desk.get(&format!("/api/contacts?search=1196{number:07}")).await;
        assert_eq!(found["items"].as_array().unwrap().len(), 1, "{number} of {kept}: {found}");
    }
}

/// Leaves the running program room for files of so many KiB.
fn leave_room(program: &Program, kib: u32) {
    let limit = format!("--fsize={}:unlimited", kib * 1024);
    assert!(
        Command::new("prlimit")
            .args([&limit, "--pid", &program.id().to_string()])
            .status()
            .unwrap()
            .success()
    );
}

/// Everything under the folder of clinics.
fn clinics(program: &Program) -> Vec<String> {
    let Ok(all) = std::fs::read_dir(program.folder.path().join("clinics")) else { return Vec::new() };
    all.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn a_clinic_founded_on_a_full_disk_is_refused_in_words_and_leaves_nothing_half_made() {
    // Room for the program itself; what is left is set once it runs.
    let mut program = Program::start_with_room(1 << 20);
    let mut refused = 0;
    let founding = json!({
        "clinic_name": "Clínica Cheia", "owner_name": "Olívia Prado", "email": crate::browser::api::OWNER,
        "password": crate::browser::api::PASSWORD, "language": "pt-BR", "time_zone": "America/Sao_Paulo",
    });
    let stranger = Api::stranger(&program);
    for kib in [0, 1, 4, 16, 64, 128, 256, 384, 512, 1024, 4096] {
        leave_room(&program, kib);
        let (status, body) = stranger.ask(Method::POST, "/api/setup", None, Some(founding.clone())).await;
        leave_room(&program, 1 << 20);
        if status.is_success() {
            break;
        }
        refused += 1;
        let told = (status, &body["code"]);
        assert_eq!(told, (StatusCode::INSUFFICIENT_STORAGE, &json!("storage_full")), "{kib} KiB: {body}");
        if clinics(&program) == ["1"] {
            // Founded, and no room for the owner's session any more.
            break;
        }
        assert_eq!(clinics(&program), [""; 0], "{kib} KiB");
    }
    assert!(refused > 4, "a clinic fits into what is left after {refused} refusals");
    assert_eq!(clinics(&program), ["1"]);
    let desk = Api::sign_in(&program, crate::browser::api::OWNER).await;
    desk.post("/api/contacts", patient(1)).await;
    program.stop();
    let report = program.check();
    assert_eq!(report["ok"], true, "{report}");
}
