//! The only HTTP of TaskMed.
pub mod edge;
