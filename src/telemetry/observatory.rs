//! What a running program knows of itself, in one place: its meters, its history, its alerts, and who wants to hear of them.
use std::{
    fs,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use serde::{Deserialize, Serialize};
use tokio::sync::broadcast;

use super::{
    alerts::{Alert, Board, Change, Figure, RuleName, Severity, State},
    history::{History, Kept},
    messages::{Message, Messages},
    meter::Meter,
    minute::{Minute, RouteShare, Routes},
    process::{Usage, steady_seconds, wall_seconds},
    recorder::Recorder,
};
use crate::base::{Choice as _, Instant as At};

/// The folder of the history and the alerts, in the data folder.
const FOLDER: &str = "measures";
/// What the capacity test leaves in the data folder.
const CAPACITY: &str = "capacity.json";
/// How long what the system says of the process is told again.
const FRESH: Duration = Duration::from_secs(5);

/// What this machine was measured to carry.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Capacity {
    /// Version of the program that was measured.
    pub version: String,
    /// When.
    pub measured_at: At,
    /// People it carried.
    pub people: u64,
    /// People it should carry.
    pub recommended: u64,
    /// From so many people on there is an alert.
    pub alert_at: u64,
}

/// An alert that began or stopped, as screens and others are told it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AlertEvent {
    /// The rule.
    pub rule: RuleName,
    /// Of which clinic; null where it is of the machine.
    pub clinic_id: Option<i64>,
    /// What it is now.
    pub state: State,
    /// How bad.
    pub severity: Severity,
    /// The figure.
    pub value: Option<f64>,
    /// When.
    pub at: At,
    /// Since when it fires, or when it last began.
    pub since: Option<At>,
}

/// What a running program knows of itself.
#[derive(Debug)]
pub struct Observatory {
    /// Its requests.
    pub meter: Meter,
    /// What it says to people who look at no screen.
    pub messages: Messages,
    /// Where spans go; nowhere until it is set.
    #[cfg(feature = "otel")]
    pub otel: std::sync::OnceLock<super::otel::Otel>,
    data: PathBuf,
    /// Who may ask for the figures from other machines: those who have this.
    metrics_key: Option<String>,
    recorder: Mutex<Recorder>,
    history: Mutex<History>,
    board: Mutex<Board>,
    usage: Mutex<Option<(Instant, Usage)>>,
    alerts: broadcast::Sender<AlertEvent>,
    /// Wall clock less steady clock at the start, in seconds.
    clocks_apart: f64,
}

impl Observatory {
    /// The observatory of the program that serves the data folder.
    pub fn new(data: &Path, metrics_key: Option<String>) -> Self {
        let folder = data.join(FOLDER);
        Self {
            meter: Meter::default(),
            messages: Messages::default(),
            #[cfg(feature = "otel")]
            otel: std::sync::OnceLock::new(),
            data: data.to_owned(),
            metrics_key,
            recorder: Mutex::default(),
            board: Mutex::new(Board::load(&folder.join("alerts.json"))),
            history: Mutex::new(History::new(folder)),
            usage: Mutex::default(),
            alerts: broadcast::channel(64).0,
            clocks_apart: wall_seconds() - steady_seconds(),
        }
    }

    /// The key with which other machines may ask for the figures; none where they may not.
    pub fn metrics_key(&self) -> Option<&str> {
        self.metrics_key.as_deref()
    }

    /// How far the wall clock has moved against a clock nobody can set, in seconds since the start.
    pub fn clock_drift(&self) -> f64 {
        wall_seconds() - steady_seconds() - self.clocks_apart
    }

    /// What this machine was measured to carry; none where it was not.
    pub fn capacity(&self) -> Option<Capacity> {
        serde_json::from_slice(&fs::read(self.data.join(CAPACITY)).ok()?).ok()
    }

    /// What the system says of the process, at most some seconds old.
    pub fn usage(&self) -> Usage {
        let mut usage = held(&self.usage);
        match *usage {
            Some((at, known)) if at.elapsed() < FRESH => known,
            _ => usage.insert((Instant::now(), Usage::now())).1,
        }
    }

    /// Where the log's files lie.
    pub fn log_folder(&self) -> PathBuf {
        self.data.join("logs")
    }

    /// Alerts from now on, as they begin and stop.
    pub fn listen(&self) -> broadcast::Receiver<AlertEvent> {
        self.alerts.subscribe()
    }

