//! The report's headline tables for a README, beside the mission's claims. Every figure comes from the measurement.
use std::fmt::Write as _;

use super::report::{Endpoint, Report, Step};

/// The tables.
pub fn tables(report: &Report) -> String {
    let mut text = String::new();
    let _ = head(&mut text, report);
    if let Some(step) = report.best().or(report.steps.last()) {
        let _ = endpoints(&mut text, step);
    }
    text
}

fn head(text: &mut String, report: &Report) -> std::fmt::Result {
    let step = report.best().or(report.steps.last());
    let all = step.map(|step| step.all.clone()).unwrap_or_default();
    let at = step.map_or(0, |step| step.people);
    writeln!(text, "| what | the mission's report | measured |")?;
    writeln!(text, "|---|---|---|")?;
    writeln!(
        text,
        "| people at one time | 50+ tested, 500+ extrapolated | {at} driven over TLS for {} |",
        minutes(step)
    )?;
    let (p50, p95, p99, max) = (ms(all.p50_us), ms(all.p95_us), ms(all.p99_us), ms(all.max_us));
    writeln!(
        text,
        "| response time | 1–13 ms, 3–5 ms average, < 20 ms promised | {} average; p50 {p50}, p95 {p95}, p99 {p99}, longest {max} |",
        ms(all.mean_us)
    )?;
    writeln!(text, "| requests | 200–250 a second | {:.1} a second, as these people ask |", all.per_second)?;
    writeln!(text, "| errors | not stated | {} of {} |", all.error_count(), all.requests)?;
    let hits = step.and_then(|step| step.usage.cache_hits);
    let hits = hits.map_or("not measured".to_owned(), |share| format!("{:.0} % hits", share * 100.0));
    writeln!(text, "| cache | 0.04 ms a hit | {hits} |")?;
    let more = if report.reached_target { "at least " } else { "" };
    writeln!(
        text,
        "| capacity | 400 recommended (80 % of 500), alert at 320 | {more}{}; recommended {}, alert at {} |",
        report.people, report.recommended, report.alert_at
    )?;
    let seen = &report.isolation;
    writeln!(
        text,
        "| clinics apart | asserted | {} of {} probes during the load refused |",
        seen.refused, seen.probes
    )?;
    if let Some(proof) = &report.proof {
        let trail = if proof.trail_whole { "whole" } else { "broken" };
        writeln!(
            text,
            "| audit | asserted | trail {trail} over {} entries; {} of {} acknowledged writes in it, {} of {} records there |",
            proof.trail_entries, proof.in_trail, proof.acknowledged, proof.found, proof.records
        )?;
    }
    let machine = &report.machine;
    writeln!(
        text,
        "\nMeasured by `{}` with version {} on {} with {} processors, the load beside the server.\n",
        report.command, report.version, machine.system, machine.processors
    )
}

fn endpoints(text: &mut String, step: &Step) -> std::fmt::Result {
    writeln!(text, "| endpoint | requests | p50 | p95 | p99 | longest | errors |")?;
    writeln!(text, "|---|--:|--:|--:|--:|--:|--:|")?;
    step.endpoints.iter().try_for_each(|endpoint| row(text, endpoint))
}

fn row(text: &mut String, e: &Endpoint) -> std::fmt::Result {
    let (p50, p95, p99, max) = (ms(e.p50_us), ms(e.p95_us), ms(e.p99_us), ms(e.max_us));
    writeln!(text, "| `{}` | {} | {p50} | {p95} | {p99} | {max} | {} |", e.name, e.requests, e.error_count())
}

fn ms(micros: u64) -> String {
    format!("{:.1} ms", micros as f64 / 1000.0)
}

fn minutes(step: Option<&Step>) -> String {
    step.map_or_else(String::new, |step| format!("{:.1} minutes", step.seconds / 60.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::sample::a_report;

    #[test]
    fn the_tables_hold_what_was_measured_and_no_more() {
        let text = tables(&a_report());
        assert!(
            text.contains("| 50 driven over TLS") && text.contains("recommended 40, alert at 32"),
            "{text}"
        );
        assert!(
            text.contains("not measured") && text.contains("| `POST /api/appointments` | 500 |"),
            "{text}"
        );
        let rows = text.lines().filter(|line| line.starts_with('|'));
        assert!(rows.clone().count() > 10 && rows.clone().all(|row| row.ends_with('|')), "{text}");
    }
}
