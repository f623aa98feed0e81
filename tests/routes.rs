//! One walk over the whole route table: nobody gets in without a session, with the wrong role, into another clinic, or with a
//! wrong body.
use poem::{Request, http::Method};
use serde_json::{Value, json};
use taskmed::{
    access::{Role, permissions},
    app,
    base::Choice,
    web::repeatable,
};

use crate::support::{
    Desk, World,
    desk::Answer,
    world::{LUA, SOL},
};

/// Routes anyone may ask. Each one is here for a reason; the list may only shrink.
const PUBLIC: [&str; 16] = [
    "GET /api/calendar/feeds/{secret}.ics",
    "GET /api/observability/health",
    "GET /api/setup",
    "GET /docs",
    "GET /livez",
    // On this machine only, and elsewhere with a key.
    "GET /metrics",
    "GET /openapi.json",
    "GET /problems/{code}",
    "GET /readyz",
    "GET /trust/ca.json",
    "GET /trust/ca.pem",
    "POST /api/auth/accept-invite",
    "POST /api/auth/login",
    "POST /api/setup",
    "POST /api/setup/demo",
    // On this machine only, and only while it has no clinic.
    "POST /api/setup/restore",
];

/// POSTs that do not remember an `Idempotency-Key`, each because sending it again does no harm or must not be answered again.
const NOT_REMEMBERED: [(&str, &str); 25] = [
    ("/api/audit/closing", "a day may be closed again, and each closing is on record"),
    ("/api/audit/closing/check", "it changes nothing but the record that somebody looked"),
    ("/api/audit/prints", "each print is on record"),
    ("/api/audit/restored", "accepted is accepted"),
    ("/api/auth/accept-invite", "the code is used up by the first"),
    ("/api/auth/lock", "locked is locked"),
    ("/api/auth/login", "each is a session of its own, and its cookie is kept nowhere"),
    ("/api/auth/logout", "the session is gone after the first"),
    ("/api/auth/password", "the present password is another after the first"),
    ("/api/auth/unlock", "unlocked is unlocked"),
    ("/api/backups", "each is a copy of its own, and the last one counts"),
    ("/api/calendar/integrations", "its answer holds a secret that is kept nowhere"),
    ("/api/calendar/integrations/{id}/sync", "it writes nothing"),
    (
        "/api/clinic/{clinic_id}/recovery",
        "its answer holds a secret that is kept nowhere; the last one counts",
    ),
    ("/api/clinic/{clinic_id}/recovery/confirm", "confirmed is confirmed"),
    (
        "/api/clinic/{clinic_id}/users/{id}/invite",
        "its answer holds a secret that is not kept; the last one counts",
    ),
    ("/api/contacts/imports/{id}/undo", "its If-Match fits only once"),
    ("/api/observability/alerts/{rule}/acknowledge", "acknowledged is acknowledged"),
    ("/api/observability/alerts/{rule}/silence", "the last one counts"),
    ("/api/observability/capacity", "a second one is refused while the first runs"),
    ("/api/observability/messages/test", "a second message is a second try"),
    ("/api/setup", "there is a clinic after the first"),
    ("/api/setup/demo", "the demonstration is made anew, the same again"),
    ("/api/setup/demo/leave", "left is left"),
    ("/api/setup/restore", "there is a clinic after the first"),
];

struct Line {
    method: Method,
    path: &'static str,
    access: &'static str,
    takes_json: bool,
    takes_file: bool,
    remembers: bool,
}

fn table() -> Vec<Line> {
    let line = |route: taskmed::web::Route| {
        let operation = route.operation(schemars::SchemaGenerator::default());
        let content = operation.body.as_ref().map(|b| b["content"].clone()).unwrap_or_default();
        Line {
            method: route.method.clone(),
            path: route.path,
            access: operation.access,
            takes_json: content["application/json"].is_object(),
            takes_file: content["text/csv"].is_object(),
            remembers: operation.parameters.iter().any(|p| p["name"] == repeatable::KEY),
        }
    };
    app::routes().into_iter().map(line).collect()
}

impl Line {
    fn url(&self, clinic: i64) -> String {
        let path = self
            .path
            .replace("{clinic_id}", &clinic.to_string())
            .replace("{id}", "4711")
            .replace("{rule}", "disk")
            .replace("{secret}", "x");
        if self.path.contains("{clinic_id}") { path } else { format!("{path}?clinic_id={clinic}") }
    }

    async fn ask(&self, desk: &Desk, clinic: i64, body: Option<Value>) -> Answer {
        let file = self.takes_file.then(|| (Some("text/csv"), b"name\n".to_vec()));
        let json = body
            .or(self.takes_json.then(|| json!({})))
            .map(|b| (Some("application/json"), b.to_string().into_bytes()));
        let body = file.or(json).unwrap_or((None, Vec::new()));
        desk.send_bytes(self.method.clone(), &self.url(clinic), &[("if-match", "\"1\"")], body).await
    }

    /// Whether the route is about a clinic, behind a permission.
    fn is_of_a_clinic(&self) -> bool {
        !matches!(self.access, "public" | "session")
    }
}

#[test]
fn the_public_routes_are_these_and_no_others() {
    let mut public: Vec<String> =
        table().iter().filter(|l| l.access == "public").map(|l| format!("{} {}", l.method, l.path)).collect();
    public.sort();
    public
        .iter()
        .for_each(|route| assert!(PUBLIC.contains(&route.as_str()), "{route} is public and not on the list"));
}

