//! Conditions put together from what was asked for. Only those stand in the SQL, so that SQLite picks the index that fits them.
use super::Value;

/// The conditions of a query and their values.
#[derive(Debug, Default)]
pub struct Filter {
    sql: String,
    values: Vec<Value>,
}

impl Filter {
    /// Adds `condition`, which holds one `?`, if there is a value for it. Conditions are written in the program, never asked for.
    pub fn and(&mut self, condition: &'static str, value: Option<impl Into<Value>>) {
        if let Some(value) = value {
            self.and_all(condition, [value.into()]);
        }
    }

    /// Adds `condition` with a value for each of its `?`.
    pub fn and_all(&mut self, condition: &'static str, values: impl IntoIterator<Item = Value>) {
        self.sql.push_str(if self.sql.is_empty() { " where " } else { " and " });
        self.sql.push_str(condition);
        self.values.extend(values);
    }

    /// The `where` part, empty when nothing was added, and its values.
    pub fn into_parts(self) -> (String, Vec<Value>) {
        (self.sql, self.values)
    }
}
