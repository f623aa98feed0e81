//! The throttle at the sign-in door: guesses are slow, and yet an outsider cannot lock the staff out. Each address has so many
//! tries a minute. Failures in a row count per person *and* address (SBIS NGS1.02.13 asks for at most 10), so that someone else's
//! guesses do not shut a person out at their own desk. Only very many failures in a row, from wherever, close it everywhere.
use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Mutex, MutexGuard, PoisonError},
};

use crate::{
    base::{Error, Result},
    db::{ReadTx, WriteTx, params},
};

/// Failures in a row from one address before a person's door closes there.
pub const FAILURES: i64 = 10;
/// How long it stays closed there: 60 guesses an hour at most.
pub const LOCK_SECONDS: i64 = 10 * 60;
/// Failures in a row from any addresses before a person's door closes for all of them.
pub const FAILURES_IN_ALL: i64 = 100;
/// How long it stays closed for all.
pub const LOCK_IN_ALL_SECONDS: i64 = 5 * 60;
/// Tries one address may make in [`WINDOW_SECONDS`], whoever it tries to be.
pub const TRIES_PER_ADDRESS: u32 = 30;
/// Length of the window for one address.
pub const WINDOW_SECONDS: i64 = 60;

/// How many doors are remembered at most.
const MOST: usize = 10_000;

/// Who is tried, and from where.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Attempt {
    clinic_id: i64,
    who: String,
    from: String,
}

impl Attempt {
    /// Someone at `address` who says they are the person with that e-mail. Whether there is one plays no part.
    pub fn at_the_door(clinic_id: i64, email: &str, address: &str) -> Self {
        Self { clinic_id, who: email.to_owned(), from: address.to_owned() }
    }

    /// Whoever sits at the screen of an open session. What happens at the door does not close it.
    pub fn in_session(clinic_id: i64, user_id: i64, session_id: i64) -> Self {
        Self { clinic_id, who: format!("person {user_id}"), from: format!("session {session_id}") }
    }
}

/// Counts tries per address, in memory.
#[derive(Debug)]
pub struct Addresses {
    windows: Mutex<HashMap<String, (i64, u32)>>,
    doors: Doors<Attempt>,
}

impl Default for Addresses {
    fn default() -> Self {
        Self { windows: Mutex::default(), doors: Doors::new(FAILURES, LOCK_SECONDS) }
    }
}

impl Addresses {
    /// Counts one try of `address` at second `now`; [`Error::TooMany`] with the seconds to wait when there were too many.
    pub fn count(&self, address: &str, now: i64) -> Result<()> {
        let mut seen = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() > MOST {
            seen.retain(|_, (start, _)| is_within(*start, now));
        }
        let (start, tries) = seen.entry(address.to_owned()).or_insert((now, 0));
        if !is_within(*start, now) {
            (*start, *tries) = (now, 0);
        }
        *tries += 1;
        if *tries > TRIES_PER_ADDRESS {
            let wait = u64::try_from(WINDOW_SECONDS - (now - *start)).unwrap_or(1).max(1);
            return Err(Error::TooMany(wait));
        }
        Ok(())
    }

    /// Counts a try as failed before it is made: of many at once, no more get through than of many in turn.
    pub fn begin(&self, attempt: &Attempt, now: i64) -> Result<()> {
        self.doors.count(attempt, now)
    }

    /// Forgets the failures: the last try was good.
    pub fn succeeded(&self, attempt: &Attempt) {
        self.doors.forget(attempt);
    }
}

/// Doors, each of which closes for a while after so many failures in a row.
#[derive(Debug)]
pub(super) struct Doors<K> {
    failures: i64,
    seconds: i64,
    doors: Mutex<HashMap<K, Door>>,
}

#[derive(Debug, Default)]
struct Door {
    failures: i64,
    closed_until: i64,
    touched_at: i64,
}

impl<K: Clone + Eq + Hash> Doors<K> {
    /// Doors that close for `seconds` after `failures` in a row.
    pub(super) fn new(failures: i64, seconds: i64) -> Self {
        Self { failures, seconds, doors: Mutex::default() }
    }

    /// [`Error::TooMany`] while that door is closed.
    pub(super) fn is_open(&self, key: &K, now: i64) -> Result<()> {
        self.map().get(key).map_or(Ok(()), |door| open_from(door.closed_until, now, self.seconds))
    }

