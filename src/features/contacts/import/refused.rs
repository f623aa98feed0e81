//! The refused rows as a CSV file that can be mended and brought in again.
use super::{model::RowError, plan::Plan};
use crate::base::{Error, Result};

/// The refused rows with a last column that says why; with the mark by which spreadsheets know UTF-8.
pub fn file(plan: &Plan) -> Result<String> {
    let (headers, rows) = plan.refusals();
    let mut writer = csv::WriterBuilder::new().delimiter(b';').from_writer(Vec::from("\u{feff}"));
    let mut write = |cells: Vec<String>| writer.write_record(cells).map_err(Error::internal);
    write(headers.iter().map(|h| harmless(h)).chain(["Motivo".to_owned()]).collect())?;
    for (cells, errors) in rows {
        write(cells.iter().map(|c| harmless(c)).chain([reasons(errors)]).collect())?;
    }
    let bytes = writer.into_inner().map_err(Error::internal)?;
    String::from_utf8(bytes).map_err(Error::internal)
}

fn reasons(errors: &[RowError]) -> String {
    let one = |e: &RowError| format!("{}: {}", e.column, e.code).trim_start_matches(": ").to_owned();
    errors.iter().map(one).collect::<Vec<_>>().join(" | ")
}

/// A cell that a spreadsheet would run as a formula is kept as text by a leading apostrophe (OWASP, CSV injection). A foreign
/// telephone begins with `+` too and is left alone.
fn harmless(cell: &str) -> String {
    let number = cell
        .strip_prefix(['+', '-'])
        .is_some_and(|rest| rest.chars().all(|c| c.is_ascii_digit() || " ()-.".contains(c)));
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && !number {
        return format!("'{cell}");
    }
    cell.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_disarmed_and_numbers_left_alone() {
        for (cell, expected) in [
            ("=1+1", "'=1+1"),
            ("@x", "'@x"),
            ("-2+cmd|' /C calc'!A0", "'-2+cmd|' /C calc'!A0"),
            ("+351 912 345 678", "+351 912 345 678"),
            ("Ana", "Ana"),
        ] {
            assert_eq!(harmless(cell), expected);
        }
    }
}
