//! What one route promises, gathered from the types of its handler: parameters, body, answers, permission. The OpenAPI
//! document is written from these and from nothing else.
use std::collections::BTreeMap;

use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Value, json};

/// One operation of the API.
#[derive(Debug)]
pub struct Operation {
    /// Who is admitted: a permission's name, `session`, or `public`.
    pub access: &'static str,
    /// Whether the clinic's number must be in the query (it is not when the path has it).
    pub names_clinic: bool,
    /// Path and query parameters and headers, as OpenAPI objects.
    pub parameters: Vec<Value>,
    /// The request body, as an OpenAPI object.
    pub body: Option<Value>,
    /// Answers by status, as OpenAPI objects.
    pub responses: BTreeMap<u16, Value>,
    /// Named schemas met so far.
    pub schemas: SchemaGenerator,
}

impl Operation {
    /// An operation without parameters or answers yet.
    pub fn new(schemas: SchemaGenerator) -> Self {
        let responses = BTreeMap::new();
        Self { access: "public", names_clinic: false, parameters: Vec::new(), body: None, responses, schemas }
    }

    /// The schema of `T`, by reference where it has a name.
    pub fn schema_of<T: JsonSchema>(&mut self) -> Value {
        self.schemas.subschema_for::<T>().to_value()
    }

    /// Says that these statuses may come, each as a problem document.
    pub fn problems(&mut self, statuses: &[u16]) {
        for status in statuses {
            self.responses
                .entry(*status)
                .or_insert_with(|| json!({ "$ref": "#/components/responses/Problem" }));
        }
    }

    /// Says that `status` answers a value of `T` as JSON.
    pub fn answers<T: JsonSchema>(&mut self, status: u16, description: &str) {
        let schema = self.schema_of::<T>();
        let content = json!({ "application/json": { "schema": schema } });
        self.responses.insert(status, json!({ "description": description, "content": content }));
    }

    /// Adds a header every answer of `status` carries.
    pub fn answer_header(&mut self, status: u16, name: &str, description: &str) {
        if let Some(response) = self.responses.get_mut(&status).and_then(Value::as_object_mut) {
            let headers = response.entry("headers").or_insert_with(|| json!({}));
            if let Some(headers) = headers.as_object_mut() {
                headers.insert(
                    name.into(),
                    json!({ "description": description, "schema": { "type": "string" } }),
                );
            }
        }
    }

    /// Adds a parameter of the path.
    pub fn path_parameter(&mut self, name: &str) {
        let schema = json!({ "type": "integer", "format": "int64", "minimum": 1 });
        self.parameters.push(json!({ "name": name, "in": "path", "required": true, "schema": schema }));
    }

    /// Adds a header of the request.
    pub fn header_parameter(&mut self, name: &str, required: bool, description: &str) {
        self.parameters.push(json!({
            "name": name, "in": "header", "required": required, "description": description, "schema": { "type": "string" },
        }));
    }
}
