//! The engine against servers whose slowness is known beforehand: what it says must be so.
use std::{
    convert::Infallible,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use http_body_util::Full;
use hyper::{Method, Request, Response, body::Bytes, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use taskmed::measure::{
    load::{Crowd, Door, Link, Measured, Pace, Turn, Worker},
    seat::judged,
};
use tokio::net::TcpListener;

/// How the server treats request number `n`, that came `at` after the start: how long it waits, and its status.
type Manner = Arc<dyn Fn(u64, Duration) -> (Duration, u16) + Send + Sync>;

async fn serve(manner: Manner) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (begun, seen) = (Instant::now(), Arc::new(AtomicU64::new(0)));
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            stream.set_nodelay(true).unwrap();
            let (manner, seen) = (Arc::clone(&manner), Arc::clone(&seen));
            let answer = service_fn(move |_: Request<hyper::body::Incoming>| {
                let (wait, status) = manner(seen.fetch_add(1, Ordering::Relaxed), begun.elapsed());
                async move {
                    if wait > Duration::ZERO {
                        tokio::time::sleep(wait).await;
                    }
                    let body = Full::new(Bytes::from_static(b"{\"code\":\"internal\"}"));
                    Ok::<_, Infallible>(Response::builder().status(status).body(body).unwrap())
                }
            });
            tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), answer));
        }
    });
    address
}

struct Getter(Link);

impl Worker for Getter {
    async fn act(&mut self, turn: &mut Turn) {
        let answer = self.0.ask(Method::GET, "/", &[], Bytes::new()).await;
        let status = answer.as_ref().map_or(0, |answer| answer.status.as_u16());
        turn.ended("GET /", status, judged(&answer, &[]));
    }
}

async fn measure(address: SocketAddr, people: usize, pace: Pace, time: Duration) -> Measured {
    let door = Arc::new(Door { address, authority: address.to_string(), tls: None });
    let mut crowd = Crowd::default();
    for number in 0..people {
        crowd.join(Getter(Link::new(Arc::clone(&door), None)), pace, number as u64);
    }
    let measured = crowd.measure(people, Duration::from_millis(500), time, || false).await;
    crowd.leave().await;
    measured
}

/// Other tests keep the processors busy meanwhile, and that is no lie of the engine's: of five tries one must agree. What always
/// tells something else agrees in none.
async fn agrees<F: Future<Output = Result<(), String>>>(attempt: impl Fn() -> F) {
    let mut why = Vec::new();
    for _ in 0..5 {
        match attempt().await {
            Ok(()) => return,
            Err(said) => why.push(said),
        }
    }
    panic!("{why:#?}");
}

fn ensure(holds: bool, otherwise: String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(otherwise) }
}

