//! One-time codes: eight letters to hand over, kept only as a hash, for three days.
use sha2::{Digest, Sha256};

use super::model::{Invitation, UserFields};
use crate::{
    access::session,
    base::{Error, Id, Result},
    db::{Act, Audited, ReadTx, WriteTx, key, params, slots::unconfuse},
};

const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const VALID_SECONDS: i64 = 3 * 24 * 3600;

/// Gives a person a fresh code. Their password stops working and their sessions end: this is also how a lost one is replaced.
pub fn give(tx: &WriteTx<'_>, user: i64) -> Result<Invitation> {
    let bytes: [u8; 8] = key::random_bytes()?;
    let letters: String =
        bytes.iter().filter_map(|b| LETTERS.get(usize::from(b & 31))).map(|b| char::from(*b)).collect();
    let expires_at = tx.now().plus_minutes(VALID_SECONDS / 60);
    tx.run(
        "insert into credentials (user_id, invite_hash, invite_expires_at) values (?1, ?2, ?3)
         on conflict (user_id) do update set password_hash = null, invite_hash = excluded.invite_hash,
             invite_expires_at = excluded.invite_expires_at",
        params![user, hash(user, &letters), expires_at],
    )?;
    session::close_all(tx, user, 0)?;
    let (first, last) = letters.split_at(4);
    Ok(Invitation { invite_code: format!("{first}-{last}"), expires_at })
}

/// Gives a person a fresh code, on record.
pub fn renew(tx: &mut WriteTx<'_>, id: Id<UserFields>) -> Result<Audited<Invitation>> {
    let user = super::store::find(tx, id)?;
    if user.email.is_none() || !user.active {
        return Err(Error::conflict("cannot_sign_in"));
    }
    let invitation = give(tx, id.number())?;
    tx.audited(Act::new::<UserFields>("invited", id.number()), invitation)
}

/// Whether `code` is the person's code and still good. A code that was used is gone.
pub fn is_good(tx: &ReadTx<'_>, user: i64, code: &str) -> Result<bool> {
    let letters: String = code.chars().filter(char::is_ascii_alphanumeric).map(unconfuse).collect();
    let found = tx.number(
        "select count(*) from credentials where user_id = ?1 and invite_hash = ?2 and invite_expires_at > ?3",
        params![user, hash(user, &letters), tx.now()],
    )?;
    Ok(found > 0)
}

fn hash(user: i64, letters: &str) -> Vec<u8> {
    Sha256::new().chain_update(user.to_be_bytes()).chain_update(letters).finalize().to_vec()
}
