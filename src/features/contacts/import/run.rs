//! Carries an import out: a few hundred rows per transaction, one at a time, so that the desk's own writes go in between.
use super::{
    check,
    judge::{Judge, Verdict},
    mapping::Mapping,
    model::{Check, Report, Started},
    read::Sheet,
    refusals::Refusals,
    rows::{self, Good},
    store,
};
use crate::{
    access::{Grant, permissions::ImportContacts},
    base::{Error, Result},
    db::{Act, Audited, ReadTx, WriteTx},
    features::contacts::{
        model::ContactFields,
        store::{self as contacts, Origin},
    },
};

/// Rows of one transaction: a tenth of a second of the writer's time at most.
const RUN: usize = 500;
/// How often a full queue of the writer is waited for.
const TRIES: u32 = 50;

/// A file ready to be judged: its shape is right.
#[derive(Debug)]
pub struct File {
    /// Its name, for the list of imports.
    pub name: String,
    sheet: Sheet,
    mapping: Mapping,
}

/// A row to write, with the cells it came from should it be refused at the last moment.
type Row = (Box<Good>, Vec<String>);

impl File {
    /// Reads a file, or says what is wrong with its shape. `mapping` is a JSON object from names of columns to fields.
    pub fn open(name: &str, bytes: Vec<u8>, mapping: Option<&str>) -> Result<Self> {
        let sheet = Sheet::open(bytes)?;
        let mapping = Mapping::of(&sheet.header, mapping)?;
        Ok(Self { name: name.to_owned(), sheet, mapping })
    }

    /// Says what would happen to every row. Blocks.
    pub fn check(&self, grant: &Grant<ImportContacts>) -> Result<Check> {
        grant.read_here(|tx| check::check(tx, &self.sheet, &self.mapping))
    }

    /// The highest number of a record that a row names; 0 where none does.
    fn highest_number(&self) -> i64 {
        let Some(column) = self.mapping.column_of("record_number") else { return 0 };
        let named =
            self.sheet.lines().filter_map(|line| rows::record_number(line.cells.get(column)?).ok().flatten());
        named.max().unwrap_or(0)
    }

    /// The rows of the file, if people can be brought in by it.
    pub fn rows(&self) -> Result<usize> {
        self.mapping.check(&self.sheet.header)?;
        Ok(self.sheet.rows)
    }
}

/// Brings a file in from beginning to end. Blocks: for the command line.
pub fn run_file(
    grant: &Grant<ImportContacts>,
    file: &File,
    on_progress: impl FnMut(&Report),
) -> Result<Report> {
    let (name, rows) = (file.name.clone(), file.rows()?);
    let started = grant.write_here(move |tx| store::begin(tx, &name, rows))?;
    carry_out(grant, file, started, on_progress)
}

/// Writes the rows of an import that has begun. Blocks. Whatever stops it leaves the import `failed`, to be undone.
pub fn carry_out(
    grant: &Grant<ImportContacts>,
    file: &File,
    started: Started,
    on_progress: impl FnMut(&Report),
) -> Result<Report> {
    let carried = Carrier::new(grant, file, started).and_then(|carrier| carrier.carry(on_progress));
    if let Err(error) = &carried {
        tracing::error!(import = started.import_id, %error, "an import was broken off");
        // A program that is stopping cannot write this either: the next start does.
        let _ = grant.write_here(move |tx| store::fail(tx, started.id()));
    }
    carried
}

struct Carrier<'a> {
    grant: &'a Grant<ImportContacts>,
    file: &'a File,
    judge: Judge<'a>,
    refusals: Refusals,
    report: Report,
    /// The first number of the register above all that the file names: numbers given out must not be in its way.
    floor: i64,
}

impl<'a> Carrier<'a> {
    fn new(grant: &'a Grant<ImportContacts>, file: &'a File, started: Started) -> Result<Self> {
        let (judge, language) = grant.read_here(|tx| {
            Ok((Judge::of_clinic(tx, &file.mapping)?, store::language(tx, grant.caller().user_id)?))
        })?;
        let report = Report { import_id: started.import_id, rows: file.sheet.rows, ..Report::default() };
        Ok(Self {
            grant,
            file,
            judge,
            refusals: Refusals::of(&file.sheet, &language),
            report,
            floor: file.highest_number() + 1,
        })
    }

