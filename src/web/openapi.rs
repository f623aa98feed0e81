//! The OpenAPI 3.1 document, written from the route table.
use schemars::{SchemaGenerator, generate::SchemaSettings};
use serde_json::{Map, Value, json};

use super::route::Route;

/// The document for `routes`.
pub fn document(routes: &[Route]) -> Value {
    let settings = SchemaSettings::draft2020_12().with(|s| {
        s.definitions_path = "/components/schemas".into();
        s.meta_schema = None;
    });
    let mut schemas: SchemaGenerator = settings.into_generator();
    let mut paths: Map<String, Value> = Map::new();
    for route in routes {
        let (operation, generator) = operation(route, schemas);
        schemas = generator;
        let path = paths.entry(route.path).or_insert_with(|| json!({}));
        if let Some(methods) = path.as_object_mut() {
            methods.insert(route.method.as_str().to_lowercase(), operation);
        }
    }
    let mut definitions = schemas.take_definitions(true);
    let other = definitions.insert("Problem".into(), problem());
    debug_assert!(other.is_none(), "an answer's type is named as the errors are");
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "TaskMed", "version": env!("CARGO_PKG_VERSION"),
            "description": "The clinic in one file. Times are RFC 3339 in UTC, money is integer centavos, enumerations are English codes.",
            "license": { "name": "MIT", "identifier": "MIT" },
        },
        "servers": [{ "url": "/" }],
        "security": [{ "session": [] }],
        "paths": paths,
        "components": {
            "schemas": definitions,
            "securitySchemes": { "session": { "type": "apiKey", "in": "cookie", "name": "taskmed_session" } },
            "responses": { "Problem": {
                "description": "What went wrong (RFC 9457).",
                "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } },
            } },
        },
    })
}

fn operation(route: &Route, schemas: SchemaGenerator) -> (Value, SchemaGenerator) {
    let made = route.operation(schemas);
    let mut parameters = made.parameters;
    if made.names_clinic {
        let schema = json!({ "type": "integer", "format": "int64", "minimum": 1 });
        parameters.push(json!({ "name": "clinic_id", "in": "query", "required": true, "schema": schema }));
    }
    let responses: Map<String, Value> = made.responses.into_iter().map(|(s, r)| (s.to_string(), r)).collect();
    let security = if made.access == "public" { json!([]) } else { json!([{ "session": [] }]) };
    let mut operation = json!({
        "operationId": operation_id(route), "summary": route.summary, "tags": [tag(route.path)],
        "x-permission": made.access, "parameters": parameters, "responses": responses,
        "security": security,
    });
    if let Some((body, members)) = made.body.zip(operation.as_object_mut()) {
        members.insert("requestBody".into(), body);
    }
    (operation, made.schemas)
}

fn operation_id(route: &Route) -> String {
    let words = route.path.split(['/', '{', '}', '.', '-']).filter(|w| !w.is_empty() && *w != "api");
    let path: Vec<&str> = words.collect();
    format!("{}_{}", route.method.as_str().to_lowercase(), path.join("_"))
}

/// The first word of a path, after `/api/`.
pub(super) fn tag(path: &str) -> &str {
    let mut parts =
        path.trim_start_matches("/api/").split('/').filter(|p| !p.is_empty() && !p.starts_with('{'));
    parts.next().unwrap_or("program")
}

fn problem() -> Value {
    let text = json!({ "type": "string" });
    json!({
        "type": "object",
        "required": ["type", "status", "code", "request_id"],
        "properties": {
            "type": text, "title": text, "status": { "type": "integer" }, "code": text, "request_id": text,
            "errors": { "type": "array", "items": { "type": "object", "required": ["code"], "properties": {
                "pointer": text, "line": { "type": "integer" }, "column": text, "code": text,
            } } },
        },
    })
}
