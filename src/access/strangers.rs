//! Failed tries on e-mails nobody here has. They close like a real person's door, so that a closed door tells nothing about who
//! has an account.
use crate::{
    access::throttle::{Doors, FAILURES_IN_ALL, LOCK_IN_ALL_SECONDS},
    base::Result,
};

/// Consecutive failures and closing time per unknown e-mail, in each clinic apart, as with the e-mails of people who work there.
#[derive(Debug)]
pub struct Strangers(Doors<(i64, String)>);

impl Default for Strangers {
    fn default() -> Self {
        Self(Doors::new(FAILURES_IN_ALL, LOCK_IN_ALL_SECONDS))
    }
}

impl Strangers {
    /// [`crate::base::Error::TooMany`] while the door of that e-mail in that clinic is closed.
    pub fn door_is_open(&self, clinic_id: i64, email: &str, now: i64) -> Result<()> {
        self.0.is_open(&(clinic_id, email.to_owned()), now)
    }

    /// Counts a failed try; one made while the door is closed counts for nothing.
    pub fn failed(&self, clinic_id: i64, email: &str, now: i64) {
        drop(self.0.count(&(clinic_id, email.to_owned()), now));
    }
}
