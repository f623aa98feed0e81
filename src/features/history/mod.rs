//! What a record was before: who changed what from what to what, and when. Whoever may read the record may read this; each
//! feature says which of its columns are shown and as what.
pub mod model;
pub mod store;