fn quantile(measured: &Measured, quantile: f64) -> Duration {
    Duration::from_micros(measured.tally.times().unwrap().value_at_quantile(quantile))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_slowed_by_thirty_milliseconds_shows_thirty_milliseconds() {
    agrees(slowed_by_thirty).await;
}

async fn slowed_by_thirty() -> Result<(), String> {
    let pace = Pace::Every(Duration::from_millis(200));
    let time = Duration::from_secs(4);
    let plain = measure(serve(Arc::new(|_, _| (Duration::ZERO, 200))).await, 20, pace, time).await;
    let slowed =
        measure(serve(Arc::new(|_, _| (Duration::from_millis(30), 200))).await, 20, pace, time).await;
    let more = quantile(&slowed, 0.5).saturating_sub(quantile(&plain, 0.5));
    assert_eq!((plain.tally.errors(), slowed.tally.errors()), (0, 0));
    ensure((28..=36).contains(&more.as_millis()), format!("{more:?} more"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_fails_once_in_a_hundred_shows_one_in_a_hundred() {
    let address = serve(Arc::new(|n, _| (Duration::ZERO, if n % 100 == 50 { 500 } else { 200 }))).await;
    let measured = measure(address, 50, Pace::Every(Duration::from_millis(50)), Duration::from_secs(4)).await;
    let line = &measured.tally.lines["GET /"];
    let share = line.errors() as f64 / line.times.len() as f64;
    assert!(line.times.len() > 2_000 && (0.009..=0.011).contains(&share), "{share} of {}", line.times.len());
    assert_eq!(line.badly.keys().collect::<Vec<_>>(), ["500 internal"]);
    assert_eq!(line.statuses[&500], line.errors());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_stands_still_for_two_seconds_cannot_hide_it() {
    agrees(two_seconds_still).await;
}

async fn two_seconds_still() -> Result<(), String> {
    // From the second second to the fourth nothing is answered. A closed loop would count each of the twenty people once; four
    // hundred acts were meant for that time, and half of them wait more than a second.
    let still = |at: Duration| (2.0..4.0).contains(&at.as_secs_f64());
    let until = |at: Duration| Duration::from_secs(4).saturating_sub(at);
    let manner: Manner = Arc::new(move |_, at| (if still(at) { until(at) } else { Duration::ZERO }, 200));
    let address = serve(manner).await;
    let people = 20;
    let measured =
        measure(address, people, Pace::Every(Duration::from_millis(100)), Duration::from_secs(8)).await;
    let p99 = quantile(&measured, 0.99);
    let all = measured.tally.requests();
    assert!(all.abs_diff(80 * people as u64) <= 20, "every act is there, however late: {all}");
    ensure((1_700..=2_300).contains(&p99.as_millis()), format!("p99 {p99:?}"))?;
    let half = all as f64 * 0.125;
    let times = measured.tally.times().unwrap();
    let late = times.iter_recorded().filter(|v| v.value_iterated_to() > 1_000_000);
    let late: u64 = late.map(|v| v.count_since_last_iteration()).sum();
    ensure((late as f64 - half).abs() < half * 0.2, format!("{late} of {all} waited over a second"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_goes_away_is_counted_as_errors_and_not_as_silence() {
    let address = serve(Arc::new(|_, _| (Duration::ZERO, 200))).await;
    let nobody = SocketAddr::from(([127, 0, 0, 1], {
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        free.local_addr().unwrap().port()
    }));
    assert_ne!(address, nobody);
    let measured = measure(nobody, 4, Pace::Every(Duration::from_millis(100)), Duration::from_secs(1)).await;
    let line = &measured.tally.lines["GET /"];
    assert!(line.errors() >= 36 && line.errors() == line.times.len(), "{:?}", line.badly);
    assert_eq!(line.badly.keys().collect::<Vec<_>>(), ["not connected"]);
}

/// Another generator, written another way: one request is sent off at each tick of a clock, whoever is free carries it, and the
/// times are sorted.
async fn independent(address: SocketAddr, rate: f64, time: Duration) -> (f64, Vec<Duration>) {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let (begun, all) = (tokio::time::Instant::now(), (rate * time.as_secs_f64()) as u32);
    let mut running = Vec::new();
    for n in 0..all {
        let at = begun + Duration::from_secs_f64(f64::from(n) / rate);
        tokio::time::sleep_until(at).await;
        let request = client.get(format!("http://{address}/")).send();
        running.push(tokio::spawn(async move {
            let answer = request.await.unwrap();
            assert_eq!(answer.status(), 200);
            answer.bytes().await.unwrap();
            at.elapsed()
        }));
    }
    let mut times = Vec::new();
    for one in running {
        times.push(one.await.unwrap());
    }
    let took = begun.elapsed().as_secs_f64();
    times.sort();
    (times.len() as f64 / took, times)
}

#[tokio::test(flavor = "multi_thread")]
async fn at_a_fixed_rate_it_agrees_with_an_independent_generator_within_a_tenth() {
    agrees(same_as_independent).await;
}

async fn same_as_independent() -> Result<(), String> {
    same_as(Duration::from_secs(6), async |address, rate, time| independent(address, rate, time).await).await
}

/// Another program, which anybody can install and hold us against: it says of each answer how long it took.
async fn hey(address: SocketAddr, rate: f64, time: Duration) -> (f64, Vec<Duration>) {
    let workers = 50;
    let mut hey = std::process::Command::new("hey");
    hey.args(["-z", &format!("{}s", time.as_secs()), "-c", &workers.to_string()]).args([
        "-q",
        &(rate / f64::from(workers)).to_string(),
        "-o",
        "csv",
        &format!("http://{address}/"),
    ]);
    let said = tokio::task::spawn_blocking(move || hey.output()).await.unwrap();
    let said = said.expect("the load generator `hey` is needed: apt-get install hey");
    let said = String::from_utf8(said.stdout).unwrap();
    let seconds = |line: &str| line.split(',').next().unwrap().parse::<f64>();
    let mut times: Vec<Duration> =
        said.lines().filter_map(|line| seconds(line).ok()).map(Duration::from_secs_f64).collect();
    times.sort();
    (times.len() as f64 / time.as_secs_f64(), times)
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a program that is no part of this: apt-get install hey; cargo test says_what_hey -- --ignored"]
async fn at_a_fixed_rate_it_says_what_hey_says_within_a_tenth() {
    agrees(|| same_as(Duration::from_secs(20), hey)).await;
}

/// Holds ours against another generator's, both at work at once, so that whatever else the machine does falls on both.
async fn same_as(
    time: Duration,
    other: impl AsyncFn(SocketAddr, f64, Duration) -> (f64, Vec<Duration>),
) -> Result<(), String> {
    // Nine of ten answers take 40 ms, the tenth takes 120 ms.
    let manner: Manner = Arc::new(|n, _| (Duration::from_millis(if n % 10 == 9 { 120 } else { 40 }), 200));
    let (rate, people) = (100.0, 50);
    let pace = Pace::Every(Duration::from_secs_f64(people as f64 / rate));
    let address = serve(manner).await;
    let ((their_rate, theirs), ours) =
        tokio::join!(other(address, rate, time), measure(address, people, pace, time));
    let our_rate = ours.tally.requests() as f64 / ours.time.as_secs_f64();
    let near = |a: f64, b: f64| (a / b - 1.0).abs() < 0.1;
    ensure(near(our_rate, their_rate), format!("{our_rate} and {their_rate} a second"))?;
    for share in [0.5, 0.8, 0.95] {
        let (our, their) = (quantile(&ours, share), theirs[(theirs.len() as f64 * share) as usize]);
        println!("{share}: {our:?} here, {their:?} there, of {}", theirs.len());
        ensure(near(our.as_secs_f64(), their.as_secs_f64()), format!("{share}: {our:?} and {their:?}"))?;
    }
    Ok(())
}
