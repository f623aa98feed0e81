//! Every test of the program over its own interfaces: in process over HTTP, on real encrypted files, with two clinics.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]
mod support;

mod architecture;
mod contacts;
mod contacts_speed;
mod live;
mod openapi;
mod routes;
mod schema;
mod sessions;
mod setup;
mod storage;
mod team;
