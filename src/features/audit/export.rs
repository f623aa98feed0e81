//! The trail as a file, written while it is sent: CSV for spreadsheets, or a JSON object a line.
use std::time::{Duration, Instant};

use csv::Writer;
use tokio::time::sleep;

use super::{
    model::{Entry, Format, Wanted},
    store,
};
use crate::{
    access::{Grant, permissions::ViewAudit},
    base::{Choice, Error, Result, text::guarded},
    db::ReadTx,
    web::streamed::Pen,
};

/// Entries read and written at a time: less than a millisecond of work.
const ROWS: i64 = 200;

/// The longest rest between two of these.
const REST: Duration = Duration::from_millis(20);

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
        let head = [b"\xef\xbb\xbf".to_vec(), rows([HEADER.map(str::to_owned)])?].concat();
        pen.write(head).await;
    }
    let mut done = 0;
    loop {
        let (wanted, begun) = (wanted.clone(), Instant::now());
        let next = grant.read(move |tx| piece(tx, &wanted, (done, upto), format)).await?;
        let worked = begun.elapsed();
        let Some((last, piece)) = next else { return Ok(()) };
        done = last;
        if !pen.write(piece).await {
            return Ok(());
        }
        // Whoever works beside it is not slowed down: it takes half of one processor at most.
        sleep(worked.min(REST)).await;
    }
}

/// The next entries as the file has them, and the number of the last one; none at the end.
fn piece(
    tx: &ReadTx<'_>,
    wanted: &Wanted,
    between: (i64, i64),
    format: Format,
) -> Result<Option<(i64, Vec<u8>)>> {
    let entries = store::after(tx, wanted, between, ROWS)?;
    let Some(last) = entries.last().map(|entry| entry.seq) else { return Ok(None) };
    let written = match format {
        Format::Csv => rows(entries.iter().map(cells))?,
        Format::Jsonl => lines(&entries)?,
    };
    Ok(Some((last, written)))
}

fn lines(entries: &[Entry]) -> Result<Vec<u8>> {
    let mut lines = Vec::new();
    for entry in entries {
        serde_json::to_writer(&mut lines, entry).map_err(Error::internal)?;
        lines.push(b'\n');
    }
    Ok(lines)
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

fn rows(rows: impl IntoIterator<Item = [String; 15]>) -> Result<Vec<u8>> {
    let mut writer = Writer::from_writer(Vec::new());
    for cells in rows {
        writer.write_record(cells.iter().map(|cell| guarded(cell))).map_err(Error::internal)?;
    }
    writer.into_inner().map_err(Error::internal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_that_a_spreadsheet_would_calculate_is_a_text() {
        let mut cells: [String; 15] = Default::default();
        for (cell, text) in cells.iter_mut().zip(["=HYPERLINK(\"http://x\")", "+1", "@a", "Ana"]) {
            text.clone_into(cell);
        }
        let written = String::from_utf8(rows([cells]).unwrap()).unwrap();
        assert_eq!(written, format!("\"'=HYPERLINK(\"\"http://x\"\")\",'+1,'@a,Ana{}\n", ",".repeat(11)));
    }
}
