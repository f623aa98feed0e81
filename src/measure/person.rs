//! A made-up person at a screen: what each act asks of the server, in the order a screen asks it.
use std::{
    collections::BTreeMap,
    sync::{Arc, PoisonError},
};

use fastrand::Rng;
use hyper::{
    Method,
    header::{HeaderName, HeaderValue, IF_MATCH, IF_NONE_MATCH},
};
use serde_json::{Value, json};

use super::{
    load::{Answer, Ended, Turn, Worker},
    place::Workplace,
    scenario::{Act, Scenario},
    seat::{Question, Seat, encoded, judged},
};

/// A person at work.
pub struct Person {
    seat: Seat,
    place: Arc<Workplace>,
    scenario: Scenario,
    rng: Rng,
    /// The day last looked at, and what its answer is known by.
    seen: Option<(String, HeaderValue)>,
    /// What each feed's answer is known by.
    feeds: BTreeMap<usize, HeaderValue>,
}

impl Worker for Person {
    async fn act(&mut self, turn: &mut Turn) {
        let act = self.scenario.act(self.rng.f64());
        // An act that cannot go on ends: what went wrong is counted already.
        let _ = self.perform(act, turn).await;
    }
}

impl Person {
    /// Somebody signed in at their seat.
    pub fn new(seat: Seat, place: Arc<Workplace>, scenario: Scenario, seed: u64) -> Self {
        let rng = Rng::with_seed(seed);
        Self { seat, place, scenario, rng, seen: None, feeds: BTreeMap::new() }
    }

    async fn perform(&mut self, act: Act, turn: &mut Turn) -> Option<()> {
        match act {
            Act::Agenda => self.agenda(turn).await.map(drop),
            Act::AgendaAgain => self.agenda_again(turn).await,
            Act::CheckIn => self.check_in(turn).await,
            Act::Search => self.search(turn).await,
            Act::Patient => self.patient(turn).await,
            Act::History => self.history(turn).await,
            Act::Book => self.book(turn).await,
            Act::Register => self.register(turn).await,
            Act::Correct => self.correct(turn).await,
            Act::Team => {
                let path = format!("/api/clinic/{}/users/management", self.place.clinic);
                self.get(turn, "GET /api/clinic/{id}/users/management", &path).await.map(drop)
            }
            Act::Calendars => {
                let path = self.path("/api/calendar/integrations?");
                self.get(turn, "GET /api/calendar/integrations", &path).await.map(drop)
            }
            Act::Feed => self.feed(turn).await,
            Act::Health => {
                let path = "/api/observability/health";
                self.get(turn, "GET /api/observability/health", path).await.map(drop)
            }
        }
    }

    /// The clinic's number added to a path that ends in `?` or `&`.
    fn path(&self, path: &str) -> String {
        format!("{path}clinic_id={}", self.place.clinic)
    }

    fn pick<T: Clone>(&mut self, list: &[T]) -> Option<T> {
        list.get(self.rng.usize(0..list.len().max(1))).cloned()
    }

    fn a_patient(&mut self) -> i64 {
        self.rng.i64(1..=self.place.patients.max(1))
    }

    /// Today more often than the days after it.
    fn a_day(&mut self) -> Option<String> {
        let today = self.rng.u8(0..10) < 7;
        let place = Arc::clone(&self.place);
        if today { place.days.first().cloned() } else { self.pick(&place.days) }
    }

    async fn agenda(&mut self, turn: &mut Turn) -> Option<Answer> {
        let day = self.a_day()?;
        let path = self.path(&format!("/api/agenda?date={day}&"));
        let answer = self.get(turn, "GET /api/agenda", &path).await?;
        self.seen = answer.headers.get("etag").map(|etag| (path, etag.clone()));
        Some(answer)
    }

    async fn agenda_again(&mut self, turn: &mut Turn) -> Option<()> {
        let Some((path, etag)) = self.seen.clone() else { return self.agenda(turn).await.map(drop) };
        let known = Some((IF_NONE_MATCH, etag));
        let answer =
            self.ask(turn, "GET /api/agenda", Question { further: known, ..Question::of(&path) }).await?;
        if let Some(etag) = answer.headers.get("etag") {
            self.seen = Some((path, etag.clone()));
        }
        Some(())
    }

