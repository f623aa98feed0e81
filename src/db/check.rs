//! What `taskmed check` and the fault tests ask of a clinic's file: pages, keys, schema, trail, and no double booking.
use serde::Serialize;

use super::{Clinic, OpenError, ReadTx, schema, trail::Verdict};
use crate::base::{Choice, Error, Result};

/// The verdict on one clinic's file.
#[derive(Debug, Serialize)]
pub struct Report {
    /// The clinic's number.
    pub clinic_id: i64,
    /// Entries in the trail.
    pub audit_entries: i64,
    /// What became of verifying them; none of a file that could not be opened.
    pub trail: Option<Verdict>,
    /// Everything that is wrong, in plain English for the log; empty when all is well.
    pub problems: Vec<String>,
}

impl Report {
    /// The verdict on a file that could not even be opened.
    pub fn unopened(clinic_id: i64, reason: &OpenError) -> Self {
        Self {
            clinic_id,
            audit_entries: 0,
            trail: None,
            problems: vec![format!("cannot be opened: {reason}")],
        }
    }
}

impl Clinic {
    /// Reads the whole file and says what is wrong with it. Blocks.
    pub fn check(&self) -> Result<Report> {
        self.check_telling(&|_| ())
    }

    /// As [`Clinic::check`]; `progress` hears how many entries of the trail are done.
    pub fn check_telling(&self, progress: &dyn Fn(i64)) -> Result<Report> {
        let mut problems = self.read_afresh(|tx| {
            let mut problems = pages(tx)?;
            problems.extend(foreign_keys(tx)?);
            problems.extend(changed_schema(tx)?);
            problems.extend(overlaps(tx)?);
            problems.extend(visits(tx)?);
            problems.extend(first_visits(tx)?);
            problems.extend(agenda_lines(tx)?);
            problems.extend(audit_days(tx)?);
            Ok(problems)
        })?;
        let trail = self.verify_trail(progress)?;
        problems.extend(trail.faults.iter().map(|f| format!("trail: entry {}: {}", f.seq, f.why.code())));
        Ok(Report { clinic_id: self.id(), audit_entries: trail.entries, trail: Some(trail), problems })
    }
}

fn pages(tx: &ReadTx<'_>) -> Result<Vec<String>> {
    let mut problems = tx.all("pragma integrity_check", [], |r| r.get::<_, String>(0))?;
    problems.retain(|line| line != "ok");
    // SQLCipher's own check of each page's signature.
    problems.extend(tx.all("pragma cipher_integrity_check", [], |r| r.get::<_, String>(0))?);
    Ok(problems)
}

fn foreign_keys(tx: &ReadTx<'_>) -> Result<Vec<String>> {
    tx.all("pragma foreign_key_check", [], |r| {
        Ok(format!(
            "{} {:?} points to a missing {}",
            r.get::<_, String>(0)?,
            r.get::<_, Option<i64>>(1)?,
            r.get::<_, String>(2)?
        ))
    })
}

/// The file's schema must be the one this program would make.
fn changed_schema(tx: &ReadTx<'_>) -> Result<Vec<String>> {
    let fresh = rusqlite::Connection::open_in_memory().map_err(Error::internal)?;
    fresh.execute_batch(schema::SCHEMA).map_err(Error::internal)?;
    let (is, should) = (schema::fingerprint(tx.connection()), schema::fingerprint(&fresh));
    let same = is.map_err(Error::internal)? == should.map_err(Error::internal)?;
    Ok(if same { Vec::new() } else { vec!["the schema is not the one this program makes".to_owned()] })
}

