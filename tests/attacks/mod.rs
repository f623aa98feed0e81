//! Attacks over the API, in process: at the door, with words that mean something to a database, with paths, sheets and bodies.
mod bodies;
mod door;
mod paths;
mod sheets;
mod words;
