//! A desk: one browser's worth of cookie, asking the program in process.
use std::sync::Arc;

use poem::{
    Endpoint, Request, Response,
    endpoint::BoxEndpoint,
    http::{HeaderMap, Method, StatusCode},
};
use serde_json::Value;

/// One person at one screen.
#[derive(Clone)]
pub struct Desk {
    endpoint: Arc<BoxEndpoint<'static, Response>>,
    cookie: Option<String>,
    /// The clinic put into every URL.
    pub clinic: i64,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
}

impl Answer {
    /// The body as JSON; null when there is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or(Value::Null)
    }

    /// A header as text.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default()
    }

    /// Asserts the status and gives the body.
    #[track_caller]
    pub fn expect(self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", String::from_utf8_lossy(&self.bytes));
        self.json()
    }

    /// Asserts a problem of that status and code and gives its body.
    #[track_caller]
    pub fn problem(self, status: u16, code: &str) -> Value {
        assert_eq!(self.header("content-type"), "application/problem+json");
        let body = self.expect(status);
        assert_eq!(body["code"], code, "{body}");
        body
    }

    /// The wrong fields of a 422, as `pointer code`, sorted.
    #[track_caller]
    pub fn wrong_fields(self) -> Vec<String> {
        let body = self.problem(422, "invalid");
        let errors = body["errors"].as_array().unwrap();
        let mut said: Vec<_> = errors
            .iter()
            .map(|e| format!("{} {}", e["pointer"].as_str().unwrap(), e["code"].as_str().unwrap()))
            .collect();
        said.sort();
        said
    }
}

impl Desk {
    pub fn new(endpoint: Arc<BoxEndpoint<'static, Response>>, clinic: i64) -> Self {
        Self { endpoint, cookie: None, clinic }
    }

    /// The session's cookie.
    pub fn cookie(&self) -> &str {
        self.cookie.as_deref().unwrap_or_default()
    }

    /// Signs in and keeps the cookie.
    #[track_caller]
    pub fn sign_in(&mut self, email: &str, password: &str) -> impl Future<Output = ()> {
        let body = serde_json::json!({ "clinic_id": self.clinic, "email": email, "password": password });
        async move {
            let answer = self.send(Method::POST, "/api/auth/login", &[], Some(body)).await;
            self.keep_cookie(&answer);
            answer.expect(200);
        }
    }

    /// Keeps the session an answer opened.
    pub fn keep_cookie(&mut self, answer: &Answer) {
        let set = answer.header("set-cookie");
        self.cookie = set.split(';').next().filter(|c| !c.is_empty()).map(str::to_owned);
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, &[], None).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(Method::POST, path, &[], Some(body)).await
    }

    /// Changes a record that was read at `version`.
    pub async fn patch(&self, path: &str, version: i64, body: Value) -> Answer {
        let tag = format!("\"{version}\"");
        self.send(Method::PATCH, path, &[("if-match", &tag)], Some(body)).await
    }

    /// Acts on a record that was read at `version`.
    pub async fn post_at(&self, path: &str, version: i64, body: Value) -> Answer {
        let tag = format!("\"{version}\"");
        self.send(Method::POST, path, &[("if-match", &tag)], Some(body)).await
    }

    /// Removes a record that was read at `version`.
    pub async fn delete(&self, path: &str, version: i64) -> Answer {
        let tag = format!("\"{version}\"");
        self.send(Method::DELETE, path, &[("if-match", &tag)], None).await
    }

    /// Sends JSON, or nothing.
    pub async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<Value>,
    ) -> Answer {
        let bytes = body.map(|b| b.to_string().into_bytes());
        let kind = bytes.as_ref().map(|_| "application/json");
        self.send_bytes(method, path, headers, (kind, bytes.unwrap_or_default())).await
    }

    /// Sends any bytes under any media type. `clinic_id` is added where the path does not name a clinic.
    pub async fn send_bytes(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: (Option<&str>, Vec<u8>),
    ) -> Answer {
        let uri = self.with_clinic(path);
        let mut request = Request::builder().method(method).uri_str(uri);
        if let Some(cookie) = &self.cookie {
            request = request.header("cookie", cookie);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(kind) = body.0 {
            request = request.content_type(kind);
        }
        self.ask(request.body(body.1)).await
    }

    /// Sends a request exactly as it is.
    pub async fn ask(&self, request: Request) -> Answer {
        let mut response = self.endpoint.call(request).await.expect("the endpoint renders its own errors");
        let bytes = response.take_body().into_vec().await.unwrap();
        Answer { status: response.status(), headers: response.headers().clone(), bytes }
    }

    fn with_clinic(&self, path: &str) -> String {
        if path.starts_with("/api/clinic/") || path.contains("clinic_id=") || !path.starts_with("/api/") {
            return path.to_owned();
        }
        let join = if path.contains('?') { '&' } else { '?' };
        format!("{path}{join}clinic_id={}", self.clinic)
    }
}
