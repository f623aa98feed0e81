//! A clinic's file that something has damaged: it is told, never shown as if it were whole, and never made worse.
use std::{fs, path::Path};

use serde_json::json;
use taskmed::{base::Clock, db::Clinics};

use crate::{
    faults::rounds,
    support::{World, world::SOL},
};

/// A closed clinic with something in it; answers its folder's owner and the file's bytes.
async fn closed_clinic() -> (World, Vec<u8>) {
    let world = World::new().await;
    let desk = world.front_desk().await;
    for number in 0..60 {
        let contact = json!({ "name": format!("Paciente {number}"), "phone": format!("1195555{number:04}") });
        desk.post("/api/contacts", contact).await.expect(201);
    }
    world.clinics.close();
    let bytes = fs::read(world.folder.path().join("clinics/1/clinic.db")).unwrap();
    (world, bytes)
}

/// What opening and checking the folder says is wrong; none when it finds nothing.
fn verdict(data: &Path) -> Option<String> {
    let clinics = match Clinics::open(data, Clock::system()) {
        Ok(clinics) => clinics,
        Err(refused) => return Some(refused.to_string()),
    };
    let Some(clinic) = clinics.get(SOL) else { return Some("not opened".into()) };
    let found = match clinic.check() {
        Ok(report) => report.problems.first().cloned(),
        Err(error) => Some(error.to_string()),
    };
    clinics.close();
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn a_byte_changed_anywhere_in_the_file_is_found_and_nothing_is_made_worse() {
    let (world, whole) = closed_clinic().await;
    let (data, file) = (world.folder.path().to_owned(), world.folder.path().join("clinics/1/clinic.db"));
    let mut random = fastrand::Rng::with_seed(20_261_124);
    let try_all = move || {
        assert_eq!(verdict(&data), None, "the file is whole to begin with");
        for round in 0..rounds(40) {
            let mut damaged = whole.clone();
            let at = random.usize(0..whole.len());
            damaged[at] ^= 1 << random.u32(0..8);
            fs::write(&file, &damaged).unwrap();
            let said = verdict(&data);
            assert!(said.is_some_and(|said| !said.is_empty()), "round {round}: byte {at} was not missed");
            assert!(fs::read(&file).unwrap() == damaged, "round {round}: the damaged file was written to");
        }
        fs::write(&file, &whole).unwrap();
        assert_eq!(verdict(&data), None, "what was put back is whole");
    };
    tokio::task::spawn_blocking(try_all).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_cut_short_anywhere_is_found() {
    let (world, whole) = closed_clinic().await;
    let (data, file) = (world.folder.path().to_owned(), world.folder.path().join("clinics/1/clinic.db"));
    let mut random = fastrand::Rng::with_seed(7);
    let try_all = move || {
        let some = (0..rounds(20)).map(|_| random.usize(1..whole.len()));
        for length in [0].into_iter().chain(some.collect::<Vec<_>>()) {
            fs::write(&file, &whole[..length]).unwrap();
            assert!(verdict(&data).is_some(), "cut to {length} of {} bytes", whole.len());
        }
    };
    tokio::task::spawn_blocking(try_all).await.unwrap();
}
