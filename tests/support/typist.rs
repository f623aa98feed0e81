//! Types a text into every text field there is. The fields are those of the OpenAPI document, so that a new one is typed into
//! from its first day, or named as missing.
use poem::http::Method;
use serde_json::{Map, Value, json};

use super::Desk;
use crate::browser::api::Api;

/// Routes whose texts are secrets, signs-in or answers to them: each is tried elsewhere.
const ELSEWHERE: [&str; 4] = ["/api/auth/", "/api/setup", "/recovery", "/api/audit/"];

/// Somebody who may write everything.
pub trait Asker {
    async fn ask_as_owner(
        &self,
        method: Method,
        path: &str,
        version: Option<i64>,
        body: Option<Value>,
    ) -> (u16, Value);
}

impl Asker for Desk {
    async fn ask_as_owner(
        &self,
        method: Method,
        path: &str,
        version: Option<i64>,
        body: Option<Value>,
    ) -> (u16, Value) {
        let tag = version.map(|version| format!("\"{version}\"")).unwrap_or_default();
        let headers: &[(&str, &str)] = if version.is_some() { &[("if-match", &tag)] } else { &[] };
        let answer = self.send(method, path, headers, body).await;
        (answer.status.as_u16(), answer.json())
    }
}

impl Asker for Api {
    async fn ask_as_owner(
        &self,
        method: Method,
        path: &str,
        version: Option<i64>,
        body: Option<Value>,
    ) -> (u16, Value) {
        let version = version.map(Value::from);
        let (status, answer) = self.ask(method, path, version.as_ref(), body).await;
        (status.as_u16(), answer)
    }
}

/// A text field of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    method: Method,
    path: String,
    /// Where it stands in the body.
    pub pointer: String,
}

/// What became of one text in one field.
#[derive(Debug)]
pub struct Typed {
    pub field: Field,
    pub text: String,
    pub status: u16,
    pub answer: Value,
}

impl Typed {
    /// Whether the answer has the text somewhere, as it was typed.
    pub fn is_kept(&self) -> bool {
        holds(&self.answer, &self.text)
    }

    /// Whether it was refused as a wrong value of just that field.
    pub fn is_refused(&self) -> bool {
        let own = self.field.pointer.as_str();
        let at_field = |error: &Value| {
            error["pointer"].as_str().is_some_and(|at| at.starts_with(own) || own.starts_with(at))
        };
        self.status == 422 && self.answer["errors"].as_array().is_some_and(|all| all.iter().all(at_field))
    }
}

fn holds(value: &Value, text: &str) -> bool {
    match value {
        Value::String(one) => one == text,
        Value::Array(all) => all.iter().any(|one| holds(one, text)),
        Value::Object(all) => all.values().any(|one| holds(one, text)),
        _ => false,
    }
}

/// Every text field of every request that keeps what it is told.
pub fn fields(document: &Value) -> Vec<Field> {
    let mut found = Vec::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        if ELSEWHERE.iter().any(|part| path.contains(part)) {
            continue;
        }
        for (method, name) in [(Method::POST, "post"), (Method::PATCH, "patch")] {
            let schema = &operations[name]["requestBody"]["content"]["application/json"]["schema"];
            let mut pointers = Vec::new();
            texts(document, schema, "", &mut pointers);
            let field = |pointer| Field { method: method.clone(), path: path.clone(), pointer };
            found.extend(pointers.into_iter().map(field));
        }
    }
    found
}

/// Pointers of the free texts of a schema.
fn texts(document: &Value, schema: &Value, at: &str, found: &mut Vec<String>) {
    if let Some(name) = schema["$ref"].as_str() {
        return texts(document, document.pointer(name.trim_start_matches('#')).unwrap(), at, found);
    }
    for one in schema["anyOf"].as_array().into_iter().flatten() {
        texts(document, one, at, found);
    }
    for (name, member) in schema["properties"].as_object().into_iter().flatten() {
        texts(document, member, &format!("{at}/{name}"), found);
    }
    if schema["items"].is_object() {
        texts(document, &schema["items"], &format!("{at}/0"), found);
    }
    let kinds = serde_json::to_string(&schema["type"]).unwrap();
    if kinds.contains("\"string\"") && schema["enum"].is_null() && schema["format"].is_null() {
        found.push(at.to_owned());
    }
}

/// Somebody who types, at a clinic with one of everything.
pub struct Typist<A> {
    asker: A,
    /// A bookable time, the `n`th.
    time: fn(i64) -> String,
    clinic: String,
    used: i64,
    professional: Value,
    contact: Value,
}

