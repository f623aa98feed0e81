//! The figures of a run: a table for people, JSON, and the README's own table.
use serde_json::{Value, json};

/// What a ratio must be.
#[derive(Clone, Copy)]
pub enum Bar {
    AtLeast(f64),
    AtMost(f64),
}

impl Bar {
    fn holds(self, ratio: f64) -> bool {
        match self {
            Self::AtLeast(bar) => ratio >= bar,
            Self::AtMost(bar) => ratio <= bar,
        }
    }
}

impl std::fmt::Display for Bar {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::AtLeast(bar) => write!(f, "≥ {bar:.2}"),
            Self::AtMost(bar) => write!(f, "≤ {bar:.2}"),
        }
    }
}

/// One line: ours against what it is held against, in the same minutes.
pub struct Line {
    pub what: String,
    /// Requests per second unless the head says otherwise, the median of the rounds.
    pub ours: f64,
    /// The same of bare poem, or of what the head names.
    pub other: f64,
    /// The median of the rounds' own ratios.
    pub ratio: f64,
    /// What it must reach, if anything.
    pub bar: Option<Bar>,
    /// Microseconds.
    pub p50: u64,
    pub p99: u64,
    pub odd: u64,
}

impl Line {
    /// Whether every answer was right and the ratio is what it must be.
    pub fn met(&self) -> bool {
        self.odd == 0 && self.bar.is_none_or(|bar| bar.holds(self.ratio))
    }

    fn verdict(&self) -> &'static str {
        match self.bar {
            _ if self.odd > 0 => "WRONG ANSWERS",
            None => "",
            Some(bar) if bar.holds(self.ratio) => "met",
            Some(_) => "missed",
        }
    }

    pub fn print(&self) {
        let bar = self.bar.map_or(String::new(), |bar| bar.to_string());
        println!(
            "{:44} {:>9.0} {:>9.0} {:>6.3} {:>6} {:>8} {:>8}  {}",
            self.what,
            self.ours,
            self.other,
            self.ratio,
            bar,
            self.p50,
            self.p99,
            self.verdict()
        );
    }

    pub fn json(&self) -> Value {
        json!({
            "what": self.what, "ours": self.ours.round(), "other": self.other.round(),
            "ratio": (self.ratio * 1000.0).round() / 1000.0, "bar": self.bar.map(|bar| bar.to_string()), "p50_us": self.p50, "p99_us": self.p99,
            "odd": self.odd,
        })
    }
}

/// Between these lines the README has what the benchmark writes.
const MARKS: (&str, &str) =
    ("<!-- written by cargo bench -->\n", "<!-- end of what cargo bench writes -->\n");

/// Writes the figures between the marks of a README, and says of each whether it is what it should be.
pub fn write_into(readme: &str, lines: &[Line]) -> String {
    let (before, rest) = readme.split_once(MARKS.0).unwrap();
    let (_, after) = rest.split_once(MARKS.1).unwrap();
    let mut table = String::from(
        "| | TaskMed, a second | bare poem, a second | ratio | should be | p99, ms |\n|---|--:|--:|--:|--:|--:|\n",
    );
    for line in lines {
        let bar = line.bar.map_or(String::new(), |bar| bar.to_string());
        let p99 = f64::from(u32::try_from(line.p99).unwrap()) / 1000.0;
        let (what, ours, bare, ratio) = (&line.what, line.ours, line.other, line.ratio);
        table += &format!("| {what} | {ours:.0} | {bare:.0} | {ratio:.2} | {bar} | {p99:.1} |\n");
    }
    format!("{before}{}\n{table}\n{}{after}", MARKS.0, MARKS.1)
}

/// Names the two sides.
pub fn head(ours: &str, other: &str) {
    println!("{:44} {ours:>9} {other:>9} {:>6} {:>6} {:>8} {:>8}", "", "ratio", "bar", "p50 µs", "p99 µs");
}

/// The middle of a few figures.
pub fn median(mut all: Vec<f64>) -> f64 {
    all.sort_by(f64::total_cmp);
    all.get(all.len() / 2).copied().unwrap_or_default()
}
