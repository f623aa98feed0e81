//! Twenty years of data against nine months of it, under the same work of a front desk.
use std::sync::Arc;

use super::{
    desk::{FrontDesk, Task},
    load::{self, Load, Right},
    process::each_us,
    table::{Bar, Line, median},
    versus::{CONNECTIONS, Pace},
};

/// Both clinics in turn.
pub async fn measure(pace: &Pace) -> Vec<Line> {
    let desks = [FrontDesk::open("clinic", 2_900).await, FrontDesk::open("years20", 190_000).await];
    let desks = desks.map(Arc::new);
    let load = Load {
        right: Right::Success,
        connections: CONNECTIONS,
        every: std::time::Duration::ZERO,
        time: pace.time,
    };
    for desk in &desks {
        load::run(&desk.clinic.plain, &desk.question(None), load).await;
    }
    let (mut rates, mut times, mut odd) = ([Vec::new(), Vec::new()], load::histogram(), 0);
    for _ in 0..pace.rounds {
        for (desk, rates) in desks.iter().zip(&mut rates) {
            let done = load::run(&desk.clinic.plain, &desk.question(None), load).await;
            odd += done.odd;
            rates.push(done.rate);
            times = done.times;
        }
    }
    let ratios = rates[0].iter().zip(&rates[1]).map(|(young, old)| old / young).collect();
    let [young, old] = rates.map(median);
    let line = Line {
        what: "front desk, a fifth of it writes".to_owned(),
        ours: old,
        other: young,
        ratio: median(ratios),
        bar: Some(Bar::AtLeast(0.8)),
        p50: times.value_at_quantile(0.5),
        p99: times.value_at_quantile(0.99),
        odd,
    };
    line.print();
    for task in [Task::Agenda, Task::Search, Task::Book, Task::Change] {
        tell(task, &desks, load).await;
    }
    vec![line]
}

/// What each clinic makes of one task alone, and the processor time of an answer: where a difference comes from.
async fn tell(task: Task, desks: &[Arc<FrontDesk>; 2], load: Load) {
    print!("  {task:?} alone:");
    for (desk, name) in desks.iter().zip(["months", "years"]) {
        let before = desk.clinic.process().worked();
        let done = load::run(&desk.clinic.plain, &desk.question(Some(task)), load).await;
        let worked = desk.clinic.process().worked() - before;
        let each = each_us(worked, done.times.len());
        print!("  {name} {:.0}/s, {each:.0} µs of processor, {} wrong", done.rate, done.odd);
    }
    println!();
}
