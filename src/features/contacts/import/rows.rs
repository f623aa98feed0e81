//! From a row of texts to a contact: the same rules as for one typed by hand, after the ways of writing that spreadsheets have.
use jiff::civil::Date;
use serde_json::{Map, Value, json};

use super::model::{Column, RowError};
use crate::{
    base::{Error, dates, fields, text},
    features::contacts::model::ContactFields,
};

/// A good row.
#[derive(Debug, Clone)]
pub struct Ready {
    /// Its line in the file.
    pub line: u64,
    /// The contact.
    pub contact: ContactFields,
    /// Its number in the register the file comes from.
    pub record_number: Option<i64>,
}

/// Reads a row, or says every wrong cell of it.
pub fn read(line: u64, cells: &[String], columns: &[Column], today: Date) -> Result<Ready, Vec<RowError>> {
    let mut object = Map::new();
    let mut record_number = None;
    let mut errors = Vec::new();
    object.insert("source".into(), json!("import"));
    for (column, cell) in columns.iter().zip(cells) {
        let Some(field) = column.field else { continue };
        match field {
            "record_number" if cell.is_empty() => {}
            "record_number" => match cell.parse::<i64>().ok().filter(|n| (1..=999_999_999).contains(n)) {
                Some(number) => record_number = Some(number),
                None => errors.push(error(line, column, "type", cell)),
            },
            _ => put(&mut object, field, value(field, cell, today)),
        }
    }
    match fields::parse::<ContactFields>(&object) {
        Ok(contact) if errors.is_empty() => Ok(Ready { line, contact, record_number }),
        Ok(_) => Err(errors),
        Err(Error::Invalid(wrong)) => {
            errors.extend(
                wrong.iter().map(|e| at_its_column(line, e.pointer.as_str(), e.code, (columns, cells))),
            );
            Err(errors)
        }
        Err(_) => Err(vec![RowError {
            line,
            column: String::new(),
            code: "unreadable".into(),
            value: String::new(),
        }]),
    }
}

fn error(line: u64, column: &Column, code: &str, cell: &str) -> RowError {
    let value = cell.chars().take(60).collect();
    RowError { line, column: column.header.clone(), code: code.to_owned(), value }
}

/// The cell a field error is about; the row as a whole where there is no such column.
fn at_its_column(line: u64, pointer: &str, code: &'static str, table: (&[Column], &[String])) -> RowError {
    let path = pointer.trim_start_matches('/').replace('/', ".");
    let mut cells = table.0.iter().zip(table.1);
    let found = cells
        .find(|(column, _)| column.field.is_some_and(|f| path == f || path.starts_with(&format!("{f}."))));
    match found {
        Some((column, cell)) => error(line, column, code, cell),
        None => RowError { line, column: String::new(), code: code.to_owned(), value: String::new() },
    }
}

/// Puts a value at `address.city` into the object inside.
fn put(object: &mut Map<String, Value>, field: &str, value: Value) {
    match field.split_once('.') {
        None => drop(object.insert(field.to_owned(), value)),
        Some((outer, inner)) => {
            let nested = object.entry(outer).or_insert_with(|| json!({}));
            if let Some(members) = nested.as_object_mut() {
                members.insert(inner.to_owned(), value);
            }
        }
    }
}

/// A cell as the API would take it. What cannot be understood stays as it is, so that the usual check says what is wrong.
fn value(field: &str, cell: &str, today: Date) -> Value {
    if cell.is_empty() {
        return Value::Null;
    }
    match field {
        "birth_date" => dates::parse_until(cell, today.year())
            .map_or_else(|_| json!(cell), |date| json!(date.to_string())),
        "whatsapp" => yes_or_no(cell).map_or_else(|| json!(cell), |flag| json!(flag)),
        "sex" | "status" | "priority" | "source" => json!(code(field, cell).unwrap_or(cell)),
        "allergies" | "medications" => {
            let items: Vec<&str> =
                cell.split([';', ',', '|']).map(str::trim).filter(|item| !item.is_empty()).collect();
            json!(items)
        }
        _ => json!(cell),
    }
}

fn yes_or_no(cell: &str) -> Option<bool> {
    match text::fold(cell).as_str() {
        "sim" | "s" | "yes" | "y" | "true" | "verdadeiro" | "1" | "x" => Some(true),
        "nao" | "n" | "no" | "false" | "falso" | "0" => Some(false),
        _ => None,
    }
}

/// The code behind what people write in these columns.
fn code(field: &str, cell: &str) -> Option<&'static str> {
    Some(match (field, text::fold(cell).as_str()) {
        ("sex", "f" | "feminino" | "mulher" | "female") => "female",
        ("sex", "m" | "masculino" | "homem" | "male") => "male",
        ("sex", "i" | "intersexo" | "intersex") => "intersex",
        ("sex", "ignorado" | "nao informado" | "outro" | "unknown") => "unknown",
        ("status", "ativo" | "ativa" | "active") => "active",
        ("status", "inativo" | "inativa" | "inactive") => "inactive",
        ("status", "em tratamento" | "tratamento") => "in_treatment",
        ("status", "interessado" | "interessada" | "lead" | "contato") => "lead",
        ("priority", "baixa" | "low") => "low",
        ("priority", "normal" | "media") => "normal",
        ("priority", "alta" | "high") => "high",
        ("priority", "urgente" | "urgent") => "urgent",
        ("source", "indicacao" | "referral") => "referral",
        ("source", "whatsapp" | "zap") => "whatsapp",
        ("source", "site" | "internet" | "website") => "site",
        ("source", "balcao" | "presencial" | "walk in") => "walk_in",
        ("source", "outro" | "outros" | "other") => "other",
        _ => return None,
    })
}
