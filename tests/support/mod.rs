//! The small world tests live in: two clinics on real encrypted files, a person of every role in each, and desks to ask from.
pub mod desk;
pub mod exposition;
pub mod file;
pub mod node;
pub mod post_office;
pub mod practice;
pub mod preload;
pub mod shift;
pub mod typist;
pub mod tools;
pub mod world;

pub use desk::{Answer, Desk};
pub use practice::Practice;
pub use world::World;
