//! The contract between server and UI as types: written from the OpenAPI document, held against the UI's own by its type
//! checker (`tests/ui/contract.ts`).
use std::{collections::BTreeSet, fmt::Write, fs, path::Path};

use serde_json::{Map, Value};

use crate::support::World;

/// The file; another one is written by `TASKMED_WRITE_TYPES=1 cargo test contract`.
const FILE: &str = "assets/types/api.d.ts";

#[tokio::test(flavor = "multi_thread")]
async fn the_committed_types_are_those_of_the_api() {
    let document = World::empty().stranger().get("/openapi.json").await.expect(200);
    let types = write(&document);
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(FILE);
    if std::env::var_os("TASKMED_WRITE_TYPES").is_some_and(|wish| wish == "1") {
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, &types).unwrap();
    }
    let committed = fs::read_to_string(&file).unwrap_or_default().replace("\r\n", "\n");
    let differs = committed.lines().zip(types.lines()).find(|(old, new)| old != new);
    assert!(
        committed == types,
        "{FILE} is not what the API says, first at {differs:?}: run TASKMED_WRITE_TYPES=1 cargo test contract"
    );
}

/// The whole file: every answer, and every type that an answer is made of.
fn write(document: &Value) -> String {
    let schemas = document["components"]["schemas"].as_object().unwrap();
    let mut named = BTreeSet::from(["Problem".to_owned()]);
    let mut answers = String::new();
    for (request, operation) in operations(document) {
        let granted =
            operation["responses"].as_object().unwrap().iter().find(|(status, _)| status.starts_with('2'));
        if let Some(schema) =
            granted.and_then(|(_, answer)| answer.pointer("/content/application~1json/schema"))
        {
            references(schema, schemas, &mut named);
            writeln!(answers, "  '{request}': {};", kind(schema, "  ")).unwrap();
        }
    }
    let mut out = String::from(
        "// The API's answers, written by a test from the OpenAPI document: change the server, not this file.\n",
    );
    for name in named {
        let schema = &schemas[&name];
        describe(&mut out, "", schema);
        match schema["properties"].as_object() {
            Some(members) => writeln!(out, "export interface {name} {}", object(schema, members, "")),
            None => writeln!(out, "export type {name} = {};", kind(schema, "")),
        }
        .unwrap();
    }
    write!(
        out,
        "/** What each request answers when it is granted. */\nexport interface Answers {{\n{answers}}}\n"
    )
    .unwrap();
    out
}

/// Every schema that one is made of.
fn references(schema: &Value, schemas: &Map<String, Value>, named: &mut BTreeSet<String>) {
    match schema {
        Value::Object(members) => {
            for (key, value) in members {
                if let (true, Some(reference)) = (key == "$ref", value.as_str()) {
                    let name = reference.rsplit('/').next().unwrap();
                    if named.insert(name.to_owned()) {
                        references(&schemas[name], schemas, named);
                    }
                }
                references(value, schemas, named);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, schemas, named)),
        _ => {}
    }
}

/// Every operation as `GET /api/agenda`.
fn operations(document: &Value) -> impl Iterator<Item = (String, &Value)> {
    let paths = document["paths"].as_object().unwrap();
    paths.iter().flat_map(|(path, methods)| {
        let methods = methods.as_object().unwrap();
        methods
            .iter()
            .map(move |(method, operation)| (format!("{} {path}", method.to_uppercase()), operation))
    })
}

fn describe(out: &mut String, indent: &str, schema: &Value) {
    if let Some(text) = schema["description"].as_str() {
        let line = text.split_whitespace().collect::<Vec<_>>().join(" ").replace("*/", "* /");
        writeln!(out, "{indent}/** {line} */").unwrap();
    }
}

/// An object. Every member is in every answer, null where there is nothing; a problem has only what applies.
fn object(schema: &Value, members: &Map<String, Value>, indent: &str) -> String {
    let required: Vec<&str> =
        schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let is_problem = members.contains_key("code") && members.contains_key("title");
    let inner = format!("{indent}  ");
    let mut out = String::from("{\n");
    for (name, member) in members {
        describe(&mut out, &inner, member);
        let sure = !is_problem || required.contains(&name.as_str());
        writeln!(out, "{inner}{name}{}: {};", if sure { "" } else { "?" }, kind(member, &inner)).unwrap();
    }
    write!(out, "{indent}}}").unwrap();
    out
}

/// The type of a schema.
fn kind(schema: &Value, indent: &str) -> String {
    let all =
        |parts: &Value| parts.as_array().unwrap().iter().map(|part| kind(part, indent)).collect::<Vec<_>>();
    if let Some(reference) = schema["$ref"].as_str() {
        return reference.rsplit('/').next().unwrap().to_owned();
    }
    if let Some(value) = schema.get("const") {
        return value.to_string();
    }
    if let Some(values) = schema["enum"].as_array() {
        return values.iter().map(Value::to_string).collect::<Vec<_>>().join(" | ");
    }
    for alternatives in ["oneOf", "anyOf"] {
        if schema[alternatives].is_array() {
            return all(&schema[alternatives]).join(" | ");
        }
    }
    if schema["allOf"].is_array() {
        return all(&schema["allOf"]).join(" & ");
    }
    match &schema["type"] {
        Value::Array(names) => {
            names.iter().map(|name| named(name, schema, indent)).collect::<Vec<_>>().join(" | ")
        }
        name => named(name, schema, indent),
    }
}

fn named(name: &Value, schema: &Value, indent: &str) -> String {
    match name.as_str().unwrap_or_default() {
        "integer" | "number" => "number".to_owned(),
        "array" => match schema.get("items") {
            Some(item) => match kind(item, indent) {
                one if one.chars().all(char::is_alphanumeric) => format!("{one}[]"),
                several => format!("({several})[]"),
            },
            None => "unknown[]".to_owned(),
        },
        "object" => match schema["properties"].as_object() {
            Some(members) => object(schema, members, indent),
            None if schema["additionalProperties"].is_object() => {
                format!("Record<string, {}>", kind(&schema["additionalProperties"], indent))
            }
            None => "Record<string, unknown>".to_owned(),
        },
        known @ ("string" | "boolean" | "null") => known.to_owned(),
        _ => "unknown".to_owned(),
    }
}