#[test]
fn every_post_remembers_its_key_or_needs_not() {
    let posts = || table().into_iter().filter(|line| line.method == Method::POST);
    for line in posts() {
        let reason = NOT_REMEMBERED.iter().find(|(path, _)| *path == line.path);
        assert_eq!(line.remembers, reason.is_none(), "POST {}: {reason:?}", line.path);
    }
    for (path, _) in NOT_REMEMBERED {
        assert!(posts().any(|line| line.path == path), "{path} is no route");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_session_every_other_route_answers_401() {
    let world = World::new().await;
    for line in table().iter().filter(|l| l.access != "public") {
        let answer = line.ask(&world.stranger(), SOL, None).await;
        assert_eq!(answer.status.as_u16(), 401, "{} {}", line.method, line.path);
        answer.problem(401, "unauthenticated");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_without_the_permission_gets_403_and_one_with_it_does_not() {
    let world = World::new().await;
    for role in Role::ALL.iter().copied() {
        let desk = world.desk(role).await;
        for line in table().iter().filter(|l| l.is_of_a_clinic() && !l.path.ends_with("/events")) {
            let (_, allowed) = permissions::TABLE.iter().find(|(name, _)| *name == line.access).unwrap();
            let answer = line.ask(&desk, SOL, None).await;
            let is_403 = answer.status.as_u16() == 403;
            assert_eq!(is_403, !allowed.contains(&role), "{} {} as {}", line.method, line.path, role.code());
            if is_403 {
                assert_eq!(answer.problem(403, "forbidden")["permission"], line.access);
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_clinic_and_one_that_does_not_exist_are_the_same_404() {
    let world = World::new().await;
    let owner = world.owner().await;
    for line in table().iter().filter(|l| l.is_of_a_clinic()) {
        let mut bodies = Vec::new();
        for clinic in [LUA, 4711] {
            let answer = line.ask(&owner, clinic, None).await;
            let mut body = answer.problem(404, "not_found");
            body["request_id"] = json!("");
            bodies.push(body);
        }
        assert_eq!(bodies[0], bodies[1], "{} {}", line.method, line.path);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_or_malformed_clinic_is_400() {
    let world = World::new().await;
    let owner = world.owner().await;
    let of_query = |l: &&Line| l.is_of_a_clinic() && !l.path.contains("{clinic_id}");
    for line in table().iter().filter(of_query) {
        for query in ["", "?clinic_id=", "?clinic_id=abc", "?clinic_id=-1", "?clinic_id=0"] {
            let uri = format!("{}{query}", line.path.replace("{id}", "1"));
            for desk in [&owner, &world.stranger()] {
                let request = poem::Request::builder().method(line.method.clone()).uri_str(&uri);
                let answer = desk.ask(request.header("cookie", desk.cookie()).finish()).await;
                answer.problem(400, "clinic_id_missing");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_body_is_a_problem_with_pointers_and_never_a_500() {
    let world = World::new().await;
    let owner = world.owner().await;
    for line in table().iter().filter(|l| l.takes_json && l.path != "/api/setup/demo") {
        let send = |kind, bytes: &[u8]| {
            let (url, bytes) = (line.url(SOL), bytes.to_vec());
            let owner = owner.clone();
            let method = line.method.clone();
            async move { owner.send_bytes(method, &url, &[("if-match", "\"1\"")], (Some(kind), bytes)).await }
        };
        let at = format!("{} {}", line.method, line.path);
        assert_eq!(send("application/json", b"{").await.status.as_u16(), 400, "{at}");
        assert_eq!(send("application/json", b"[]").await.status.as_u16(), 400, "{at}");
        assert_eq!(send("text/plain", b"{}").await.status.as_u16(), 415, "{at}");
        let huge = format!("{{\"a\":\"{}\"}}", "x".repeat(300 * 1024));
        assert_eq!(send("application/json", huge.as_bytes()).await.status.as_u16(), 413, "{at}");
        let unknown = send("application/json", br#"{"no_such_field":1}"#).await;
        // A record that is not there is said before its fields are looked at.
        if unknown.status.as_u16() != 404 {
            let said = unknown.wrong_fields();
            assert!(said.contains(&"/no_such_field unknown_field".to_owned()), "{at}: {said:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_paths_and_methods_are_problems_too() {
    let world = World::new().await;
    let owner = world.owner().await;
    owner.get("/api/nothing").await.problem(404, "not_found");
    owner.get("/nothing").await.problem(404, "not_found");
    let typed =
        |path| Request::builder().method(Method::GET).uri_str(path).header("accept", "text/html").finish();
    let lost = owner.ask(typed("/nothing")).await;
    assert_eq!((lost.status.as_u16(), lost.header("content-type")), (404, "text/html; charset=utf-8"));
    owner.ask(typed("/api/nothing")).await.problem(404, "not_found");
    let answer = owner.send(Method::PUT, "/api/clinic/1/rooms", &[], None).await;
    assert_eq!(answer.header("allow"), "GET, POST");
    answer.problem(405, "method_not_allowed");
    let head = owner.send(Method::HEAD, "/api/clinic/1/rooms", &[], None).await;
    assert_eq!(head.status.as_u16(), 200);
}
