//! Somebody at their connection, and how what they hear is judged.
use hyper::{
    Method,
    body::Bytes,
    header::{CONTENT_TYPE, COOKIE, HeaderName, HeaderValue},
};
use serde_json::Value;

use super::load::{Answer, Ended, Link, Lost};

/// Somebody signed in, at their connection.
pub struct Seat {
    link: Link,
    cookie: Option<HeaderValue>,
}

impl Seat {
    /// At a connection, not signed in.
    pub fn new(link: Link) -> Self {
        Self { link, cookie: None }
    }

    /// Asks once.
    pub async fn ask(
        &mut self,
        method: Method,
        path: &str,
        further: Option<(HeaderName, HeaderValue)>,
        body: Option<&Value>,
    ) -> Result<Answer, Lost> {
        let mut headers: Vec<(HeaderName, HeaderValue)> = further.into_iter().collect();
        headers.extend(self.cookie.clone().map(|cookie| (COOKIE, cookie)));
        headers.extend(body.map(|_| (CONTENT_TYPE, HeaderValue::from_static("application/json"))));
        let body = body.map(|body| Bytes::from(body.to_string())).unwrap_or_default();
        self.link.ask(method, path, &headers, body).await
    }

    /// Reads once; the JSON of a 200, and nothing else.
    pub async fn read(&mut self, path: &str) -> Result<Value, String> {
        let answer = self.ask(Method::GET, path, None, None).await.map_err(|lost| lost.name().to_owned())?;
        if answer.status != 200 {
            return Err(format!("{path}: {}", answer.status));
        }
        serde_json::from_slice(&answer.body).map_err(|e| e.to_string())
    }

    /// Signs in, or uses a one-time code; keeps the session's cookie.
    pub async fn enter(&mut self, path: &str, who: &Value) -> Result<Answer, Lost> {
        let answer = self.ask(Method::POST, path, None, Some(who)).await?;
        let cookie = answer.headers.get("set-cookie").and_then(|cookie| cookie.to_str().ok());
        if let Some(cookie) = cookie.and_then(|cookie| cookie.split(';').next()) {
            self.cookie = HeaderValue::from_str(cookie).ok();
        }
        Ok(answer)
    }

    /// The session's cookie.
    pub fn cookie(&self) -> Option<&HeaderValue> {
        self.cookie.as_ref()
    }

    /// Takes on another cookie, as a thief would.
    pub fn pretend(&mut self, cookie: HeaderValue) {
        self.cookie = Some(cookie);
    }

    /// Listens to what happens in the clinic, as every open screen does, for as long as the connection lasts.
    pub async fn listen(&mut self, clinic: i64) -> Result<(), Lost> {
        let headers: Vec<_> = self.cookie.clone().map(|cookie| (COOKIE, cookie)).into_iter().collect();
        let path = format!("/api/events?clinic_id={clinic}");
        let answer = self.link.send(Method::GET, &path, &headers, Bytes::new()).await?;
        let mut events = answer.into_body();
        tokio::spawn(
            async move { while let Some(Ok(_)) = http_body_util::BodyExt::frame(&mut events).await {} },
        );
        Ok(())
    }
}

/// One request.
pub(super) struct Question<'a> {
    pub(super) method: Method,
    pub(super) path: &'a str,
    pub(super) further: Option<(HeaderName, HeaderValue)>,
    pub(super) body: Option<&'a Value>,
    /// Problems that belong to work in common and are no error.
    pub(super) tolerated: &'a [&'a str],
}

impl<'a> Question<'a> {
    pub(super) fn of(path: &'a str) -> Self {
        Self { method: Method::GET, path, further: None, body: None, tolerated: &[] }
    }

    pub(super) fn to_do(path: &'a str, body: &'a Value) -> Self {
        Self { method: Method::POST, body: Some(body), ..Self::of(path) }
    }
}

/// How a request ended.
pub fn judged(answer: &Result<Answer, Lost>, tolerated: &[&str]) -> Ended {
    let answer = match answer {
        Ok(answer) if answer.status.is_success() || answer.status == 304 => return Ended::Well,
        Ok(answer) => answer,
        Err(lost) => return Ended::Badly(lost.name().to_owned()),
    };
    let problem: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    let code = problem.get("code").and_then(Value::as_str).unwrap_or_default();
    if answer.status.is_client_error() && tolerated.contains(&code) {
        Ended::Raced(code.to_owned())
    } else {
        Ended::Badly(format!("{} {code}", answer.status.as_u16()).trim_end().to_owned())
    }
}

/// A text as a value of a query.
pub(super) fn encoded(text: &str) -> String {
    let byte = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(byte).collect()
}

#[cfg(test)]
mod tests {
    use hyper::{HeaderMap, StatusCode};

    use serde_json::json;

    use super::*;

    fn answer(status: u16, code: &str) -> Result<Answer, Lost> {
        let body = json!({ "code": code }).to_string().into();
        Ok(Answer { status: StatusCode::from_u16(status).unwrap(), headers: HeaderMap::new(), body })
    }

    #[test]
    fn an_error_answer_is_never_a_success() {
        let tolerated = &["slot_taken"];
        assert_eq!(judged(&answer(201, ""), tolerated), Ended::Well);
        assert_eq!(judged(&answer(304, ""), tolerated), Ended::Well);
        assert_eq!(judged(&answer(409, "slot_taken"), tolerated), Ended::Raced("slot_taken".into()));
        for (status, code) in [(409, "stale"), (503, "slot_taken"), (401, "unauthenticated"), (301, "")] {
            assert!(matches!(judged(&answer(status, code), tolerated), Ended::Badly(_)), "{status} {code}");
        }
        assert_eq!(judged(&Err(Lost::Broken), tolerated), Ended::Badly("connection lost".into()));
    }

    #[test]
    fn a_search_is_written_into_the_address_as_it_must_be() {
        assert_eq!(encoded("Zé da Silva"), "Z%C3%A9%20da%20Silva");
    }
}
