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

/// The program's own allocator: what is measured here is what the program takes.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

mod agenda;
mod appointments;
mod architecture;
#[cfg(target_os = "linux")]
mod attacks;
mod audit;
mod backups;
mod browser;
mod canaries;
mod capacity;
mod contract;
mod calendars;
mod demonstration;
mod docs;
mod faults;
mod fence;
mod visits;
mod freshness;
mod health;
mod history;
mod import;
mod isolation;
#[cfg(target_os = "linux")]
mod jump;
mod clock;
mod contacts;
mod contacts_speed;
mod damage;
mod power;
mod disk;
mod live;
mod measure;
mod measure_watching;
mod messages;
mod observability;
mod openapi;
mod order;
#[cfg(feature = "otel")]
mod otel;
mod recall;
mod restored;
mod redaction;
mod routes;
mod schema;
mod sessions;
mod setup;
#[cfg(target_os = "linux")]
mod siege;
mod storage;
mod team;
mod trail;
mod types;
