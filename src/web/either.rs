//! For a route that answers one of two things, as the dry run of an act and the act.
use poem::Response;

use super::{
    operation::Operation,
    replies::{Asked, Reply},
};
use crate::base::Result;

/// One of two replies.
#[derive(Debug)]
pub enum Either<A, B> {
    /// The first.
    First(A),
    /// The second.
    Second(B),
}

impl<A: Reply, B: Reply> Reply for Either<A, B> {
    fn reply(self, asked: &Asked) -> Result<Response> {
        match self {
            Self::First(reply) => reply.reply(asked),
            Self::Second(reply) => reply.reply(asked),
        }
    }

    fn describe(operation: &mut Operation) {
        A::describe(operation);
        B::describe(operation);
    }
}
