//! Files of the right shape, and of every wrong one.
use proptest::prelude::*;

use super::*;

fn sheet(text: &str) -> Sheet {
    Sheet::open(text.as_bytes().to_vec()).unwrap()
}

fn refused(text: &str) -> Vec<String> {
    match Sheet::open(text.as_bytes().to_vec()) {
        Err(Error::BadFile(errors)) => {
            errors.iter().map(|e| format!("{} {} {}", e.line, e.column, e.code)).collect()
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn rows_keep_the_line_they_begin_in() {
    let read = sheet("\n\nnome;notas\r\n\r\nAna; x \r\n;\r\nBia;\"a\nb;c\"\n\nCaio;\"d \"\"e\"\"\"");
    let lines: Vec<_> = read.lines().map(|l| (l.number, l.cells.join("|"))).collect();
    let expected = [(5, "Ana|x"), (7, "Bia|a\nb;c"), (10, "Caio|d \"e\"")];
    assert_eq!(lines, expected.map(|(n, t)| (n, t.to_owned())));
    assert_eq!((read.rows, read.delimiter(), read.header), (3, ';', vec!["nome".into(), "notas".into()]));
}

#[test]
fn the_delimiter_is_the_one_the_header_uses() {
    for (text, mark) in [
        ("nome;cpf\nAna;1", ';'),
        ("nome,cpf\nAna,1", ','),
        ("nome\tcpf\nAna\t1", '\t'),
        ("nome;\"rua, numero, bairro\";cpf\nAna;x;1", ';'),
        ("nome;rua, numero;cpf\nAna;x;1", ';'),
    ] {
        assert_eq!(sheet(text).delimiter(), mark, "{text}");
    }
}

#[test]
fn empty_cells_past_the_header_are_forgiven() {
    let cells: Vec<_> = sheet("nome;cpf\nAna;1;;\n").lines().map(|l| l.cells).collect();
    assert_eq!(cells, [["Ana", "1"]]);
}

#[test]
fn a_wrong_shape_is_told_with_every_line() {
    assert_eq!(refused("nome|cpf\nAna|1"), ["1  unknown_delimiter"]);
    assert_eq!(refused("nome;cpf\n"), ["2  no_rows"]);
    assert_eq!(refused("nome;cpf\nAna;1;2\nBia\nCaio;3"), ["2  extra_columns", "3  missing_columns"]);
    assert_eq!(refused("nome;cpf\nAna;\"1\nBia;2"), ["2  bad_quotes"]);
    assert_eq!(refused("Nome;cpf;NOME\nAna;1;2"), ["1 NOME duplicate_header"]);
    let long = format!("nome;notas\nAna;{}", "x".repeat(40_000));
    assert_eq!(refused(&long), ["2 notas cell_too_large"]);
    let many = format!("a;b\n{}", "1;2\n".repeat(MOST_ROWS + 1));
    assert_eq!(refused(&many), [format!("{}  too_many_rows", MOST_ROWS + 2)]);
    assert_eq!(refused(&format!("a;b\n{}", "1\n".repeat(500))).len(), MOST_ERRORS);
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in "[a;,\t\"\n\r é]{0,60}") {
        if let Ok(sheet) = Sheet::open(text.into_bytes()) {
            prop_assert_eq!(sheet.lines().count(), sheet.rows);
            prop_assert!(sheet.lines().all(|l| l.cells.len() == sheet.header.len() && l.number > 0));
        }
    }

    #[test]
    fn what_is_written_is_read_back(rows in prop::collection::vec(prop::collection::vec("[a-z;,\"\n]{1,8}", 3), 1..6)) {
        let mut out = csv::WriterBuilder::new().delimiter(b';').from_writer(Vec::new());
        out.write_record(["x", "y", "z"]).unwrap();
        rows.iter().for_each(|row| out.write_record(row).unwrap());
        let read: Vec<_> = Sheet::open(out.into_inner().unwrap()).unwrap().lines().map(|l| l.cells).collect();
        let trimmed: Vec<Vec<String>> = rows.iter().map(|r| r.iter().map(|c| c.trim().to_owned()).collect()).collect();
        let kept: Vec<_> = trimmed.into_iter().filter(|r| r.iter().any(|c| !c.is_empty())).collect();
        prop_assert_eq!(read, kept);
    }
}
