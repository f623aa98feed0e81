//! Whether clinics stay apart under load: somebody of one clinic asks, again and again, for things of another. Each answer must
//! be the one for a clinic that does not exist, to the letter.
use std::sync::{Arc, Mutex, PoisonError};

use hyper::{Method, header::HeaderValue};
use serde_json::Value;

use super::{load::Answer, report::Isolation, seat::Seat};

/// No clinic has this number.
const NOWHERE: i64 = 987_654;
/// Examples of leaks that are kept.
const KEPT: usize = 10;

/// What is asked for, with the clinic to be named.
const PATHS: [&str; 12] = [
    "/api/clinic/{clinic}",
    "/api/clinic/{clinic}/users/management",
    "/api/contacts?clinic_id={clinic}",
    "/api/contacts?search=maria&clinic_id={clinic}",
    "/api/contacts/1?clinic_id={clinic}",
    "/api/contacts/1/appointments?clinic_id={clinic}",
    "/api/contacts/1/history?clinic_id={clinic}",
    "/api/agenda?date={day}&clinic_id={clinic}",
    "/api/appointments/1?clinic_id={clinic}",
    "/api/calendar/integrations?clinic_id={clinic}",
    "/api/audit?clinic_id={clinic}",
    "/api/events?clinic_id={clinic}",
];

/// Somebody of one clinic who looks for another.
pub struct Prober {
    seat: Seat,
    /// The same person with a cookie that names the other clinic.
    forged: Seat,
    other: i64,
    day: String,
    turn: usize,
    found: Arc<Mutex<Isolation>>,
}

impl Prober {
    /// Somebody signed in, and the clinic that is none of theirs. `fresh` is a seat of its own for the forged cookie.
    pub fn new(seat: Seat, mut fresh: Seat, other: i64, day: String) -> Self {
        let forged = seat.cookie().and_then(|cookie| forge(cookie, other));
        forged.into_iter().for_each(|cookie| fresh.pretend(cookie));
        Self { seat, forged: fresh, other, day, turn: 0, found: Arc::default() }
    }

    /// What was found so far.
    pub fn found(&self) -> Arc<Mutex<Isolation>> {
        Arc::clone(&self.found)
    }

    /// Asks for the next thing: as oneself, where there is nothing, and with the forged cookie. All are asked for in turn.
    pub async fn next(&mut self) {
        let Some(path) = PATHS.get(self.turn % PATHS.len()) else { return };
        self.turn += 1;
        let path = path.replace("{day}", &self.day);
        let at = |clinic: i64| path.replace("{clinic}", &clinic.to_string());
        let theirs = self.seat.ask(Method::GET, &at(self.other), None, None).await;
        let nobodys = self.seat.ask(Method::GET, &at(NOWHERE), None, None).await;
        if let Ok((theirs, nobodys)) = theirs.and_then(|t| nobodys.map(|n| (t, n))) {
            let alike = theirs.status == 404 && essence(&theirs) == essence(&nobodys);
            self.count(alike, &path, &theirs);
        }
        if let Ok(answer) = self.forged.ask(Method::GET, &at(self.other), None, None).await {
            self.count(answer.status == 401, &path, &answer);
        }
    }

    fn count(&self, refused: bool, path: &str, answer: &Answer) {
        let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        found.probes += 1;
        if refused {
            found.refused += 1;
        } else {
            found.leaks += 1;
            if found.examples.len() < KEPT {
                found.examples.push(format!("{path}: {}", answer.status.as_u16()));
            }
        }
    }
}

/// The same session's secret with another clinic's number before it.
fn forge(cookie: &HeaderValue, clinic: i64) -> Option<HeaderValue> {
    let (name, value) = cookie.to_str().ok()?.split_once('=')?;
    let (_, secret) = value.split_once('.')?;
    HeaderValue::from_str(&format!("{name}={clinic}.{secret}")).ok()
}

/// An answer without what differs from one request to the next.
fn essence(answer: &Answer) -> (u16, Vec<(String, Vec<u8>)>, Value) {
    let mut headers: Vec<_> = answer
        .headers
        .iter()
        .filter(|(name, _)| !matches!(name.as_str(), "date" | "x-request-id"))
        .map(|(name, value)| (name.to_string(), value.as_bytes().to_vec()))
        .collect();
    headers.sort();
    let mut body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    if let Some(members) = body.as_object_mut() {
        members.remove("request_id");
    }
    (answer.status.as_u16(), headers, body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_forged_cookie_has_the_same_secret_and_another_clinic() {
        let cookie = HeaderValue::from_static("__Host-taskmed_session=1.abc");
        assert_eq!(forge(&cookie, 2).unwrap(), "__Host-taskmed_session=2.abc");
    }

    #[test]
    fn two_answers_are_alike_but_for_their_number() {
        let answer = |status: u16, body: &'static str| Answer {
            status: hyper::StatusCode::from_u16(status).unwrap(),
            headers: hyper::HeaderMap::new(),
            body: hyper::body::Bytes::from_static(body.as_bytes()),
        };
        let first = essence(&answer(404, r#"{"code":"not_found","request_id":"a"}"#));
        assert_eq!(first, essence(&answer(404, r#"{"code":"not_found","request_id":"b"}"#)));
        assert_ne!(first, essence(&answer(404, r#"{"code":"not_found","entity":"x","request_id":"b"}"#)));
        assert_ne!(first, essence(&answer(403, r#"{"code":"not_found","request_id":"a"}"#)));
    }
}
