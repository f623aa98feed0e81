//! Asks a running program as a program would: to prepare what a journey needs, and to be the other desk.
use reqwest::{Client, Method, StatusCode, header};
use serde_json::{Value, json};

use super::program::Program;

/// The password of everyone in these tests.
pub const PASSWORD: &str = "trem azul 42 janelas";
/// The owner of the clinic.
pub const OWNER: &str = "olivia@sol.example";

/// Somebody signed in, over plain HTTP.
#[derive(Clone)]
pub struct Api {
    client: Client,
    address: String,
    cookie: String,
    clinic: i64,
}

impl Api {
    /// Founds the clinic of an empty program; answers its owner and the recovery code.
    pub async fn found(program: &Program, clinic_name: &str, time_zone: &str) -> (Self, String) {
        let mut api = Self::stranger(program);
        let (body, cookie) = api
            .enter(
                "/api/setup",
                json!({
                    "clinic_name": clinic_name, "owner_name": "Olívia Prado", "email": OWNER, "password": PASSWORD,
                    "language": "pt-BR", "time_zone": time_zone,
                }),
            )
            .await;
        api.cookie = cookie;
        api.clinic = body["clinic"]["id"].as_i64().unwrap();
        (api, body["recovery_code"].as_str().unwrap().to_owned())
    }

    /// Makes the demonstration of a program without a clinic; answers its owner.
    pub async fn look_at_demonstration(program: &Program) -> Self {
        let mut api = Self::stranger(program);
        let (body, cookie) = api.enter("/api/setup/demo", json!({})).await;
        api.cookie = cookie;
        api.clinic = body["clinic"]["id"].as_i64().unwrap();
        api
    }

    /// Signs somebody in.
    pub async fn sign_in(program: &Program, email: &str) -> Self {
        let mut api = Self::stranger(program);
        let (body, cookie) =
            api.enter("/api/auth/login", json!({ "email": email, "password": PASSWORD })).await;
        api.cookie = cookie;
        api.clinic = body["clinic"]["id"].as_i64().unwrap();
        api
    }

    /// Takes up an invitation; from then on that person signs in with the usual password.
    pub async fn accept(program: &Program, email: &str, code: &str) {
        let body = json!({ "email": email, "code": code, "password": PASSWORD });
        Self::stranger(program).enter("/api/auth/accept-invite", body).await;
    }

    /// Nobody yet.
    pub fn stranger(program: &Program) -> Self {
        let client = Client::builder().no_proxy().build().unwrap();
        Self { client, address: program.address.clone(), cookie: String::new(), clinic: 0 }
    }

    async fn enter(&self, path: &str, body: Value) -> (Value, String) {
        let answer = self.client.post(format!("{}{path}", self.address)).json(&body).send().await.unwrap();
        let cookie = answer.headers().get(header::SET_COOKIE).map(|c| c.to_str().unwrap().to_owned());
        let status = answer.status();
        let body: Value = answer.json().await.unwrap();
        assert!(status.is_success(), "{path}: {status} {body}");
        (body, cookie.unwrap().split(';').next().unwrap().to_owned())
    }

    /// The session's cookie, without its name.
    pub fn session(&self) -> &str {
        self.cookie.split_once('=').unwrap().1
    }

    /// An address of the clinic itself: `/rooms`.
    pub fn clinic(&self, rest: &str) -> String {
        format!("/api/clinic/{}{rest}", self.clinic)
    }

    /// Reads.
    pub async fn get(&self, path: &str) -> Value {
        self.expect(Method::GET, path, None, None).await
    }

    /// Reads unless it is still what it was when it had that entity tag: the status, the tag and the body.
    pub async fn look_again(&self, path: &str, tag: Option<&str>) -> (StatusCode, Option<String>, Vec<u8>) {
        let mut request = self.client.get(self.url(path)).header(header::COOKIE, &self.cookie);
        if let Some(tag) = tag {
            request = request.header(header::IF_NONE_MATCH, tag);
        }
        let answer = request.send().await.unwrap();
        let tag = answer.headers().get(header::ETAG).map(|tag| tag.to_str().unwrap().to_owned());
        (answer.status(), tag, answer.bytes().await.unwrap().to_vec())
    }

