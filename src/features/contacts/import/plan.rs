//! What would become of each row: a new contact, someone who is there already, or a row with something wrong.
use std::collections::{BTreeMap, HashSet};

use super::{
    mapping,
    model::{Column, Outcome, RowError},
    read::{self, Sheet},
    rows::{self, Ready},
};
use crate::{
    base::{Result, text},
    db::ReadTx,
    features::{clinic, contacts::model::ContactFields},
};

/// Wrong cells told at once; the file of refused rows has all of them.
const MOST_ERRORS: usize = 200;

/// The file, understood and held against the clinic's register.
pub struct Plan {
    sheet: Sheet,
    columns: Vec<Column>,
    /// Rows to write.
    pub ready: Vec<Ready>,
    /// Rows whose person is there already, in the register or further up in the file.
    pub duplicates: usize,
    /// Rows with something wrong, with what is wrong.
    pub refused: Vec<(u64, Vec<RowError>)>,
}

/// Understands a file and looks at every row; writes nothing.
pub fn make(tx: &ReadTx<'_>, bytes: &[u8], said: &BTreeMap<String, Option<String>>) -> Result<Plan> {
    let sheet = read::sheet(bytes)?;
    let columns = mapping::columns(&sheet, said)?;
    let today = tx.now().day_in(&clinic::store::find(tx)?.zone());
    let mut known = Known::read(tx)?;
    let (mut ready, mut refused, mut duplicates) = (Vec::new(), Vec::new(), 0);
    for (line, cells) in &sheet.rows {
        match rows::read(*line, cells, &columns, today.0) {
            Ok(row) if known.has(&row.contact) => duplicates += 1,
            Ok(row) => match known.take(&row, &columns) {
                Ok(()) => ready.push(row),
                Err(error) => refused.push((*line, vec![error])),
            },
            Err(errors) => refused.push((*line, errors)),
        }
    }
    Ok(Plan { sheet, columns, ready, duplicates, refused })
}

impl Plan {
    /// Rows of the file.
    pub fn rows(&self) -> usize {
        self.sheet.rows.len()
    }

    /// What is told of it.
    pub fn outcome(&self, import_id: Option<i64>) -> Outcome {
        let errors: Vec<RowError> =
            self.refused.iter().flat_map(|(_, errors)| errors).take(MOST_ERRORS).cloned().collect();
        Outcome {
            import_id,
            columns: self.columns.clone(),
            fields: mapping::FIELDS.to_vec(),
            delimiter: char::from(self.sheet.delimiter).to_string(),
            encoding: self.sheet.encoding,
            rows: self.rows(),
            ready: self.ready.len(),
            duplicates: self.duplicates,
            invalid: self.refused.len(),
            has_error_file: !self.refused.is_empty(),
            errors,
        }
    }

    /// The headers, and each refused row with its cells and what is wrong.
    pub fn refusals(&self) -> (&[String], impl Iterator<Item = (&[String], &[RowError])>) {
        let mut next = self.sheet.rows.iter();
        let rows = self.refused.iter().filter_map(move |(line, errors)| {
            let (_, cells) = next.by_ref().find(|(at, _)| at == line)?;
            Some((cells.as_slice(), errors.as_slice()))
        });
        (&self.sheet.headers, rows)
    }
}

/// By what a person is known to be there already: CPF or CNS, else name and birth date, else name and telephone.
struct Known {
    numbers: HashSet<String>,
    people: HashSet<String>,
    records: HashSet<i64>,
}

impl Known {
    fn read(tx: &ReadTx<'_>) -> Result<Self> {
        let mut known = Self { numbers: HashSet::new(), people: HashSet::new(), records: HashSet::new() };
        let sql = "select cpf, cns, name, birth_date, phone, record_number from contacts";
        let rows = tx.all(sql, [], |r| {
            let text = |at: usize| r.get::<_, Option<String>>(at);
            Ok(([text(0)?, text(1)?], r.get::<_, String>(2)?, [text(3)?, text(4)?], r.get::<_, i64>(5)?))
        })?;
        for (numbers, name, more, record) in rows {
            known.numbers.extend(numbers.into_iter().flatten());
            let name = text::fold(&name);
            known.people.extend(more.into_iter().flatten().map(|with| format!("{name}\n{with}")));
            known.records.insert(record);
        }
        Ok(known)
    }

    fn keys(contact: &ContactFields) -> (Vec<String>, Vec<String>) {
        let cpf = contact.cpf.as_ref().map(|n| n.as_str().to_owned());
        let cns = contact.cns.as_ref().map(|n| n.as_str().to_owned());
        let born = contact.birth_date.map(|day| day.to_string());
        let phone = contact.phone.as_ref().map(|n| n.as_str().to_owned());
        let name = text::fold(&contact.name);
        let people = [born, phone].into_iter().flatten().map(|with| format!("{name}\n{with}")).collect();
        ([cpf, cns].into_iter().flatten().collect(), people)
    }

    fn has(&self, contact: &ContactFields) -> bool {
        let (numbers, people) = Self::keys(contact);
        numbers.iter().any(|n| self.numbers.contains(n)) || people.iter().any(|p| self.people.contains(p))
    }

    /// Notes a new person; a record number somebody else has is an error of the row.
    fn take(&mut self, row: &Ready, columns: &[Column]) -> std::result::Result<(), RowError> {
        if let Some(number) = row.record_number
            && !self.records.insert(number)
        {
            let header = columns.iter().find(|c| c.field == Some("record_number")).map(|c| c.header.clone());
            let column = header.unwrap_or_default();
            return Err(RowError { line: row.line, column, code: "taken".into(), value: number.to_string() });
        }
        let (numbers, people) = Self::keys(&row.contact);
        self.numbers.extend(numbers);
        self.people.extend(people);
        Ok(())
    }
}
