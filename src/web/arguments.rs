//! What handlers take besides their admission: parts of the path, the query, the body, the version they read.
use std::sync::Arc;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::{Context, Incoming, operation::Operation};
use crate::base::{
    Clock, Error, Id, Input, Instant, Result,
    fields::{self, parse_words},
};

/// Something read from a request.
pub trait Argument: Sized + Send {
    /// Reads it, or says what is wrong.
    fn read(incoming: &mut Incoming) -> impl Future<Output = Result<Self>> + Send;
    /// Tells the OpenAPI document.
    fn describe(operation: &mut Operation);
}

/// The record named in the path, as `{id}`.
#[derive(Debug, Clone, Copy)]
pub struct Path<T>(pub T);

impl<T: Send> Argument for Path<Id<T>> {
    async fn read(incoming: &mut Incoming) -> Result<Self> {
        incoming.path("id").and_then(|text| text.parse().ok()).map(Self).ok_or(Error::NotFound("record"))
    }

    fn describe(operation: &mut Operation) {
        operation.path_parameter("id");
        operation.problems(&[404]);
    }
}

/// The words of the query string, read as fields of `T`.
#[derive(Debug)]
pub struct Query<T>(pub T);

impl<T: Input + JsonSchema> Argument for Query<T> {
    async fn read(incoming: &mut Incoming) -> Result<Self> {
        let words = incoming.query();
        words.remove("clinic_id");
        parse_words(words).map(Self)
    }

    fn describe(operation: &mut Operation) {
        let schema = inlining().into_root_schema_for::<T>().to_value();
        let required = schema.get("required").and_then(Value::as_array).cloned().unwrap_or_default();
        let properties = schema.get("properties").and_then(Value::as_object).cloned().unwrap_or_default();
        for (name, schema) in properties {
            let needed = required.iter().any(|r| r == &json!(name));
            operation.parameters.push(
                json!({ "name": name, "in": "query", "required": needed, "schema": without_null(schema) }),
            );
        }
        operation.problems(&[400, 422]);
    }
}

/// Parameters stand alone: their schemas refer to nothing.
fn inlining() -> schemars::SchemaGenerator {
    schemars::generate::SchemaSettings::draft2020_12()
        .with(|settings| settings.inline_subschemas = true)
        .into_generator()
}

/// A query parameter is left out, never null.
fn without_null(mut schema: Value) -> Value {
    if let Some(kinds) = schema.get("type").and_then(Value::as_array) {
        let kind = kinds.iter().find(|k| *k != "null").cloned().unwrap_or(json!("string"));
        if let Some(members) = schema.as_object_mut() {
            members.insert("type".into(), kind);
        }
    }
    schema
}

/// A new record, or an act: the whole JSON body.
#[derive(Debug)]
pub struct Body<T>(pub T);

impl<T: Input + JsonSchema> Argument for Body<T> {
    async fn read(incoming: &mut Incoming) -> Result<Self> {
        let now = incoming.context.clock().now();
        fields::parse_at(now, &object(incoming).await?).map(Self)
    }

    fn describe(operation: &mut Operation) {
        let schema = operation.schema_of::<T>();
        describe_body(operation, "application/json", &schema);
    }
}

/// A change of a record: only the fields to change. They are laid over the current record and the whole is checked by the
/// rules of a new one, so that there is one set of rules.
#[derive(Debug)]
pub struct Patch<T> {
    changes: Map<String, Value>,
    now: Instant,
    kind: std::marker::PhantomData<fn() -> T>,
}

impl<T: Input + Serialize> Patch<T> {
    /// The record as it would be, or every field that would be wrong. An object inside is laid over field by field.
    pub fn onto(&self, current: &T) -> Result<T> {
        let Value::Object(mut merged) = serde_json::to_value(current).map_err(Error::internal)? else {
            return Err(Error::internal("a record is a JSON object"));
        };
        for (name, value) in &self.changes {
            match (merged.get_mut(name), value) {
                (Some(Value::Object(inner)), Value::Object(changes)) => inner.extend(changes.clone()),
                _ => drop(merged.insert(name.clone(), value.clone())),
            }
        }
        fields::parse_at(self.now, &merged)
    }

