//! What it costs to watch over the program. Ignored by ordinary runs; figures that count come from a release build:
//! `cargo test --release --test taskmed measure_watching -- --ignored --nocapture`.
use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use taskmed::{
    features::observability::scrape,
    telemetry::{Histogram, Stopwatch, meter::Meter},
};

use crate::support::{World, exposition};

const HEALTH: &str = "/api/observability/health";

/// The median of so many rounds.
fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

/// Asks every route that only reads, so that the figures are those of a program that has worked for a while.
async fn use_everything(world: &World) {
    let (owner, front) = (world.owner().await, world.front_desk().await);
    for route in taskmed::app::routes() {
        if route.method == "GET" && !route.path.ends_with("/events") {
            let path = route.path.replace("{clinic_id}", "1").replace("{id}", "1");
            for desk in [&owner, &front, &world.stranger()] {
                desk.get(&path).await;
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "a release build gives the figures that count"]
async fn a_scrape_takes_no_longer_than_two_milliseconds_and_health_a_fifth_of_one() {
    let world = World::new().await;
    use_everything(&world).await;
    let mut size = 0;
    let scrape = |_| {
        let start = Instant::now();
        size = black_box(scrape::text(&world.context)).len();
        start.elapsed()
    };
    let scrape = median((0..500).map(scrape).collect());
    let series = exposition::parse(&scrape::text(&world.context)).unwrap().len();
    let stranger = world.stranger();
    let mut times = Vec::new();
    for _ in 0..2000 {
        let start = Instant::now();
        stranger.get(HEALTH).await;
        times.push(start.elapsed());
    }
    let health = median(times);
    println!("scrape {scrape:?} ({series} series, {size} bytes), health {health:?} in process");
    assert!(scrape <= Duration::from_millis(2) && health <= Duration::from_micros(200));
}

#[test]
#[ignore = "a release build gives the figures that count"]
fn counting_a_request_takes_no_longer_than_two_hundred_nanoseconds() {
    const ROUNDS: u32 = 1_000_000;
    let meter = Meter::default();
    let path = meter.path("/api/things/{id}", ["GET", "PATCH"]);
    let each = |work: &dyn Fn(u32)| {
        let start = Instant::now();
        (0..ROUNDS).for_each(work);
        start.elapsed() / ROUNDS
    };
    let request = each(&|n| {
        let _in_flight = path.enter();
        path.record("GET", 200, Duration::from_nanos(u64::from(n) * 37));
    });
    let histogram = Histogram::default();
    let record = each(&|n| histogram.record(black_box(u64::from(n) * 37)));
    let watch = each(&|_| _ = black_box(Stopwatch::start().elapsed()));
    println!("a request {request:?}, one histogram {record:?}, a stopwatch {watch:?}");
    assert!(request <= Duration::from_nanos(200) && record <= Duration::from_nanos(200));
}
