//! What would become of each row: written, known already, or refused with reasons. Writes nothing.
use super::{
    known::Known,
    mapping::Mapping,
    read::Line,
    rows::{Good, Reader, Wrong},
};
use crate::{
    base::{Instant, Result},
    db::ReadTx,
    features::clinic,
};

/// The verdict on one row.
#[derive(Debug)]
pub enum Verdict {
    /// To be written.
    New(Box<Good>),
    /// Known to the clinic (`duplicate`) or to an earlier row (`duplicate_in_file`).
    Known(&'static str),
    /// Refused for these reasons.
    Refused(Vec<Wrong>),
}

/// Judges the rows of one file, in order.
pub struct Judge<'a> {
    reader: Reader<'a>,
    known: Known,
}

impl<'a> Judge<'a> {
    /// A judge who knows the clinic's register.
    pub fn of_clinic(tx: &ReadTx<'_>, mapping: &'a Mapping) -> Result<Self> {
        let now: Instant = tx.now();
        let today = now.day_in(&clinic::store::find(tx)?.zone());
        Ok(Self { reader: Reader { mapping, now, today }, known: Known::to_clinic(tx)? })
    }

    /// What becomes of a row.
    pub fn judge(&mut self, line: &Line) -> Verdict {
        let good = match self.reader.read(line) {
            Ok(good) => good,
            Err(wrong) => return Verdict::Refused(wrong),
        };
        if let Some(code) = self.known.meet(&good.fields) {
            return Verdict::Known(code);
        }
        match good.record_number {
            Some(number) if !self.known.take_number(number) => Verdict::Refused(vec![self.taken()]),
            _ => Verdict::New(Box::new(good)),
        }
    }

    fn taken(&self) -> Wrong {
        let column = self.reader.mapping.column_of("record_number");
        Wrong { column, field: "record_number".into(), code: "taken" }
    }
}
