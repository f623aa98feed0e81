//! The measurement, from the empty folder to the report.
use std::{
    path::Path,
    pin::pin,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use jiff::Timestamp;
use tokio::{task::JoinHandle, time::interval};

use super::{
    hire::{self, Hired},
    load::{Crowd, Door, Link, Pace, Tally},
    person::Person,
    place::{Workplace, workplace},
    plan::{self, GOAL, Plan},
    probes::Prober,
    proof,
    report::{Endpoint, Isolation, Method, Proof, Report, Step},
    scratch::{Scratch, Server},
    seat::Seat,
    usage,
    watch::{Watch, step_of},
};
use crate::{demo::Size, features::demonstration::model::Progress};

/// How often the server is looked at, and progress told.
const GLANCE: Duration = Duration::from_millis(500);
/// How often the isolation of clinics is probed: three requests each time.
const PROBE: Duration = Duration::from_secs(1);

/// How far a measurement is.
#[derive(Debug)]
pub enum At<'a> {
    /// A made-up clinic is made: which, of how many.
    Making(usize, usize, Progress),
    /// People are invited and choose passwords: how many, of how many.
    Hiring(usize, usize),
    /// People sign in: how many, of how many.
    SigningIn(usize, usize),
    /// A step is under way.
    Step {
        /// Its people.
        people: usize,
        /// How long it has been.
        done: Duration,
        /// How long it will be.
        total: Duration,
        /// How much of it, at its beginning, does not count.
        warm_up: Duration,
        /// What was counted so far.
        tally: &'a Tally,
    },
    /// A step is over.
    Stepped(&'a Step),
    /// What was acknowledged is looked for.
    Proving,
}

/// Told of progress.
pub type OnProgress<'a> = &'a mut (dyn FnMut(At<'_>) + Send);

/// Measures. When `stop` turns true the step under way ends, and what there is by then is reported. Blocks for a while at its
/// beginning.
///
/// # Errors
/// What is in the way of measuring anything, in words.
pub async fn run(plan: &Plan, stop: &Arc<AtomicBool>, on: OnProgress<'_>) -> Result<Report, String> {
    let (clinics, mut number) = (plan.scenario.clinics() + 1, 0);
    let mut made = |progress: Progress| {
        let is_over = progress.stage == crate::features::demonstration::model::Stage::Check
            && progress.done == progress.total;
        on(At::Making(number, clinics, progress));
        number += usize::from(is_over);
    };
    let scratch = tokio::task::block_in_place(|| {
        Scratch::make(&plan.place, plan.scenario.clinics(), plan.seed, &mut made)
    })?;
    let server = scratch.serve(&plan.program)?;
    let mut site = Site::open(plan, &scratch, &server).await?;
    let people = site.hire(stop, on).await?;
    let report = site.measure(people, stop, on).await;
    tokio::task::block_in_place(|| drop((server, scratch)));
    report
}

/// Everything of a measurement under way.
struct Site<'a> {
    plan: &'a Plan,
    door: Arc<Door>,
    pid: u32,
    /// The server's own figures are asked for here.
    figures: Seat,
    owners: Vec<Seat>,
    places: Vec<Arc<Workplace>>,
    isolation: Arc<Mutex<Isolation>>,
    probing: JoinHandle<()>,
}

impl<'a> Site<'a> {
    async fn open(plan: &'a Plan, scratch: &Scratch, server: &Server) -> Result<Self, String> {
        let door = Arc::clone(&server.secure);
        let (mut owners, mut places) = (Vec::new(), Vec::new());
        let Some((hidden, open)) = scratch.clinics.split_last() else { return Err("no clinic".into()) };
        for clinic in open {
            let mut owner = hire::owner(&door, clinic).await?;
            places.push(Arc::new(workplace(&mut owner, clinic.clinic_id, plan.seed).await?));
            owners.push(owner);
        }
        let Some((first, place)) = open.first().zip(places.first()) else { return Err("no clinic".into()) };
        let spare = Seat::new(Link::new(Arc::clone(&door), None));
        let day = place.days.first().cloned().unwrap_or_default();
        let mut prober = Prober::new(hire::owner(&door, first).await?, spare, hidden.clinic_id, day);
        let isolation = prober.found();
        let probing = tokio::spawn(async move {
            let mut tick = interval(PROBE);
            loop {
                tick.tick().await;
                prober.next().await;
            }
        });
        let figures = Seat::new(Link::new(Arc::clone(&server.plain), None));
        Ok(Self { plan, door, pid: server.pid, figures, owners, places, isolation, probing })
    }

    async fn hire(&mut self, stop: &AtomicBool, on: OnProgress<'_>) -> Result<Vec<Hired>, String> {
        let (most, mut people) = (self.plan.people, Vec::new());
        for number in 0..most {
            if stop.load(Ordering::Relaxed) {
                return Err("stopped before anything was measured".into());
            }
            on(At::Hiring(number, most));
            let which = number % self.places.len().max(1);
            let Some((place, owner)) = self.places.get(which).zip(self.owners.get_mut(which)) else { break };
            people.push(hire::hire(&self.door, owner, place.clinic, number).await?);
        }
        Ok(people)
    }

    async fn measure(
        &mut self,
        people: Vec<Hired>,
        stop: &Arc<AtomicBool>,
        on: OnProgress<'_>,
    ) -> Result<Report, String> {
        let (mut crowd, mut sign_ins, mut steps) = (Crowd::default(), Tally::default(), Vec::new());
        let mut next = plan::steps(self.plan.people).into_iter();
        let (mut held, mut broke, mut ended_early) = (0, None, None);
        while let Some(size) = broke.map_or_else(|| next.next(), |broke| plan::between(held, broke)) {
            let new = people.get(crowd.size()..size).unwrap_or_default();
            if let Err(why) = self.gather(&mut crowd, new, &mut sign_ins, on).await {
                ended_early = Some(why);
                break;
            }
            let step = self.step(&crowd, size, stop, on).await;
            if step.held {
                held = size;
            } else {
                broke = Some(size);
            }
            on(At::Stepped(&step));
            steps.push(step);
            if stop.load(Ordering::Relaxed) {
                ended_early = Some("stopped by hand".into());
                break;
            }
        }
        crowd.leave().await;
        self.probing.abort();
        on(At::Proving);
        let proof = self.prove().await.inspect_err(|why| ended_early = Some(why.clone())).ok();
        let asked = sign_ins.lines.get(hire::SIGN_IN).map(|line| Endpoint::of(hire::SIGN_IN, line, 1.0));
        let recommended = if held == 0 { 0 } else { plan::recommended(held) };
        Ok(Report {
            version: env!("CARGO_PKG_VERSION").into(),
            measured_at: Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
            command: self.command(),
            people: held,
            reached_target: held == self.plan.people,
            recommended,
            alert_at: if held == 0 { 0 } else { plan::recommended(recommended) },
            method: self.method(),
            machine: usage::machine(),
            steps,
            sign_in: asked.map(|asked| Endpoint { per_second: 0.0, ..asked }),
            isolation: self.isolation.lock().unwrap_or_else(PoisonError::into_inner).clone(),
            proof,
            ended_early,
        })
    }

    /// Signs in those who are still missing.
    async fn gather(
        &self,
        crowd: &mut Crowd,
        new: &[Hired],
        sign_ins: &mut Tally,
        on: OnProgress<'_>,
    ) -> Result<(), String> {
        let done = std::cell::Cell::new(0);
        let shown = std::cell::RefCell::new(on);
        let one = || {
            done.set(done.get() + 1);
            (shown.borrow_mut())(At::SigningIn(done.get(), new.len()));
        };
        let seats = hire::sign_in(&self.door, new, sign_ins, one).await?;
        let (least, most) = self.plan.think;
        let pace = Pace::Think(Duration::from_secs(least), Duration::from_secs(most));
        for seat in seats {
            let number = crowd.size();
            let Some(place) = self.places.get(number % self.places.len().max(1)) else { break };
            let seed = self.plan.seed.wrapping_mul(1_000_003).wrapping_add(number as u64);
            let person = Person::new(seat, Arc::clone(place), self.plan.scenario, seed);
            crowd.join(person, pace, seed.rotate_left(17));
        }
        Ok(())
    }

    async fn step(
        &mut self,
        crowd: &Crowd,
        people: usize,
        stop: &Arc<AtomicBool>,
        on: OnProgress<'_>,
    ) -> Step {
        let (warm_up, time) =
            (self.plan.warm_up, if people == self.plan.people { self.plan.time } else { self.plan.step });
        let stopped = Arc::clone(stop);
        let mut counted = pin!(crowd.measure(people, warm_up, time, move || stopped.load(Ordering::Relaxed)));
        let (mut tick, begun, mut watch) = (interval(GLANCE), tokio::time::Instant::now(), Watch::default());
        let measured = loop {
            tokio::select! {
                measured = &mut counted => break measured,
                _ = tick.tick() => {
                    let done = begun.elapsed();
                    if done >= warm_up && done <= warm_up + time {
                        watch.look(self.pid, &mut self.figures).await;
                    }
                    let (tally, total) = (crowd.so_far(), warm_up + time);
                    on(At::Step { people, done: done.min(total), total, warm_up, tally: &tally });
                }
            }
        };
        step_of(people, &measured, watch.usage())
    }

    async fn prove(&mut self) -> Result<Proof, String> {
        let mut proof = Proof { trail_whole: true, ..Proof::default() };
        for (owner, place) in self.owners.iter_mut().zip(&self.places) {
            proof::gather(owner, place, &mut proof).await?;
        }
        Ok(proof)
    }

    fn command(&self) -> String {
        format!(
            "taskmed capacity --people {} --minutes {} --scenario {}",
            self.plan.people,
            self.plan.time.as_secs_f64() / 60.0,
            self.plan.scenario.name()
        )
    }

    fn method(&self) -> Method {
        Method {
            scenario: self.plan.scenario.name().into(),
            seed: self.plan.seed,
            think_s: self.plan.think,
            warm_up_s: self.plan.warm_up.as_secs(),
            goal: GOAL,
            clinics: self.plan.scenario.clinics() + 1,
            patients: Size::Clinic.people(),
            appointments: Size::Clinic.appointments(),
        }
    }
}

/// Where the scratch folder of a data folder's measurement lies; the system's own place where there is no data folder.
pub fn place(data: &Path) -> std::path::PathBuf {
    if data.is_dir() { data.join("capacity") } else { std::env::temp_dir().join("taskmed-capacity") }
}
