//! The trail as a file, written while it is sent: CSV for spreadsheets, or a JSON object a line.
use csv::Writer;

use super::{
    model::{Entry, Format, Wanted},
    store,
};
use crate::{
    access::{Grant, permissions::ViewAudit},
    base::{Choice, Error, Result, text::guarded},
    web::streamed::Pen,
};

/// Entries read at a time.
const ROWS: i64 = 1000;

const HEADER: [&str; 15] = [
    "seq",
    "at",
    "user_id",
    "user_name",
    "roles",
    "outcome",
    "verb",
    "entity",
    "entity_id",
    "last_id",
    "columns",
    "origin",
    "request_id",
    "reason",
    "hash",
];

/// Media type and file ending of a format.
pub fn kind(format: Format) -> (&'static str, &'static str) {
    match format {
        Format::Csv => ("text/csv; charset=utf-8", "csv"),
        Format::Jsonl => ("application/jsonl", "jsonl"),
    }
}

/// Writes every entry wanted, as far as the trail went when it was asked for.
pub async fn write(grant: Grant<ViewAudit>, wanted: Wanted, pen: Pen) {
    if let Err(error) = pieces(&grant, &wanted, &pen).await {
        tracing::error!(%error, "the trail was not written to its end");
        pen.break_off(error).await;
    }
}

async fn pieces(grant: &Grant<ViewAudit>, wanted: &Wanted, pen: &Pen) -> Result<()> {
    let format = wanted.format.unwrap_or(Format::Csv);
    let upto = grant.read(store::newest).await?;
    if format == Format::Csv {
        // The mark is what Excel needs to read accents right.
        let head = [b"\xef\xbb\xbf".to_vec(), row(&HEADER.map(str::to_owned))?].concat();
        pen.write(head).await;
    }
    let mut done = 0;
    loop {
        let wanted = wanted.clone();
        let entries = grant.read(move |tx| store::after(tx, &wanted, (done, upto), ROWS)).await?;
        let Some(last) = entries.last() else { return Ok(()) };
        done = last.seq;
        let piece = entries.iter().map(|entry| line(format, entry)).collect::<Result<Vec<_>>>()?.concat();
        if !pen.write(piece).await {
            return Ok(());
        }
    }
}

fn line(format: Format, entry: &Entry) -> Result<Vec<u8>> {
    match format {
        Format::Csv => row(&cells(entry)),
        Format::Jsonl => {
            let mut line = serde_json::to_vec(entry).map_err(Error::internal)?;
            line.push(b'\n');
            Ok(line)
        }
    }
}

fn cells(e: &Entry) -> [String; 15] {
    let number = |n: Option<i64>| n.map(|n| n.to_string()).unwrap_or_default();
    [
        e.seq.to_string(),
        e.at.to_string(),
        number(e.user_id),
        e.user_name.clone().unwrap_or_default(),
        e.roles.join(" "),
        e.outcome.code().to_owned(),
        e.verb.clone(),
        e.entity.clone(),
        number(e.entity_id),
        number(e.last_id),
        e.columns.join(" "),
        e.origin.clone(),
        e.request_id.clone(),
        e.reason.clone(),
        e.hash.clone(),
    ]
}

fn row(cells: &[String]) -> Result<Vec<u8>> {
    let mut writer = Writer::from_writer(Vec::new());
    writer.write_record(cells.iter().map(|cell| guarded(cell))).map_err(Error::internal)?;
    writer.into_inner().map_err(Error::internal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_that_a_spreadsheet_would_calculate_is_a_text() {
        let written =
            row(&["=HYPERLINK(\"http://x\")".into(), "+1".into(), "@a".into(), "Ana".into()]).unwrap();
        assert_eq!(String::from_utf8(written).unwrap(), "\"'=HYPERLINK(\"\"http://x\"\")\",'+1,'@a,Ana\n");
    }
}
