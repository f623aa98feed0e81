//! What is kept in memory is never seen: a program that keeps answers and one that forgets everything before each question give
//! the same bytes, whatever is done to the clinic. Few rounds in every run; the promise is for a hundred thousand.
use fastrand::Rng;
use poem::http::Method;
use serde_json::{Value, json};
use taskmed::access::Role;

use crate::{
    faults::rounds,
    support::{Desk, Practice, desk::Answer, practice::at, world::SOL},
};

const DAYS: [&str; 4] = ["2026-11-24", "2026-11-25", "2026-11-26", "2026-12-01"];

/// The same clinic twice: what is done to the one is done to the other.
struct Twins {
    keeps: Practice,
    forgets: Practice,
    desks: Vec<(Desk, Desk)>,
    random: Rng,
}

impl Twins {
    async fn new() -> Self {
        let (keeps, forgets) = (Practice::new().await, Practice::new().await);
        let mut desks = Vec::new();
        for role in [Role::FrontDesk, Role::Owner, Role::FrontDesk] {
            desks.push((keeps.world.desk(role).await, forgets.world.desk(role).await));
        }
        Self { keeps, forgets, desks, random: Rng::with_seed(7) }
    }

    /// Sends one request to both; the answers must be the same but for the request's own number.
    async fn both(&mut self, method: Method, url: &str, version: i64, body: Option<Value>) -> Answer {
        let (one, other) = self.random.choice(self.desks.iter()).unwrap().clone();
        self.forgets.world.clinic(SOL).forget_kept();
        let tag = format!("\"{version}\"");
        let headers = [("if-match", tag.as_str())];
        let kept = one.send(method.clone(), url, &headers, body.clone()).await;
        let fresh = other.send(method.clone(), url, &headers, body.clone()).await;
        assert_eq!(kept.status, fresh.status, "{method} {url} {body:?}: {} {}", kept.json(), fresh.json());
        if kept.status.is_success() {
            let texts = [&kept, &fresh].map(|answer| String::from_utf8_lossy(&answer.bytes).into_owned());
            assert!(
                texts[0] == texts[1],
                "{method} {url} {body:?}\nkept:  {}\nfresh: {}",
                texts[0],
                texts[1]
            );
        }
        kept
    }

    fn day(&mut self) -> &'static str {
        DAYS[self.random.usize(0..DAYS.len())]
    }

    fn person(&mut self) -> i64 {
        if self.random.bool() { self.keeps.ana } else { self.keeps.beto }
    }

    /// Looks for people by what is kept of searches.
    async fn search(&mut self) {
        let typed = ["", "nome", "paciente 1", "n", "98888", "paciente", "2"][self.random.usize(0..7)]
            .replace(' ', "%20");
        let status = ["", "&status=lead", "&status=active"][self.random.usize(0..3)];
        let limit = [2, 5, 50][self.random.usize(0..3)];
        self.both(Method::GET, &format!("/api/contacts?search={typed}{status}&limit={limit}"), 0, None).await;
    }

    /// Looks at something that is kept.
    async fn look(&mut self) {
        if self.random.u8(0..3) == 0 {
            return self.search().await;
        }
        let mut url = format!("/api/agenda?date={}", self.day());
        if self.random.bool() {
            url.push_str(&format!("&professional_id={}", self.person()));
        }
        if self.random.u8(0..4) == 0 {
            url.push_str("&days=7");
        }
        self.both(Method::GET, &url, 0, None).await;
    }

    /// Does something that a kept answer depends on.
    async fn act(&mut self) {
        let clock = format!("{:02}:{}0", self.random.u8(8..18), [0, 3][self.random.usize(0..2)]);
        let starts_at = at(self.day(), &clock);
        let ends_at = starts_at.parse::<jiff::Timestamp>().unwrap() + jiff::ToSpan::minutes(30);
        let (person, id, version) = (self.person(), self.random.i64(1..40), self.random.i64(1..4));
        let number = self.random.u16(..);
        let (method, url, body) = match self.random.u8(0..10) {
            0..=2 => (
                Method::POST,
                "/api/appointments".to_owned(),
                json!({
                    "contact": { "name": format!("Paciente {number}"), "phone": "11 98888-7777" }, "professional_id": person,
                    "starts_at": starts_at, "duration_min": 30,
                }),
            ),
            3 => (Method::PATCH, format!("/api/appointments/{id}"), json!({ "starts_at": starts_at })),
            4 => (
                Method::PATCH,
                format!("/api/appointments/{id}"),
                json!({ "notes": format!("nota {number}") }),
            ),
            5 => {
                let status = ["confirmed", "arrived", "in_care", "done", "cancelled_by_patient"]
                    [self.random.usize(0..5)];
                let body = json!({ "status": status, "reason": "porque sim" });
                (Method::POST, format!("/api/appointments/{id}/status"), body)
            }
            6 => {
                let change = match self.random.u8(0..4) {
                    0 => json!({ "social_name": format!("Nome {number}") }),
                    1 => json!({ "phone": format!("1197777{:04}", number % 10_000) }),
                    2 => json!({ "status": if self.random.bool() { "lead" } else { "active" } }),
                    _ => json!({ "notes": format!("nota {number}") }),
                };
                (Method::PATCH, format!("/api/contacts/{id}"), change)
            }
            7 => {
                let body = json!({ "professional_id": person, "starts_at": starts_at, "ends_at": ends_at.to_string(), "reason": "reunião" });
                (Method::POST, "/api/clinic/1/blocks".to_owned(), body)
            }
            8 => (
                Method::PATCH,
                format!("/api/clinic/1/rooms/{}", self.keeps.room),
                json!({ "name": format!("Sala {number}") }),
            ),
            _ => (
                Method::PATCH,
                format!("/api/clinic/1/users/{person}"),
                json!({ "specialty": format!("Clínica {number}") }),
            ),
        };
        self.both(method, &url, version, Some(body)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_from_memory_is_the_answer_from_the_file() {
    compare(rounds(600)).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "minutes: cargo long-freshness"]
async fn in_100_000_rounds_an_answer_from_memory_is_the_answer_from_the_file() {
    compare(100_000).await;
}

/// Looks and acts so many times.
async fn compare(rounds: usize) {
    let mut twins = Twins::new().await;
    for _ in 0..rounds {
        if twins.random.u8(0..3) == 0 { twins.act().await } else { twins.look().await }
    }
    let day = twins.keeps.desk.get("/api/agenda?date=2026-11-23&days=7").await.expect(200);
    assert!(day["appointments"].as_array().unwrap().len() > 5, "too little was done to prove anything");
    println!("{rounds} looks and acts, every answer the same from memory as from the file");
}
