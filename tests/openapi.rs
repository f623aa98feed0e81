//! The OpenAPI document is made from the route table; these are the promises other programs rely on.
use serde_json::Value;

use crate::support::World;

async fn document() -> Value {
    World::empty().stranger().get("/openapi.json").await.expect(200)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_route_is_described_with_its_permission_and_its_errors() {
    let document = document().await;
    assert_eq!(document["openapi"], "3.1.0");
    for route in taskmed::app::routes() {
        let operation = &document["paths"][route.path][route.method.as_str().to_lowercase()];
        assert!(operation["operationId"].is_string(), "{} {}", route.method, route.path);
        assert!(operation["x-permission"].is_string());
        assert!(operation["responses"]["500"].is_object());
        let named: Vec<_> =
            operation["parameters"].as_array().unwrap().iter().map(|p| p["name"].clone()).collect();
        for part in route.path.split('/').filter_map(|p| p.strip_prefix('{')?.strip_suffix('}')) {
            assert!(named.iter().any(|n| n == part), "{} does not describe {part}", route.path);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_reference_resolves_and_operation_ids_are_unique() {
    let document = document().await;
    let mut ids = Vec::new();
    walk(&document, &mut |key, value| {
        if key == "$ref" {
            let pointer = value.as_str().unwrap().trim_start_matches('#');
            assert!(document.pointer(pointer).is_some(), "{pointer} does not resolve");
        }
        if key == "operationId" {
            ids.push(value.as_str().unwrap().to_owned());
        }
    });
    let count = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), count);
}

/// Lists that are always whole, and so have no next page.
const WHOLE: [&str; 1] = ["/api/clinic/{clinic_id}/users/management"];

#[tokio::test(flavor = "multi_thread")]
async fn every_list_names_its_next_page_in_its_head_too() {
    let document = document().await;
    let mut lists = 0;
    for route in taskmed::app::routes() {
        let answer = &document["paths"][route.path][route.method.as_str().to_lowercase()]["responses"]["200"];
        let schema = &answer["content"]["application/json"]["schema"];
        let schema = schema["$ref"].as_str().map_or(schema, |r| document.pointer(&r[1..]).unwrap());
        if schema["properties"]["items"].is_object() && schema["properties"]["next"].is_object() {
            let names_the_next = answer["headers"]["Link"].is_object();
            assert_eq!(names_the_next, !WHOLE.contains(&route.path), "{} {}", route.method, route.path);
            lists += 1;
        }
    }
    assert!(lists >= 10, "{lists}");
}

fn walk(value: &Value, visit: &mut impl FnMut(&str, &Value)) {
    match value {
        Value::Object(members) => members.iter().for_each(|(key, value)| {
            visit(key, value);
            walk(value, visit);
        }),
        Value::Array(items) => items.iter().for_each(|value| walk(value, visit)),
        _ => {}
    }
}
