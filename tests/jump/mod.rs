//! The machine's clock jumps a day ahead and a day back while the real program runs: it may end sessions early, but keeps nobody
//! out, and the trail stays in the order in which things were done.
use std::{
    fs::{self, OpenOptions},
    os::unix::fs::FileExt,
    path::PathBuf,
    process::Command,
    time::{Duration, Instant},
};

use poem::http::Method;
use serde_json::{Value, json};
use taskmed::access::throttle::FAILURES;
use tempfile::TempDir;

use crate::{
    browser::{
        api::{Api, OWNER, PASSWORD},
        program::Program,
    },
    support::preload,
};

const DAY: i64 = 24 * 3600;
const RITA: &str = "rita@sol.example";
/// The program looks at its clock every ten seconds.
const LOOK: Duration = Duration::from_secs(15);

/// A wall clock that can be set while the program runs.
struct Wall {
    folder: TempDir,
}

impl Wall {
    fn that_is_right() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("shift"), 0_i64.to_ne_bytes()).unwrap();
        Self { folder }
    }

    fn shift(&self) -> PathBuf {
        self.folder.path().join("shift")
    }

    /// Sets it so many seconds ahead of the right time.
    fn set(&self, seconds: i64) {
        let file = OpenOptions::new().write(true).open(self.shift()).unwrap();
        file.write_all_at(&seconds.to_ne_bytes(), 0).unwrap();
    }

    /// What a program needs to go by this clock.
    fn adapt(&self) -> impl Fn(&mut Command) + Send + Sync + 'static {
        let (shifter, shift) = (preload::compiled("jump/shifter.rs"), self.shift());
        move |command| _ = command.env("LD_PRELOAD", &shifter).env("SHIFTER_FILE", &shift)
    }
}

/// A running clinic on such a clock, and the patients registered so far, in order.
struct Scene {
    wall: Wall,
    program: Program,
    registered: Vec<Value>,
}

impl Scene {
    async fn registers(&mut self, desk: &Api) {
        let number = self.registered.len();
        let patient = json!({ "name": format!("Paciente {number}"), "phone": format!("1198888{number:04}") });
        self.registered.push(desk.post("/api/contacts", patient).await["id"].clone());
    }

    /// The status that somebody with that session gets.
    async fn status(desk: &Api) -> u16 {
        desk.ask(Method::GET, &desk.clinic("/rooms"), None, None).await.0.as_u16()
    }

    /// Someone types Rita's password wrong until her door closes.
    async fn rita_is_shut_out(&self, desk: &Api) {
        let wrong = json!({ "email": RITA, "password": "adivinhe se puder" });
        let knock = || desk.ask(Method::POST, "/api/auth/login", None, Some(wrong.clone()));
        for _ in 0..FAILURES {
            assert_eq!(knock().await.0, 401);
        }
        let right = json!({ "email": RITA, "password": PASSWORD });
        let (status, body) = desk.ask(Method::POST, "/api/auth/login", None, Some(right)).await;
        assert_eq!(status, 429, "{body}");
    }
}

/// Waits until health says of the clock that it jumped.
async fn the_jump_is_told(desk: &Api) {
    let begun = Instant::now();
    loop {
        let alerts = desk.get("/api/observability/alerts").await;
        let clock =
            alerts["items"].as_array().unwrap().iter().find(|alert| alert["rule"] == "clock").unwrap();
        if clock["state"] == "firing" {
            return;
        }
        assert!(begun.elapsed() < LOOK, "a clock that jumped a day is not told: {clock}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_jumps_a_day_ahead_and_back_keeps_nobody_out_and_the_trail_in_order() {
    let wall = Wall::that_is_right();
    let program = Program::start_as(tempfile::tempdir().unwrap(), wall.adapt());
    let (today, _) = Api::found(&program, "Clínica Sol", "America/Sao_Paulo").await;
    let rita = json!({ "name": "Rita", "email": RITA, "roles": ["front_desk"] });
    let invited = today.post(&today.clinic("/users"), rita).await;
    Api::accept(&program, RITA, invited["invite_code"].as_str().unwrap()).await;
    let mut scene = Scene { wall, program, registered: Vec::new() };
    scene.registers(&today).await;

    scene.wall.set(DAY);
    assert_eq!(Scene::status(&today).await, 401, "a session outlived its limit");
    let tomorrow = Api::sign_in(&scene.program, OWNER).await;
    scene.registers(&tomorrow).await;
    the_jump_is_told(&tomorrow).await;
    scene.rita_is_shut_out(&tomorrow).await;

    // Back to the right time: a door closed by tomorrow's clock is open, a session of tomorrow is over.
    scene.wall.set(0);
    assert_eq!(Scene::status(&tomorrow).await, 401, "a session of tomorrow is open today");
    let rita = Api::sign_in(&scene.program, RITA).await;
    scene.registers(&rita).await;

    scene.wall.set(-DAY);
    assert_eq!(Scene::status(&rita).await, 401, "a session that begins tomorrow is open");
    let yesterday = Api::sign_in(&scene.program, OWNER).await;
    scene.registers(&yesterday).await;
    scene.program.stop();
    scene.program.start_again();
    assert_eq!(Scene::status(&yesterday).await, 200, "a start ends no session");

    scene.wall.set(0);
    assert_eq!(Scene::status(&yesterday).await, 401, "a session outlived its limit");
    let owner = Api::sign_in(&scene.program, OWNER).await;
    scene.registers(&owner).await;
    the_trail_is_in_order(&mut scene, &owner).await;
}

async fn the_trail_is_in_order(scene: &mut Scene, owner: &Api) {
    let told = owner.get("/api/audit?entity=contact&verb=created").await;
    let mut entries = told["items"].as_array().unwrap().clone();
    entries.reverse();
    let of = |name: &str| entries.iter().map(|entry| entry[name].clone()).collect::<Vec<_>>();
    assert_eq!(of("entity_id"), scene.registered);
    assert!(of("seq").iter().map(|seq| seq.as_i64()).is_sorted());
    assert!(!of("at").iter().map(|at| at.as_str()).is_sorted(), "the clock did not jump: {entries:?}");
    assert_eq!(owner.get("/api/audit/verify").await["ok"], true);
    scene.program.stop();
    let report = scene.program.check();
    assert_eq!(report["ok"], true, "{report}");
}
