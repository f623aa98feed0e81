//! A closed clinic's file, opened as somebody would who has its key and none of the program's scruples.
use std::path::Path;

use rusqlite::Connection;
use taskmed::db::{key::hex, slots::Slots};

/// The file of clinic `id` under the data folder `data`.
pub fn open(data: &Path, id: i64) -> Connection {
    let folder = data.join(format!("clinics/{id}"));
    let slots = folder.join("clinic.key");
    let key = Slots::read(&slots, id).unwrap().unlock_here(data, &slots).unwrap();
    let conn = Connection::open(folder.join("clinic.db")).unwrap();
    conn.pragma_update(None, "key", format!("x'{}'", hex(key.bytes()))).unwrap();
    conn.pragma_update(None, "cipher_hmac_algorithm", "HMAC_SHA256").unwrap();
    conn
}

/// Takes the triggers away that keep the trail and the history from being edited.
pub fn unlock(conn: &Connection) {
    for trigger in ["audit_is_not_edited", "audit_is_not_cut", "history_is_not_edited", "history_is_not_cut"]
    {
        conn.execute_batch(&format!("drop trigger {trigger}")).unwrap();
    }
    conn.execute_batch("drop trigger checkpoints_are_not_edited; drop trigger checkpoints_are_not_cut")
        .unwrap();
}
