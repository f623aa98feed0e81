//! The only HTTP of TaskMed.
