//! Every test of the program over its own interfaces: in process over HTTP, on real encrypted files, with two clinics; and
//! in a real browser.
mod support;

mod browser;
mod sessions;
mod team;
mod types;
