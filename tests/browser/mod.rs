//! The program as people meet it: the real executable in a real browser, every goal of the UI a test.
mod api;
mod clinic;
mod driver;
mod hands;
mod page;
mod program;
mod target;
mod watch;

mod first_run;
mod harness;
