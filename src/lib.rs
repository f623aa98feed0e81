//! TaskMed: the clinic in one file.
//!
//! The map, from the bottom up. Arrows only go down: a layer uses only layers above it in this list.
//!
//! - [`base`]: errors, ids, clock, text, Brazilian numbers. No I/O, no framework.
//! - [`demo`]: a made-up clinic out of a number, as pure as base.
//! - [`web`]: the only HTTP: routes, bodies, replies, problems, assets, events, TLS, OpenAPI.
pub mod base;
pub mod demo;
pub mod web;
