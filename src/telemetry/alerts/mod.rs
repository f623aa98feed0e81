//! Alerts: rules as data, and a board that says which of them hold. Nothing here asks a clock or a machine: figures and times
//! come in, changes come out, so that a test can let months go by.
mod board;
mod memory;
mod rules;
#[cfg(test)]
mod board_tests;

pub use board::{Acknowledged, Alert, Board, Change, Figure, State};
pub use rules::{Bound, Rule, RuleName, Severity, Unit, rule, rules};
