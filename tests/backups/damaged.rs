//! A copy that something has damaged: refused by name, with what it was to replace untouched.
use std::{fs, path::Path};

use taskmed::backup::{Taken, restore};

use super::{after, bytes_of, copy_to, register};
use crate::{
    faults::rounds,
    support::{World, world::SOL},
};

/// What is said of a copy that is to be brought back; none when it is.
fn refused(data: &Path, from: &Path) -> Option<String> {
    let prepared = restore::find(from, None, None).and_then(|copy| restore::prepare(data, &copy, None));
    prepared.err().map(|refusal| refusal.to_string())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_byte_changed_anywhere_in_a_copy_is_found_and_nothing_is_replaced() {
    let world = World::new().await;
    let desk = world.front_desk().await;
    for number in 0..20 {
        register(&desk, &format!("Paciente {number}")).await;
    }
    let to = tempfile::tempdir().unwrap();
    let root = to.path().to_owned();
    after(world, move |data| {
        let Taken { folder, .. } = copy_to(data, SOL, &root);
        let live = bytes_of(&data.join("clinics"));
        assert_eq!(refused(data, &root), None, "the copy is whole to begin with");
        let mut random = fastrand::Rng::with_seed(20_261_124);
        let all = bytes_of(&folder);
        assert_eq!(all.len(), 3, "{folder:?}");
        for round in 0..rounds(200) {
            let (file, whole) = &all[round % 3];
            let (at, mut bytes) = (random.usize(0..whole.len()), whole.clone());
            bytes[at] ^= 1 << random.u32(0..8);
            fs::write(file, &bytes).unwrap();
            let said = refused(data, &root)
                .unwrap_or_else(|| panic!("round {round}: byte {at} of {file:?} was not missed"));
            let name = file.file_name().unwrap().to_str().unwrap();
            assert!(
                said.contains("damaged") && said.contains(name) || said.contains("newer TaskMed"),
                "{name}: {said}"
            );
            fs::write(file, whole).unwrap();
        }
        for (file, whole) in &all {
            for length in [0, whole.len() / 2, whole.len() - 1] {
                fs::write(file, &whole[..length]).unwrap();
                assert!(refused(data, &root).is_some(), "{file:?} cut to {length}");
            }
            fs::remove_file(file).unwrap();
            assert!(refused(data, &root).is_some(), "{file:?} taken away");
            fs::write(file, whole).unwrap();
        }
        assert!(bytes_of(&data.join("clinics")) == live, "what was to be replaced was touched");
        assert_eq!(refused(data, &root), None, "what was put back is whole");
    })
    .await;
    drop(to);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_put_together_without_the_key_is_refused() {
    let world = World::new().await;
    let (first, second) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (one, two) = (first.path().to_owned(), second.path().to_owned());
    after(world, move |data| {
        let (older, newer) = (copy_to(data, SOL, &one), copy_to(data, SOL, &two));
        // The manifest of one and the files of the other: every sum is right for whoever writes it anew, the signature is not.
        let manifest = fs::read_to_string(newer.folder.join("manifest.json")).unwrap();
        let forged = manifest.replace("\"reason\": \"by_hand\"", "\"reason\": \"daily\"");
        assert_ne!(manifest, forged);
        fs::write(newer.folder.join("manifest.json"), resummed(&forged)).unwrap();
        let said = refused(data, &newer.folder).unwrap();
        assert!(said.contains("manifest.json"), "{said}");
        // A newer one that is damaged is not passed over in silence for an older one.
        let beside = newer.folder.parent().unwrap().join("2000-01-01T00-00-00Z");
        crate::support::world::copy_folder(&older.folder, &beside);
        fs::write(newer.folder.join("manifest.json"), "{}").unwrap();
        assert!(refused(data, &two).unwrap().contains("damaged"));
        assert_eq!(refused(data, &beside), None);
        // Another clinic of the same number is never replaced.
        let slots = data.join("clinics/1/clinic.key");
        let text = fs::read_to_string(&slots).unwrap();
        let (before, rest) = text.split_once("\"key_id\": \"").unwrap();
        fs::write(&slots, format!("{before}\"key_id\": \"00{}", &rest[2..])).unwrap();
        assert!(refused(data, &beside).unwrap().contains("another clinic"));
        fs::write(&slots, &text).unwrap();
    })
    .await;
    drop((first, second));
}

/// The text with the sum it should have.
fn resummed(manifest: &str) -> String {
    use sha2::{Digest, Sha256};
    let (before, rest) = manifest.split_once("\"sum\": \"").unwrap();
    let end = &rest[64..];
    let sum = Sha256::digest(format!("{before}\"sum\": \"{end}"));
    format!("{before}\"sum\": \"{}{end}", taskmed::db::key::hex(&sum))
}
