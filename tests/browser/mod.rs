//! The program as people meet it: the real executable in a real browser, every goal of the UI a test.
pub mod api;
mod axe;
mod budgets;
mod busy_day;
mod clinic;
mod contacts;
mod driver;
mod effort;
mod foreign;
mod hands;
mod over;
mod page;
pub mod program;
mod scripts;
mod speed;
mod target;
mod walk;
mod watch;

mod agenda;
mod audit;
mod first_run;
mod harness;
mod health;
mod live;
mod measured;
mod measuring;
mod pictures;
