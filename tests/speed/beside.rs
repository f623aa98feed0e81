//! Agenda reads while somebody takes the whole trail away as a file, against the same reads without that.
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use hyper::{StatusCode, body::Bytes};

use super::{
    clinic::Clinic,
    desk::{FrontDesk, Task},
    load::{self, Load, Question, Right},
    reads::{busy_days, keep_writing},
    table::{Bar, Line, median},
    versus::{CONNECTIONS, Pace},
};

/// Entries the trail has at least.
const ENTRIES: u64 = 50_000;
/// Desks that ask, and how often each does.
const DESKS: (usize, Duration) = (16, Duration::from_millis(40));

/// Days of the agenda that are kept in memory and days that are read anew, with and without the export beside.
pub async fn measure(pace: &Pace) -> Vec<Line> {
    let desk = Arc::new(FrontDesk::open("clinic", 2_900).await);
    fill_the_trail(pace, &desk).await;
    let days = Arc::new(busy_days(&desk.clinic).await);
    let asked = Arc::clone(&desk);
    let question: Question = Arc::new(move |connection, turn| {
        let day = &days[(connection * 3 + turn * 67) % days.len()];
        (asked.clinic.ask("GET", &format!("/api/agenda?date={day}"), false), Bytes::new())
    });
    let mut lines = Vec::new();
    for (what, writing) in [("agenda day, kept", false), ("agenda day, uncached", true)] {
        if pace.wants(what) {
            let stop = Arc::new(AtomicBool::new(false));
            let writer =
                writing.then(|| tokio::spawn(keep_writing(Arc::clone(&desk.clinic), Arc::clone(&stop))));
            lines.push(compare(pace, what, &desk, &question).await);
            stop.store(true, Ordering::Relaxed);
            if let Some(writer) = writer {
                writer.await.unwrap();
            }
        }
    }
    lines
}

async fn fill_the_trail(pace: &Pace, desk: &Arc<FrontDesk>) {
    let load =
        Load { right: Right::Success, connections: CONNECTIONS, every: Duration::ZERO, time: pace.time };
    let mut entries = 0;
    while entries < ENTRIES {
        entries += load::run(&desk.clinic.plain, &desk.question(Some(Task::Book)), load).await.times.len();
    }
    let (bytes, took) = export(&desk.clinic).await;
    println!("the trail as a file: {} MB in {took:.1?}", bytes / 1_000_000);
}

/// The 95th percentile of each, in turn.
async fn compare(pace: &Pace, what: &str, desk: &Arc<FrontDesk>, question: &Question) -> Line {
    let (connections, every) = DESKS;
    let load = Load { right: Right::Status(StatusCode::OK), connections, every, time: pace.time };
    let target = &desk.clinic.plain;
    load::run(target, question, load).await;
    let (mut with, mut without, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    let (mut times, mut odd) = (load::histogram(), 0);
    for _ in 0..pace.rounds {
        let alone = load::run(target, question, load).await;
        let stop = Arc::new(AtomicBool::new(false));
        let exporter = tokio::spawn(keep_exporting(Arc::clone(desk), Arc::clone(&stop)));
        let beside = load::run(target, question, load).await;
        stop.store(true, Ordering::Relaxed);
        exporter.await.unwrap();
        odd += alone.odd + beside.odd;
        #[expect(clippy::cast_precision_loss, reason = "microseconds stay far below 2^52")]
        let [alone, during] = [&alone.times, &beside.times].map(|times| times.value_at_quantile(0.95) as f64);
        with.push(during);
        without.push(alone);
        ratios.push(during / alone);
        times.add(&beside.times).unwrap();
    }
    let line = Line {
        what: format!("{what}, the trail exported beside"),
        ours: median(with),
        other: median(without),
        ratio: median(ratios),
        bar: Some(Bar::AtMost(2.0)),
        p50: times.value_at_quantile(0.5),
        p99: times.value_at_quantile(0.99),
        odd,
    };
    line.print();
    line
}

async fn keep_exporting(desk: Arc<FrontDesk>, stop: Arc<AtomicBool>) {
    while !stop.load(Ordering::Relaxed) {
        export(&desk.clinic).await;
    }
}

/// Takes the whole trail; answers its bytes and how long it took.
async fn export(clinic: &Clinic) -> (usize, Duration) {
    let begun = std::time::Instant::now();
    let bytes = clinic.get("/api/audit/export?format=csv").await.body().len();
    (bytes, begun.elapsed())
}
