//! The throttle at the sign-in door. Per person and per address, so that guesses are slow and yet an outsider cannot lock the
//! staff out: a person's own lock is short and counts only consecutive failures (SBIS NGS1.02.13 asks for at most 10).
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use crate::{
    base::{Error, Result},
    db::{ReadTx, WriteTx, params},
};

/// Failures in a row before a person's door closes.
pub const FAILURES: i64 = 10;
/// How long it stays closed.
pub const LOCK_SECONDS: i64 = 5 * 60;
/// Tries one address may make in [`WINDOW_SECONDS`], whoever it tries to be.
pub const TRIES_PER_ADDRESS: u32 = 30;
/// Length of the window for one address.
pub const WINDOW_SECONDS: i64 = 60;

/// Counts tries per address, in memory.
#[derive(Debug, Default)]
pub struct Addresses(Mutex<HashMap<String, (i64, u32)>>);

impl Addresses {
    /// Counts one try of `address` at second `now`; [`Error::TooMany`] with the seconds to wait when there were too many.
    pub fn count(&self, address: &str, now: i64) -> Result<()> {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() > 10_000 {
            seen.retain(|_, (start, _)| now - *start < WINDOW_SECONDS);
        }
        let (start, tries) = seen.entry(address.to_owned()).or_insert((now, 0));
        if now - *start >= WINDOW_SECONDS {
            (*start, *tries) = (now, 0);
        }
        *tries += 1;
        if *tries > TRIES_PER_ADDRESS {
            let wait = u64::try_from(WINDOW_SECONDS - (now - *start)).unwrap_or(1).max(1);
            return Err(Error::TooMany(wait));
        }
        Ok(())
    }
}

/// Whether the person's door is open; [`Error::TooMany`] with the seconds to wait when it is closed.
pub fn door_is_open(tx: &ReadTx<'_>, user_id: i64) -> Result<()> {
    let until = tx.number("select locked_until from sign_ins where user_id = ?1", [user_id])?;
    match u64::try_from(until - tx.now().as_second()) {
        Ok(wait) if wait > 0 => Err(Error::TooMany(wait)),
        _ => Ok(()),
    }
}

/// Counts a failed try; the last of [`FAILURES`] closes the door for a while.
pub fn failed(tx: &WriteTx<'_>, user_id: i64) -> Result<()> {
    let now = tx.now().as_second();
    tx.run(
        "insert into sign_ins (user_id, failures) values (?1, 1)
         on conflict (user_id) do update set failures = failures + 1",
        [user_id],
    )?;
    tx.run(
        "update sign_ins set locked_until = ?2, failures = 0 where user_id = ?1 and failures >= ?3",
        params![user_id, now + LOCK_SECONDS, FAILURES],
    )?;
    Ok(())
}

/// Forgets failures after a good sign-in and notes when it was.
pub fn succeeded(tx: &WriteTx<'_>, user_id: i64) -> Result<()> {
    tx.run(
        "insert into sign_ins (user_id, last_at) values (?1, ?2)
         on conflict (user_id) do update set failures = 0, locked_until = 0, last_at = excluded.last_at",
        params![user_id, tx.now().as_second()],
    )
    .map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_tries_too_often_waits_for_its_window_to_end() {
        let addresses = Addresses::default();
        (0..TRIES_PER_ADDRESS).for_each(|_| addresses.count("10.0.0.9", 1000).unwrap());
        assert!(matches!(addresses.count("10.0.0.9", 1010), Err(Error::TooMany(50))));
        assert!(addresses.count("10.0.0.8", 1010).is_ok());
        assert!(addresses.count("10.0.0.9", 1000 + WINDOW_SECONDS).is_ok());
    }
}
