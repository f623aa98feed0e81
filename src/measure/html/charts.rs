//! The page's drawings, as inline SVG: once for a wide page and once for a narrow one, so that words keep their size. What they
//! show stands in a table too.
use std::fmt::Write as _;

use super::words::{Both, both, ms, number};
use crate::measure::{plan::GOAL, report::Step};

/// Where a drawing's own part begins and ends.
struct Frame {
    width: f64,
    height: f64,
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
}

const WIDE: Frame = Frame { width: 540.0, height: 290.0, left: 40.0, right: 68.0, top: 18.0, bottom: 40.0 };
const NARROW: Frame = Frame { width: 320.0, height: 240.0, left: 34.0, right: 66.0, top: 18.0, bottom: 40.0 };

impl Frame {
    fn y(&self, share: f64) -> f64 {
        self.height - self.bottom - share.clamp(0.0, 1.0) * (self.height - self.top - self.bottom)
    }

    /// The middle of place number `at` of `all`.
    fn x(&self, at: usize, all: usize) -> f64 {
        let room = self.width - self.left - self.right;
        self.left + room * (at as f64 + 0.5) / all.max(1) as f64
    }

    fn end(&self) -> f64 {
        self.width - self.right
    }
}

/// Times by people: half, 95 and 99 of a hundred, with the promise as a line.
pub(super) fn times(steps: &[Step]) -> String {
    drawn(|frame| {
        let longest = steps.iter().map(|step| step.all.p99_us).max().unwrap_or(0).max(GOAL.p95_us * 5 / 4);
        let top = round_up(longest as f64 / 1000.0);
        let mut svg = axes(frame, top, &both("ms", "ms"));
        let promise = frame.y(GOAL.p95_us as f64 / 1000.0 / top);
        let _ = write!(svg, "<path class=\"goal\" d=\"M{} {promise:.1}H{}\"/>", frame.left, frame.end());
        let words = both("meta do p95", "p95 goal");
        let place = format!("class=\"note\" x=\"{}\" y=\"{:.1}\"", frame.left + 4.0, promise - 5.0);
        svg += &words.svg(&place);
        let mut labels = Vec::new();
        for (class, name, of) in LINES {
            svg += &line(frame, steps, class, |step| of(step) as f64 / 1000.0 / top);
            if let Some(last) = steps.last() {
                labels.push((frame.y(of(last) as f64 / 1000.0 / top), class, name, of(last)));
            }
        }
        svg += &spread_labels(frame, labels);
        svg + &people(frame, steps)
    })
}

type Quantile = fn(&Step) -> u64;
const LINES: [(&str, &str, Quantile); 3] = [
    ("c1", "p50", |step| step.all.p50_us),
    ("c2", "p95", |step| step.all.p95_us),
    ("c3", "p99", |step| step.all.p99_us),
];

/// Requests a second by people, as bars from zero.
pub(super) fn requests(steps: &[Step]) -> String {
    drawn(|frame| {
        let most = steps.iter().map(|step| step.all.per_second).fold(1.0, f64::max);
        let top = round_up(most * 1.1);
        let mut svg = axes(frame, top, &both("/s", "/s"));
        let room = (frame.end() - frame.left) / steps.len().max(1) as f64;
        let width = (room * 0.56).min(64.0);
        for (at, step) in steps.iter().enumerate() {
            let (x, y) = (frame.x(at, steps.len()), frame.y(step.all.per_second / top));
            let class = if step.held { "bar" } else { "bar broken" };
            let height = frame.y(0.0) - y;
            let _ = write!(
                svg,
                "<rect class=\"{class}\" x=\"{:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" rx=\"3\"/>",
                x - width / 2.0
            );
            let place = format!("class=\"value\" x=\"{x:.1}\" y=\"{:.1}\" text-anchor=\"middle\"", y - 6.0);
            svg += &number(step.all.per_second, 0).svg(&place);
        }
        svg + &people(frame, steps)
    })
}

/// A bar that shows a time against the promise, for a row of a table.
pub(super) fn small(micros: u64) -> String {
    let share = (micros as f64 / GOAL.p95_us as f64).min(1.5) / 1.5 * 90.0;
    let class = if micros <= GOAL.p95_us { "bar" } else { "bar broken" };
    format!(
        "<svg class=\"small\" viewBox=\"0 0 90 10\" width=\"90\" height=\"10\" aria-hidden=\"true\"><rect class=\"rest\" width=\"90\" \
         height=\"6\" y=\"2\" rx=\"3\"/><rect class=\"{class}\" width=\"{:.1}\" height=\"6\" y=\"2\" rx=\"3\"/><path class=\"mark\" d=\"M60 0V10\"/></svg>",
        share.max(2.0)
    )
}

fn drawn(draw: impl Fn(&Frame) -> String) -> String {
    let one = |class: &str, frame: &Frame| {
        let Frame { width, height, .. } = frame;
        let drawing = draw(frame);
        format!(
            "<svg class=\"{class}\" viewBox=\"0 0 {width} {height}\" aria-hidden=\"true\">{drawing}</svg>"
        )
    };
    one("wide", &WIDE) + &one("narrow", &NARROW)
}

