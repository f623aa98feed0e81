//! Two clinics under one program: whatever somebody of the one asks, with whichever numbers in whichever place, nothing of the
//! other comes back and nothing of it changes. Few rounds in every run; the promise is for `TASKMED_ROUNDS=50000`.
use std::collections::BTreeMap;

use fastrand::Rng;
use poem::http::Method;
use serde_json::{Value, json};
use taskmed::{access::Role, app, base::Choice};

use crate::{
    faults::rounds,
    support::{
        Desk, World,
        practice::{WEDNESDAY, at},
        world::{LUA, SOL},
    },
};

/// Stands in every text the other clinic has.
const MARK: &str = "Lunático7391";
/// Numbers up to this are asked for; each clinic has some of them.
const NUMBERS: i64 = 60;

/// Gives Lua something of every kind, all of it marked, and more of each than Sol has, so that its last numbers are its own.
async fn furnish(world: &World, clinic: i64, mark: &str, each: usize) {
    let owner = world.desk_in(clinic, Role::Owner).await;
    let path = |rest: &str| format!("/api/clinic/{clinic}/{rest}");
    for number in 0..each {
        let person = json!({ "name": format!("{mark} Dra {number}"), "roles": ["professional"], "is_professional": true });
        let made = owner.post(&path("users"), person).await.expect(201);
        let room =
            owner.post(&path("rooms"), json!({ "name": format!("{mark} sala {number}") })).await.expect(201);
        let tag = json!({ "name": format!("{mark} {number}"), "color": 1 });
        let tag = owner.post(&path("appointment-tags"), tag).await.expect(201);
        let block = json!({
            "professional_id": made["user"]["id"], "starts_at": at("2026-12-01", "08:00"), "ends_at": at("2026-12-01", "09:00"),
            "reason": format!("{mark} reunião"),
        });
        owner.post(&path("blocks"), block).await.expect(201);
        let contact = json!({ "name": format!("{mark} Paciente {number}"), "phone": format!("1194444{number:04}"), "notes": mark });
        let contact = owner.post("/api/contacts", contact).await.expect(201);
        let booking = json!({
            "contact_id": contact["id"], "professional_id": made["user"]["id"], "room_id": room["id"], "tag_id": tag["id"],
            "starts_at": at(WEDNESDAY, "08:00"), "duration_min": 30, "notes": mark,
        });
        owner.post("/api/appointments", booking).await.expect(201);
        let feed = json!({ "professional_id": made["user"]["id"], "name": mark });
        owner.post("/api/calendar/integrations", feed).await;
    }
}

/// Makes up requests: every route, numbers of both clinics and of neither in every place one may stand.
struct Fuzz {
    random: Rng,
    routes: Vec<(Method, String)>,
}

impl Fuzz {
    fn new(seed: u64) -> Self {
        let asked = |path: &str| {
            !path.ends_with("/events") && !path.starts_with("/api/setup") && !path.contains("/auth/")
        };
        let routes = app::routes().into_iter().filter(|route| asked(route.path));
        Self {
            random: Rng::with_seed(seed),
            routes: routes.map(|route| (route.method.clone(), route.path.to_owned())).collect(),
        }
    }

    fn number(&mut self) -> i64 {
        self.random.i64(1..=NUMBERS)
    }

    fn clinic(&mut self) -> i64 {
        *self.random.choice([SOL, SOL, SOL, LUA, 4711].iter()).unwrap()
    }

    fn url(&mut self, path: &str) -> String {
        let mut url = path.replace("{secret}", "x").replace("{rule}", "disk");
        for name in ["{id}", "{user_id}", "{room_id}", "{tag_id}", "{block_id}"] {
            let number = self.number();
            url = url.replace(name, &number.to_string());
        }
        let (clinic, other) = (self.clinic(), self.clinic());
        let url = url.replace("{clinic_id}", &clinic.to_string());
        let names = [
            "professional_id",
            "contact_id",
            "room_id",
            "search",
            "date",
            "days",
            "status",
            "limit",
            "except_id",
            "phone",
            "cursor",
            "date_from",
            "date_to",
            "duration_min",
            "year",
        ];
        let mut query = format!("?clinic_id={other}");
        for name in names.iter().filter(|_| self.random.u8(0..5) == 0).collect::<Vec<_>>() {
            let value = match *name {
                "search" => {
                    (*self.random.choice(["Lun", "Paciente", "7391", "a", "1194444"].iter()).unwrap())
                        .to_owned()
                }
                "date" | "date_from" => WEDNESDAY.to_owned(),
                "date_to" => "2026-12-02".to_owned(),
                "phone" => format!("1194444{:04}", self.number()),
                "status" => "active".to_owned(),
                _ => self.number().to_string(),
            };
            query.push_str(&format!("&{name}={value}"));
        }
        format!("{url}{query}")
    }

