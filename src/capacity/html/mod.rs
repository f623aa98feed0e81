//! The report as one page.
use super::{report::Report, results::Compared};

/// The page.
pub fn page(_report: &Report, _compared: Option<&Compared>) -> String {
    String::new()
}
