//! Every test of the program over its own interfaces: in process over HTTP, on real encrypted files, with two clinics; and
//! as people meet it, in a real browser.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]
mod support;

mod agenda;
mod appointments;
mod architecture;
mod audit;
mod browser;
mod canaries;
mod capacity;
mod contract;
mod calendars;
mod demonstration;
mod docs;
mod faults;
mod freshness;
mod health;
mod history;
mod import;
mod isolation;
mod contacts;
mod contacts_speed;
mod damage;
mod disk;
mod live;
mod measure;
mod openapi;
mod routes;
mod schema;
mod sessions;
mod setup;
mod storage;
mod team;
mod trail;
mod types;
