//! Durations and sizes, every one of them counted: 32 buckets for each doubling, as in HDR histograms, so that a percentile is
//! within 1.6 % of the true one. A [`Histogram`] is written to by any thread; a [`Counts`] is what it held at a moment.
use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use super::count::MEASURED;

/// Buckets for each doubling, as a power of two.
const FINE_BITS: u32 = 5;
const FINE: u64 = 1 << FINE_BITS;
/// Values are told apart up to 2^36: 68 seconds in nanoseconds.
const MOST_BITS: u32 = 36;
/// All buckets: the first [`FINE`] values stand alone, each doubling from there has [`FINE`] more, the last holds the rest.
const BUCKETS: usize = ((MOST_BITS - FINE_BITS + 1) as usize) * (FINE as usize) + 1;

/// A histogram that any thread adds to.
#[derive(Debug)]
pub struct Histogram {
    buckets: Box<[AtomicU64]>,
    sum: AtomicU64,
    max: AtomicU64,
}

impl Default for Histogram {
    fn default() -> Self {
        let buckets = std::iter::repeat_with(AtomicU64::default).take(BUCKETS).collect();
        Self { buckets, sum: AtomicU64::new(0), max: AtomicU64::new(0) }
    }
}

impl Histogram {
    /// Counts a duration, in nanoseconds.
    pub fn time(&self, took: Duration) {
        self.record(u64::try_from(took.as_nanos()).unwrap_or(u64::MAX));
    }

    /// Counts a value.
    pub fn record(&self, value: u64) {
        if !MEASURED {
            return;
        }
        if let Some(bucket) = self.buckets.get(bucket_of(value)) {
            bucket.fetch_add(1, Ordering::Relaxed);
        }
        self.sum.fetch_add(value, Ordering::Relaxed);
        // Most values are no record: looking is cheaper than writing.
        if value > self.max.load(Ordering::Relaxed) {
            self.max.fetch_max(value, Ordering::Relaxed);
        }
    }

    /// What it holds now.
    pub fn counts(&self) -> Counts {
        let buckets = self.buckets.iter().map(|b| b.load(Ordering::Relaxed)).collect();
        Counts { buckets, sum: self.sum.load(Ordering::Relaxed), max: self.max.load(Ordering::Relaxed) }
    }
}

/// Which bucket a value is counted in.
fn bucket_of(value: u64) -> usize {
    if value < FINE {
        return value as usize;
    }
    let doubling = 63 - value.leading_zeros();
    if doubling >= MOST_BITS {
        return BUCKETS - 1;
    }
    let within = (value >> (doubling - FINE_BITS)) - FINE;
    (u64::from(doubling - FINE_BITS + 1) * FINE + within) as usize
}

/// The middle of a bucket.
fn value_of(bucket: usize) -> u64 {
    let bucket = bucket as u64;
    if bucket < FINE {
        return bucket;
    }
    let (doubling, within) = (bucket / FINE - 1, bucket % FINE);
    let (low, width) = ((FINE + within) << doubling, 1_u64 << doubling);
    low + width / 2
}

/// What a histogram held at a moment, or between two.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    buckets: Vec<u64>,
    sum: u64,
    max: u64,
}

impl Counts {
    /// How many values.
    pub fn count(&self) -> u64 {
        self.buckets.iter().sum()
    }

    /// The sum of the values.
    pub fn sum(&self) -> u64 {
        self.sum
    }

    /// The value that `share` of all values do not exceed, within 1.6 %; none where nothing was counted.
    pub fn percentile(&self, share: f64) -> Option<u64> {
        let wanted = ((self.count() as f64) * share).ceil().max(1.0) as u64;
        let mut seen = 0;
        let mut buckets = self.buckets.iter().enumerate();
        let found = buckets.find(|(_, count)| {
            seen += **count;
            **count > 0 && seen >= wanted
        });
        found.map(|(bucket, _)| value_of(bucket))
    }

    /// The greatest value; of a difference the middle of the highest bucket that gained.
    pub fn greatest(&self) -> Option<u64> {
        let highest = self.buckets.iter().rposition(|count| *count > 0).map(value_of)?;
        Some(if self.max == 0 { highest } else { self.max })
    }

    /// How many values do not exceed each of `limits`, which grow; by the middles of their buckets.
    pub fn up_to(&self, limits: impl IntoIterator<Item = u64>) -> Vec<u64> {
        let (mut filled, mut seen) = (self.filled().peekable(), 0);
        let mut below = |limit| {
            while let Some((_, count)) = filled.next_if(|(bucket, _)| value_of(*bucket) <= limit) {
                seen += count;
            }
            seen
        };
        limits.into_iter().map(&mut below).collect()
    }