    /// Counts a failure; [`Error::TooMany`] while the door is closed.
    pub(super) fn count(&self, key: &K, now: i64) -> Result<()> {
        let mut doors = self.map();
        if doors.len() >= MOST && !doors.contains_key(key) {
            make_room(&mut doors);
        }
        let door = doors.entry(key.clone()).or_default();
        open_from(door.closed_until, now, self.seconds)?;
        door.failures += 1;
        door.touched_at = now;
        if door.failures >= self.failures {
            (door.failures, door.closed_until) = (0, now + self.seconds);
        }
        Ok(())
    }

    fn forget(&self, key: &K) {
        self.map().remove(key);
    }

    fn map(&self) -> MutexGuard<'_, HashMap<K, Door>> {
        self.doors.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Forgets the door longest untouched: to have one forgotten, an outsider must try ten thousand others first.
fn make_room<K: Clone + Eq + Hash>(doors: &mut HashMap<K, Door>) {
    let oldest = doors.iter().min_by_key(|(_, door)| door.touched_at).map(|(key, _)| key.clone());
    if let Some(key) = oldest {
        doors.remove(&key);
    }
}

/// Whether `now` lies in the window that began at `start`. One that begins in the future was begun by a clock that has since been
/// put right: it is over.
fn is_within(start: i64, now: i64) -> bool {
    (0..WINDOW_SECONDS).contains(&(now - start))
}

/// A door is closed for `longest` seconds at most; one that would be closed for longer was closed by a clock that was ahead.
fn open_from(closed_until: i64, now: i64, longest: i64) -> Result<()> {
    match u64::try_from(closed_until - now) {
        Ok(wait) if wait > 0 && closed_until - now <= longest => Err(Error::TooMany(wait)),
        _ => Ok(()),
    }
}

/// Whether the person's door is open to anyone at all; [`Error::TooMany`] with the seconds to wait when it is closed.
pub fn door_is_open(tx: &ReadTx<'_>, user_id: i64) -> Result<()> {
    let until = tx.number("select locked_until from sign_ins where user_id = ?1", [user_id])?;
    open_from(until, tx.now().as_second(), LOCK_IN_ALL_SECONDS)
}

/// Counts a failed try from wherever; the last of [`FAILURES_IN_ALL`] closes the door to everyone for a while.
pub fn failed(tx: &WriteTx<'_>, user_id: i64) -> Result<()> {
    let now = tx.now().as_second();
    tx.run(
        "insert into sign_ins (user_id, failures) values (?1, 1)
         on conflict (user_id) do update set failures = failures + 1",
        [user_id],
    )?;
    tx.run(
        "update sign_ins set locked_until = ?2, failures = 0 where user_id = ?1 and failures >= ?3",
        params![user_id, now + LOCK_IN_ALL_SECONDS, FAILURES_IN_ALL],
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

    #[test]
    fn a_door_closes_at_one_address_after_ten_failures_in_a_row_and_opens_again() {
        let addresses = Addresses::default();
        let here = Attempt::at_the_door(1, "ana@sol.example", "10.0.0.9");
        let there = Attempt::at_the_door(1, "ana@sol.example", "10.0.0.8");
        (1..FAILURES).for_each(|_| addresses.begin(&here, 1000).unwrap());
        addresses.succeeded(&here);
        (0..FAILURES).for_each(|_| addresses.begin(&here, 1000).unwrap());
        assert!(matches!(addresses.begin(&here, 1010), Err(Error::TooMany(590))));
        assert!(addresses.begin(&there, 1010).is_ok());
        assert!(addresses.begin(&Attempt::in_session(1, 1, 1), 1010).is_ok());
        assert!(addresses.begin(&here, 1000 + LOCK_SECONDS).is_ok());
    }

    #[test]
    fn only_so_many_doors_are_remembered_and_the_longest_untouched_is_forgotten() {
        let doors = Doors::new(2, 60);
        let many = i64::try_from(MOST).unwrap();
        (0..many).for_each(|n| doors.count(&n, n).unwrap());
        doors.count(&0, many).unwrap();
        doors.count(&many, many).unwrap();
        assert_eq!(doors.map().len(), MOST);
        assert!(doors.is_open(&0, many).is_err(), "touched again: closed, and still remembered");
        assert!(!doors.map().contains_key(&1));
    }
}
