//! The measurement of what a computer carries: that its engine tells the truth, that the whole of it runs, what its page looks
//! like, and what the measured limit does.
mod admission;
mod command;
mod overload;
mod page;
mod truth;
