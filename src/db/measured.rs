//! What is measured of a clinic, for health and for whoever watches over the machine.
use super::{Clinic, Holding, cache::BOUND_BYTES, clinic::DATABASE};
use crate::telemetry::{ClinicMeter, clinic::CacheMeter};

impl Clinic {
    /// What is measured of it.
    pub fn meter(&self) -> &ClinicMeter {
        &self.generations.meter
    }

    /// How often what is kept in memory was there when it was asked for, by kind: hits and misses.
    pub fn looks(&self) -> Vec<(&'static str, u64, u64)> {
        let looks =
            |(domain, cache): (&'static str, &CacheMeter)| (domain, cache.hits.get(), cache.misses.get());
        let rows = ("rows", self.generations.kept.looks());
        self.meter().caches().chain([rows]).map(looks).collect()
    }

    /// What is kept in memory, by kind.
    pub fn holdings(&self) -> Vec<Holding> {
        self.answers.holdings().into_iter().chain([self.generations.kept.holding()]).collect()
    }

    /// Bytes its encoded answers take, about.
    pub fn answers_bytes(&self) -> u64 {
        self.answers.bytes()
    }

    /// Bytes its encoded answers may take together.
    pub fn answers_bound(&self) -> u64 {
        BOUND_BYTES
    }

    /// Bytes of the log SQLite writes ahead of its file.
    pub fn wal_bytes(&self) -> u64 {
        let wal = self.folder().join(format!("{DATABASE}-wal"));
        std::fs::metadata(wal).map_or(0, |meta| meta.len())
    }

    /// Screens that listen for what happens.
    pub fn listeners(&self) -> usize {
        self.stream.listeners()
    }
}
