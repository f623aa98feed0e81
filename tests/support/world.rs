//! Two clinics, Sol (1) and Lua (2), in one data folder, served in process.
use std::{
    fs,
    path::Path,
    sync::{Arc, Once},
};

use poem::{Response, endpoint::BoxEndpoint, endpoint::EndpointExt};
use serde_json::json;
use taskmed::{
    access::{Grant, Role, Roles, password, permissions::ManageTeam},
    app,
    base::{Choice, Clock, Instant, fields},
    db::{Clinic, Clinics},
    features::{people, sessions, setup},
    web::{Context, Machine, server},
};
use tempfile::TempDir;

use super::Desk;

/// The password of everyone in the world.
pub const PASSWORD: &str = "trem azul 42 janelas";
/// Tuesday, 24 November 2026, 09:00 in São Paulo.
pub const NOW: &str = "2026-11-24T12:00:00Z";
/// The clinic most tests work in.
pub const SOL: i64 = 1;
/// The other clinic: nothing of it may ever be seen from the first.
pub const LUA: i64 = 2;

/// Everything a test needs; dropped with its folder.
pub struct World {
    pub clock: Clock,
    pub clinics: Arc<Clinics>,
    pub context: Arc<Context>,
    pub endpoint: Arc<BoxEndpoint<'static, Response>>,
    pub folder: TempDir,
}

struct QuietMachine;

impl Machine for QuietMachine {
    fn certificate_expires_at(&self) -> Option<Instant> {
        None
    }
    fn authority_fingerprint(&self) -> Option<String> {
        None
    }
    fn authority_pem(&self) -> Option<String> {
        None
    }
    fn free_bytes(&self) -> Option<u64> {
        Some(1 << 40)
    }
}

impl World {
    /// A folder without a clinic.
    pub fn empty() -> Self {
        Self::open(tempfile::tempdir().unwrap())
    }

    /// Stops the program, does something to its data folder, and starts it again. Blocks.
    pub fn after(self, damage: impl FnOnce(&Path)) -> Self {
        self.context.close();
        damage(self.folder.path());
        Self::open(self.folder)
    }

    /// A folder without a clinic, whose figures other machines may ask for.
    pub fn with_metrics_key(key: &str) -> Self {
        Self::open_with(tempfile::tempdir().unwrap(), Some(key.to_owned()))
    }

    /// Whatever clinics are in a folder.
    fn open(folder: TempDir) -> Self {
        Self::open_with(folder, None)
    }

    fn open_with(folder: TempDir, metrics_key: Option<String>) -> Self {
        static CHEAP: Once = Once::new();
        CHEAP.call_once(password::make_cheap_for_tests);
        let clock = Clock::standing_at(NOW.parse().unwrap());
        let clinics = Arc::new(Clinics::open(folder.path(), clock.clone()).unwrap());
        let context = Context::new(Arc::clone(&clinics), Box::new(QuietMachine));
        let context = Arc::new(context.with_metrics_key(metrics_key));
        let endpoint = Arc::new(server::endpoint(app::routes(), Arc::clone(&context)).boxed());
        Self { clock, clinics, context, endpoint, folder }
    }

    /// Sol and Lua, each with one person of every role: `owner@sol.example`, `front_desk@sol.example`, …
    pub async fn new() -> Self {
        let world = Self::empty();
        let clinics = Arc::clone(&world.clinics);
        let populate = move || ["sol", "lua"].iter().for_each(|name| found(&clinics, name));
        tokio::task::spawn_blocking(populate).await.unwrap();
        world
    }

    /// One of the clinics.
    pub fn clinic(&self, id: i64) -> Arc<Clinic> {
        self.clinics.get(id).unwrap()
    }

    /// Someone who has not signed in.
    pub fn stranger(&self) -> Desk {
        Desk::new(Arc::clone(&self.endpoint), SOL)
    }

    /// Signs in the person of `role` in Sol.
    pub async fn desk(&self, role: Role) -> Desk {
        self.desk_in(SOL, role).await
    }

    /// Signs in the person of `role` in a clinic.
    pub async fn desk_in(&self, clinic: i64, role: Role) -> Desk {
        let place = if clinic == SOL { "sol" } else { "lua" };
        let mut desk = Desk::new(Arc::clone(&self.endpoint), clinic);
        desk.sign_in(&format!("{}@{place}.example", role.code()), PASSWORD).await;
        desk
    }

    /// The front desk of Sol: who most tests act as.
    pub async fn front_desk(&self) -> Desk {
        self.desk(Role::FrontDesk).await
    }

    /// The owner of Sol.
    pub async fn owner(&self) -> Desk {
        self.desk(Role::Owner).await
    }
}

/// The same folder served anew, after its clinics were closed.
pub fn reopen(world: &World) -> World {
    let copy = tempfile::tempdir().unwrap();
    copy_folder(world.folder.path(), copy.path());
    World::open(copy)
}

/// Copies a folder with all that is in it.
pub fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        match entry.path().is_dir() {
            true => copy_folder(&entry.path(), &target),
            false => drop(fs::copy(entry.path(), target).unwrap()),
        }
    }
}

fn found(clinics: &Clinics, place: &str) {
    let wanted = json!({
        "clinic_name": format!("Clínica {place}"), "owner_name": "Olívia Prado",
        "email": format!("owner@{place}.example"), "password": PASSWORD,
    });
    let founding = fields::parse(wanted.as_object().unwrap()).unwrap();
    let hash = password::hash(PASSWORD).unwrap();
    let stored = hash.clone();
    let (clinic, _, _) =
        clinics.create(move |tx, id| setup::store::found(tx, id, &founding, &stored, false)).unwrap();
    let others = Role::ALL.iter().copied().filter(|role| *role != Role::Owner);
    others.for_each(|role| hire(&clinic, place, role, &hash));
}

/// Adds the person of `role`, who already has a password.
fn hire(clinic: &Arc<Clinic>, place: &str, role: Role, hash: &str) {
    let grant = Grant::<ManageTeam>::of_program(Arc::clone(clinic), "test");
    let is_professional = role == Role::Professional;
    let user = json!({
        "name": format!("Pessoa {}", role.code()), "email": format!("{}@{place}.example", role.code()),
        "roles": [role.code()], "is_professional": is_professional,
    });
    let user: people::model::UserFields = fields::parse(user.as_object().unwrap()).unwrap();
    assert_eq!(user.roles, Roles::new([role]));
    let hash = hash.to_owned();
    grant
        .write_here(move |tx| {
            let invited = people::store::create(tx, &user)?;
            let id = tx.number("select max(id) from users", [])?;
            sessions::store::set_password(tx, id, &hash)?;
            Ok(invited)
        })
        .unwrap();
}
