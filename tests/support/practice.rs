//! A clinic ready to book: a front desk, two professionals, two rooms, and times of the clinic's wall clock.
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};
use taskmed::access::Role;

use super::{Answer, Desk, World};

/// The world's today, a Tuesday.
pub const TODAY: &str = "2026-11-24";
/// A Wednesday with nothing special about it, the day after the world's today.
pub const WEDNESDAY: &str = "2026-11-25";

/// What booking tests work with.
pub struct Practice {
    pub world: World,
    pub desk: Desk,
    /// Two professionals.
    pub ana: i64,
    pub beto: i64,
    /// A room.
    pub room: i64,
    patients: AtomicUsize,
}

impl Practice {
    pub async fn new() -> Self {
        let world = World::new().await;
        let (owner, desk) = (world.owner().await, world.front_desk().await);
        let mut ids = Vec::new();
        for name in ["Ana Lobo", "Beto Reis"] {
            let person = json!({ "name": name, "roles": ["professional"], "is_professional": true });
            let made = owner.post("/api/clinic/1/users", person).await.expect(201);
            ids.push(made["user"]["id"].as_i64().unwrap());
        }
        let room = owner.post("/api/clinic/1/rooms", json!({ "name": "Sala 1" })).await.expect(201);
        let (ana, beto, room) = (ids[0], ids[1], room["id"].as_i64().unwrap());
        Self { world, desk, ana, beto, room, patients: AtomicUsize::new(0) }
    }

    /// Books half an hour of Ana's Wednesday for a new patient.
    pub async fn book(&self, clock: &str) -> Value {
        self.try_book(json!({ "starts_at": at(WEDNESDAY, clock) })).await.expect(201)
    }

    /// Asks for half an hour with Ana for a new patient, but for what `changes` say.
    pub async fn try_book(&self, changes: Value) -> Answer {
        self.desk.post("/api/appointments", self.request(changes)).await
    }

    /// The body of such a booking.
    pub fn request(&self, changes: Value) -> Value {
        let number = self.patients.fetch_add(1, Ordering::Relaxed);
        let mut body = json!({
            "contact": { "name": format!("Rita Nunes {number}"), "phone": "11 98888-7777" }, "professional_id": self.ana, "duration_min": 30,
        });
        for (name, value) in changes.as_object().unwrap() {
            body[name] = value.clone();
        }
        if body.get("contact_id").is_some() {
            body.as_object_mut().unwrap().remove("contact");
        }
        body
    }

    /// Changes an appointment as it was last seen.
    pub async fn change(&self, seen: &Value, changes: Value) -> Answer {
        self.desk.patch(&url(seen), seen["version"].as_i64().unwrap(), changes).await
    }

    /// Steps an appointment as it was last seen to another state.
    pub async fn step(&self, seen: &Value, status: &str) -> Answer {
        let body = json!({ "status": status, "reason": "porque sim" });
        self.desk.post_at(&format!("{}/status", url(seen)), seen["version"].as_i64().unwrap(), body).await
    }

    /// Blocks a stretch of a Wednesday.
    pub async fn block(&self, changes: Value) -> Value {
        let mut body = json!({ "starts_at": at(WEDNESDAY, "09:00"), "ends_at": at(WEDNESDAY, "10:00"), "reason": "reunião" });
        changes.as_object().unwrap().iter().for_each(|(name, value)| body[name] = value.clone());
        self.desk.post("/api/clinic/1/blocks", body).await.expect(201)
    }

    /// The other clinic's front desk.
    pub async fn neighbour(&self) -> Desk {
        self.world.desk_in(super::world::LUA, Role::FrontDesk).await
    }
}

/// The URL of an appointment.
pub fn url(appointment: &Value) -> String {
    format!("/api/appointments/{}", appointment["id"])
}

/// A time of São Paulo's wall clock, three hours behind UTC.
pub fn at(day: &str, clock: &str) -> String {
    let local: jiff::civil::DateTime = format!("{day}T{clock}").parse().unwrap();
    local.in_tz("America/Sao_Paulo").unwrap().timestamp().to_string()
}
