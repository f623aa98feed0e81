//! One minute of the program's life, as the history keeps it: figures and histograms, and of clinics only their numbers. Nothing
//! of any person is in it.
use super::{
    bytes::{Reader, put},
    histogram::Counts,
};

/// What a minute was like.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Minute {
    /// When it began, in seconds since 1970.
    pub at: i64,
    /// How long it was, in seconds; shorter where the program started or stopped.
    pub seconds: u64,
    /// How long each request took, in nanoseconds.
    pub times: Counts,
    /// Requests that failed by our fault.
    pub errors: u64,
    /// How long each commit took, in nanoseconds.
    pub commits: Counts,
    /// Most people at work.
    pub people: u64,
    /// Most screens listening for what happens.
    pub sse: u64,
    /// Looks into caches that found something.
    pub hits: u64,
    /// Those that did not.
    pub misses: u64,
    /// Most jobs that waited for a writer.
    pub writer_waiting: u64,
    /// Least free disk, in bytes; none where it is not known.
    pub disk_free_bytes: Option<u64>,
    /// Most memory in use, in bytes; none where it is not known.
    pub memory_bytes: Option<u64>,
    /// Processor time used, in milliseconds.
    pub cpu_ms: u64,
    /// Greatest age of a clinic's newest copy, in seconds; none where it is not known.
    pub backup_age_s: Option<u64>,
}

impl Minute {
    /// Adds a later stretch: counts are summed, histograms merged, so that percentiles of the whole are those of all its requests;
    /// of figures the worst is kept.
    pub fn merge(&mut self, later: &Self) {
        self.seconds += later.seconds;
        self.times.merge(&later.times);
        self.errors += later.errors;
        self.commits.merge(&later.commits);
        self.people = self.people.max(later.people);
        self.sse = self.sse.max(later.sse);
        self.hits += later.hits;
        self.misses += later.misses;
        self.writer_waiting = self.writer_waiting.max(later.writer_waiting);
        self.disk_free_bytes = least(self.disk_free_bytes, later.disk_free_bytes);
        self.memory_bytes = self.memory_bytes.max(later.memory_bytes);
        self.cpu_ms += later.cpu_ms;
        self.backup_age_s = self.backup_age_s.max(later.backup_age_s);
    }

    /// Its bytes.
    pub(super) fn write(&self, to: &mut Vec<u8>) {
        put(to, u64::try_from(self.at).unwrap_or(0));
        put(to, self.seconds);
        write_counts(&self.times, to);
        put(to, self.errors);
        write_counts(&self.commits, to);
        for figure in [self.people, self.sse, self.hits, self.misses, self.writer_waiting, self.cpu_ms] {
            put(to, figure);
        }
        put_option(to, self.disk_free_bytes);
        put_option(to, self.memory_bytes);
        put_option(to, self.backup_age_s);
    }

    /// What [`Minute::write`] wrote.
    pub(super) fn read(from: &mut Reader<'_>) -> Option<Self> {
        let (at, seconds) = (i64::try_from(from.number()?).ok()?, from.number()?);
        let times = read_counts(from)?;
        let errors = from.number()?;
        let commits = read_counts(from)?;
        let mut figures = [0; 6];
        for figure in &mut figures {
            *figure = from.number()?;
        }
        let [people, sse, hits, misses, writer_waiting, cpu_ms] = figures;
        let (disk_free_bytes, memory_bytes, backup_age_s) = (option(from)?, option(from)?, option(from)?);
        Some(Self {
            at,
            seconds,
            times,
            errors,
            commits,
            people,
            sse,
            hits,
            misses,
            writer_waiting,
            disk_free_bytes,
            memory_bytes,
            cpu_ms,
            backup_age_s,
        })
    }
}

/// What each route did in a stretch of time.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Routes {
    /// When it ended, in seconds since 1970.
    pub at: i64,
    /// Each route that was asked.
    pub of: Vec<RouteShare>,
}

/// What one route did.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RouteShare {
    /// Its method.
    pub method: String,
    /// Its path, with parameters as `{id}`.
    pub route: String,
    /// How long each request took, in nanoseconds.
    pub times: Counts,
    /// Requests that failed by our fault.
    pub errors: u64,
}

impl Routes {
    /// Its bytes.
    pub(super) fn write(&self, to: &mut Vec<u8>) {
        put(to, u64::try_from(self.at).unwrap_or(0));
        put(to, self.of.len() as u64);
        for share in &self.of {
            for text in [&share.method, &share.route] {
                put(to, text.len() as u64);
                to.extend_from_slice(text.as_bytes());
            }
            put(to, share.errors);
            write_counts(&share.times, to);
        }
    }

