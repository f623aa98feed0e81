//! Lists a page at a time: an opaque cursor, a limit, and whether there is more.
use schemars::JsonSchema;
use serde::Serialize;

/// One page of a list. `next` goes back as `cursor` for the page after it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Page<T> {
    /// The rows of this page.
    pub items: Vec<T>,
    /// Opaque cursor of the next page; null at the end.
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// A list that is always whole.
    pub fn whole(items: Vec<T>) -> Self {
        Self { items, next: None }
    }

    /// Cuts `items`, read with one row more than `limit`, to a page; `cursor` tells the mark of the last row kept.
    pub fn cut(mut items: Vec<T>, limit: usize, cursor: impl Fn(&T) -> String) -> Self {
        let more = items.len() > limit;
        items.truncate(limit);
        let next = if more { items.last().map(cursor) } else { None };
        Self { items, next }
    }
}
