//! The text Prometheus and its kin read (exposition format 0.0.4): a family of series under one name with its help and kind, in
//! base units.
use std::fmt::Write as _;

use super::histogram::Counts;

/// The media type.
pub const MEDIA_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Bounds of histograms of durations, in nanoseconds and as seconds.
const BOUNDS: [(u64, &str); 12] = [
    (500_000, "0.0005"),
    (1_000_000, "0.001"),
    (2_500_000, "0.0025"),
    (5_000_000, "0.005"),
    (10_000_000, "0.01"),
    (20_000_000, "0.02"),
    (50_000_000, "0.05"),
    (100_000_000, "0.1"),
    (250_000_000, "0.25"),
    (1_000_000_000, "1"),
    (2_500_000_000, "2.5"),
    (10_000_000_000, "10"),
];

/// The text as it grows.
#[derive(Debug, Default)]
pub struct Exposition {
    text: String,
    /// The family under way.
    name: &'static str,
}

/// Names and values of labels.
pub type Labels<'a> = [(&'static str, &'a str)];

impl Exposition {
    /// Begins a family whose series only grow.
    pub fn counter(&mut self, name: &'static str, help: &str) {
        self.family(name, "counter", help);
    }

    /// Begins a family whose series go up and down.
    pub fn gauge(&mut self, name: &'static str, help: &str) {
        self.family(name, "gauge", help);
    }

    /// Begins a family of histograms.
    pub fn histogram(&mut self, name: &'static str, help: &str) {
        self.family(name, "histogram", help);
    }

    /// One series of the family.
    pub fn value(&mut self, labels: &Labels<'_>, value: f64) {
        self.line("", labels, None, value);
    }

    /// A gauge without labels, where its value is known.
    pub fn single(&mut self, name: &'static str, help: &str, value: Option<f64>) {
        if let Some(value) = value {
            self.gauge(name, help);
            self.value(&[], value);
        }
    }

    /// One histogram of the family, of nanoseconds, told in seconds.
    pub fn times(&mut self, labels: &Labels<'_>, counts: &Counts) {
        let below = counts.up_to(BOUNDS.map(|(bound, _)| bound));
        for ((_, text), count) in BOUNDS.into_iter().zip(below) {
            self.line("_bucket", labels, Some(text), count as f64);
        }
        let all = counts.count() as f64;
        self.line("_bucket", labels, Some("+Inf"), all);
        self.line("_sum", labels, None, counts.sum() as f64 / 1e9);
        self.line("_count", labels, None, all);
    }

    /// The whole text.
    pub fn finish(self) -> String {
        self.text
    }

    fn family(&mut self, name: &'static str, kind: &str, help: &str) {
        self.name = name;
        let _ = write!(self.text, "# HELP {name} {help}\n# TYPE {name} {kind}\n");
    }

    fn line(&mut self, suffix: &str, labels: &Labels<'_>, bound: Option<&str>, value: f64) {
        self.text.push_str(self.name);
        self.text.push_str(suffix);
        let all = labels.iter().copied().chain(bound.map(|bound| ("le", bound)));
        let mut open = '{';
        for (name, value) in all {
            let _ = write!(self.text, "{open}{name}=\"");
            escape(&mut self.text, value);
            self.text.push('"');
            open = ',';
        }
        if open == ',' {
            self.text.push('}');
        }
        let _ = writeln!(self.text, " {value}");
    }
}

fn escape(text: &mut String, value: &str) {
    for c in value.chars() {
        match c {
            '\\' => text.push_str("\\\\"),
            '"' => text.push_str("\\\""),
            '\n' => text.push_str("\\n"),
            other => text.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::telemetry::histogram::Histogram;

    #[test]
    fn a_family_is_told_with_its_help_kind_and_series() {
        let mut text = Exposition::default();
        text.counter("taskmed_things_total", "Things.");
        text.value(&[("kind", "a \"b\"\\\n")], 3.0);
        text.single("taskmed_size_bytes", "Size.", Some(1.5));
        text.single("taskmed_unknown", "Never said.", None);
        let expected = "# HELP taskmed_things_total Things.\n# TYPE taskmed_things_total counter\n\
            taskmed_things_total{kind=\"a \\\"b\\\"\\\\\\n\"} 3\n\
            # HELP taskmed_size_bytes Size.\n# TYPE taskmed_size_bytes gauge\ntaskmed_size_bytes 1.5\n";
        assert_eq!(text.finish(), expected);
    }

    #[test]
    fn a_histogram_counts_up_to_each_bound() {
        let histogram = Histogram::default();
        [700_000, 3_000_000, 3_000_000, 60_000_000_000].iter().for_each(|ns| histogram.record(*ns));
        let mut text = Exposition::default();
        text.histogram("h", "H.");
        text.times(&[("a", "b")], &histogram.counts());
        let text = text.finish();
        for line in [
            "h_bucket{a=\"b\",le=\"0.0005\"} 0",
            "h_bucket{a=\"b\",le=\"0.001\"} 1",
            "h_bucket{a=\"b\",le=\"0.005\"} 3",
            "h_bucket{a=\"b\",le=\"10\"} 3",
            "h_bucket{a=\"b\",le=\"+Inf\"} 4",
            "h_sum{a=\"b\"} 60.0067",
            "h_count{a=\"b\"} 4",
        ] {
            assert!(text.lines().any(|l| l == line), "{line} is not in {text}");
        }
    }
}
