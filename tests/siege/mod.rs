//! The real program besieged over its own sockets: too many, too slow, too much, malformed, misdirected; with too few
//! descriptors, in a folder it may not write, and started many times at once.
mod crowd;
mod floods;
mod folder;
mod frames;
mod hosts;
mod malformed;
pub mod wire;
