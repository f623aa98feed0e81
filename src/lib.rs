//! TaskMed: the clinic in one file.
//!
//! The map, from the top down. Arrows only go down: a layer uses only the layers below it in this list.
//!
//! - [`cli`]: the command line, over [`app`], which wires everything and owns nothing; [`config`] holds this machine's settings.
//! - [`measure`]: what this computer carries, measured from outside on a scratch copy of the program.
//! - [`features`]: what TaskMed does, one folder each.
//! - [`web`]: the only HTTP: routes, bodies, replies, problems, assets, events, TLS, OpenAPI.
//! - [`backup`]: copies of a clinic on another disk, and the way back.
//! - [`access`]: who may: roles, permissions, sessions, grants.
//! - [`db`]: the only SQLite: clinic files, transactions, writer, readers, trail, history, cache, schema.
//! - [`telemetry`]: logs; used by all, knows none.
//! - [`demo`]: a made-up clinic out of a number, as pure as base.
//! - [`base`]: errors, ids, time, text, Brazilian numbers. No I/O, no framework.
pub mod access;
pub mod app;
pub mod backup;
pub mod base;
pub mod cli;
pub mod config;
pub mod db;
pub mod demo;
pub mod features;
pub mod measure;
pub mod telemetry;
pub mod web;
