//! Failed tries on e-mails nobody here has. They close like a real person's door, so that a closed door tells nothing about who
//! has an account.
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use crate::{
    access::throttle::{FAILURES, LOCK_SECONDS},
    base::{Error, Result},
};

const MOST: usize = 10_000;

/// Consecutive failures and closing time per unknown e-mail.
#[derive(Debug, Default)]
pub struct Strangers(Mutex<HashMap<String, (i64, i64)>>);

impl Strangers {
    /// [`Error::TooMany`] while that e-mail's door is closed.
    pub fn door_is_open(&self, email: &str, now: i64) -> Result<()> {
        let until = self.map().get(email).map_or(0, |(_, until)| *until);
        match u64::try_from(until - now) {
            Ok(wait) if wait > 0 => Err(Error::TooMany(wait)),
            _ => Ok(()),
        }
    }

    /// Counts a failed try.
    pub fn failed(&self, email: &str, now: i64) {
        let mut map = self.map();
        if map.len() >= MOST {
            map.retain(|_, (_, until)| *until > now);
        }
        if map.len() < MOST {
            let (failures, until) = map.entry(email.to_owned()).or_insert((0, 0));
            *failures += 1;
            if *failures >= FAILURES {
                (*failures, *until) = (0, now + LOCK_SECONDS);
            }
        }
    }

    fn map(&self) -> std::sync::MutexGuard<'_, HashMap<String, (i64, i64)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