impl<A: Asker> Typist<A> {
    pub async fn new(asker: A, time: fn(i64) -> String) -> Self {
        let mut typist = Self {
            asker,
            time,
            clinic: "/api/clinic/1".into(),
            used: 0,
            professional: Value::Null,
            contact: Value::Null,
        };
        let person = json!({ "name": "Dra. Íris", "roles": ["professional"], "is_professional": true });
        typist.professional = typist.make("/api/clinic/1/users", person).await["user"]["id"].clone();
        let patient = json!({ "name": "Paciente Primeiro", "phone": "11955550000" });
        typist.contact = typist.make("/api/contacts", patient).await["id"].clone();
        typist
    }

    /// Types `text` into a field, for the `n`th time there.
    pub async fn types(&mut self, field: &Field, text: &str) -> Typed {
        let mut path = field.path.replace("{clinic_id}", "1");
        let mut version = None;
        if let Some((list, rest)) = path.split_once("/{id}").map(|(a, b)| (a.to_owned(), b.to_owned())) {
            let made = self.fresh(&list).await;
            version = made["version"].as_i64();
            path = format!("{list}/{}{rest}", made["id"]);
        } else if field.method == Method::PATCH {
            let (_, now) = self.asker.ask_as_owner(Method::GET, &path, None, None).await;
            version = now["version"].as_i64();
        }
        let mut body = match (&field.method, path.ends_with("/status")) {
            (_, true) => json!({ "status": "cancelled_by_clinic" }),
            (&Method::POST, _) => self.least(&path),
            _ => json!({}),
        };
        put(&mut body, &field.pointer, text);
        complete(&mut body, &field.pointer);
        let asked = self.asker.ask_as_owner(field.method.clone(), &path, version, Some(body));
        let (status, answer) = asked.await;
        Typed { field: field.clone(), text: text.to_owned(), status, answer }
    }

    /// A new record of the kind a list holds.
    async fn fresh(&mut self, list: &str) -> Value {
        let body = self.least(list);
        let made = self.make(list, body).await;
        if made["user"].is_object() { made["user"].clone() } else { made }
    }

    async fn make(&self, list: &str, body: Value) -> Value {
        let (status, made) = self.asker.ask_as_owner(Method::POST, list, None, Some(body)).await;
        assert_eq!(status, 201, "{list}: {made}");
        made
    }

    /// The least that makes a record of a list.
    fn least(&mut self, list: &str) -> Value {
        self.used += 1;
        let (n, time) = (self.used, (self.time)(self.used));
        let ends_at = time.parse::<jiff::Timestamp>().unwrap() + jiff::ToSpan::minutes(20);
        match list.strip_prefix(&self.clinic).unwrap_or(list) {
            "/rooms" => json!({ "name": format!("Sala {n}") }),
            "/appointment-tags" => json!({ "name": format!("Etiqueta {n}"), "color": 1 }),
            "/users" => {
                json!({ "name": format!("Pessoa {n}"), "roles": ["professional"], "is_professional": true })
            }
            "/blocks" => {
                json!({ "professional_id": self.professional, "starts_at": time, "ends_at": ends_at.to_string() })
            }
            "/api/contacts" => json!({ "name": format!("Paciente {n}"), "phone": format!("1195555{n:04}") }),
            "/api/appointments" => {
                let patient = json!({ "name": format!("Novo {n}"), "phone": format!("1194444{n:04}") });
                json!({ "contact": patient, "professional_id": self.professional, "starts_at": time, "duration_min": 20 })
            }
            "/api/calendar/integrations" => {
                json!({ "professional_id": self.professional, "name": format!("Agenda {n}") })
            }
            other => panic!("nobody knows how to make one of {other}: teach the typist"),
        }
    }
}

/// Puts a text where a pointer says, making what lies on the way.
fn put(body: &mut Value, pointer: &str, text: &str) {
    let mut at = body;
    for part in pointer.split('/').skip(1) {
        if part == "0" {
            *at = json!([null]);
            at = &mut at[0];
        } else {
            if !at.is_object() {
                *at = Value::Object(Map::new());
            }
            at = &mut at[part];
        }
    }
    *at = json!(text);
}

/// Some fields come in pairs.
fn complete(body: &mut Value, pointer: &str) {
    match pointer {
        "/emergency_contact/name" => body["emergency_contact"]["phone"] = json!("11955551234"),
        "/emergency_contact/phone" => body["emergency_contact"]["name"] = json!("Alguém"),
        "/council/number" => {
            body["council"] = json!({ "kind": "crm", "state": "SP", "number": body["council"]["number"] })
        }
        _ => {}
    }
}
