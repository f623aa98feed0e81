//! A request that was answered, as the log and spans tell it: the route and never the address.
use std::time::Duration;

/// A request that was answered.
#[derive(Debug, Clone, Copy)]
pub struct Answered<'a> {
    /// The category of its route, under which the log's lines are found.
    pub category: &'static str,
    /// Its method, as it came.
    pub method: &'a str,
    /// The route, with parameters as `{id}`.
    pub route: &'static str,
    /// The status.
    pub status: u16,
    /// The clinic's number, once it was known.
    pub clinic: Option<i64>,
    /// The number under which it is found again.
    pub request_id: &'a str,
    /// How long it took.
    pub took: Duration,
}

/// The log's line at that level: levels are fixed where a line is written.
macro_rules! line {
    ($level:ident, $this:ident) => {
        tracing::$level!(
            target: "taskmed::request",
            category = $this.category,
            method = $this.method,
            route = $this.route,
            status = $this.status,
            micros = u64::try_from($this.took.as_micros()).unwrap_or(u64::MAX),
            clinic = $this.clinic,
            request_id = $this.request_id,
            "answered"
        )
    };
}

impl Answered<'_> {
    /// Writes its line of the log.
    pub fn log(&self) {
        line!(info, self);
    }

    /// Writes its line where only who debugs reads it.
    pub fn log_for_debugging(&self) {
        line!(debug, self);
    }
}
