//! What the program says of itself: figures that are true, alerts that ring, a history that stays, and none of it to whom it does
//! not belong.
use std::time::Duration;

use poem::http::Method;
use serde_json::{Value, json};
use taskmed::{
    access::Role,
    app,
    base::Choice as _,
    features::observability::{scrape, watch::Watcher},
    measure::usage::Inner,
    telemetry::alerts::RuleName,
};

use crate::support::{
    Desk, World, exposition,
    world::{LUA, SOL},
};

const STATUS: &str = "/api/observability/status";
const ALERTS: &str = "/api/observability/alerts";

/// Lets the program look at itself for so long, every ten seconds.
async fn look(world: &World, watcher: &mut Watcher, seconds: i64) {
    for _ in 0..seconds / 10 {
        world.clock.advance(10);
        watcher.look(&world.context).await;
    }
}

fn alert(alerts: &Value, rule: &str) -> Value {
    alerts["items"].as_array().unwrap().iter().find(|alert| alert["rule"] == rule).cloned().unwrap()
}

fn figures(world: &World) -> Vec<exposition::Sample> {
    exposition::parse(&scrape::text(&world.context)).unwrap()
}

fn figure(world: &World, name: &str, labels: &[(&str, &str)]) -> f64 {
    let found = figures(world).into_iter().find(|sample| sample.is(name, labels));
    found.unwrap_or_else(|| panic!("{name} {labels:?} is not told")).value
}

