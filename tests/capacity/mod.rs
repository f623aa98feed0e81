//! The measurement of what a computer carries: that its engine tells the truth, that the whole of it runs, and what the measured
//! limit does.
mod admission;
mod command;
mod overload;
mod truth;