    fn body(&mut self) -> Value {
        let names = ["contact_id", "professional_id", "room_id", "default_room_id"];
        let mut body = json!({ "starts_at": at(WEDNESDAY, "15:00"), "ends_at": at(WEDNESDAY, "16:00"), "duration_min": 30, "name": "Nome" });
        for name in names {
            if self.random.bool() {
                body[name] = json!(self.number());
            }
        }
        if self.random.bool() {
            body["tag_id"] = json!(self.number());
        }
        let of_booking = ["contact_id", "professional_id", "room_id", "tag_id", "starts_at", "duration_min"];
        let of_block = ["professional_id", "room_id", "starts_at", "ends_at"];
        let of_named: [&str; 1] = ["name"];
        let kept: &[&str] = [&of_booking[..], &of_block, &of_named][self.random.usize(0..3)];
        body.as_object_mut().unwrap().retain(|name, _| kept.contains(&name.as_str()));
        body
    }
}

/// What the whole of a clinic looks like from inside: every list its owner can ask for.
async fn picture(owner: &Desk, clinic: i64) -> BTreeMap<String, Value> {
    let lists = [
        "users/management",
        "rooms",
        "appointment-tags",
        "blocks?date_from=2026-01-01&date_to=2027-12-31",
        "",
    ];
    let of_clinic =
        lists.iter().map(|list| format!("/api/clinic/{clinic}/{list}").trim_end_matches('/').to_owned());
    let others = [
        "/api/contacts?limit=200",
        "/api/appointments?date_from=2026-01-01&date_to=2027-12-31",
        "/api/calendar/integrations",
    ];
    let mut all = BTreeMap::new();
    for url in of_clinic.chain(others.map(str::to_owned)) {
        let answer = owner.get(&url).await.expect(200);
        all.insert(url, answer);
    }
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn no_numbers_in_any_place_open_a_way_into_the_other_clinic() {
    let world = World::new().await;
    furnish(&world, SOL, "Sol", 4).await;
    furnish(&world, LUA, MARK, 12).await;
    // Signed in before: some of what is asked wants a password, and an address that fails too often cannot sign in for a while.
    let neighbour = world.desk_in(LUA, Role::Owner).await;
    let before = picture(&neighbour, LUA).await;
    assert!(
        before.values().all(|list| list["items"].as_array().is_none_or(|items| !items.is_empty())),
        "{before:?}"
    );
    let mut people: Vec<Desk> = Vec::new();
    for role in Role::ALL.iter().copied() {
        people.push(world.desk(role).await);
    }
    let mut fuzz = Fuzz::new(20_261_124);
    let mut statuses: BTreeMap<u16, usize> = BTreeMap::new();
    for _ in 0..rounds(2_000) {
        let desk = fuzz.random.choice(people.iter()).unwrap().clone();
        let (method, path) = fuzz.random.choice(fuzz.routes.iter()).unwrap().clone();
        let url = fuzz.url(&path);
        let body = (method != Method::GET && method != Method::DELETE).then(|| fuzz.body());
        let version = format!("\"{}\"", fuzz.random.i64(1..3));
        let asked = format!("{method} {url} {body:?}");
        let answer = desk.send(method, &url, &[("if-match", &version)], body).await;
        let text = String::from_utf8_lossy(&answer.bytes);
        assert!(!text.contains(MARK) && !text.contains("lua.example"), "{asked} answered {text}");
        assert!(answer.status.as_u16() < 500, "{asked} answered {text}");
        *statuses.entry(answer.status.as_u16()).or_default() += 1;
    }
    println!("{statuses:?}");
    assert_eq!(picture(&neighbour, LUA).await, before, "something of the other clinic changed");
    assert!(
        statuses.get(&200).is_some_and(|count| *count > 100),
        "too little was answered to prove anything: {statuses:?}"
    );
}
