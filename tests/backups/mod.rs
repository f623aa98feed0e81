//! Copies of a clinic: made while others write, brought back whole or refused, and never half.
mod command;
mod damaged;
mod observed;
mod round;

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde_json::{Value, json};
use taskmed::{
    backup::{Place, Reason, Taken, take},
    base::Clock,
    db::snapshot::{Files, Pace},
};

use crate::support::{Desk, World};

/// The copies of a data folder's clinic, made by the program itself.
fn copies(data: &Path, clinic: i64) -> Vec<PathBuf> {
    let start = format!("clinic-{clinic}-");
    let inside =
        |folder: PathBuf| fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().path());
    let of_clinic = inside(data.join("backups"))
        .filter(|folder| folder.file_name().unwrap().to_string_lossy().starts_with(&start));
    let mut all: Vec<PathBuf> = of_clinic.flat_map(inside).filter(|path| path.is_dir()).collect();
    all.sort();
    all
}

/// Every file of a folder with its bytes.
fn bytes_of(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => all.extend(bytes_of(&path)),
            false => all.push((path.clone(), fs::read(&path).unwrap())),
        }
    }
    all.sort();
    all
}

fn files(data: &Path, clinic: i64) -> Files {
    Files::unlock_here(data, &data.join(format!("clinics/{clinic}")), clinic).unwrap()
}

/// A copy of a clinic in a folder of one's own.
fn copy_to(data: &Path, clinic: i64, to: &Path) -> Taken {
    let at = (Clock::system().now(), Reason::ByHand);
    take::take(&files(data, clinic), &Place::named(to), at, Pace::Full).unwrap()
}

async fn register(desk: &Desk, name: &str) -> Value {
    let number = fastrand::u32(0..100_000_000);
    desk.post("/api/contacts", json!({ "name": name, "phone": format!("119{number:08}") })).await.expect(201)
}

/// How many patients of that name there are.
async fn found(desk: &Desk, name: &str) -> usize {
    let list =
        desk.get(&format!("/api/contacts?search={}&limit=100", name.replace(' ', "%20"))).await.expect(200);
    list["items"].as_array().unwrap().len()
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    tokio::task::spawn_blocking(work).await.unwrap()
}

async fn after(world: World, act: impl FnOnce(&Path) + Send + 'static) -> World {
    blocking(move || world.after(act)).await
}
