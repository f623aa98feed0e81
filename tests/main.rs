//! Every test of the program over its own interfaces: in process over HTTP, on real encrypted files, with two clinics.
mod support;

mod agenda;
mod appointments;
mod calendars;
mod measure;
mod sessions;
mod team;
