//! The dry run: what would happen to every row, without writing any.
use super::{
    judge::{Judge, Verdict},
    mapping::Mapping,
    model::{Check, Column, Problem},
    read::{Line, MOST_ERRORS, Sheet},
    rows::Wrong,
    targets::TARGETS,
};
use crate::{
    base::{Error, Result},
    db::ReadTx,
};

/// Cells shown of each column.
const SAMPLE: usize = 3;

/// What would happen if the sheet were brought in. That no column is known to hold names is no error of the sheet here: a
/// person may still say which one does.
pub fn check(tx: &ReadTx<'_>, sheet: &Sheet, mapping: &Mapping) -> Result<Check> {
    let mut check = Check {
        columns: columns(sheet, mapping),
        fields: TARGETS.iter().map(|target| target.field).collect(),
        delimiter: sheet.delimiter().to_string(),
        encoding: sheet.encoding,
        rows: sheet.rows,
        ..Check::default()
    };
    mapping.check_header(&sheet.header)?;
    if let Err(Error::BadFile(errors)) = mapping.check(&sheet.header) {
        check.invalid = sheet.rows;
        check.errors = errors
            .into_iter()
            .map(|e| Problem { line: e.line, column: e.column, code: e.code, value: String::new() })
            .collect();
        return Ok(check);
    }
    let mut known = Vec::new();
    let mut judge = Judge::of_clinic(tx, mapping)?;
    for line in sheet.lines() {
        match judge.judge(&line) {
            Verdict::New(_) => check.ready += 1,
            Verdict::Known(code) => {
                check.duplicates += 1;
                let row = Problem {
                    line: line.number,
                    column: String::new(),
                    code,
                    value: name_in(&line, mapping),
                };
                known.extend((known.len() < MOST_ERRORS).then_some(row));
            }
            Verdict::Refused(wrong) => {
                check.invalid += 1;
                check.errors.extend(wrong.iter().map(|w| problem(w, &line, sheet)));
                check.errors.truncate(MOST_ERRORS);
            }
        }
    }
    let room = MOST_ERRORS.saturating_sub(check.errors.len());
    check.errors.extend(known.into_iter().take(room));
    check.errors.sort_by_key(|problem| problem.line);
    check.has_error_file = check.invalid + check.duplicates > 0;
    Ok(check)
}

fn columns(sheet: &Sheet, mapping: &Mapping) -> Vec<Column> {
    let first: Vec<Line> = sheet.lines().take(SAMPLE).collect();
    let sample = |at: usize| first.iter().filter_map(|line| line.cells.get(at).cloned()).collect();
    let columns = sheet.header.iter().zip(&mapping.fields).enumerate();
    columns
        .map(|(at, (header, field))| Column { header: header.clone(), field: *field, sample: sample(at) })
        .collect()
}

fn problem(wrong: &Wrong, line: &Line, sheet: &Sheet) -> Problem {
    let cell = |cells: &[String]| wrong.column.and_then(|at| cells.get(at).cloned());
    Problem {
        line: line.number,
        column: cell(&sheet.header).unwrap_or_else(|| wrong.field.clone()),
        code: wrong.code,
        value: cell(&line.cells).unwrap_or_default(),
    }
}

fn name_in(line: &Line, mapping: &Mapping) -> String {
    mapping.column_of("name").and_then(|at| line.cells.get(at).cloned()).unwrap_or_default()
}