    /// Whether the field is among the changes.
    pub fn has(&self, name: &str) -> bool {
        self.changes.contains_key(name)
    }

    /// A patch made in the program itself.
    pub fn of(changes: Map<String, Value>) -> Self {
        Self { changes, now: Clock::system().now(), kind: std::marker::PhantomData }
    }
}

impl<T: Input + JsonSchema> Argument for Patch<T> {
    async fn read(incoming: &mut Incoming) -> Result<Self> {
        let now = incoming.context.clock().now();
        Ok(Self { changes: object(incoming).await?, now, kind: std::marker::PhantomData })
    }

    fn describe(operation: &mut Operation) {
        let mut schema = schemars::SchemaGenerator::default().into_root_schema_for::<T>().to_value();
        if let Some(schema) = schema.as_object_mut() {
            schema.remove("required");
            schema.remove("$schema");
            for (name, definition) in
                schema.remove("$defs").and_then(|d| d.as_object().cloned()).unwrap_or_default()
            {
                operation.schemas.definitions_mut().entry(name).or_insert(definition);
            }
        }
        let text = schema.to_string().replace("#/$defs/", "#/components/schemas/");
        let schema = serde_json::from_str(&text).unwrap_or_default();
        describe_body(operation, "application/json", &schema);
    }
}

/// The program's context, for the few handlers that need more than their clinic.
pub struct Program(pub Arc<Context>);

impl Argument for Program {
    async fn read(incoming: &mut Incoming) -> Result<Self> {
        Ok(Self(Arc::clone(&incoming.context)))
    }

    fn describe(_: &mut Operation) {}
}

/// Nobody but this machine itself.
#[derive(Debug, Clone, Copy)]
pub struct Here;

impl Argument for Here {
    async fn read(incoming: &mut Incoming) -> Result<Self> {
        if incoming.peer().loopback { Ok(Self) } else { Err(Error::Forbidden("loopback")) }
    }

    fn describe(operation: &mut Operation) {
        operation.problems(&[403]);
    }
}

/// A file sent as the body, as it is.
#[derive(Debug)]
pub struct Upload(pub Vec<u8>);

impl Argument for Upload {
    async fn read(incoming: &mut Incoming) -> Result<Self> {
        match incoming.media_type().as_str() {
            "text/csv" | "application/octet-stream" | "text/plain" => {
                incoming.body().await.map(|b| Self(b.to_vec()))
            }
            _ => Err(Error::UnsupportedMediaType),
        }
    }

    fn describe(operation: &mut Operation) {
        describe_body(operation, "text/csv", &json!({ "type": "string", "format": "binary" }));
    }
}

/// The version of the record a person has seen: a write to a record someone changed since is refused.
#[derive(Debug, Clone, Copy)]
pub struct IfMatch(pub i64);

impl Argument for IfMatch {
    async fn read(incoming: &mut Incoming) -> Result<Self> {
        let header = incoming.header("if-match").ok_or(Error::PreconditionRequired)?;
        let tag = header.trim().strip_prefix('"').and_then(|t| t.strip_suffix('"'));
        // A tag this server never gave matches nothing.
        tag.and_then(|t| t.parse().ok()).map(Self).ok_or(Error::Stale)
    }

    fn describe(operation: &mut Operation) {
        operation.header_parameter("If-Match", true, "The ETag the record was read with.");
        operation.problems(&[412, 428]);
    }
}

async fn object(incoming: &mut Incoming) -> Result<Map<String, Value>> {
    if incoming.media_type() != "application/json" {
        return Err(Error::UnsupportedMediaType);
    }
    match serde_json::from_slice(incoming.body().await?) {
        Ok(Value::Object(object)) => Ok(object),
        _ => Err(Error::Malformed("malformed")),
    }
}

fn describe_body(operation: &mut Operation, media_type: &str, schema: &Value) {
    operation.body = Some(json!({ "required": true, "content": { media_type: { "schema": schema } } }));
    operation.problems(&[400, 413, 415, 422]);
}
