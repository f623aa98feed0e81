//! The figures of a run, as a table for people and as JSON for the README's test.
use serde_json::{Value, json};

/// One line: ours against bare poem, in the same minutes.
pub struct Line {
    pub what: String,
    /// Requests per second, the median of the rounds.
    pub ours: f64,
    pub bare: f64,
    /// The median of the rounds' own ratios.
    pub ratio: f64,
    /// What it must reach, if anything.
    pub bar: Option<f64>,
    /// Microseconds.
    pub p50: u64,
    pub p99: u64,
    pub odd: u64,
}

impl Line {
    /// Whether every answer was right and the ratio is what it must be.
    pub fn met(&self) -> bool {
        self.odd == 0 && self.bar.is_none_or(|bar| self.ratio >= bar)
    }

    fn verdict(&self) -> &'static str {
        match self.bar {
            _ if self.odd > 0 => "WRONG ANSWERS",
            None => "",
            Some(bar) if self.ratio >= bar => "met",
            Some(_) => "missed",
        }
    }

    pub fn print(&self) {
        let bar = self.bar.map_or(String::new(), |bar| format!("{bar:.2}"));
        println!(
            "{:44} {:>9.0} {:>9.0} {:>6.2} {:>6} {:>8} {:>8}  {}",
            self.what,
            self.ours,
            self.bare,
            self.ratio,
            bar,
            self.p50,
            self.p99,
            self.verdict()
        );
    }

    pub fn json(&self) -> Value {
        json!({
            "what": self.what, "ours": self.ours.round(), "bare": self.bare.round(),
            "ratio": (self.ratio * 1000.0).round() / 1000.0, "bar": self.bar, "p50_us": self.p50, "p99_us": self.p99,
            "odd": self.odd,
        })
    }
}

pub fn head() {
    println!(
        "{:44} {:>9} {:>9} {:>6} {:>6} {:>8} {:>8}",
        "", "TaskMed/s", "poem/s", "ratio", "bar", "p50 µs", "p99 µs"
    );
}

/// The middle of a few figures.
pub fn median(mut all: Vec<f64>) -> f64 {
    all.sort_by(f64::total_cmp);
    all.get(all.len() / 2).copied().unwrap_or_default()
}
