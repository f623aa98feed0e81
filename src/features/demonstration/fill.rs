//! Makes a demonstration: founds the clinic, writes its rows in runs, and reads the file back before anybody sees it.
use std::{collections::VecDeque, sync::Arc};

use jiff::tz::TimeZone;

use super::{
    model::{Books, DemoClinic, NewContact, Progress, Stage, roles, row},
    store,
};
use crate::{
    access::{
        DemoSignIn, Grant, Mutates, password,
        permissions::{EditAppointments, EditScheduleSetup, ImportContacts},
    },
    base::{Error, Instant, Result},
    db::{Audited, Clinic, Clinics, WriteTx, key},
    demo::{Demo, Size},
    features::setup::store::USUAL_ZONE,
};

/// Rows of one piece of work. At the end of each statement SQLite walks through all pages that the piece has changed so far, so
/// that pieces of thousands of rows take five times as long as small ones.
const RUN: usize = 100;
/// Pieces handed in before the first is waited for: those share a commit, and its flush.
const AHEAD: usize = 160;
/// Who the trail says it was.
const ORIGIN: &str = "demonstration";
/// Without letters and digits that look like others.
const LETTERS: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789";

/// What the maker is told of how far it is.
pub type OnProgress<'a> = &'a mut dyn FnMut(Progress);

/// Founds a made-up clinic in a folder without one and fills it. The same seed at the same moment makes the same clinic; its
/// passwords are drawn anew each time. Blocks, for minutes where it is large.
pub fn fill(clinics: &Clinics, seed: u64, size: Size, on_progress: OnProgress<'_>) -> Result<DemoClinic> {
    fill_next(clinics, seed, size, on_progress, true)
}

/// As [`fill`], beside the made-up clinics that are in the folder already.
pub fn fill_another(
    clinics: &Clinics,
    seed: u64,
    size: Size,
    on_progress: OnProgress<'_>,
) -> Result<DemoClinic> {
    fill_next(clinics, seed, size, on_progress, false)
}

fn fill_next(
    clinics: &Clinics,
    seed: u64,
    size: Size,
    on_progress: OnProgress<'_>,
    is_first: bool,
) -> Result<DemoClinic> {
    let now = clinics.clock().now();
    let zone = TimeZone::get(USUAL_ZONE).map_err(Error::internal)?;
    let demo = Demo::new(seed, size, now.timestamp(), zone);
    let password = a_password(&demo)?;
    let hash = password::hash(&password)?;
    let plan = demo.clone();
    let found = move |tx: &mut WriteTx<'_>, id| store::found(tx, id, &plan, &hash);
    let (clinic, _, ()) = if is_first { clinics.create_first(found) } else { clinics.create(found) }?;
    let books = Books::new(&demo, seed, now);
    write_blocks(&clinic, &demo, &books)?;
    let known = write_contacts(&clinic, &demo, size, on_progress)?;
    let appointments = write_appointments(&clinic, (&demo, size, &books), &known, on_progress)?;
    on_progress(Progress { stage: Stage::Check, done: 0, total: 1 });
    check(&clinic, size.people(), appointments)?;
    on_progress(Progress { stage: Stage::Check, done: 1, total: 1 });
    Ok(DemoClinic { clinic_id: clinic.id(), users: sign_ins(&demo, &password) })
}

fn write_blocks(clinic: &Arc<Clinic>, demo: &Demo, books: &Books) -> Result<()> {
    let (demo, books) = (demo.clone(), books.clone());
    grant::<EditScheduleSetup>(clinic).write_here(move |tx| store::insert_blocks(tx, &demo, &books))
}

/// Writes everybody; answers when each was written down.
fn write_contacts(
    clinic: &Arc<Clinic>,
    demo: &Demo,
    size: Size,
    on_progress: OnProgress<'_>,
) -> Result<Vec<Instant>> {
    let mut known = Vec::with_capacity(size.people());
    let rows = (1..).zip(demo.people()).map(|(id, person)| {
        let contact = NewContact::new(id, person, demo.zone());
        known.push(contact.created_at);
        contact
    });
    let total = size.people();
    in_runs(&grant::<ImportContacts>(clinic), rows, store::insert_contacts, |done| {
        on_progress(Progress { stage: Stage::Patients, done, total });
    })?;
    Ok(known)
}

