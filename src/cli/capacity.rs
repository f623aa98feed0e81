//! `taskmed capacity`: the measurement with its progress on a terminal, and its report in the forms asked for.
use std::{
    fs,
    io::{self, IsTerminal as _},
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;

use super::{CapacityArgs, Failure};
use crate::{
    config::{Asked, Config},
    features::demonstration::model::Stage,
    measure::{
        html, markdown,
        plan::Plan,
        report::{Report, Step},
        results::{self, Compared},
        run::{self, At},
    },
};

/// Measures, tells what came of it, and keeps it where a clinic is.
pub fn capacity(args: CapacityArgs) -> Result<(), Failure> {
    let config = Config::load(&Asked::from(args.data.clone())).map_err(Failure::Config)?;
    let plan = plan(&args, &config.data)?;
    let stop = Arc::new(AtomicBool::new(false));
    if args.machine {
        stop_with_input(Arc::clone(&stop));
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.spawn(stop_by_hand(Arc::clone(&stop)));
    let mut shown: Box<dyn FnMut(At<'_>) + Send> = match (args.machine, io::stderr().is_terminal()) {
        (true, _) => Box::new(for_machines()),
        (false, true) => Box::new(bar()),
        (false, false) => Box::new(lines()),
    };
    let report = runtime.block_on(run::run(&plan, &stop, &mut *shown)).map_err(Failure::Error)?;
    let compared = results::compare(results::last(&config.data), &report);
    write(args.json.as_deref(), || serde_json::to_string_pretty(&report).unwrap_or_default())?;
    write(args.html.as_deref(), || html::page(&report, compared.as_ref()))?;
    write(args.markdown.as_deref(), || markdown::tables(&report))?;
    if config.data.is_dir() {
        results::keep(&config.data, &report)?;
    }
    if args.machine {
        println!("{}", json!({ "done": true, "people": report.people, "sound": report.is_sound() }));
    } else {
        print!("{}", summary(&report, compared.as_ref()));
    }
    if report.is_sound() {
        Ok(())
    } else {
        Err(Failure::Error(
            "clinics were not kept apart, or something acknowledged is missing: see the report".into(),
        ))
    }
}

fn plan(args: &CapacityArgs, data: &Path) -> Result<Plan, Failure> {
    let seconds = |seconds: f64| {
        Duration::try_from_secs_f64(seconds).map_err(|e| Failure::Error(format!("{seconds}: {e}")))
    };
    let think = match *args.think.as_slice() {
        [least, most] if least <= most && most > 0 => (least, most),
        _ => return Err(Failure::Error("--think wants the least and the most seconds".into())),
    };
    Ok(Plan {
        program: std::env::current_exe()?,
        place: run::place(data),
        people: args.people as usize,
        time: seconds(args.minutes * 60.0)?,
        step: seconds(args.step)?,
        warm_up: seconds(args.warm_up)?,
        think,
        scenario: args.scenario,
        seed: args.seed,
    })
}

/// The first Ctrl-C ends the step under way and still reports; the second one ends the program.
async fn stop_by_hand(stop: Arc<AtomicBool>) {
    while tokio::signal::ctrl_c().await.is_ok() {
        if stop.swap(true, Ordering::Relaxed) {
            std::process::exit(130);
        }
        eprintln!("stopping; what was measured is reported (once more to give up)");
    }
}

/// The server that started this may be gone without a word.
fn stop_with_input(stop: Arc<AtomicBool>) {
    thread::spawn(move || {
        let _ = io::copy(&mut io::stdin().lock(), &mut io::sink());
        stop.store(true, Ordering::Relaxed);
    });
}

fn write(file: Option<&Path>, text: impl FnOnce() -> String) -> Result<(), Failure> {
    let Some(file) = file else { return Ok(()) };
    fs::write(file, text()).map_err(|e| Failure::Error(format!("{}: {e}", file.display())))
}

/// One line of what is going on, and how far it is.
fn told(at: &At<'_>) -> (String, u64, u64) {
    match at {
        At::Making(number, all, progress) => {
            let what = match progress.stage {
                Stage::Patients => "patients",
                Stage::Appointments => "appointments",
                Stage::Check => "checks",
            };
            let name = format!("made-up clinic {} of {all}: {what}", number + 1);
            (name, progress.done as u64, progress.total as u64)
        }
        At::Hiring(done, all) => ("people choose passwords".into(), *done as u64, *all as u64),
        At::SigningIn(done, all) => ("people sign in".into(), *done as u64, *all as u64),
        At::Step { people, done, total, warm_up, tally } => {
            let figures = match tally.times().filter(|_| done > warm_up && tally.requests() > 0) {
                None => "warming up".to_owned(),
                Some(times) => format!(
                    "p95 {:.1} ms, {} requests, {} errors",
                    times.value_at_quantile(0.95) as f64 / 1000.0,
                    tally.requests(),
                    tally.errors()
                ),
            };
            (format!("{people} people: {figures}"), done.as_secs(), total.as_secs())
        }
        At::Stepped(step) => (one_step(step), 1, 1),
        At::Proving => ("looking for everything that was acknowledged".into(), 0, 1),
    }
}

fn one_step(step: &Step) -> String {
    let ms = |micros: u64| micros as f64 / 1000.0;
    format!(
        "{:>6} people  {:>8.1} requests/s  p50 {:>6.1}  p95 {:>6.1}  p99 {:>6.1}  max {:>7.1} ms  {} errors  {}",
        step.people,
        step.all.per_second,
        ms(step.all.p50_us),
        ms(step.all.p95_us),
        ms(step.all.p99_us),
        ms(step.all.max_us),
        step.all.error_count(),
        if step.held { "held" } else { "too many" }
    )
}

fn bar() -> impl FnMut(At<'_>) + Send {
    let style = ProgressStyle::with_template("{msg:60} {wide_bar} {pos}/{len}");
    let bar = ProgressBar::no_length().with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    move |at| {
        let (name, done, total) = told(&at);
        match at {
            At::Stepped(_) => bar.println(name),
            _ => {
                bar.set_message(name);
                bar.set_length(total);
                bar.set_position(done);
            }
        }
    }
}

/// Where nobody watches, a line every few seconds.
fn lines() -> impl FnMut(At<'_>) + Send {
    let mut last = None::<Instant>;
    move |at| {
        let (name, done, total) = told(&at);
        let is_due = last.is_none_or(|last| last.elapsed() > Duration::from_secs(5));
        if matches!(at, At::Stepped(_)) || is_due {
            last = Some(Instant::now());
            eprintln!("{name} ({done} of {total})");
        }
    }
}

/// One JSON object a line, at most one a second.
fn for_machines() -> impl FnMut(At<'_>) + Send {
    let mut last = None::<Instant>;
    move |at| {
        let (stage, people) = match &at {
            At::Making(..) => ("making", None),
            At::Hiring(..) => ("hiring", None),
            At::SigningIn(..) => ("signing_in", None),
            At::Step { people, .. } => ("measuring", Some(*people)),
            At::Stepped(step) => ("measured", Some(step.people)),
            At::Proving => ("proving", None),
        };
        let is_due = last.is_none_or(|last| last.elapsed() > Duration::from_secs(1));
        if is_due || matches!(at, At::Stepped(_) | At::Proving) {
            last = Some(Instant::now());
            let (_, done, total) = told(&at);
            println!("{}", json!({ "stage": stage, "people": people, "done": done, "total": total }));
        }
    }
}

fn summary(report: &Report, compared: Option<&Compared>) -> String {
    let mut text = String::new();
    let mut line = |words: String| {
        text.push_str(&words);
        text.push('\n');
    };
    report.steps.iter().for_each(|step| line(one_step(step)));
    let more = if report.reached_target { "at least " } else { "" };
    line(format!(
        "capacity: {more}{} people; recommended limit {}, warning from {}",
        report.people, report.recommended, report.alert_at
    ));
    let seen = &report.isolation;
    line(format!("clinics apart: {} of {} probes refused, {} leaks", seen.refused, seen.probes, seen.leaks));
    if let Some(proof) = &report.proof {
        let trail = if proof.trail_whole { "whole" } else { "BROKEN" };
        line(format!(
            "acknowledged writes: {} of {} in the trail, {} of {} records there; trail {trail}, {} entries",
            proof.in_trail, proof.acknowledged, proof.found, proof.records, proof.trail_entries
        ));
    }
    if report.was_disturbed() {
        line(
            "the computer was busy with other things and the load itself was late: measure again at rest"
                .into(),
        );
    }
    if let Some(why) = &report.ended_early {
        line(format!("ended early: {why}"));
    }
    if let Some(compared) = compared.filter(|compared| compared.is_worse()) {
        line(format!(
            "WARNING: {:.0} % less than the {} people of version {} ({})",
            -compared.change * 100.0,
            compared.before.people,
            compared.before.version,
            compared.before.measured_at
        ));
    }
    text
}