    /// Creates.
    pub async fn post(&self, path: &str, body: Value) -> Value {
        self.expect(Method::POST, path, None, Some(body)).await
    }

    /// Changes what was read at a version.
    pub async fn patch(&self, path: &str, version: &Value, body: Value) -> Value {
        self.expect(Method::PATCH, path, Some(version), Some(body)).await
    }

    /// Acts on what was read at a version.
    pub async fn post_at(&self, path: &str, version: &Value, body: Value) -> Value {
        self.expect(Method::POST, path, Some(version), Some(body)).await
    }

    /// Sends a file of comma-separated values.
    pub async fn send_csv(&self, path: &str, csv: &'static str) -> StatusCode {
        let request = self.client.post(self.url(path)).header(header::COOKIE, &self.cookie);
        request.header(header::CONTENT_TYPE, "text/csv").body(csv).send().await.unwrap().status()
    }

    /// Sends bytes that claim to be packed in some way.
    pub async fn send_encoded(
        &self,
        method: Method,
        path: &str,
        (kind, encoding): (&str, &str),
        bytes: Vec<u8>,
    ) -> StatusCode {
        let request = self.client.request(method, self.url(path)).header(header::COOKIE, &self.cookie);
        let request = request.header(header::CONTENT_TYPE, kind).header(header::CONTENT_ENCODING, encoding);
        request.header(header::IF_MATCH, "\"1\"").body(bytes).send().await.unwrap().status()
    }

    async fn expect(
        &self,
        method: Method,
        path: &str,
        version: Option<&Value>,
        body: Option<Value>,
    ) -> Value {
        let (status, answer) = self.ask(method, path, version, body).await;
        assert!(status.is_success(), "{path}: {status} {answer}");
        answer
    }

    /// The same person over a connection of their own.
    pub fn on_own_connection(&self) -> Self {
        Self { client: Client::builder().no_proxy().build().unwrap(), ..self.clone() }
    }

    /// Asks and gives back whatever is answered.
    pub async fn ask(
        &self,
        method: Method,
        path: &str,
        version: Option<&Value>,
        body: Option<Value>,
    ) -> (StatusCode, Value) {
        let answer = self.reach(method, path, version, body).await;
        answer.unwrap_or_else(|fault| panic!("{path} is not answered: {fault:?}"))
    }

    /// Asks a program that may be gone: nothing when no whole answer came.
    pub async fn try_ask(
        &self,
        method: Method,
        path: &str,
        version: Option<&Value>,
        body: Option<Value>,
    ) -> Option<(StatusCode, Value)> {
        self.reach(method, path, version, body).await.ok()
    }

    async fn reach(
        &self,
        method: Method,
        path: &str,
        version: Option<&Value>,
        body: Option<Value>,
    ) -> reqwest::Result<(StatusCode, Value)> {
        let mut request = self.client.request(method, self.url(path)).header(header::COOKIE, &self.cookie);
        if let Some(version) = version {
            request = request.header(header::IF_MATCH, format!("\"{version}\""));
        }
        if let Some(body) = &body {
            request = request.json(body);
        }
        let answer = request.send().await?;
        let status = answer.status();
        let bytes = answer.bytes().await?;
        Ok((status, serde_json::from_slice(&bytes).unwrap_or(Value::Null)))
    }

    fn url(&self, path: &str) -> String {
        let join = if path.contains('?') { '&' } else { '?' };
        let clinic = if path.starts_with("/api/clinic/") || path.starts_with("/api/auth/") {
            String::new()
        } else {
            format!("{join}clinic_id={}", self.clinic)
        };
        format!("{}{path}{clinic}", self.address)
    }
}
