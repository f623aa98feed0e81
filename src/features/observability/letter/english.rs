//! What letters say, in English. Of a rule they say what the screen says of it; a test compares them.
use super::words::{Phrases, Words};
use crate::telemetry::alerts::{RuleName, Severity, Unit};

/// The phrases around it.
pub const PHRASES: Phrases = Phrases {
    prefix: "TaskMed: ",
    over: "TaskMed, solved: ",
    computer: "Computer: ",
    clinic: "Clinic number: ",
    how_bad: "How bad: ",
    since: "Since: ",
    until: "Solved at: ",
    value: "Measured: ",
    above: "warns above ",
    below: "warns below ",
    means: "What it means: ",
    remedy: "What to do: ",
    is_over: "It is over: nothing more is to be done now.",
    trial: "test message",
    trial_text: "Somebody asked on “System health” whether alerts by e-mail arrive. They do.",
    closing: "The details are on “System health” in TaskMed. This message carries no patients’ data.",
    decimal: ".",
};

/// How bad it is.
pub fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "worth knowing",
        Severity::Warning => "bad: someone should look today",
        Severity::Critical => "very bad: someone must act now",
    }
}

/// What a figure counts.
pub fn unit(unit: Unit) -> &'static str {
    match unit {
        Unit::Milliseconds => " ms",
        Unit::Share => " %",
        Unit::People => " people",
        Unit::Jobs => " writes",
        Unit::Bytes => " MB",
        Unit::Seconds => " s",
        Unit::Count => "",
    }
}

/// What a rule means and what to do.
pub fn words(rule: RuleName) -> Words {
    let (title, means, remedy) = match rule {
        RuleName::ResponseTime => (
            "The screens are slow",
            "Part of the answers take longer than what people feel as immediate.",
            "Close heavy programs on this computer and see whether an antivirus or a copy of files is running. If it goes on, call your technician.",
        ),
        RuleName::ErrorRate => (
            "TaskMed fails to answer",
            "More requests than usual ended in a fault of the program. What the screen confirmed is saved.",
            "See the disk space among the checks below, restart TaskMed outside opening hours and send the log to support.",
        ),
        RuleName::Capacity => (
            "Too many people for this computer",
            "The number of people at work is near what this computer carries. Those at work go on; new sign-ins may have to wait.",
            "Ask those who are not using it to sign out. If it happens often, use a stronger computer and measure the capacity again.",
        ),
        RuleName::WriterQueue => (
            "Writes are piling up",
            "More writes wait than the disk can do. Nothing is lost, but saving takes long.",
            "Let imports end and close what uses the disk. If it goes on, the disk may be failing: call your technician.",
        ),
        RuleName::Disk => (
            "The disk is getting full",
            "When the space runs out, nothing more can be saved.",
            "Delete files that are not used or enlarge the disk. Delete nothing inside TaskMed’s folder.",
        ),
        RuleName::Certificate => (
            "The certificate is about to end",
            "After that the other devices show a security warning when they open TaskMed.",
            "Restart TaskMed: it renews the certificate by itself when it opens.",
        ),
        RuleName::Clock => (
            "The computer’s clock has moved",
            "The times of appointments and of the audit trail depend on it.",
            "Turn on automatic date and time on this computer and check its time zone.",
        ),
        RuleName::ChainBroken => (
            "The audit trail was changed",
            "The records of who did what do not match their signatures: somebody touched the file or the disk damaged it.",
            "Delete nothing. Open the Audit page, verify the trail to see where it breaks, and call the owner and support.",
        ),
        RuleName::SignInAttack => (
            "Many sign-ins with a wrong password",
            "Somebody may be guessing a password. The attempts are already slowed and refused.",
            "Ask the team whether somebody forgot their password. If not, see on the Audit page which address they come from and take the unknown device off the network.",
        ),
        RuleName::CacheUnavailable => (
            "The fast memory has stopped helping",
            "The screens are read from the disk each time. Nothing is wrong with the data, but it is slower.",
            "Restart TaskMed outside opening hours. If it happens again, call support.",
        ),
        RuleName::MessagesFailed => (
            "Some messages did not arrive",
            "Alerts by e-mail or to the address of the settings were not delivered, even after several tries. Who does not look at this screen was not told.",
            "Check this computer’s internet and, in taskmed.toml, the mail server, the password and the addresses. Then send a test message on “System health”.",
        ),
        RuleName::BackupAge => (
            "The last backup is old",
            "If the disk broke today, everything done since would be lost.",
            "Open Settings → Backups and back up now. If copies go to another disk, see that it is connected.",
        ),
        RuleName::BackupFailed => (
            "The backup could not be made",
            "The clinic goes on working and earlier copies are intact, but what is done now is in no copy yet.",
            "Open Settings → Backups to see why: a full or unplugged disk is the most common reason. Mend it and back up again; TaskMed also tries by itself every ten minutes.",
        ),
        RuleName::DrillFailed => (
            "The last backup cannot be restored",
            "In the weekly test the copy did not come back whole: the disk of the copies may be failing.",
            "Make another copy now, on another disk if you can. TaskMed tests the next one as soon as it is there; if that fails too, replace the disk.",
        ),
    };
    Words { title, means, remedy }
}