    async fn check_in(&mut self, turn: &mut Turn) -> Option<()> {
        let path = self.path(&format!("/api/agenda?date={}&", self.place.days.first()?));
        let answer = self.get(turn, "GET /api/agenda", &path).await?;
        let agenda: Value = serde_json::from_slice(&answer.body).ok()?;
        let all = agenda.get("appointments")?.as_array()?;
        let next: Vec<(i64, i64, &str)> = all.iter().filter_map(next_step).collect();
        let (id, version, step) = self.pick(&next)?;
        let path = self.path(&format!("/api/appointments/{id}/status?"));
        let body = json!({ "status": step });
        let fits = Some((IF_MATCH, version_tag(version)?));
        let tolerated = &["stale", "illegal_status"];
        let name = "POST /api/appointments/{id}/status";
        let answer = self
            .ask(turn, name, Question { further: fits, tolerated, ..Question::to_do(&path, &body) })
            .await?;
        self.acknowledged("appointment", &answer);
        Some(())
    }

    /// Three letters, then the whole first name, then with the last one: as the screen asks while somebody types.
    async fn search(&mut self, turn: &mut Turn) -> Option<()> {
        let place = Arc::clone(&self.place);
        let name = self.pick(&place.names)?;
        let first = name.split(' ').next().unwrap_or(&name);
        let start: String = name.chars().take(3).collect();
        for typed in [start.as_str(), first, name.as_str()] {
            let path = self.path(&format!("/api/contacts?limit=20&search={}&", encoded(typed)));
            self.get(turn, "GET /api/contacts", &path).await?;
        }
        Some(())
    }

    async fn patient(&mut self, turn: &mut Turn) -> Option<()> {
        let id = self.a_patient();
        let path = self.path(&format!("/api/contacts/{id}?"));
        self.get(turn, "GET /api/contacts/{id}", &path).await?;
        let path = self.path(&format!("/api/contacts/{id}/appointments?"));
        self.get(turn, "GET /api/contacts/{id}/appointments", &path).await.map(drop)
    }

    async fn history(&mut self, turn: &mut Turn) -> Option<()> {
        let id = self.a_patient();
        let path = self.path(&format!("/api/contacts/{id}/history?"));
        self.get(turn, "GET /api/contacts/{id}/history", &path).await.map(drop)
    }

    /// Days at hand fill up as people work, and a desk offers the weeks after then.
    async fn book(&mut self, turn: &mut Turn) -> Option<()> {
        let place = Arc::clone(&self.place);
        let (professional, day) = (self.pick(&place.professionals)?, self.pick(&place.days)?);
        let mut free = self.free_times(turn, professional, &day).await?;
        if free.is_empty() {
            let later = self.pick(&place.later)?;
            free = self.free_times(turn, professional, &later).await?;
        }
        let time = self.pick(&free)?;
        let body = json!({
            "contact_id": self.a_patient(), "professional_id": professional, "starts_at": time.get("starts_at")?,
            "duration_min": 30, "kind": "visit",
        });
        let path = self.path("/api/appointments?");
        let key = self.key();
        let name = "POST /api/appointments";
        let answer = self
            .ask(
                turn,
                name,
                Question { further: key, tolerated: &["slot_taken"], ..Question::to_do(&path, &body) },
            )
            .await?;
        self.acknowledged("appointment", &answer);
        Some(())
    }

    /// The times at which that person is free in the week that begins there.
    async fn free_times(&mut self, turn: &mut Turn, professional: i64, day: &str) -> Option<Vec<Value>> {
        let asked = format!(
            "/api/appointments/availability?professional_id={professional}&date={day}&days=7&duration_min=30&"
        );
        let path = self.path(&asked);
        let answer = self.get(turn, "GET /api/appointments/availability", &path).await?;
        let mut free: Value = serde_json::from_slice(&answer.body).ok()?;
        serde_json::from_value(free.get_mut("items")?.take()).ok()
    }