    fn carry(mut self, mut on_progress: impl FnMut(&Report)) -> Result<Report> {
        let mut run = Vec::with_capacity(RUN);
        for line in self.file.sheet.lines() {
            self.report.done += 1;
            match self.judge.judge(&line) {
                Verdict::New(good) => run.push((good, line.cells)),
                Verdict::Known(code) => {
                    self.report.duplicates += 1;
                    self.refusals.known(&line.cells, code);
                }
                Verdict::Refused(wrong) => {
                    self.report.invalid += 1;
                    self.refusals.refused(&line.cells, &wrong);
                }
            }
            if self.report.done.is_multiple_of(RUN) || self.report.done == self.report.rows {
                self.write(std::mem::take(&mut run))?;
                on_progress(&self.report);
            }
        }
        let (id, refusals) = (Started { import_id: self.report.import_id }.id(), self.refusals.finish());
        self.grant.write_here(move |tx| store::finish(tx, id, refusals))?;
        Ok(self.report)
    }

    /// Writes one run. Someone may have registered one of its people since the file was held against the register.
    fn write(&mut self, run: Vec<Row>) -> Result<()> {
        let rows = std::sync::Arc::new(run);
        let (report, floor) = (self.report, self.floor);
        let (report, late) = patiently(|| {
            let rows = std::sync::Arc::clone(&rows);
            self.grant.write_here(move |tx| write_run(tx, &rows, report, floor))
        })?;
        self.report = report;
        for (at, code) in late {
            let cells = rows.get(at).map(|(_, cells)| cells.as_slice()).unwrap_or_default();
            self.refusals.known(cells, code);
        }
        Ok(())
    }
}

/// A writer with a full queue is only busy: the import waits, the desk does not.
fn patiently<T>(mut work: impl FnMut() -> Result<T>) -> Result<T> {
    for _ in 1..TRIES {
        match work() {
            Err(Error::Busy) => std::thread::sleep(std::time::Duration::from_millis(100)),
            other => return other,
        }
    }
    work()
}

/// The report after a run, and which of its rows were left out at the last moment.
type Written = (Report, Vec<(usize, &'static str)>);

fn write_run(tx: &mut WriteTx<'_>, rows: &[Row], mut report: Report, floor: i64) -> Result<Audited<Written>> {
    let first = Origin::next(tx)?;
    let mut next =
        Origin { import_id: Some(report.import_id), record_number: first.record_number.max(floor), ..first };
    let mut late = Vec::new();
    for (at, (good, _)) in rows.iter().enumerate() {
        if let Some(code) = taken(tx, good)? {
            late.push((at, code));
            continue;
        }
        let record_number = good.record_number.unwrap_or(next.record_number);
        contacts::insert(tx, &good.fields, Origin { record_number, ..next })?;
        next.id += 1;
        next.record_number += i64::from(good.record_number.is_none());
        report.created += 1;
    }
    let known = late.iter().filter(|(_, code)| *code == "duplicate").count();
    report.duplicates += known;
    report.invalid += late.len() - known;
    if next.id > first.id {
        tx.record(Act::run::<ContactFields>("imported", first.id, next.id - 1));
    }
    let act = store::progress(tx, &report)?;
    tx.audited(act, (report, late))
}

/// Why a row cannot be written after all.
fn taken(tx: &ReadTx<'_>, good: &Good) -> Result<Option<&'static str>> {
    if let Some(cpf) = &good.fields.cpf
        && tx.number("select count(*) from contacts where cpf = ?1", [cpf.as_str()])? > 0
    {
        return Ok(Some("duplicate"));
    }
    let Some(number) = good.record_number else { return Ok(None) };
    Ok((tx.number("select count(*) from contacts where record_number = ?1", [number])? > 0)
        .then_some("taken"))
}