/// One walk per professional, room and patient in order of time: who starts before everyone earlier has ended shares their time.
/// Says nothing of the triggers that should have prevented it, and does not use their query.
fn overlaps(tx: &ReadTx<'_>) -> Result<Vec<String>> {
    let mut problems = Vec::new();
    for column in ["professional_id", "room_id", "contact_id"] {
        let sql = format!(
            "select id from (
                 select id, starts_at, max(ends_at) over (
                     partition by {column} order by starts_at, id rows between unbounded preceding and 1 preceding
                 ) as taken_until
                 from appointments where fit_in = 0 and {column} is not null and holds = 1
             ) where starts_at < taken_until limit 20"
        );
        problems.extend(tx.all(&sql, [], |r| {
            Ok(format!("appointment {} overlaps an earlier one of the same {column}", r.get::<_, i64>(0)?))
        })?);
    }
    Ok(problems)
}

/// Everybody's appointments must be theirs, each once.
fn visits(tx: &ReadTx<'_>) -> Result<Vec<String>> {
    let mut problems = Vec::new();
    let of = |table: &str| format!("select id, contact_id, starts_at, holds from {table}");
    for (some, others) in [("visits", "appointments"), ("appointments", "visits")] {
        let sql = format!("select id from ({} except {}) limit 20", of(some), of(others));
        problems.extend(tx.all(&sql, [], |r| {
            Ok(format!("appointment {} is not filed under its contact and time alone", r.get::<_, i64>(0)?))
        })?);
    }
    let count = |table: &str| tx.number(&format!("select count(*) from {table}"), []);
    if problems.is_empty() && count("visits")? != count("appointments")? {
        problems.push("appointments are filed under their contacts more than once".to_owned());
    }
    Ok(problems)
}

/// What the triggers keep must be what a search would find.
fn first_visits(tx: &ReadTx<'_>) -> Result<Vec<String>> {
    let sql = "select f.contact_id from (
            select contact_id, min(starts_at) as starts_at from appointments
            where holds = 1 group by contact_id
        ) f left join first_visits k using (contact_id) where k.starts_at is not f.starts_at limit 20";
    tx.all(sql, [], |r| {
        Ok(format!("the first visit of contact {} is not the one on file", r.get::<_, i64>(0)?))
    })
}

/// Each entry of the trail must be of the day that is said to begin last before it.
fn audit_days(tx: &ReadTx<'_>) -> Result<Vec<String>> {
    let sql = "select seq from (
            select seq, at, (select day from audit_days d where d.seq <= a.seq order by d.seq desc limit 1) as day from audit a
        ) where day is not (at - (at % 86400 + 86400) % 86400) / 86400 limit 20";
    tx.all(sql, [], |r| Ok(format!("entry {} of the trail is not found by its day", r.get::<_, i64>(0)?)))
}

/// What the triggers copied must be what the tables say.
fn agenda_lines(tx: &ReadTx<'_>) -> Result<Vec<String>> {
    let copied = "id version created_at updated_at contact_id professional_id room_id starts_at ends_at kind status tag_id notes
        fit_in payment_status amount_cents cancellation_reason arrived_at in_care_at done_at";
    let differs: Vec<String> = copied.split_whitespace().map(|c| format!("l.{c} is not a.{c}")).collect();
    let sql = format!(
        "select a.id from appointments a join contacts c on c.id = a.contact_id left join first_visits f using (contact_id)
             left join agenda_lines l on l.place = a.starts_at << 25 | a.id
         where {} or l.display_name is not coalesce(c.social_name, c.name) or l.phone is not c.phone
             or l.whatsapp is not c.whatsapp or l.first_visit is not coalesce(a.starts_at <= f.starts_at, 1)
         limit 20",
        differs.join(" or ")
    );
    let mut problems = tx.all(&sql, [], |r| {
        Ok(format!("the agenda shows appointment {} otherwise than it is", r.get::<_, i64>(0)?))
    })?;
    let count = |table: &str| tx.number(&format!("select count(*) from {table}"), []);
    if count("agenda_lines")? != count("appointments")? {
        problems.push("the agenda shows appointments that do not exist".to_owned());
    }
    Ok(problems)
}