    async fn register(&mut self, turn: &mut Turn) -> Option<()> {
        let place = Arc::clone(&self.place);
        let phone = format!("119{:08}", self.rng.u32(10_000_000..100_000_000));
        let body = json!({ "name": self.pick(&place.names)?, "phone": phone, "source": "walk_in" });
        let (path, key) = (self.path("/api/contacts?"), self.key());
        let name = "POST /api/contacts";
        let answer = self.ask(turn, name, Question { further: key, ..Question::to_do(&path, &body) }).await?;
        self.acknowledged("contact", &answer);
        Some(())
    }

    async fn correct(&mut self, turn: &mut Turn) -> Option<()> {
        let id = self.a_patient();
        let path = self.path(&format!("/api/contacts/{id}?"));
        let answer = self.get(turn, "GET /api/contacts/{id}", &path).await?;
        let fits = Some((IF_MATCH, answer.headers.get("etag")?.clone()));
        let body = json!({ "profession": format!("Ofício {}", self.rng.u32(0..1_000_000)) });
        let name = "PATCH /api/contacts/{id}";
        let answer = self
            .ask(
                turn,
                name,
                Question {
                    method: Method::PATCH,
                    further: fits,
                    tolerated: &["stale"],
                    ..Question::to_do(&path, &body)
                },
            )
            .await?;
        self.acknowledged("contact", &answer);
        Some(())
    }

    async fn feed(&mut self, turn: &mut Turn) -> Option<()> {
        let place = Arc::clone(&self.place);
        let number = self.rng.usize(0..place.feeds.len().max(1));
        let path = place.feeds.get(number)?;
        let known = self.feeds.get(&number).map(|etag| (IF_NONE_MATCH, etag.clone()));
        let name = "GET /api/calendar/feeds/{secret}.ics";
        let answer = self.ask(turn, name, Question { further: known, ..Question::of(path) }).await?;
        if let Some(etag) = answer.headers.get("etag") {
            self.feeds.insert(number, etag.clone());
        }
        Some(())
    }

    /// A screen sends a key with what it makes, so that it may be sent again.
    fn key(&mut self) -> Option<(HeaderName, HeaderValue)> {
        let value = HeaderValue::from_str(&format!("{:032x}", self.rng.u128(..))).ok()?;
        Some((HeaderName::from_static("idempotency-key"), value))
    }

    async fn get(&mut self, turn: &mut Turn, endpoint: &'static str, path: &str) -> Option<Answer> {
        self.ask(turn, endpoint, Question::of(path)).await
    }

    /// Asks and counts. Only a 2xx or 304 is a success. None ends the act.
    async fn ask(
        &mut self,
        turn: &mut Turn,
        endpoint: &'static str,
        question: Question<'_>,
    ) -> Option<Answer> {
        let Question { method, path, further, body, tolerated } = question;
        let answer = self.seat.ask(method, path, further, body).await;
        let status = answer.as_ref().map_or(0, |answer| answer.status.as_u16());
        let ended = judged(&answer, tolerated);
        let goes_on = ended == Ended::Well;
        turn.ended(endpoint, status, ended);
        answer.ok().filter(|_| goes_on)
    }

    fn acknowledged(&self, kind: &'static str, answer: &Answer) {
        let Ok(record) = serde_json::from_slice::<Value>(&answer.body) else { return };
        let number = |name: &str| record.get(name).and_then(Value::as_i64);
        if let Some((id, version)) = number("id").zip(number("version")) {
            let mut ledger = self.place.ledger.lock().unwrap_or_else(PoisonError::into_inner);
            let kept = ledger.entry((kind, id)).or_default();
            kept.version = kept.version.max(version);
            kept.writes += 1;
        }
    }
}

/// Number, version and the step a front desk would take next.
fn next_step(appointment: &Value) -> Option<(i64, i64, &'static str)> {
    let number = |name: &str| appointment.get(name).and_then(Value::as_i64);
    let step = match appointment.get("status")?.as_str()? {
        "requested" => "booked",
        "booked" | "confirmed" | "no_show" | "left" => "arrived",
        // Once all are through, one is taken back and finished again.
        "arrived" | "done" => "in_care",
        "in_care" => "done",
        _ => return None,
    };
    Some((number("id")?, number("version")?, step))
}

fn version_tag(version: i64) -> Option<HeaderValue> {
    HeaderValue::from_str(&format!("\"{version}\"")).ok()
}
