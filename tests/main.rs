//! Every test of the program over its own interfaces: in process over HTTP, on real encrypted files, with two clinics.
mod support;

mod demonstration;
mod sessions;
mod team;
