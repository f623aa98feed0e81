//! A front desk that works on and on: whether memory and open files stay what they are.
use std::{
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use super::{
    desk::FrontDesk,
    load::{self, Load, Right},
    process::Process,
    table::median,
    versus::CONNECTIONS,
};

/// Looks after which memory may grow no more than [`BAR`]: two minutes.
const WARM: usize = 120;
/// Looks of which the middle counts.
const WINDOW: usize = 10;
/// Share by which it may grow.
const BAR: f64 = 0.05;
/// Time from one look at memory to the next.
const LOOK: Duration = Duration::from_secs(1);
/// Requests of a day and night at a busy clinic: twenty a second, which is more than a hundred desks ask.
const DAY: u64 = 24 * 3600 * 20;
/// From one question of a desk to its next while a soak lasts: five hundred a second in all.
const PACE: Duration = Duration::from_millis(128);
/// A day is driven in parts of this length.
const PART: Duration = Duration::from_secs(10);

/// Works for so long at the pace of a very busy clinic; answers whether all bars were met.
pub async fn minutes(minutes: f64) -> bool {
    let time = Duration::from_secs_f64(minutes * 60.0);
    let load = Load { right: Right::Success, connections: CONNECTIONS, every: PACE, time };
    work(load, |_, since| since >= time).await
}

/// Works through a day of requests as fast as they are answered.
pub async fn day() -> bool {
    let load = Load { right: Right::Success, connections: CONNECTIONS, every: Duration::ZERO, time: PART };
    work(load, |done, _| done >= DAY).await
}

async fn work(load: Load, enough: impl Fn(u64, Duration) -> bool) -> bool {
    let desk = Arc::new(FrontDesk::open("clinic", 2_900).await);
    let process = desk.clinic.process();
    let looks = Arc::new(Mutex::new(Vec::new()));
    let watch = tokio::spawn(watch(process, Arc::clone(&looks)));
    let (begun, mut done, mut odd, mut descriptors) = (Instant::now(), 0, 0, Vec::new());
    while !enough(done, begun.elapsed()) {
        let part = load::run(&desk.clinic.plain, &desk.question(None), load).await;
        done += part.times.len();
        odd += part.odd;
        // Connections of the part that has ended go within a moment.
        tokio::time::sleep(Duration::from_millis(500)).await;
        descriptors.push(process.descriptors());
    }
    let took = begun.elapsed();
    watch.abort();
    let (warm, most) = resident(&looks.lock().unwrap());
    let grown = most / warm - 1.0;
    println!("{done} requests in {:.0} s, {odd} wrong answers", took.as_secs_f64());
    println!(
        "resident: {:.1} MB once warm, at most {:.1} MB after that: {:+.1} % (at most {:.0} %)",
        warm / 1e6,
        most / 1e6,
        grown * 100.0,
        BAR * 100.0
    );
    println!("open files after each part: {descriptors:?}");
    let clinic = Arc::into_inner(desk).and_then(|desk| Arc::into_inner(desk.clinic));
    let whole = clinic.unwrap().is_whole();
    println!("the clinic afterwards is {}", if whole { "whole" } else { "BROKEN" });
    let steady = descriptors.iter().max() <= descriptors.first().map(|first| first + 8).as_ref();
    odd == 0 && grown <= BAR && whole && steady
}

/// Looks at the memory of a process again and again.
async fn watch(process: Process, looks: Arc<Mutex<Vec<f64>>>) {
    let mut clock = tokio::time::interval(LOOK);
    loop {
        clock.tick().await;
        #[expect(clippy::cast_precision_loss, reason = "bytes of memory stay far below 2^52")]
        looks.lock().unwrap().push(process.resident() as f64);
    }
}

/// Resident memory once it is warm, and the most of it after that. A run that ends before then counts from its half on.
fn resident(looks: &[f64]) -> (f64, f64) {
    let warm = &looks[WARM.min(looks.len() / 2)..];
    let middles = warm.chunks(WINDOW).map(|window| median(window.to_vec()));
    (middles.clone().next().unwrap(), middles.fold(0.0, f64::max))
}