/// Writes the whole agenda; answers how many appointments it has.
fn write_appointments(
    clinic: &Arc<Clinic>,
    (demo, size, books): (&Demo, Size, &Books),
    known: &[Instant],
    on_progress: OnProgress<'_>,
) -> Result<usize> {
    let rows = (1..).zip(demo.schedule()).map(|(id, planned)| {
        let known_at = known.get(planned.person).copied().unwrap_or(Instant(0));
        books.appointment(id, planned, known_at)
    });
    let total = size.appointments();
    in_runs(&grant::<EditAppointments>(clinic), rows, store::insert_appointments, |done| {
        on_progress(Progress { stage: Stage::Appointments, done, total });
    })
}

/// Writes rows in runs, each one piece of work and one entry of the trail. Several are handed in at once: they share a commit,
/// and the next rows are made while these are written.
fn in_runs<P: Mutates, T: Send + 'static>(
    grant: &Grant<P>,
    mut rows: impl Iterator<Item = T>,
    write: fn(&mut WriteTx<'_>, &[T]) -> Result<Audited<()>>,
    mut on_run: impl FnMut(usize),
) -> Result<usize> {
    let (mut handed_in, mut done) = (VecDeque::new(), 0);
    loop {
        let run: Vec<T> = rows.by_ref().take(RUN).collect();
        let (count, is_last) = (run.len(), run.is_empty());
        if !is_last {
            handed_in.push_back((count, grant.hand_in(move |tx| write(tx, &run))?));
        }
        while handed_in.len() > if is_last { 0 } else { AHEAD } {
            let Some((count, pending)) = handed_in.pop_front() else { break };
            pending.wait()?;
            done += count;
            on_run(done);
        }
        if is_last {
            return Ok(done);
        }
    }
}

/// Reads the whole file back: nothing may be broken, missing or booked twice.
fn check(clinic: &Arc<Clinic>, people: usize, appointments: usize) -> Result<()> {
    let problems = clinic.check()?.problems;
    if let Some(first) = problems.first() {
        return Err(Error::internal(format!(
            "{} problems in the demonstration, as: {first}",
            problems.len()
        )));
    }
    let stored = grant::<EditAppointments>(clinic).read_here(store::counts)?;
    if stored != (row(people) - 1, row(appointments) - 1) {
        return Err(Error::internal(format!("{stored:?} rows are there, not ({people}, {appointments})")));
    }
    Ok(())
}

fn grant<P: Mutates>(clinic: &Arc<Clinic>) -> Grant<P> {
    Grant::of_program(Arc::clone(clinic), ORIGIN)
}

fn sign_ins(demo: &Demo, password: &str) -> Vec<DemoSignIn> {
    let users = demo.users().into_iter();
    let signs_in = users.filter_map(|user| {
        let (roles, email) = (roles(&user), user.email?);
        Some(DemoSignIn { email: email.to_string(), password: password.to_owned(), roles })
    });
    signs_in.collect()
}

/// Three groups of four, drawn anew: a password in a document would be known to everybody. The rules for people's own
/// passwords hold for it too.
fn a_password(demo: &Demo) -> Result<String> {
    let names: Vec<String> = demo.users().into_iter().map(|user| user.name).collect();
    let own: Vec<&str> = names.iter().map(String::as_str).collect();
    loop {
        let bytes: [u8; 24] = key::random_bytes()?;
        let drawn =
            bytes.iter().filter_map(|byte| LETTERS.get(usize::from(byte & 31)).copied().map(char::from));
        let letters: Vec<char> = drawn.take(12).collect();
        let groups: Vec<String> = letters.chunks(4).map(|group| group.iter().collect()).collect();
        let password = groups.join("-");
        if password::weakness(&password, &own).is_none() {
            return Ok(password);
        }
    }
}
