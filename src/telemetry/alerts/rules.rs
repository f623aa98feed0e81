//! The rules. A rule fires when its figure stays beyond a threshold for long enough, and resolves when it stays on the good side
//! of another one for long enough: between the two nothing changes, so that a figure that trembles does not ring twice.
use crate::{base::Choice as _, choices};

choices! {
    /// What is watched.
    RuleName {
        /// The 95th percentile of the answers of the last minute that somebody waits for: signing in is left out.
        ResponseTime = "response_time",
        /// The share of answers of the last minute that failed by our fault.
        ErrorRate = "error_rate",
        /// People at work against what this machine was measured to carry.
        Capacity = "capacity",
        /// Work that waits for a clinic's writer.
        WriterQueue = "writer_queue",
        /// Free room on the disk of the data folder.
        Disk = "disk",
        /// What is left of the TLS certificate.
        Certificate = "certificate",
        /// How far the machine's clock jumped in ten minutes.
        Clock = "clock",
        /// Faults the last verification of a clinic's trail found.
        ChainBroken = "chain_broken",
        /// Refused sign-ins of ten minutes.
        SignInAttack = "sign_in_attack",
        /// The share of looks into a clinic's caches that found something, in five minutes of much looking.
        CacheUnavailable = "cache_unavailable",
        /// Messages of the last hour that were given up: alerts by e-mail and to the address of the settings.
        MessagesFailed = "messages_failed",
        /// How old the newest copy of a clinic is.
        BackupAge = "backup_age",
        /// Whether the last copy of a clinic was not made.
        BackupFailed = "backup_failed",
        /// Whether the newest copy of a clinic could not be brought back.
        DrillFailed = "drill_failed",
    }
}

choices! {
    /// How bad it is, from little to much.
    #[derive(PartialOrd, Ord)]
    Severity {
        /// Worth knowing.
        Info = "info",
        /// Someone should look today.
        Warning = "warning",
        /// Someone must act now.
        Critical = "critical",
    }
}

choices! {
    /// What a figure counts.
    Unit {
        /// Thousandths of a second.
        Milliseconds = "ms",
        /// A share of one.
        Share = "share",
        /// People.
        People = "people",
        /// Jobs.
        Jobs = "jobs",
        /// Bytes.
        Bytes = "bytes",
        /// Seconds.
        Seconds = "seconds",
        /// Faults or tries.
        Count = "count",
    }
}

/// Which side of a threshold is the bad one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    /// More than it is bad.
    Above,
    /// Less than it is bad.
    Below,
}

/// One rule.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rule {
    /// Its name.
    pub name: RuleName,
    /// The bad side.
    pub bound: Bound,
    /// Beyond this it fires. Of people this is a share of what the machine carries.
    pub fires: f64,
    /// Beyond this it is critical, whatever its severity is else.
    pub critical: Option<f64>,
    /// On the good side of this it resolves.
    pub resolves: f64,
    /// How long it must be bad, in seconds.
    pub for_s: i64,
    /// How long it must be good, in seconds.
    pub good_for_s: i64,
    /// How bad it is.
    pub severity: Severity,
    /// What the figure counts.
    pub unit: Unit,
    /// Whether each clinic has an alert of its own.
    pub of_clinic: bool,
}

impl Rule {
    /// Whether `value` is beyond `threshold` on the bad side.
    pub fn is_beyond(&self, value: f64, threshold: f64) -> bool {
        match self.bound {
            Bound::Above => value > threshold,
            Bound::Below => value < threshold,
        }
    }

    /// How bad `value` is.
    pub fn severity_of(&self, value: f64) -> Severity {
        match self.critical {
            Some(critical) if self.is_beyond(value, critical) => Severity::Critical,
            _ => self.severity,
        }
    }
}

const MINUTE: i64 = 60;
const GIB: f64 = 1024.0 * 1024.0 * 1024.0;
const DAY: f64 = 86_400.0;

fn rule_of(name: RuleName, bound: Bound, (fires, resolves): (f64, f64), unit: Unit) -> Rule {
    let (severity, good_for_s) = (Severity::Warning, 2 * MINUTE);
    Rule {
        name,
        bound,
        fires,
        critical: None,
        resolves,
        for_s: MINUTE,
        good_for_s,
        severity,
        unit,
        of_clinic: false,
    }
}

/// Every rule. Reminders will count among the messages.
pub fn rules() -> impl Iterator<Item = Rule> {
    RuleName::ALL.iter().copied().map(rule)
}

/// The rule of that name.
pub fn rule(name: RuleName) -> Rule {
    use Bound::{Above, Below};
    let of = |bound, thresholds, unit| rule_of(name, bound, thresholds, unit);
    let at_once = |rule: Rule| Rule { for_s: 0, good_for_s: 0, ..rule };
    let each = |rule: Rule| Rule { of_clinic: true, ..rule };
    match name {
        RuleName::ResponseTime => Rule { for_s: 2 * MINUTE, ..of(Above, (50.0, 40.0), Unit::Milliseconds) },
        RuleName::ErrorRate => Rule { critical: Some(0.2), ..of(Above, (0.02, 0.01), Unit::Share) },
        // Of the people this machine was measured to carry.
        RuleName::Capacity => of(Above, (0.8, 0.7), Unit::Share),
        RuleName::WriterQueue => each(Rule { for_s: 30, ..of(Above, (1024.0, 128.0), Unit::Jobs) }),
        RuleName::Disk => Rule { critical: Some(GIB / 16.0), ..of(Below, (GIB, 1.2 * GIB), Unit::Bytes) },
        RuleName::Certificate => {
            at_once(Rule { critical: Some(DAY), ..of(Below, (7.0 * DAY, 8.0 * DAY), Unit::Seconds) })
        }
        RuleName::Clock => at_once(of(Above, (5.0, 1.0), Unit::Seconds)),
        RuleName::ChainBroken => {
            each(at_once(Rule { severity: Severity::Critical, ..of(Above, (0.0, 0.0), Unit::Count) }))
        }
        RuleName::SignInAttack => {
            let attack = Rule { critical: Some(200.0), ..of(Above, (20.0, 5.0), Unit::Count) };
            each(Rule { good_for_s: 5 * MINUTE, ..at_once(attack) })
        }
        RuleName::CacheUnavailable => {
            let cold = Rule { severity: Severity::Info, ..of(Below, (0.01, 0.05), Unit::Share) };
            each(Rule { for_s: 5 * MINUTE, good_for_s: 5 * MINUTE, ..cold })
        }
        RuleName::MessagesFailed => at_once(of(Above, (0.0, 0.0), Unit::Count)),
        RuleName::BackupAge => {
            let old = of(Above, (DAY, DAY * 23.0 / 24.0), Unit::Seconds);
            // A start makes good what was missed before anybody need hear of it.
            each(Rule { critical: Some(7.0 * DAY), for_s: 15 * MINUTE, ..old })
        }
        RuleName::BackupFailed => each(at_once(of(Above, (0.0, 0.0), Unit::Count))),
        RuleName::DrillFailed => {
            each(at_once(Rule { severity: Severity::Critical, ..of(Above, (0.0, 0.0), Unit::Count) }))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_leaves_room_between_its_thresholds() {
        for rule in rules() {
            assert!(!rule.is_beyond(rule.resolves, rule.fires), "{rule:?}");
            assert!(rule.critical.is_none_or(|critical| rule.is_beyond(critical, rule.fires)), "{rule:?}");
        }
    }
}