    /// What [`Routes::write`] wrote.
    pub(super) fn read(from: &mut Reader<'_>) -> Option<Self> {
        let (at, count) = (i64::try_from(from.number()?).ok()?, from.number()?);
        let mut of = Vec::new();
        for _ in 0..count {
            let (method, route) = (from.text()?, from.text()?);
            let errors = from.number()?;
            of.push(RouteShare { method, route, errors, times: read_counts(from)? });
        }
        Some(Self { at, of })
    }
}

/// Filled buckets only, each as its distance from the one before and its count. Pairs of buckets are kept as one, which makes a
/// percentile of the history true within 3.2 %.
fn write_counts(counts: &Counts, to: &mut Vec<u8>) {
    let mut pairs: Vec<(usize, u64)> = Vec::new();
    for (bucket, count) in counts.filled() {
        match pairs.last_mut().filter(|(pair, _)| *pair == bucket / 2) {
            Some((_, sum)) => *sum += count,
            None => pairs.push((bucket / 2, count)),
        }
    }
    put(to, pairs.len() as u64);
    let mut before = 0;
    for (pair, count) in pairs {
        put(to, (pair - before) as u64);
        put(to, count);
        before = pair;
    }
    put(to, counts.sum());
    put(to, counts.max());
}

fn read_counts(from: &mut Reader<'_>) -> Option<Counts> {
    let mut filled = Vec::new();
    let mut pair = 0_usize;
    for _ in 0..from.number()? {
        pair = pair.checked_add(usize::try_from(from.number()?).ok()?)?;
        filled.push((pair.checked_mul(2)?, from.number()?));
    }
    let (sum, max) = (from.number()?, from.number()?);
    Some(Counts::of_filled(filled, sum, max))
}

fn put_option(to: &mut Vec<u8>, value: Option<u64>) {
    put(to, value.map_or(0, |value| value.saturating_add(1)));
}

fn option(from: &mut Reader<'_>) -> Option<Option<u64>> {
    from.number().map(|value| value.checked_sub(1))
}

fn least(one: Option<u64>, other: Option<u64>) -> Option<u64> {
    one.into_iter().chain(other).min()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::telemetry::histogram::Histogram;

    fn busy(at: i64) -> Minute {
        let (times, commits) = (Histogram::default(), Histogram::default());
        (1..=5000_u64).for_each(|n| times.record(n * 7_919));
        (1..=300_u64).for_each(|n| commits.record(n * 1_000_003));
        Minute {
            at,
            seconds: 60,
            times: times.counts(),
            errors: 3,
            commits: commits.counts(),
            people: 41,
            sse: 38,
            hits: 900,
            misses: 100,
            writer_waiting: 7,
            disk_free_bytes: Some(1 << 40),
            memory_bytes: None,
            cpu_ms: 1234,
            backup_age_s: Some(3600),
        }
    }

    #[test]
    fn a_minute_comes_back_as_it_was_within_three_percent_and_is_small() {
        let minute = busy(1_795_521_600);
        let mut bytes = Vec::new();
        minute.write(&mut bytes);
        assert!(bytes.len() < 1000, "{} bytes: 30 days would not fit in 50 MB", bytes.len());
        let back = Minute::read(&mut Reader(&bytes)).unwrap();
        for share in [0.5, 0.95, 0.99] {
            let (told, truth) =
                (back.times.percentile(share).unwrap(), minute.times.percentile(share).unwrap());
            assert!(told.abs_diff(truth) as f64 <= truth as f64 * 0.032, "{share}: {told} for {truth}");
        }
        assert_eq!((back.times.count(), back.times.greatest()), (5000, Some(5000 * 7_919)));
        let figures = |m: &Minute| {
            (m.at, m.errors, m.people, m.hits, m.disk_free_bytes, m.memory_bytes, m.cpu_ms, m.backup_age_s)
        };
        assert_eq!(figures(&back), figures(&minute));
    }

    #[test]
    fn a_merged_stretch_has_the_percentiles_of_all_its_requests() {
        let slow = Histogram::default();
        (0..100).for_each(|_| slow.record(1_000_000_000));
        let mut merged = busy(0);
        let later = Minute { people: 50, disk_free_bytes: Some(5), backup_age_s: Some(7200), ..busy(60) };
        merged.merge(&Minute { times: slow.counts(), ..later });
        assert_eq!(merged.times.count(), 5100);
        assert!(
            merged.times.percentile(0.99).unwrap() > 900_000_000,
            "an average of percentiles would hide it"
        );
        assert_eq!((merged.people, merged.disk_free_bytes, merged.errors), (50, Some(5), 6));
        assert_eq!(merged.backup_age_s, Some(7200));
    }

    #[test]
    fn bytes_that_end_too_soon_are_no_minute() {
        let mut bytes = Vec::new();
        busy(1).write(&mut bytes);
        assert!((0..bytes.len()).all(|end| Minute::read(&mut Reader(&bytes[..end])).is_none()));
    }
}
