//! TaskMed: the clinic in one file.
//!
//! The map, from the bottom up. Arrows only go down: a layer uses only layers above it in this list.
//!
//! - [`base`]: errors, ids, clock, text, Brazilian numbers. No I/O, no framework.
//! - [`web`]: the only HTTP: routes, bodies, replies, problems, assets, events, TLS, OpenAPI.
pub mod access;
pub mod base;
pub mod db;
pub mod features;
pub mod web;
