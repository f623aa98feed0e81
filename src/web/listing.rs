//! A page of records of people: as a list, and with how many there are for the trail.
use poem::{Response, http::StatusCode};
use schemars::JsonSchema;
use serde::Serialize;

use super::{
    operation::Operation,
    replies::{Asked, Reply, json},
    trace::Found,
};
use crate::base::{Page, Result};

/// Records of people, a page of them: the trail keeps how many there were.
#[derive(Debug)]
pub struct Listing<T>(pub Page<T>);

impl<T: Serialize + JsonSchema> Reply for Listing<T> {
    fn reply(self, _: &Asked) -> Result<Response> {
        let found = Found(self.0.items.len());
        json(StatusCode::OK, &self.0).map(|mut response| {
            response.set_data(found);
            response
        })
    }

    fn describe(operation: &mut Operation) {
        operation.answers::<Page<T>>(200, "As asked.");
    }
}
