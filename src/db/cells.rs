//! The cells of a row, taken one after the other in the order of the query. By name SQLite is asked for the name of every column
//! for each of them: of a patient's thirty cells that costs more than everything else about the row.
use std::str::FromStr;

use rusqlite::{Error, Result, Row, types::FromSql};
use serde::de::DeserializeOwned;

use crate::base::{Choice, Stamp};

/// Takes cells from the first on.
pub struct Cells<'r, 's> {
    row: &'r Row<'s>,
    next: usize,
}

impl<'r, 's> Cells<'r, 's> {
    /// The cells of `row`.
    pub fn of(row: &'r Row<'s>) -> Self {
        Self { row, next: 0 }
    }

    /// The first four columns of every record's query: `id, version, created_at, updated_at`.
    pub fn stamp(&mut self) -> Result<Stamp> {
        Ok(Stamp {
            id: self.take()?,
            version: self.take()?,
            created_at: self.take()?,
            updated_at: self.take()?,
        })
    }

    /// The next cell as it is.
    pub fn take<T: FromSql>(&mut self) -> Result<T> {
        let at = self.pass();
        self.row.get(at)
    }

    /// A checked text, as a CPF; a text that no longer passes its check reads as absent.
    pub fn parsed<T: FromStr>(&mut self) -> Result<Option<T>> {
        Ok(self.text()?.and_then(|text| text.parse().ok()))
    }

    /// A code of a fixed list.
    pub fn choice<T: Choice>(&mut self) -> Result<T> {
        self.optional_choice()?.ok_or(Error::InvalidQuery)
    }

    /// A code of a fixed list, or nothing.
    pub fn optional_choice<T: Choice>(&mut self) -> Result<Option<T>> {
        Ok(self.text()?.and_then(T::from_code))
    }

    /// A JSON text.
    pub fn json<T: DeserializeOwned + Default>(&mut self) -> Result<T> {
        Ok(self.text()?.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default())
    }

    fn text(&mut self) -> Result<Option<&'r str>> {
        let at = self.pass();
        Ok(self.row.get_ref(at)?.as_str_or_null()?)
    }

    fn pass(&mut self) -> usize {
        self.next += 1;
        self.next - 1
    }
}
