//! What a part of the program costs: this build against one that lacks it, in turn, doing the same. `--against PATH` names the
//! other executable; it says itself what it lacks.
//!
//! Two figures each: the throughput of the one as a share of the other's, and the processor time that each of its answers took,
//! which other work on the machine disturbs less.
use std::{path::Path, process::Command, sync::Arc};

use hyper::{StatusCode, body::Bytes};
use serde_json::Value;

use super::{
    clinic::{Clinic, OURS},
    load::{self, Load, Question},
    process::each_us,
    reads::busiest_day,
    table::{Bar, Line, median},
    trail,
    versus::{CONNECTIONS, Pace},
    writes::Practice,
};

/// Something to ask both.
struct Duel {
    what: &'static str,
    status: StatusCode,
    bar: Option<Bar>,
}

/// One of the two programs, and what it is asked.
struct Side<'a> {
    clinic: &'a Clinic,
    question: Question,
}

/// Every figure: bookings, and what is read most.
pub async fn measure(pace: &Pace, other: &Path) -> Vec<Line> {
    let lacks = lacks(other);
    assert!(!lacks.is_empty(), "{} lacks nothing: it was not built for a measurement", other.display());
    println!("the other program is one without {}", lacks.join(", "));
    let without = |part: &str| lacks.iter().any(|lacking| lacking == part);
    let bar = Some(Bar::AtLeast(if without("measuring") { 0.98 } else { 0.9 }));
    let mut lines = Vec::new();
    if pace.wants("bookings") {
        lines.push(bookings(pace, other, bar).await);
    }
    if pace.wants("reads") {
        // The trail's bar is one of writing.
        lines.extend(reads(pace, other, bar.filter(|_| !without("trail"))).await);
    }
    lines
}

async fn bookings(pace: &Pace, other: &Path, bar: Option<Bar>) -> Line {
    let (ours, theirs) = (Practice::open(Path::new(OURS)).await, Practice::open(other).await);
    let (ours, theirs) = (Arc::new(ours), Arc::new(theirs));
    let duel = Duel { what: "bookings", status: StatusCode::CREATED, bar };
    let sides = [&ours, &theirs].map(|p| Side { clinic: &p.clinic, question: p.question() });
    let line = play(pace, &duel, sides).await;
    for practice in [ours, theirs] {
        trail::print(&mut Arc::into_inner(practice).unwrap().clinic);
    }
    line
}

async fn reads(pace: &Pace, other: &Path, bar: Option<Bar>) -> Vec<Line> {
    let ours = Arc::new(Clinic::demonstration(Path::new(OURS), "clinic", "front_desk").await);
    let theirs = Arc::new(Clinic::demonstration(other, "clinic", "front_desk").await);
    let day = format!("/api/agenda?date={}", busiest_day(&ours).await);
    let mut lines = Vec::new();
    for what in ["reads: health", "reads: agenda day, kept", "reads: contact by number, uncached"] {
        let side = |clinic: &Arc<Clinic>| -> Question {
            let (clinic, day) = (Arc::clone(clinic), day.clone());
            Arc::new(move |connection, turn| {
                let path = match what {
                    "reads: health" => "/livez".to_owned(),
                    "reads: agenda day, kept" => day.clone(),
                    _ => format!("/api/contacts/{}", 1 + (connection * 41 + turn * 7) % 2_900),
                };
                (clinic.ask("GET", &path, false), Bytes::new())
            })
        };
        let sides = [&ours, &theirs].map(|clinic| Side { clinic, question: side(clinic) });
        lines.push(play(pace, &Duel { what, status: StatusCode::OK, bar }, sides).await);
    }
    lines
}

/// Asks one and the other in turn, and the next time the other first.
async fn play(pace: &Pace, duel: &Duel, sides: [Side<'_>; 2]) -> Line {
    let load = pace.load(duel.status, CONNECTIONS);
    for side in &sides {
        load::run(&side.clinic.plain, &side.question, Load { time: pace.time / 2, ..load }).await;
    }
    let (mut rates, mut costs) = ([Vec::new(), Vec::new()], [Vec::new(), Vec::new()]);
    let (mut times, mut odd) = (load::histogram(), 0);
    for round in 0..pace.rounds {
        for turn in [round % 2, (round + 1) % 2] {
            let side = &sides[turn];
            let before = side.clinic.process().worked();
            let done = load::run(&side.clinic.plain, &side.question, load).await;
            let worked = side.clinic.process().worked() - before;
            odd += done.odd;
            rates[turn].push(done.rate);
            costs[turn].push(each_us(worked, done.times.len()));
            if turn == 0 {
                times.add(&done.times).unwrap();
            }
        }
    }
    let ratios = rates[0].iter().zip(&rates[1]).map(|(ours, theirs)| ours / theirs).collect();
    let [ours, other] = rates.map(median);
    let line = Line {
        what: duel.what.to_owned(),
        ours,
        other,
        ratio: median(ratios),
        bar: duel.bar,
        p50: times.value_at_quantile(0.5),
        p99: times.value_at_quantile(0.99),
        odd,
    };
    line.print();
    let [ours, other] = costs.map(median);
    println!(
        "  costs {:.1} % of the throughput; {ours:.1} µs of processor for an answer, {other:.1} without: {:.1} % more",
        (1.0 - line.ratio) * 100.0,
        (ours / other - 1.0) * 100.0
    );
    line
}

/// What an executable says it was built without.
fn lacks(executable: &Path) -> Vec<String> {
    let said = Command::new(executable).args(["version", "--json"]).output().unwrap();
    let said: Value = serde_json::from_slice(&said.stdout).unwrap();
    said["without"].as_array().unwrap().iter().map(|part| part.as_str().unwrap().to_owned()).collect()
}