    /// Takes a reading in, with counts since the start, and what it says about the rules. What is over goes to the history, what
    /// began or stopped to whoever listens. Blocks.
    pub fn observe(&self, reading: Minute, figures: impl FnOnce(&Minute) -> Vec<Figure>) {
        let now = reading.at;
        let (over, routes, window) = {
            let mut recorder = held(&self.recorder);
            let over = recorder.take(reading);
            let routes = recorder.are_routes_due(now).then(|| recorder.routes_to_keep(self.routes(now)));
            (over, routes, recorder.window())
        };
        self.keep(over, routes.flatten());
        self.judge(&figures(&window), now);
    }

    /// What happened in the last minute.
    pub fn window(&self) -> Minute {
        held(&self.recorder).window()
    }

    /// Shows every minute from `from` on (seconds since 1970) that is over, oldest first, and answers what each route did from
    /// then until `now`, to within ten minutes. Blocks.
    pub fn look_back(&self, from: i64, now: i64, mut show: impl FnMut(&Minute)) -> Routes {
        let mut routes = held(&self.recorder).routes_since_kept(&self.routes(now));
        held(&self.history).each_since(from, |kept| match kept {
            Kept::Minute(minute) => show(&minute),
            Kept::Routes(kept) => routes.merge(kept),
        });
        routes
    }

    /// Reads the board, or changes it; a changed one is kept. Blocks.
    pub fn with_board<T>(&self, act: impl FnOnce(&mut Board) -> T) -> T {
        let mut board = held(&self.board);
        let before = board.clone();
        let done = act(&mut board);
        if *board != before {
            self.save(&board);
        }
        done
    }

    /// The board as it is.
    pub fn board(&self) -> Board {
        held(&self.board).clone()
    }

    /// Bytes the history takes. Blocks.
    pub fn history_bytes(&self) -> u64 {
        held(&self.history).bytes()
    }

    /// Puts what has not been kept yet into the history, when the program stops. Blocks.
    pub fn end(&self, now: i64) {
        let (over, routes) = {
            let mut recorder = held(&self.recorder);
            (recorder.end(), recorder.routes_to_keep(self.routes(now)))
        };
        self.keep(over, routes);
    }

    fn keep(&self, over: Option<Minute>, routes: Option<Routes>) {
        let minute = over.map(|minute| (minute.at, Kept::Minute(Box::new(minute))));
        let routes = routes.map(|routes| (routes.at, Kept::Routes(routes)));
        for (at, kept) in minute.into_iter().chain(routes) {
            if let Err(error) = held(&self.history).append(at, &kept) {
                tracing::warn!(target: "taskmed::performance", %error, "a minute was not kept in the history");
            }
        }
    }

    fn judge(&self, figures: &[Figure], now: i64) {
        let changes = {
            let mut board = held(&self.board);
            let changes = board.evaluate(figures, now);
            if !changes.is_empty() {
                self.save(&board);
            }
            changes
        };
        changes.iter().for_each(|change| self.announce(change, now));
    }

    /// Tells whoever listens how an alert stands, after someone has said something to it.
    pub fn tell(&self, alert: &Alert, at: i64) {
        self.announce(&Change { state: alert.state(at), alert: alert.clone() }, at);
    }

    fn announce(&self, Change { alert, state }: &Change, at: i64) {
        let (rule, what, severity) = (alert.rule.code(), state.code(), alert.severity.code());
        let (clinic, value) = (alert.clinic_id, alert.value);
        if *state == State::Firing {
            tracing::warn!(target: "taskmed::performance", rule, state = what, severity, clinic, value, "alert");
        } else {
            tracing::info!(target: "taskmed::performance", rule, state = what, severity, clinic, value, "alert");
        }
        let event = AlertEvent {
            rule: alert.rule,
            clinic_id: alert.clinic_id,
            state: *state,
            severity: alert.severity,
            value: alert.value,
            at: At(at),
            since: alert.fired_at.map(At),
        };
        self.messages.say(Message::Alert(event.clone()));
        // Nobody listening is not an error.
        let _ = self.alerts.send(event);
    }

    fn save(&self, board: &Board) {
        if let Err(error) = board.save(&self.data.join(FOLDER).join("alerts.json")) {
            tracing::warn!(target: "taskmed::performance", %error, "the alerts were not kept");
        }
    }

    /// What each route has done since the start.
    fn routes(&self, at: i64) -> Routes {
        let share = |route: std::sync::Arc<super::meter::RouteMeter>| {
            let mut share = RouteShare {
                method: route.method.clone(),
                route: route.route.to_owned(),
                ..RouteShare::default()
            };
            for (class, counts) in route.classes() {
                share.errors += if class == "5xx" { counts.count() } else { 0 };
                share.times.merge(&counts);
            }
            share
        };
        Routes { at, of: self.meter.routes().into_iter().map(share).collect() }
    }
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
