//! What is measured of one clinic: its requests, its writer, its readers, its caches, its sign-in door.
use std::{
    sync::atomic::{AtomicI64, Ordering},
    time::Duration,
};

use super::{backups::BackupMeter, count::Counter, histogram::Histogram};

/// Where a look for something made before may go: answers, who asks, and whole requests that came before. `other` takes what is
/// new and not listed yet.
pub const DOMAINS: [&str; 5] = ["agenda", "feed", "sessions", "requests", "other"];

/// One kind of thing kept in memory.
#[derive(Debug, Default)]
pub struct CacheMeter {
    /// Found.
    pub hits: Counter,
    /// Not there, and made.
    pub misses: Counter,
}

/// One clinic.
#[derive(Debug)]
pub struct ClinicMeter {
    /// Requests of its people, in nanoseconds.
    pub requests: Histogram,
    /// Those that failed by our fault.
    pub errors: Counter,
    /// Work that shared one commit, in jobs.
    pub group_jobs: Histogram,
    /// The commit alone, in nanoseconds.
    pub commits: Histogram,
    /// Work and commit of a group together, in nanoseconds.
    pub groups: Histogram,
    /// Groups that were not committed.
    pub lost_groups: Counter,
    /// How long readers waited for their place, in nanoseconds.
    pub reader_wait: Histogram,
    /// People let in.
    pub sign_ins: Counter,
    /// Tries that were refused.
    pub sign_in_failures: Counter,
    /// Its copies.
    pub backups: BackupMeter,
    caches: [CacheMeter; DOMAINS.len()],
    /// Faults the last verification of the trail found; below nought while none has ended.
    chain_faults: AtomicI64,
}

impl Default for ClinicMeter {
    fn default() -> Self {
        Self {
            requests: Histogram::default(),
            errors: Counter::new(),
            group_jobs: Histogram::default(),
            commits: Histogram::default(),
            groups: Histogram::default(),
            lost_groups: Counter::new(),
            reader_wait: Histogram::default(),
            sign_ins: Counter::new(),
            sign_in_failures: Counter::new(),
            backups: BackupMeter::default(),
            caches: Default::default(),
            chain_faults: AtomicI64::new(-1),
        }
    }
}

impl ClinicMeter {
    /// Counts an answer to one of its people.
    pub fn answered(&self, status: u16, took: Duration) {
        self.requests.time(took);
        if status >= 500 {
            self.errors.one();
        }
    }

    /// Counts a group of the writer: how long its work took, and how long all of it.
    pub fn group(&self, jobs: usize, work: Duration, whole: Duration, kept: bool) {
        self.commits.time(whole.saturating_sub(work));
        self.groups.time(whole);
        self.group_jobs.record(jobs as u64);
        if !kept {
            self.lost_groups.one();
        }
    }

    /// Counts a look into the cache of `domain`, or of what is asked in its first word.
    pub fn looked(&self, question: &str, hit: bool) {
        let domain = domain_of(question);
        let at = DOMAINS.iter().position(|known| *known == domain).unwrap_or(DOMAINS.len() - 1);
        if let Some(cache) = self.caches.get(at) {
            if hit { cache.hits.one() } else { cache.misses.one() }
        }
    }

    /// Every cache with its name.
    pub fn caches(&self) -> impl Iterator<Item = (&'static str, &CacheMeter)> {
        DOMAINS.into_iter().zip(&self.caches)
    }

    /// A verification of the trail has ended with that many faults.
    pub fn verified(&self, faults: usize) {
        self.chain_faults.store(i64::try_from(faults).unwrap_or(i64::MAX), Ordering::Relaxed);
    }

    /// Faults the last verification found; none while none has ended.
    pub fn chain_faults(&self) -> Option<i64> {
        Some(self.chain_faults.load(Ordering::Relaxed)).filter(|faults| *faults >= 0)
    }
}

/// The cache a question belongs to: its first word, if that is a known one.
pub fn domain_of(question: &str) -> &'static str {
    let word = question.split(' ').next().unwrap_or_default();
    DOMAINS.into_iter().find(|known| *known == word).unwrap_or("other")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_look_is_counted_where_its_first_word_says() {
        let meter = ClinicMeter::default();
        meter.looked("agenda 2026-11-24 1 0", true);
        meter.looked("agenda 2026-11-25 1 0", false);
        meter.looked("something new", false);
        let told: Vec<_> = meter.caches().map(|(name, c)| (name, c.hits.get(), c.misses.get())).collect();
        assert_eq!(
            told,
            [("agenda", 1, 1), ("feed", 0, 0), ("sessions", 0, 0), ("requests", 0, 0), ("other", 0, 1)]
        );
    }

    #[test]
    fn a_trail_nobody_verified_has_no_verdict() {
        let meter = ClinicMeter::default();
        assert_eq!(meter.chain_faults(), None);
        meter.verified(0);
        assert_eq!(meter.chain_faults(), Some(0));
    }
}
