//! What is measured of the process, whatever clinics it serves: connections, handshakes, bytes, SQLite's own troubles, slow
//! statements, and what the system says of it. One place for the whole process.
use std::time::Duration;

use super::{
    count::{Counter, Gauge},
    histogram::Histogram,
};

/// A statement that takes longer than this is logged and counted.
pub const SLOW: Duration = Duration::from_millis(50);

/// Counts of the whole process.
#[derive(Debug, Default)]
pub struct Process {
    /// Connections open now.
    pub connections: Gauge,
    /// Connections taken in since the start.
    pub accepted: Counter,
    /// TLS handshakes that came to an end, in nanoseconds.
    pub handshakes: Histogram,
    /// Those that did not.
    pub failed_handshakes: Counter,
    /// Bytes of answers handed to connections.
    pub bytes_out: Counter,
    /// Times SQLite said that its file is busy.
    pub sqlite_busy: Counter,
    /// Statements slower than [`SLOW`].
    pub slow_statements: Counter,
    /// Log lines of level warning.
    pub warnings: Counter,
    /// Log lines of level error.
    pub errors: Counter,
}

impl Process {
    /// Counts a connection, until what is returned is dropped.
    pub fn connection(&self) -> super::Inside<'_> {
        self.accepted.one();
        self.connections.enter()
    }

    /// Counts bytes of an answer.
    pub fn sent(&self, bytes: usize) {
        self.bytes_out.add(bytes as u64);
    }

    /// Counts a line of the log.
    pub fn logged(&self, level: tracing::Level) {
        match level {
            tracing::Level::ERROR => self.errors.one(),
            tracing::Level::WARN => self.warnings.one(),
            _ => {}
        }
    }
}

/// The process.
pub fn process() -> &'static Process {
    static PROCESS: std::sync::LazyLock<Process> = std::sync::LazyLock::new(Process::default);
    &PROCESS
}

/// What the system says of this process. Parts it does not say are none.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Usage {
    /// Memory in use, in bytes.
    pub memory_bytes: Option<u64>,
    /// Processor time used since the start, in seconds.
    pub cpu_seconds: Option<f64>,
    /// Files and connections open.
    pub open_fds: Option<u64>,
    /// How many it may have open.
    pub max_fds: Option<u64>,
}

impl Usage {
    /// Asks the system.
    pub fn now() -> Self {
        Self { memory_bytes: memory(), cpu_seconds: cpu(), open_fds: open_fds(), max_fds: max_fds() }
    }
}

/// How many processors this process may use.
pub fn processors() -> f64 {
    std::thread::available_parallelism().map_or(1.0, |n| n.get() as f64)
}

/// Resident pages, second word of `statm`.
#[cfg(target_os = "linux")]
fn memory() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/self/statm").ok()?;
    let pages: u64 = text.split(' ').nth(1)?.parse().ok()?;
    Some(pages * rustix::param::page_size() as u64)
}

#[cfg(not(target_os = "linux"))]
fn memory() -> Option<u64> {
    None
}

#[cfg(unix)]
fn cpu() -> Option<f64> {
    Some(seconds(rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime)))
}

#[cfg(not(unix))]
fn cpu() -> Option<f64> {
    None
}

#[cfg(target_os = "linux")]
fn open_fds() -> Option<u64> {
    // The folder being read is open itself.
    Some((std::fs::read_dir("/proc/self/fd").ok()?.count() as u64).saturating_sub(1))
}

#[cfg(not(target_os = "linux"))]
fn open_fds() -> Option<u64> {
    None
}

#[cfg(unix)]
fn max_fds() -> Option<u64> {
    rustix::process::getrlimit(rustix::process::Resource::Nofile).current
}

#[cfg(not(unix))]
fn max_fds() -> Option<u64> {
    None
}

/// Seconds of a clock nobody can set and that goes on while the machine sleeps.
pub fn steady_seconds() -> f64 {
    #[cfg(target_os = "linux")]
    let now = seconds(rustix::time::clock_gettime(rustix::time::ClockId::Boottime));
    #[cfg(all(unix, not(target_os = "linux")))]
    let now = seconds(rustix::time::clock_gettime(rustix::time::ClockId::Monotonic));
    #[cfg(not(unix))]
    let now = {
        static START: std::sync::LazyLock<std::time::Instant> =
            std::sync::LazyLock::new(std::time::Instant::now);
        START.elapsed().as_secs_f64()
    };
    now
}

/// Seconds of the wall clock since 1970.
pub fn wall_seconds() -> f64 {
    std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .map_or(0.0, |since| since.as_secs_f64())
}

#[cfg(unix)]
fn seconds(at: rustix::time::Timespec) -> f64 {
    at.tv_sec as f64 + at.tv_nsec as f64 / 1e9
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn the_system_says_what_this_process_uses() {
        let usage = Usage::now();
        let memory = usage.memory_bytes.unwrap();
        assert!((1 << 20..1 << 36).contains(&memory), "{memory}");
        assert!(usage.open_fds.unwrap() > 2 && usage.max_fds.unwrap() >= usage.open_fds.unwrap());
        let mut sum = 0_u64;
        while Usage::now().cpu_seconds.unwrap() - usage.cpu_seconds.unwrap() < 0.01 {
            sum = (0..1000_u64).fold(sum, u64::wrapping_add);
        }
        assert!(steady_seconds() > 0.0 && wall_seconds() > 1.7e9);
    }
}
