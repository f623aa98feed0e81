//! What a process takes of the machine, and what the server says of itself. Where the system does not tell, or the server has no
//! such figure, it is left out and never guessed.
use super::report::Machine;

/// What a process has taken so far.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Taken {
    /// Seconds of processors.
    pub cpu: Option<f64>,
    /// Bytes of memory it holds now.
    pub memory: Option<u64>,
}

/// Linux counts processors' time in hundredths of a second, whatever the kernel's own clock.
#[cfg(target_os = "linux")]
const TICKS: f64 = 100.0;

/// Looks at a process. Only Linux tells without more.
#[cfg(target_os = "linux")]
pub fn of(pid: u32) -> Taken {
    let read = |name: &str| std::fs::read_to_string(format!("/proc/{pid}/{name}")).unwrap_or_default();
    Taken { cpu: cpu(&read("stat")), memory: kib(&read("status"), "VmRSS:") }
}

/// Looks at a process. Only Linux tells without more.
#[cfg(not(target_os = "linux"))]
pub fn of(_: u32) -> Taken {
    Taken::default()
}

/// The computer.
pub fn machine() -> Machine {
    Machine {
        system: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
        processors: std::thread::available_parallelism().map_or(1, usize::from),
        memory: memory(),
    }
}

#[cfg(target_os = "linux")]
fn memory() -> Option<u64> {
    kib(&std::fs::read_to_string("/proc/meminfo").ok()?, "MemTotal:")
}

#[cfg(not(target_os = "linux"))]
fn memory() -> Option<u64> {
    None
}

/// User and system time, the 14th and 15th word; the second one is a name in brackets that may hold anything.
#[cfg(target_os = "linux")]
fn cpu(stat: &str) -> Option<f64> {
    let (_, rest) = stat.rsplit_once(')')?;
    let mut words = rest.split_whitespace().skip(11);
    let (user, system) = (words.next()?.parse::<f64>().ok()?, words.next()?.parse::<f64>().ok()?);
    Some((user + system) / TICKS)
}

#[cfg(target_os = "linux")]
fn kib(text: &str, name: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    line.split_whitespace().next()?.parse::<u64>().ok().map(|kib| kib * 1024)
}

/// The sum of a metric in a Prometheus text, over all labels; with `label` only of the series that have it, as `result="hit"`.
/// None where there is no such series.
fn sum(text: &str, name: &str, label: &str) -> Option<f64> {
    let value = |line: &str| {
        let (series, value) = line.rsplit_once(' ')?;
        let (named, labels) = series.split_once('{').unwrap_or((series, ""));
        if named == name && labels.contains(label) { value.parse::<f64>().ok() } else { None }
    };
    text.lines().filter_map(value).reduce(|all, one| all + one)
}

/// What the server's own counters said at one moment.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Inner {
    /// Jobs waiting at the writers.
    pub queue: Option<f64>,
    /// Answers that were there already.
    pub hits: Option<f64>,
    /// Answers that had to be made.
    pub misses: Option<f64>,
}

impl Inner {
    /// Reads them from the server's Prometheus text.
    pub fn read(text: &str) -> Self {
        const LOOKUPS: &str = "taskmed_cache_lookups_total";
        Self {
            queue: sum(text, "taskmed_writer_waiting_jobs", ""),
            hits: sum(text, LOOKUPS, "result=\"hit\""),
            misses: sum(text, LOOKUPS, "result=\"miss\""),
        }
    }

    /// The share of hits between an earlier moment and this one.
    pub fn hit_rate_since(&self, before: &Self) -> Option<f64> {
        let hits = self.hits? - before.hits?;
        let all = hits + self.misses? - before.misses?;
        (all > 0.0).then(|| hits / all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(target_os = "linux")]
    #[test]
    fn this_very_process_takes_memory_and_time() {
        let mut sum = 0_u64;
        let begun = std::time::Instant::now();
        while begun.elapsed() < std::time::Duration::from_millis(60) {
            sum = std::hint::black_box(sum.wrapping_add(1));
        }
        let taken = of(std::process::id());
        assert!(taken.cpu.unwrap() > 0.0 && taken.memory.unwrap() > 1 << 20, "{taken:?}");
        assert_eq!(cpu("7 (a) b) S 1 2 3 4 5 6 7 8 9 10 150 50 0"), Some(2.0));
        assert_eq!(of(u32::MAX), Taken::default());
    }

    #[test]
    fn the_servers_counters_are_summed_over_their_labels() {
        let text = |hits: u32| {
            format!(
                "# TYPE taskmed_cache_lookups_total counter\n\
                 taskmed_cache_lookups_total{{clinic=\"1\",domain=\"agenda\",result=\"hit\"}} {hits}\n\
                 taskmed_cache_lookups_total{{clinic=\"1\",domain=\"rows\",result=\"hit\"}} 10\n\
                 taskmed_cache_lookups_total{{clinic=\"1\",domain=\"agenda\",result=\"miss\"}} 20\n\
                 taskmed_writer_waiting_jobs{{clinic=\"1\"}} 3\ntaskmed_writer_waiting_jobs{{clinic=\"2\"}} 1\n"
            )
        };
        let (before, after) = (Inner::read(&text(0)), Inner::read(&text(30)));
        assert_eq!(after.queue, Some(4.0));
        assert_eq!((after.hits, after.misses), (Some(40.0), Some(20.0)));
        assert_eq!(after.hit_rate_since(&before), Some(1.0));
        assert_eq!(Inner::read("").hit_rate_since(&before), None);
    }
}
