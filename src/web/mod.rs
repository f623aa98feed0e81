//! The only HTTP of TaskMed: the route table and what its handlers take and answer, problems, events, assets, TLS, OpenAPI.
//! Only this layer knows poem; features see the types re-exported here.
pub mod admission;
pub mod arguments;
pub mod assets;
pub mod context;
pub mod docs;
pub mod edge;
mod either;
pub mod events;
mod incoming;
pub mod in_flight;
pub mod paged;
pub mod openapi;
#[cfg(feature = "otel")]
pub mod otel;
pub mod outgoing;
pub mod operation;
pub mod problem;
pub mod problems;
pub mod recall;
pub mod repeatable;
pub mod replies;
pub mod route;
pub mod server;
pub mod smtp;
pub mod streamed;
pub mod trace;

pub use admission::{May, Own, Public};
pub use arguments::{Body, Here, IfMatch, Patch, Path, Program, Query, Upload};
pub use context::{Context, Machine};
pub use either::Either;
pub use in_flight::Weight;
pub use incoming::Incoming;
pub use paged::Paged;
pub use repeatable::{Accepted, Acted, Created, Tagged, ToldOnce};
pub use replies::{Cached, Done, Fixed, Json, Record, Text, Versioned, WithSession, WithStatus};
pub use route::{Route, delete, get, patch, post};
pub use streamed::Streamed;
pub use trace::Reads;