    /// What was added since `earlier`.
    #[must_use]
    pub fn since(&self, earlier: &Self) -> Self {
        let before = |bucket: usize| earlier.buckets.get(bucket).copied().unwrap_or(0);
        let buckets: Vec<u64> =
            self.buckets.iter().enumerate().map(|(b, count)| count.saturating_sub(before(b))).collect();
        // A new record was set in between: then it is the greatest of the difference too.
        let max = if self.max > earlier.max { self.max } else { 0 };
        Self { buckets, sum: self.sum.wrapping_sub(earlier.sum), max }
    }

    /// Adds what another one counted.
    pub fn merge(&mut self, other: &Self) {
        if self.buckets.len() < other.buckets.len() {
            self.buckets.resize(other.buckets.len(), 0);
        }
        self.buckets.iter_mut().zip(&other.buckets).for_each(|(mine, theirs)| *mine += theirs);
        self.sum = self.sum.wrapping_add(other.sum);
        let of_both = self.greatest().max(other.greatest()).unwrap_or(0);
        self.max = if self.max == 0 && other.max == 0 { 0 } else { of_both };
    }

    /// Buckets that hold something, in order.
    pub(super) fn filled(&self) -> impl Iterator<Item = (usize, u64)> {
        self.buckets.iter().copied().enumerate().filter(|(_, count)| *count > 0)
    }

    /// The counts of these buckets; those there is no bucket for are left out.
    pub(super) fn of_filled(filled: impl IntoIterator<Item = (usize, u64)>, sum: u64, max: u64) -> Self {
        let mut buckets = Vec::new();
        for (bucket, count) in filled.into_iter().filter(|(bucket, _)| *bucket < BUCKETS) {
            if buckets.len() <= bucket {
                buckets.resize(bucket + 1, 0);
            }
            if let Some(slot) = buckets.get_mut(bucket) {
                *slot += count;
            }
        }
        Self { buckets, sum, max }
    }

    /// The greatest value known exactly; 0 for none.
    pub(super) fn max(&self) -> u64 {
        self.max
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::*;

    fn of(values: &[u64]) -> Counts {
        let histogram = Histogram::default();
        values.iter().for_each(|value| histogram.record(*value));
        histogram.counts()
    }

    proptest! {
        #[test]
        fn a_value_is_told_within_three_percent(value in 0_u64..(1 << 36)) {
            let told = value_of(bucket_of(value));
            prop_assert!(told.abs_diff(value) as f64 <= value as f64 * 0.016, "{value} told as {told}");
        }

        #[test]
        fn percentiles_are_those_of_the_sorted_values(mut values in prop::collection::vec(1_000_u64..10_000_000_000, 1..400)) {
            let counts = of(&values);
            values.sort_unstable();
            for share in [0.5, 0.9, 0.95, 0.99, 0.999] {
                let rank = ((values.len() as f64 * share).ceil() as usize).max(1) - 1;
                let (told, truth) = (counts.percentile(share).unwrap() as f64, values[rank] as f64);
                prop_assert!((told - truth).abs() <= truth * 0.016, "{share}: {told} for {truth}");
            }
            prop_assert_eq!(counts.greatest(), values.last().copied());
            prop_assert_eq!(counts.sum(), values.iter().sum::<u64>());
        }

        #[test]
        fn two_parts_merged_are_the_whole(first in prop::collection::vec(0_u64..1 << 40, 0..50), second in prop::collection::vec(0_u64..1 << 40, 0..50)) {
            let mut merged = of(&first);
            merged.merge(&of(&second));
            let whole = of(&[first.clone(), second].concat());
            prop_assert_eq!(&merged, &whole);
            prop_assert_eq!(whole.since(&of(&first)).count(), whole.count() - first.len() as u64);
        }
    }

    #[test]
    fn nothing_counted_has_no_percentile() {
        assert_eq!((Counts::default().percentile(0.5), of(&[]).greatest()), (None, None));
    }

    #[test]
    fn what_threads_add_at_once_is_all_there() {
        let histogram = Arc::new(Histogram::default());
        std::thread::scope(|scope| {
            for thread in 0..4_u64 {
                let histogram = Arc::clone(&histogram);
                scope.spawn(move || (0..10_000_u64).for_each(|n| histogram.record(n * 1000 + thread)));
            }
        });
        assert_eq!(histogram.counts().count(), 40_000);
    }
}
