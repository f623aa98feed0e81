//! The last lines of the log, read back from its daily files, newest first. Lines of a clinic are for that clinic only.
use std::{
    fs::{self, File},
    io::{self, Read as _, Seek as _, SeekFrom},
    path::{Path, PathBuf},
};

use serde_json::{Map, Value};

/// Bytes read back at most, from the end of the newest files.
const MOST_BYTES: u64 = 8 * 1024 * 1024;
/// Members of a line that are told by name and not among the rest.
const NAMED: [&str; 5] = ["timestamp", "level", "category", "target", "message"];

/// Which lines are wanted.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// At least as bad as this: `ERROR`, `WARN`, `INFO`, `DEBUG`; all where it is none.
    pub level: Option<&'static str>,
    /// Of this category; all where it is none.
    pub category: Option<&'static str>,
    /// Lines of no clinic, and of this one.
    pub clinic_id: i64,
    /// So many.
    pub limit: usize,
}

/// One line.
#[derive(Debug, Clone, PartialEq)]
pub struct LogLine {
    /// When, RFC 3339 with microseconds.
    pub at: String,
    /// `ERROR`, `WARN`, `INFO` or `DEBUG`.
    pub level: String,
    /// What it is about.
    pub category: String,
    /// The part of the program.
    pub target: String,
    /// What it says.
    pub message: String,
    /// Its figures and codes.
    pub fields: Map<String, Value>,
}

const LEVELS: [&str; 5] = ["ERROR", "WARN", "INFO", "DEBUG", "TRACE"];

impl Wanted {
    fn takes(&self, line: &LogLine) -> bool {
        let rank = |level: &str| LEVELS.iter().position(|known| *known == level).unwrap_or(LEVELS.len());
        let of_clinic = line.fields.get("clinic").and_then(Value::as_i64);
        self.level.is_none_or(|level| rank(&line.level) <= rank(level))
            && self.category.is_none_or(|category| line.category == category)
            && of_clinic.is_none_or(|id| id == self.clinic_id)
    }
}

/// The newest lines wanted of the log in `folder`. Blocks.
pub fn last_lines(folder: &Path, wanted: &Wanted) -> Vec<LogLine> {
    let mut found = Vec::new();
    let mut room = MOST_BYTES;
    for path in newest_first(folder) {
        let text = end_of(&path, room).unwrap_or_default();
        room = room.saturating_sub(text.len() as u64);
        let lines = text.lines().rev().filter_map(read_line).filter(|line| wanted.takes(line));
        found.extend(lines.take(wanted.limit - found.len()));
        if found.len() >= wanted.limit || room == 0 {
            break;
        }
    }
    found
}

/// The log's files, whose names end in their day.
fn newest_first(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut paths: Vec<PathBuf> =
        entries.filter(|path| path.extension().is_some_and(|e| e == "jsonl")).collect();
    paths.sort_unstable();
    paths.reverse();
    paths
}

/// The last bytes of a file; a line cut in two at their beginning is no JSON and is passed over.
fn end_of(path: &Path, most: u64) -> io::Result<String> {
    let mut file = File::open(path)?;
    let length = file.metadata()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(most)))?;
    let mut bytes = Vec::new();
    file.take(most).read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn read_line(text: &str) -> Option<LogLine> {
    let mut fields: Map<String, Value> = serde_json::from_str(text).ok()?;
    let mut named =
        NAMED.map(|name| fields.remove(name).and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default());
    let [at, level, category, target, message] = &mut named;
    let take = std::mem::take;
    Some(LogLine {
        at: take(at),
        level: take(level),
        category: take(category),
        target: take(target),
        message: take(message),
        fields,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(at: u32, level: &str, category: &str, clinic: Option<i64>) -> String {
        let clinic = clinic.map_or(String::new(), |id| format!(",\"clinic\":{id}"));
        format!(
            "{{\"timestamp\":\"2026-11-24T12:00:{at:02}.000000Z\",\"level\":\"{level}\",\"category\":\"{category}\",\"target\":\"t\",\"message\":\"m{at}\"{clinic},\"status\":200}}\n"
        )
    }

    fn told(folder: &Path, wanted: Wanted) -> Vec<String> {
        last_lines(folder, &wanted).into_iter().map(|line| line.message).collect()
    }

    #[test]
    fn the_newest_lines_come_first_over_several_files_and_only_those_wanted() {
        let folder = tempfile::tempdir().unwrap();
        let old = line(1, "INFO", "api", None) + "{ cut sho";
        let new = line(2, "ERROR", "audit", None)
            + &line(3, "INFO", "api", Some(1))
            + &line(4, "WARN", "api", Some(2));
        fs::write(folder.path().join("taskmed.2026-11-23.jsonl"), old).unwrap();
        fs::write(folder.path().join("taskmed.2026-11-24.jsonl"), new).unwrap();
        fs::write(folder.path().join("other.txt"), line(9, "ERROR", "api", None)).unwrap();
        let all = Wanted { clinic_id: 1, limit: 10, ..Wanted::default() };
        assert_eq!(told(folder.path(), all.clone()), ["m3", "m2", "m1"], "the other clinic's is not told");
        assert_eq!(told(folder.path(), Wanted { limit: 2, ..all.clone() }), ["m3", "m2"]);
        assert_eq!(told(folder.path(), Wanted { level: Some("WARN"), ..all.clone() }), ["m2"]);
        assert_eq!(told(folder.path(), Wanted { category: Some("audit"), ..all.clone() }), ["m2"]);
        let first = last_lines(folder.path(), &all).remove(0);
        assert_eq!(
            (first.at.as_str(), &first.fields["status"]),
            ("2026-11-24T12:00:03.000000Z", &Value::from(200))
        );
    }

    #[test]
    fn where_there_is_no_log_there_are_no_lines() {
        assert!(
            last_lines(Path::new("/nowhere/at/all"), &Wanted { limit: 5, ..Wanted::default() }).is_empty()
        );
    }
}
