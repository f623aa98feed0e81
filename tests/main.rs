//! Every test of the program over its own interfaces: in process over HTTP, on real encrypted files, with two clinics.
mod support;

mod appointments;
mod sessions;
mod team;