#[tokio::test(flavor = "multi_thread")]
async fn every_route_of_the_table_is_in_the_figures_before_anyone_has_asked_it() {
    let world = World::empty();
    let told = figures(&world);
    let routes = app::routes();
    for route in &routes {
        let labels = [("http_request_method", route.method.as_str()), ("http_route", route.path)];
        assert!(
            told.iter().any(|s| s.is("taskmed_http_requests_total", &labels)),
            "{} {}",
            route.method,
            route.path
        );
    }
    assert!(routes.len() > 70);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_measurement_of_capacity_finds_its_figures_among_those_that_are_told() {
    let world = World::new().await;
    let owner = world.owner().await;
    owner.get("/api/agenda?date=2026-11-24").await.expect(200);
    let before = Inner::read(&scrape::text(&world.context));
    assert_eq!(before.queue, Some(0.0));
    for _ in 0..4 {
        owner.get("/api/agenda?date=2026-11-24").await.expect(200);
    }
    let rate = Inner::read(&scrape::text(&world.context)).hit_rate_since(&before).unwrap();
    assert!(rate > 0.9 && rate <= 1.0, "{rate}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_asked_is_counted_by_route_method_class_and_clinic() {
    let world = World::new().await;
    let (owner, other) = (world.owner().await, world.desk_in(LUA, Role::Owner).await);
    for _ in 0..3 {
        owner.get("/api/clinic/1/rooms").await.expect(200);
    }
    other.get("/api/clinic/2/rooms").await.expect(200);
    owner.get("/api/clinic/2/rooms").await.expect(404);
    let count = |class| {
        let labels = [
            ("http_route", "/api/clinic/{clinic_id}/rooms"),
            ("http_request_method", "GET"),
            ("status_class", class),
        ];
        figure(&world, "taskmed_http_requests_total", &labels)
    };
    assert_eq!((count("2xx"), count("4xx")), (4.0, 1.0));
    // Sign-in, three lists, and the one refused: it is counted where the caller is from.
    assert_eq!(figure(&world, "taskmed_clinic_request_duration_seconds_count", &[("clinic", "1")]), 5.0);
    assert_eq!(figure(&world, "taskmed_sign_ins_total", &[("clinic", "2")]), 1.0);
    let own = owner.get("/api/observability/metrics/clinic/1").await.expect(200);
    assert_eq!((&own["clinic_id"], &own["sign_ins"], &own["people"]), (&json!(1), &json!(1), &json!(1)));
    assert!(own["commits"].as_u64().unwrap() > 0 && own["p95_ms"].as_f64().unwrap() > 0.0, "{own}");
}

#[tokio::test(flavor = "multi_thread")]
async fn figures_are_for_this_machine_and_elsewhere_for_who_has_the_key() {
    use poem::Request;
    use std::net::SocketAddr;
    use taskmed::web::edge::{Arrival, Peer};
    let ask = |world: &World, from: &str, key: Option<&str>| {
        let addr: SocketAddr = from.parse().unwrap();
        let peer = Peer { addr, tls: true, loopback: addr.ip().is_loopback() };
        let mut request = Request::builder().uri_str("/metrics").extension(Arrival::from(peer));
        if let Some(key) = key {
            request = request.header("authorization", format!("Bearer {key}"));
        }
        let (desk, request) = (world.stranger(), request.finish());
        async move { desk.ask(request).await }
    };
    const KEY: &str = "a key of more than sixteen characters";
    let (here, there) = ("127.0.0.1:5000", "192.168.0.7:5000");
    let closed = World::empty();
    assert_eq!(
        ask(&closed, here, None).await.header("content-type"),
        "text/plain; version=0.0.4; charset=utf-8"
    );
    ask(&closed, there, None).await.problem(404, "not_found");
    ask(&closed, there, Some("")).await.problem(404, "not_found");
    let open = World::with_metrics_key(KEY);
    assert_eq!(ask(&open, here, None).await.status.as_u16(), 200);
    assert_eq!(ask(&open, there, Some(KEY)).await.status.as_u16(), 200);
    for wrong in [None, Some("x"), Some(&KEY[1..])] {
        ask(&open, there, wrong).await.problem(401, "unauthenticated");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_hour_is_told_in_minutes_and_is_still_there_after_a_restart() {
    let world = World::new().await;
    let (owner, mut watcher) = (world.owner().await, Watcher::default());
    look(&world, &mut watcher, 10).await;
    for _ in 0..5 {
        owner.get("/api/clinic/1/rooms").await.expect(200);
        look(&world, &mut watcher, 60).await;
    }
    let told = owner.get("/api/observability/metrics?span=hour").await.expect(200);
    let points = told["points"].as_array().unwrap();
    assert_eq!((&told["step_s"], points.len()), (&json!(60), 5), "{told}");
    assert!(
        points.iter().all(|p| p["requests"] == 1 && p["people"] == 1 && p["p95_ms"].as_f64().unwrap() > 0.0),
        "{told}"
    );
    let rooms = |told: &Value| {
        let routes = told["routes"].as_array().unwrap().clone();
        routes
            .into_iter()
            .find(|r| r["route"] == "/api/clinic/{clinic_id}/rooms" && r["method"] == "GET")
            .unwrap()
    };
    assert_eq!(rooms(&told)["requests"], 5);
    assert!(rooms(&told)["p999_ms"].as_f64().unwrap() <= rooms(&told)["max_ms"].as_f64().unwrap() * 1.033);
    world.context.observatory.end(world.clock.seconds());
    let again = tokio::task::spawn_blocking(move || world.after(|_| {})).await.unwrap();
    again.clock.advance(320);
    let owner = again.owner().await;
    for span in ["hour", "day", "month"] {
        let told = owner.get(&format!("/api/observability/metrics?span={span}")).await.expect(200);
        let requests: u64 =
            told["points"].as_array().unwrap().iter().map(|p| p["requests"].as_u64().unwrap()).sum();
        assert_eq!((requests, &rooms(&told)["requests"]), (5, &json!(5)), "{span}");
    }
    let wrong = owner.get("/api/observability/metrics?span=year").await;
    assert_eq!(wrong.wrong_fields(), ["/span unknown_value"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_status_says_how_all_is_and_who_is_at_work() {
    let world = World::new().await;
    let owner = world.owner().await;
    world.front_desk().await;
    let status = owner.get(STATUS).await.expect(200);
    assert_eq!(
        (&status["verdict"], &status["alerts_firing"], &status["version"]),
        (&json!("healthy"), &json!(0), &json!(env!("CARGO_PKG_VERSION")))
    );
    let unmeasured =
        json!({ "now": 2, "limit": null, "alert_at": null, "measured_at": null, "measured_version": null });
    assert_eq!(status["people"], unmeasured);
    assert!(
        status["requests"]["p95_ms"].as_f64().unwrap() > 0.0 && status["writer"]["alive"] == true,
        "{status}"
    );
    let measured = json!({
        "version": "0.1.0", "measured_at": "2026-11-01T10:00:00Z", "people": 500, "recommended": 400, "alert_at": 320, "steps": [],
    });
    std::fs::write(world.folder.path().join("capacity.json"), measured.to_string()).unwrap();
    let people = owner.get(STATUS).await.expect(200)["people"].clone();
    assert_eq!(
        (&people["limit"], &people["alert_at"], &people["measured_at"]),
        (&json!(400), &json!(320), &json!("2026-11-01T10:00:00Z"))
    );
    std::fs::write(world.folder.path().join("capacity.json"), "{ half").unwrap();
    assert_eq!(owner.get(STATUS).await.expect(200)["people"]["limit"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn caches_say_what_they_hold_and_how_often_it_helps() {
    let world = World::new().await;
    let owner = world.owner().await;
    for _ in 0..4 {
        owner.get("/api/agenda?date=2026-11-24").await.expect(200);
    }
    let told = owner.get("/api/observability/cache/status").await.expect(200);
    let domain = |name: &str| {
        let domains = told["domains"].as_array().unwrap().clone();
        domains.into_iter().find(|domain| domain["domain"] == name).unwrap()
    };
    let agenda = domain("agenda");
    assert_eq!(
        (&agenda["hits"], &agenda["misses"], &agenda["hit_rate"], &agenda["entries"]),
        (&json!(3), &json!(1), &json!(0.75), &json!(1))
    );
    assert!(agenda["bytes"].as_u64().unwrap() > 100 && agenda["bound_bytes"] == 32 * 1024 * 1024, "{agenda}");
    assert!(domain("sessions")["hits"].as_u64().unwrap() >= 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn guessing_at_the_door_rings_and_someone_can_say_that_they_know() {
    let world = World::new().await;
    let (owner, mut watcher) = (world.owner().await, Watcher::default());
    look(&world, &mut watcher, 20).await;
    let quiet = owner.get(ALERTS).await.expect(200);
    assert_eq!(
        (&quiet["firing"], quiet["items"].as_array().unwrap().len()),
        (&json!(0), RuleName::ALL.len())
    );
    owner
        .send(Method::POST, &format!("{ALERTS}/sign_in_attack/acknowledge"), &[], None)
        .await
        .problem(409, "alert_not_firing");
    for number in 0..25 {
        let guess = json!({ "clinic_id": SOL, "email": format!("{number}@sol.example"), "password": "adivinhe se puder" });
        let answer = world.stranger().post("/api/auth/login", guess).await;
        assert!([401, 429].contains(&answer.status.as_u16()));
    }
    let mut heard = world.context.observatory.listen();
    look(&world, &mut watcher, 20).await;
    let rung = heard.try_recv().unwrap();
    assert_eq!(
        (rung.clinic_id, serde_json::to_value(&rung).unwrap()["rule"].clone()),
        (Some(SOL), json!("sign_in_attack"))
    );
    let attack = alert(&owner.get(ALERTS).await.expect(200), "sign_in_attack");
    assert_eq!(
        (&attack["state"], &attack["value"], &attack["times"]),
        (&json!("firing"), &json!(25.0), &json!(1))
    );
    // The other clinic hears nothing of it.
    let other = world.desk_in(LUA, Role::Technician).await;
    assert_eq!(alert(&other.get(ALERTS).await.expect(200), "sign_in_attack")["state"], "quiet");
    assert_eq!(other.get(STATUS).await.expect(200)["verdict"], "healthy");
    assert_eq!(owner.get(STATUS).await.expect(200)["verdict"], "degraded");
    let known = owner
        .send(Method::POST, &format!("{ALERTS}/sign_in_attack/acknowledge"), &[], None)
        .await
        .expect(200);
    assert_eq!((&known["state"], &known["acknowledged_by"]), (&json!("acknowledged"), &json!(1)));
    let trail = owner.get("/api/audit?verb=acknowledged").await.expect(200);
    assert_eq!(trail["items"][0]["columns"], json!(["rule=sign_in_attack"]));
    // It is over once ten minutes have gone by without another try.
    look(&world, &mut watcher, 1200).await;
    let over = alert(&owner.get(ALERTS).await.expect(200), "sign_in_attack");
    assert_eq!((&over["state"], &over["acknowledged_by"]), (&json!("resolved"), &Value::Null));
}

#[tokio::test(flavor = "multi_thread")]
async fn refused_sign_ins_wait_on_purpose_and_do_not_make_the_screens_slow() {
    let world = World::new().await;
    let (owner, mut watcher) = (world.owner().await, Watcher::default());
    let slowly = async |method: &'static str, path: &'static str, watcher: &mut Watcher| {
        let meter = world.context.observatory.meter.path(path, [method]);
        for _ in 0..24 {
            (0..50).for_each(|_| meter.record(method, 401, Duration::from_millis(250)));
            look(&world, watcher, 10).await;
        }
        alert(&owner.get(ALERTS).await.expect(200), "response_time")
    };
    let refused = slowly("POST", "/api/auth/login", &mut watcher).await;
    assert_eq!((&refused["state"], &refused["value"]), (&json!("quiet"), &Value::Null));
    let slow = slowly("GET", "/api/agenda", &mut watcher).await;
    assert_eq!(slow["state"], "firing");
    assert!((245.0..256.0).contains(&slow["value"].as_f64().unwrap()), "{slow}");
    look(&world, &mut watcher, 60).await;
    let guessed = slowly("POST", "/api/auth/login", &mut watcher).await;
    assert_eq!(guessed["value"], slow["value"], "what nobody waits for says nothing of the screens");
}

#[tokio::test(flavor = "multi_thread")]
async fn silence_is_kept_over_a_restart_and_ends_by_itself() {
    let world = World::new().await;
    let owner = world.owner().await;
    let silence = |minutes: Value| {
        let owner = owner.clone();
        async move { owner.post(&format!("{ALERTS}/disk/silence"), json!({ "minutes": minutes })).await }
    };
    assert_eq!(silence(json!(0)).await.wrong_fields(), ["/minutes out_of_range"]);
    let silenced = silence(json!(30)).await.expect(200);
    assert_eq!(
        (&silenced["state"], &silenced["silenced_until"]),
        (&json!("quiet"), &json!("2026-11-24T12:30:00Z"))
    );
    owner
        .post(&format!("{ALERTS}/no_such_rule/silence"), json!({ "minutes": 5 }))
        .await
        .problem(404, "not_found");
    let world = tokio::task::spawn_blocking(move || world.after(|_| {})).await.unwrap();
    let owner = world.owner().await;
    let until = |alerts: Value| alert(&alerts, "disk")["silenced_until"].clone();
    assert_eq!(until(owner.get(ALERTS).await.expect(200)), "2026-11-24T12:30:00Z");
    world.clock.advance(1801);
    assert_eq!(until(owner.get(ALERTS).await.expect(200)), Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn alerts_reach_the_screens_of_those_who_may_see_health_and_no_others() {
    let world = World::new().await;
    let (technician, front) = (world.desk(Role::Technician).await, world.front_desk().await);
    let stream = async |desk: &Desk| {
        let uri = format!("/api/events?clinic_id={SOL}");
        let request = poem::Request::builder().uri_str(&uri).header("cookie", desk.cookie()).finish();
        let response = poem::Endpoint::call(&*world.endpoint, request).await.unwrap();
        response.into_body().into_async_read()
    };
    let (mut seen, mut unseen) = (stream(&technician).await, stream(&front).await);
    technician.post(&format!("{ALERTS}/disk/silence"), json!({ "minutes": 5 })).await.expect(200);
    let hear = async |stream: &mut (dyn tokio::io::AsyncRead + Unpin + Send)| {
        let mut text = String::new();
        let mut buffer = [0; 4096];
        let listening = async {
            use tokio::io::AsyncReadExt;
            while !text.contains("event: alert") {
                let n = stream.read(&mut buffer).await.unwrap();
                text.push_str(&String::from_utf8_lossy(&buffer[..n]));
            }
        };
        let _ = tokio::time::timeout(std::time::Duration::from_secs(3), listening).await;
        text
    };
    let told = hear(&mut seen).await;
    assert!(told.contains("event: alert\ndata: {\"rule\":\"disk\""), "{told}");
    let untold = hear(&mut unseen).await;
    assert!(untold.contains(": ping") && !untold.contains("alert"), "{untold}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_is_told_by_level_and_category_without_the_lines_of_other_clinics() {
    let world = World::new().await;
    let owner = world.owner().await;
    let line = |level: &str, category: &str, clinic: Value| json!({ "timestamp": "2026-11-24T12:00:00.000001Z", "level": level, "category": category, "target": "t", "message": "m", "clinic": clinic });
    let lines =
        [line("INFO", "api", json!(1)), line("WARN", "audit", Value::Null), line("ERROR", "api", json!(2))];
    let logs = world.folder.path().join("logs");
    std::fs::create_dir_all(&logs).unwrap();
    std::fs::write(logs.join("taskmed.2026-11-24.jsonl"), lines.map(|l| format!("{l}\n")).concat()).unwrap();
    let told = async |query: &str| {
        let told = owner.get(&format!("/api/observability/logs{query}")).await.expect(200);
        told["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|l| l["category"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(told("").await, ["audit", "api"]);
    assert_eq!(told("?level=warn").await, ["audit"]);
    assert_eq!(told("?category=api&limit=1").await, ["api"]);
    assert_eq!(owner.get("/api/observability/logs?limit=501").await.wrong_fields(), ["/limit out_of_range"]);
}
