//! A strict reader of Prometheus text (exposition format 0.0.4), written from its specification and not from our writer: whatever
//! it does not know is an error.
use std::collections::{BTreeMap, BTreeSet};

/// One series.
#[derive(Debug, Clone)]
pub struct Sample {
    pub name: String,
    pub labels: BTreeMap<String, String>,
    pub value: f64,
}

impl Sample {
    /// Whether it is of that name and has these labels among its own.
    pub fn is(&self, name: &str, labels: &[(&str, &str)]) -> bool {
        self.name == name
            && labels.iter().all(|(label, value)| self.labels.get(*label).is_some_and(|v| v == value))
    }
}

#[derive(Default)]
struct Family {
    name: String,
    kind: String,
    helped: bool,
}

/// Every series, or the first thing that is wrong.
pub fn parse(text: &str) -> Result<Vec<Sample>, String> {
    if !text.ends_with('\n') {
        return Err("the last line does not end".to_owned());
    }
    let (mut samples, mut family, mut seen) = (Vec::new(), Family::default(), BTreeSet::new());
    let mut series = BTreeSet::new();
    for line in text.lines() {
        if let Some(rest) = line.strip_prefix("# HELP ") {
            let (name, help) = rest.split_once(' ').ok_or_else(|| format!("no help: {line}"))?;
            if help.trim().is_empty() || !seen.insert(name.to_owned()) {
                return Err(format!("without help, or a family twice: {line}"));
            }
            family = Family { name: name.to_owned(), kind: String::new(), helped: true };
        } else if let Some(rest) = line.strip_prefix("# TYPE ") {
            let (name, kind) = rest.split_once(' ').ok_or_else(|| format!("no type: {line}"))?;
            if name != family.name || !family.helped || !["counter", "gauge", "histogram"].contains(&kind) {
                return Err(format!("a type out of place: {line}"));
            }
            kind.clone_into(&mut family.kind);
        } else {
            let sample = sample(line)?;
            belongs(&family, &sample)?;
            if !series.insert((sample.name.clone(), sample.labels.clone())) {
                return Err(format!("a series twice: {line}"));
            }
            samples.push(sample);
        }
    }
    histograms(&samples)?;
    Ok(samples)
}

fn sample(line: &str) -> Result<Sample, String> {
    let wrong = || format!("no sample: {line}");
    let end = line.find(['{', ' ']).ok_or_else(wrong)?;
    let (name, mut rest) = line.split_at(end);
    if !is_name(name, true) {
        return Err(wrong());
    }
    let mut labels = BTreeMap::new();
    if let Some(open) = rest.strip_prefix('{') {
        rest = open;
        loop {
            let (label, after) = rest.split_once("=\"").ok_or_else(wrong)?;
            let (value, after) = quoted(after).ok_or_else(wrong)?;
            if !is_name(label, false) || labels.insert(label.to_owned(), value).is_some() {
                return Err(wrong());
            }
            match after.strip_prefix(',') {
                Some(more) => rest = more,
                None => {
                    rest = after.strip_prefix('}').ok_or_else(wrong)?;
                    break;
                }
            }
        }
    }
    let value = rest.strip_prefix(' ').ok_or_else(wrong)?;
    let value: f64 = value.parse().map_err(|_| wrong())?;
    Ok(Sample { name: name.to_owned(), labels, value })
}

/// A value up to its closing quote, and what follows.
fn quoted(text: &str) -> Option<(String, &str)> {
    let (mut value, mut chars) = (String::new(), text.char_indices());
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Some((value, &text[at + 1..])),
            '\\' => value.push(match chars.next()?.1 {
                'n' => '\n',
                c @ ('"' | '\\') => c,
                _ => return None,
            }),
            c => value.push(c),
        }
    }
    None
}

fn is_name(name: &str, colons: bool) -> bool {
    let good = |c: char| c.is_ascii_alphanumeric() || c == '_' || (colons && c == ':');
    !name.is_empty() && name.chars().all(good) && !name.starts_with(|c: char| c.is_ascii_digit())
}

fn belongs(family: &Family, sample: &Sample) -> Result<(), String> {
    let suffix = sample.name.strip_prefix(&family.name).unwrap_or("no family");
    let fits = match family.kind.as_str() {
        "counter" => suffix.is_empty() && family.name.ends_with("_total") && sample.value >= 0.0,
        "gauge" => suffix.is_empty() && !family.name.ends_with("_total"),
        "histogram" => {
            ["_sum", "_count"].contains(&suffix) || (suffix == "_bucket" && sample.labels.contains_key("le"))
        }
        _ => false,
    };
    // Base units only: seconds, bytes, and no milliseconds.
    let based = !["_ms", "_milliseconds", "_kb", "_percent"].iter().any(|unit| family.name.ends_with(unit));
    if fits && based {
        Ok(())
    } else {
        Err(format!("{sample:?} does not belong to {} ({})", family.name, family.kind))
    }
}

/// Buckets grow, end with +Inf, and that one is the count.
fn histograms(samples: &[Sample]) -> Result<(), String> {
    let mut last: BTreeMap<(String, BTreeMap<String, String>), (f64, f64)> = BTreeMap::new();
    for sample in samples.iter().filter(|s| s.name.ends_with("_bucket")) {
        let mut labels = sample.labels.clone();
        let bound = labels.remove("le").unwrap_or_default();
        let bound =
            if bound == "+Inf" { f64::INFINITY } else { bound.parse().map_err(|_| format!("{sample:?}"))? };
        let name = sample.name.trim_end_matches("_bucket").to_owned();
        let before = last.insert((name, labels), (bound, sample.value)).unwrap_or((f64::NEG_INFINITY, 0.0));
        if bound <= before.0 || sample.value < before.1 {
            return Err(format!("buckets that do not grow: {sample:?}"));
        }
    }
    for ((name, labels), (bound, count)) in last {
        let told = samples.iter().find(|s| s.name == format!("{name}_count") && s.labels == labels);
        if bound != f64::INFINITY || told.is_none_or(|s| s.value != count) {
            return Err(format!("{name} {labels:?} has no end, or another count"));
        }
    }
    Ok(())
}

#[test]
fn the_reader_refuses_what_the_format_does_not_allow() {
    let good = "# HELP a_total A.\n# TYPE a_total counter\na_total{x=\"1\"} 2\n";
    assert_eq!(parse(good).unwrap().len(), 1);
    for wrong in [
        "a_total 1\n",
        "# HELP a A.\n# TYPE a counter\na 1\n",
        "# HELP a_total A.\n# TYPE a_total counter\na_total{x=\"1\" 2\n",
        "# HELP a_total A.\n# TYPE a_total counter\na_total 2\na_total 3\n",
        "# HELP a_total A.\n# TYPE a_total counter\na_total x\n",
        "# HELP 1a A.\n# TYPE 1a gauge\n1a 1\n",
        "# HELP h H.\n# TYPE h histogram\nh_bucket{le=\"1\"} 2\nh_bucket{le=\"+Inf\"} 1\nh_sum 1\nh_count 1\n",
        "# HELP h H.\n# TYPE h histogram\nh_bucket{le=\"1\"} 2\nh_sum 1\nh_count 2\n",
        "# HELP a_ms A.\n# TYPE a_ms gauge\na_ms 1\n",
    ] {
        assert!(parse(wrong).is_err(), "{wrong}");
    }
}