fn axes(frame: &Frame, top: f64, unit: &Both) -> String {
    let mut svg = String::new();
    for quarter in 0..=4_u8 {
        let share = f64::from(quarter) / 4.0;
        let (y, value) = (frame.y(share), top * share);
        let _ = write!(svg, "<path class=\"grid\" d=\"M{} {y:.1}H{}\"/>", frame.left, frame.end());
        let decimals = usize::from(top < 4.0);
        let place =
            format!("class=\"tick\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\"", frame.left - 8.0, y + 4.0);
        svg += &number(value, decimals).svg(&place);
    }
    svg + &unit.svg("class=\"tick\" x=\"0\" y=\"10\"")
}

fn line(frame: &Frame, steps: &[Step], class: &str, share: impl Fn(&Step) -> f64) -> String {
    let (mut path, mut dots) = (String::new(), String::new());
    for (at, step) in steps.iter().enumerate() {
        let (x, y) = (frame.x(at, steps.len()), frame.y(share(step)));
        let _ = write!(path, "{}{x:.1} {y:.1}", if at == 0 { 'M' } else { 'L' });
        let _ = write!(dots, "<circle class=\"dot {class}\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3.5\"/>");
    }
    format!("<path class=\"line {class}\" d=\"{path}\"/>{dots}")
}

/// The last value of each line beside it, none over another.
fn spread_labels(frame: &Frame, mut labels: Vec<(f64, &str, &str, u64)>) -> String {
    const APART: f64 = 14.0;
    labels.sort_by(|a, b| b.0.total_cmp(&a.0));
    let (mut svg, mut below) = (String::new(), f64::INFINITY);
    for (y, class, name, micros) in labels {
        let y = y.min(below - APART);
        below = y;
        let value = ms(micros);
        let words = both(format!("{name} {}", value.pt), format!("{name} {}", value.en));
        svg += &words.svg(&format!(
            "class=\"label {class}\" x=\"{:.1}\" y=\"{:.1}\"",
            frame.end() + 4.0,
            y + 4.0
        ));
    }
    svg
}

/// The people of each step below the drawing.
fn people(frame: &Frame, steps: &[Step]) -> String {
    let mut svg = String::new();
    // Where there are many, every second one is named.
    let every = (steps.len() * 34).div_ceil((frame.end() - frame.left) as usize).max(1);
    for (at, step) in steps.iter().enumerate().filter(|(at, _)| at.is_multiple_of(every)) {
        let (x, y) = (frame.x(at, steps.len()), frame.height - frame.bottom + 17.0);
        let place = format!("class=\"tick\" x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"middle\"");
        svg += &number(step.people as f64, 0).svg(&place);
    }
    let (x, y) = ((frame.left + frame.end()) / 2.0, frame.height - 5.0);
    let place = format!("class=\"tick\" x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"middle\"");
    svg + &both("pessoas ao mesmo tempo", "people at one time").svg(&place)
}

/// The next number that reads well: 1, 2, 4, 5 or 8 times a power of ten, so that its quarters do too.
fn round_up(value: f64) -> f64 {
    let power = 10_f64.powf(value.max(0.001).log10().floor());
    let steps = [1.0, 2.0, 4.0, 5.0, 8.0, 10.0];
    steps.iter().map(|step| step * power).find(|top| *top >= value).unwrap_or(10.0 * power)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::sample::a_report;

    #[test]
    fn axes_end_at_a_number_that_reads_well() {
        for (value, top) in [(25.0, 40.0), (26.4, 40.0), (70.0, 80.0), (101.0, 200.0), (1.0, 1.0), (0.3, 0.4)]
        {
            assert!((round_up(value) - top).abs() < 1e-9, "{value}: {}", round_up(value));
        }
    }

    #[test]
    fn higher_values_are_drawn_higher_and_labels_stand_apart() {
        assert!(WIDE.y(0.9) < WIDE.y(0.1) && WIDE.y(7.0) >= WIDE.top);
        let labels = spread_labels(
            &WIDE,
            vec![(100.0, "c1", "p50", 1), (101.0, "c2", "p95", 2), (102.0, "c3", "p99", 3)],
        );
        let places: Vec<f64> = labels
            .split("y=\"")
            .skip(1)
            .map(|rest| rest.split('"').next().unwrap().parse().unwrap())
            .collect();
        let mut places = places;
        places.dedup();
        assert!(places.windows(2).all(|pair| (pair[0] - pair[1]).abs() >= 13.9), "{places:?}");
    }

    #[test]
    fn a_step_that_did_not_hold_looks_different() {
        let drawing = requests(&a_report().steps);
        assert_eq!(drawing.matches("class=\"bar\"").count(), 2, "once wide, once narrow");
        assert_eq!(drawing.matches("class=\"bar broken\"").count(), 2);
    }
}
