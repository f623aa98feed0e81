//! People who act at moments fixed beforehand. Whoever is kept waiting is late for the next act too, and every act counts from
//! the moment it was meant for: a server that stands still for two seconds cannot hide it by being asked less.
use std::{
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
    },
    time::Duration,
};

use fastrand::Rng;
use tokio::{
    task::JoinSet,
    time::{Instant, sleep, sleep_until},
};

use super::tally::{Ended, Tally};

/// How long after its end a while waits for people who are late for acts that belong to it.
const LATECOMERS: Duration = Duration::from_secs(90);
/// How often the end of a while is looked for.
const GLANCE: Duration = Duration::from_millis(20);

/// How far apart one person's acts are.
#[derive(Debug, Clone, Copy)]
pub enum Pace {
    /// A person who thinks for so long in between, each time anew, evenly between the two.
    Think(Duration, Duration),
    /// Always the same.
    Every(Duration),
}

impl Pace {
    fn next(self, rng: &mut Rng) -> Duration {
        match self {
            Self::Every(time) => time,
            Self::Think(least, most) => least + most.saturating_sub(least).mul_f64(rng.f64()),
        }
    }

    /// People do not begin all at once: the first act is anywhere within one pause.
    fn first(self, rng: &mut Rng) -> Duration {
        match self {
            Self::Every(time) => time.mul_f64(rng.f64()),
            Self::Think(_, most) => most.mul_f64(rng.f64()),
        }
    }
}

/// What a person does.
pub trait Worker: Send + 'static {
    /// One act, of one request or of several that need each other's answers.
    fn act(&mut self, turn: &mut Turn) -> impl Future<Output = ()> + Send;
}

/// One act under way.
pub struct Turn {
    shared: Arc<Shared>,
    /// When the act was meant to begin.
    intended: Instant,
    /// When its next request is meant to begin: for the first one the same, afterwards as soon as the answer before is there.
    next: Instant,
}

impl Turn {
    /// Counts a request that has just ended.
    pub fn ended(&mut self, endpoint: &'static str, status: u16, how: Ended) {
        let now = Instant::now();
        let took = now.saturating_duration_since(self.next);
        self.next = now;
        self.shared.window(self.intended, |tally| tally.count(endpoint, took, status, how));
    }
}

/// The while that is being counted.
#[derive(Default)]
struct Window {
    span: Option<(Instant, Instant)>,
    tally: Tally,
}

struct Shared {
    epoch: Instant,
    /// People with a number below this act; the others rest.
    active: AtomicUsize,
    over: AtomicBool,
    /// When each person means to act next, in microseconds since the epoch.
    next: Mutex<Vec<Arc<AtomicU64>>>,
    window: Mutex<Window>,
}

impl Shared {
    fn window(&self, intended: Instant, count: impl FnOnce(&mut Tally)) {
        let mut window = locked(&self.window);
        if window.span.is_some_and(|(from, to)| intended >= from && intended < to) {
            count(&mut window.tally);
        }
    }

    fn since_epoch(&self, at: Instant) -> u64 {
        u64::try_from(at.saturating_duration_since(self.epoch).as_micros()).unwrap_or(u64::MAX)
    }

    /// Whether somebody still owes an act that was meant to begin before `end`.
    fn owes(&self, end: Instant) -> usize {
        let (end, active) = (self.since_epoch(end), self.active.load(Ordering::Relaxed));
        locked(&self.next).iter().take(active).filter(|at| at.load(Ordering::Relaxed) < end).count()
    }
}

/// What was counted in a while.
pub struct Measured {
    /// The requests.
    pub tally: Tally,
    /// How long it was.
    pub time: Duration,
    /// How many people had still not begun an act that belongs to it when waiting for them was given up.
    pub missing: usize,
}

/// Everybody who acts.
pub struct Crowd {
    shared: Arc<Shared>,
    people: JoinSet<()>,
}

impl Default for Crowd {
    fn default() -> Self {
        let shared = Shared {
            epoch: Instant::now(),
            active: AtomicUsize::new(0),
            over: AtomicBool::new(false),
            next: Mutex::default(),
            window: Mutex::default(),
        };
        Self { shared: Arc::new(shared), people: JoinSet::new() }
    }
}

impl Crowd {
    /// How many have joined.
    pub fn size(&self) -> usize {
        self.people.len()
    }

    /// One more person; acts once the crowd is let.
    pub fn join(&mut self, worker: impl Worker, pace: Pace, seed: u64) {
        let number = self.people.len();
        let next = Arc::new(AtomicU64::new(u64::MAX));
        locked(&self.shared.next).push(Arc::clone(&next));
        let person =
            Person { number, shared: Arc::clone(&self.shared), next, pace, rng: Rng::with_seed(seed) };
        self.people.spawn(person.live(worker));
    }

    /// Lets the first `people` act, waits for `warm_up`, and counts for `time`, or until `stop` says so. Acts that were meant for
    /// the counted while belong to it, however late they end.
    pub async fn measure(
        &self,
        people: usize,
        warm_up: Duration,
        time: Duration,
        stop: impl Fn() -> bool,
    ) -> Measured {
        self.shared.active.store(people, Ordering::Relaxed);
        let from = Instant::now() + warm_up;
        let mut to = from + time;
        *locked(&self.shared.window) = Window { span: Some((from, to)), tally: Tally::default() };
        while Instant::now() < to {
            sleep(GLANCE).await;
            if stop() {
                to = Instant::now().max(from);
                locked(&self.shared.window).span = Some((from, to));
            }
        }
        let given_up = to + LATECOMERS;
        while self.shared.owes(to) > 0 && Instant::now() < given_up && !stop() {
            sleep(GLANCE).await;
        }
        let missing = self.shared.owes(to);
        let window = std::mem::take(&mut *locked(&self.shared.window));
        Measured { tally: window.tally, time: to - from, missing }
    }

    /// What has been counted so far of the while under way.
    pub fn so_far(&self) -> Tally {
        locked(&self.shared.window).tally.clone()
    }

    /// Everybody finishes the act they are at and goes.
    pub async fn leave(mut self) {
        self.shared.over.store(true, Ordering::Relaxed);
        let gone = async { while self.people.join_next().await.is_some() {} };
        // Whoever sleeps until the next act has nothing to finish.
        if tokio::time::timeout(Duration::from_secs(2), gone).await.is_err() {
            self.people.shutdown().await;
        }
    }
}

struct Person {
    number: usize,
    shared: Arc<Shared>,
    next: Arc<AtomicU64>,
    pace: Pace,
    rng: Rng,
}

impl Person {
    async fn live(mut self, mut worker: impl Worker) {
        let mut intended = Instant::now() + self.pace.first(&mut self.rng);
        while !self.shared.over.load(Ordering::Relaxed) {
            self.next.store(self.shared.since_epoch(intended), Ordering::Relaxed);
            sleep_until(intended).await;
            if self.number < self.shared.active.load(Ordering::Relaxed) {
                let late = intended.elapsed();
                self.shared.window(intended, |tally| tally.began(late));
                let mut turn = Turn { shared: Arc::clone(&self.shared), intended, next: intended };
                worker.act(&mut turn).await;
            }
            intended += self.pace.next(&mut self.rng);
        }
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
