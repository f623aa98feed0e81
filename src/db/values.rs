//! How the program's own types stand in columns.
use std::str::FromStr;

use rusqlite::{
    RowIndex,
    types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef},
};

use crate::base::{Choice, Day, Id, Instant, Stamp};

impl ToSql for Instant {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::from(self.0))
    }
}

impl FromSql for Instant {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        value.as_i64().map(Self)
    }
}

impl ToSql for Day {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::from(self.to_string()))
    }
}

impl FromSql for Day {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        value.as_str()?.parse().map_err(|()| FromSqlError::InvalidType)
    }
}

impl<T> ToSql for Id<T> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::from(self.number()))
    }
}

impl<T> FromSql for Id<T> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        value.as_i64().map(Self::new)
    }
}

/// The first four columns of every record query: `id, version, created_at, updated_at`.
pub fn stamp(row: &rusqlite::Row<'_>) -> rusqlite::Result<Stamp> {
    Ok(Stamp { id: row.get(0)?, version: row.get(1)?, created_at: row.get(2)?, updated_at: row.get(3)? })
}

/// A column that holds a code of a fixed list.
pub fn choice<T: Choice>(row: &rusqlite::Row<'_>, column: impl RowIndex) -> rusqlite::Result<T> {
    optional_choice(row, column)?.ok_or(rusqlite::Error::InvalidQuery)
}

/// A column that holds a code of a fixed list, or nothing.
pub fn optional_choice<T: Choice>(
    row: &rusqlite::Row<'_>,
    column: impl RowIndex,
) -> rusqlite::Result<Option<T>> {
    Ok(row.get_ref(column)?.as_str_or_null()?.and_then(T::from_code))
}

/// A column that holds a checked text, as a CPF; a text that no longer passes its check reads as absent.
pub fn parsed<T: FromStr>(row: &rusqlite::Row<'_>, column: &str) -> rusqlite::Result<Option<T>> {
    let text: Option<String> = row.get(column)?;
    Ok(text.and_then(|text| text.parse().ok()))
}
