//! What is kept of measurements: the last one as `capacity.json` in the data folder, which the server takes its limit from, and
//! each whole report under `capacity/`. A release that carries less than the one before is told.
use std::{fs, io, path::Path};

use super::report::Report;
use crate::access::house::{FILE, Kept};

/// A release that carries this much less than the one before is worth a warning.
const TOLERATED: f64 = 0.10;

/// How a measurement compares with the one before.
#[derive(Debug, Clone, PartialEq)]
pub struct Compared {
    /// The one before.
    pub before: Kept,
    /// People carried now in relation to then, less 1: -0.25 is a quarter less.
    pub change: f64,
}

impl Compared {
    /// Whether the computer carries noticeably less than before.
    pub fn is_worse(&self) -> bool {
        self.change < -TOLERATED
    }
}

/// The last measurement of a data folder.
pub fn last(data: &Path) -> Option<Kept> {
    Kept::read(data)
}

/// Compares a measurement with the one before. Two that ended where they were told to are not comparable: neither found a limit.
pub fn compare(before: Option<Kept>, now: &Report) -> Option<Compared> {
    let before =
        before.filter(|kept| kept.people > 0 && !(now.reached_target && now.people < kept.people))?;
    let change = now.people as f64 / before.people as f64 - 1.0;
    Some(Compared { before, change })
}

/// Keeps a measurement. One that was stopped, found nothing, or showed something unsound becomes no limit: only the report of it
/// is kept.
pub fn keep(data: &Path, report: &Report) -> io::Result<()> {
    let folder = data.join("capacity");
    fs::create_dir_all(&folder)?;
    let name = format!("{}.json", report.measured_at.replace(':', "-"));
    write(&folder.join(name), &serde_json::to_vec_pretty(report)?)?;
    if report.people == 0 || report.ended_early.is_some() || !report.is_sound() {
        return Ok(());
    }
    let kept = Kept {
        version: report.version.clone(),
        measured_at: report.measured_at.clone(),
        people: report.people,
        reached_target: report.reached_target,
        recommended: report.recommended,
        alert_at: report.alert_at,
        scenario: report.method.scenario.clone(),
    };
    write(&data.join(FILE), &serde_json::to_vec_pretty(&kept)?)
}

/// Whole or not at all: the server may be reading it.
fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let fresh = path.with_extension("new");
    fs::write(&fresh, bytes)?;
    fs::rename(fresh, path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::sample::a_report;

    #[test]
    fn a_measurement_is_kept_and_compared_with_the_next() {
        let folder = tempfile::tempdir().unwrap();
        let mut first = a_report();
        (first.people, first.recommended, first.alert_at) = (500, 400, 320);
        keep(folder.path(), &first).unwrap();
        let kept = last(folder.path()).unwrap();
        assert_eq!((kept.people, kept.recommended, kept.alert_at), (500, 400, 320));
        assert_eq!(fs::read_dir(folder.path().join("capacity")).unwrap().count(), 1);
        let mut second = a_report();
        (second.people, second.reached_target) = (440, false);
        let compared = compare(Some(kept.clone()), &second).unwrap();
        assert!(compared.is_worse(), "{compared:?}");
        second.people = 460;
        assert!(!compare(Some(kept.clone()), &second).unwrap().is_worse());
        (second.people, second.reached_target) = (50, true);
        assert_eq!(compare(Some(kept), &second), None, "50 were asked for, and 50 it carries");
        assert_eq!(compare(None, &second), None);
    }

    #[test]
    fn what_was_stopped_or_is_unsound_becomes_no_limit() {
        let folder = tempfile::tempdir().unwrap();
        let spoilt: [fn(&mut Report); 4] = [
            |r| r.people = 0,
            |r| r.ended_early = Some("stopped by hand".into()),
            |r| r.isolation.leaks = 1,
            |r| r.proof.iter_mut().for_each(|p| p.found = p.records - 1),
        ];
        for spoil in spoilt {
            let mut report = a_report();
            spoil(&mut report);
            keep(folder.path(), &report).unwrap();
            assert_eq!(last(folder.path()), None);
        }
    }
}
