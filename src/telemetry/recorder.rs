//! Turns what is counted since the start into what happened: in the last minute, for whoever asks now, and in each minute of the
//! clock, for the history.
use std::collections::VecDeque;

use super::minute::{Minute, RouteShare, Routes};

/// How far back the window looks, in seconds.
pub const WINDOW_SECONDS: i64 = 60;
/// How often what routes did is put into the history, in seconds.
const ROUTES_SECONDS: i64 = 600;

/// What has been seen so far.
#[derive(Debug, Default)]
pub struct Recorder {
    /// The last reading: counts since the start.
    last: Option<Minute>,
    /// What happened between readings, the newest last.
    window: VecDeque<Minute>,
    /// The minute under way.
    minute: Option<Minute>,
    /// What each route had done when that was last put into the history, and when that was.
    routes: Option<Routes>,
}

impl Recorder {
    /// Takes a reading in, with counts since the start; answers a minute that is over.
    pub fn take(&mut self, reading: Minute) -> Option<Minute> {
        let happened = self.last.as_ref().map(|last| reading.since(last));
        self.last = Some(reading);
        let happened = happened?;
        let end = happened.at + happened.seconds.cast_signed();
        self.window.retain(|old| old.at > end - WINDOW_SECONDS - 1 && old.at <= end);
        self.window.push_back(happened.clone());
        self.put_into_minute(happened)
    }

    /// The minute under way, when the program stops.
    pub fn end(&mut self) -> Option<Minute> {
        self.minute.take()
    }

    /// What happened in the last minute; a default without seconds before the second reading.
    pub fn window(&self) -> Minute {
        let mut all = self.window.iter();
        let mut whole = all.next().cloned().unwrap_or_default();
        all.for_each(|part| whole.merge(part));
        whole
    }

    /// What the routes did since that was last put into the history, out of what they did since the start.
    pub fn routes_since_kept(&self, now: &Routes) -> Routes {
        let nothing = Routes::default();
        now.since(self.routes.as_ref().unwrap_or(&nothing))
    }

    /// Whether it is time at `now` to put them into the history.
    pub fn are_routes_due(&self, now: i64) -> bool {
        self.routes.as_ref().is_none_or(|kept| now - kept.at >= ROUTES_SECONDS || now < kept.at)
    }

    /// The same, for the history; none where nothing was asked.
    pub fn routes_to_keep(&mut self, now: Routes) -> Option<Routes> {
        let happened = self.routes_since_kept(&now);
        self.routes = Some(now);
        Some(happened).filter(|routes| !routes.of.is_empty())
    }

    fn put_into_minute(&mut self, happened: Minute) -> Option<Minute> {
        let starts_at = happened.at - happened.at.rem_euclid(60);
        match &mut self.minute {
            Some(minute) if minute.at == starts_at => {
                minute.merge(&happened);
                None
            }
            _ => self.minute.replace(Minute { at: starts_at, ..happened }),
        }
    }
}

impl Minute {
    /// What happened between an earlier reading and this one; figures that are no counts are those of this one.
    #[must_use]
    pub fn since(&self, earlier: &Self) -> Self {
        Self {
            at: earlier.at,
            seconds: u64::try_from(self.at - earlier.at).unwrap_or(0),
            times: self.times.since(&earlier.times),
            errors: self.errors.saturating_sub(earlier.errors),
            commits: self.commits.since(&earlier.commits),
            hits: self.hits.saturating_sub(earlier.hits),
            misses: self.misses.saturating_sub(earlier.misses),
            cpu_ms: self.cpu_ms.saturating_sub(earlier.cpu_ms),
            ..self.clone()
        }
    }
}

impl Routes {
    /// What each route did between an earlier reading and this one; routes that did nothing are left out.
    #[must_use]
    pub fn since(&self, earlier: &Self) -> Self {
        let nothing = RouteShare::default();
        let happened = |share: &RouteShare| {
            let before = earlier.of.iter().find(|old| old.is_of(share)).unwrap_or(&nothing);
            let errors = share.errors.saturating_sub(before.errors);
            RouteShare { times: share.times.since(&before.times), errors, ..share.clone() }
        };
        let of = self.of.iter().map(happened).filter(|share| share.times.count() > 0).collect();
        Self { at: self.at, of }
    }

    /// Adds what the routes did in another stretch.
    pub fn merge(&mut self, other: Self) {
        for share in other.of {
            match self.of.iter_mut().find(|known| known.is_of(&share)) {
                Some(known) => {
                    known.times.merge(&share.times);
                    known.errors += share.errors;
                }
                None => self.of.push(share),
            }
        }
    }
}

impl RouteShare {
    fn is_of(&self, other: &Self) -> bool {
        self.route == other.route && self.method == other.method
    }
}

/// Values of the last while, to tell what changed in it.
#[derive(Debug)]
pub struct Lookback<T> {
    seconds: i64,
    values: VecDeque<(i64, T)>,
}

impl<T: Clone> Lookback<T> {
    /// Looks back so many seconds.
    pub fn new(seconds: i64) -> Self {
        Self { seconds, values: VecDeque::new() }
    }

    /// Looks back so many seconds, to `value` where nothing was taken in before `at`: a counter begins at nothing, and what it
    /// counted before the first look is not to be missed.
    pub fn starting(seconds: i64, at: i64, value: T) -> Self {
        Self { seconds, values: VecDeque::from([(at, value)]) }
    }

    /// Takes the value of `at` in and answers the one of so many seconds before; the oldest there is while there are none so old.
    pub fn take(&mut self, at: i64, value: T) -> T {
        self.values.retain(|(then, _)| *then >= at - self.seconds && *then <= at);
        let oldest = self.values.front().map_or_else(|| value.clone(), |(_, oldest)| oldest.clone());
        self.values.push_back((at, value));
        oldest
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::telemetry::histogram::Histogram;

    const NOON: i64 = 1_795_521_600;

    #[test]
    fn what_was_counted_before_the_first_look_is_seen_by_it() {
        let mut tries = Lookback::starting(600, NOON, 0);
        assert_eq!(tries.take(NOON, 24), 0, "24 tries since the start");
        assert_eq!(tries.take(NOON + 600, 24), 0);
        assert_eq!(tries.take(NOON + 601, 24), 24, "and none in the last ten minutes");
    }

    /// A program that answers ten requests a second, each in a millisecond.
    struct Program(Histogram, i64, Recorder);

    impl Program {
        fn new() -> Self {
            Self(Histogram::default(), NOON, Recorder::default())
        }

        fn read(&mut self) -> Option<Minute> {
            let reading = Minute {
                at: self.1,
                times: self.0.counts(),
                people: 5,
                cpu_ms: (self.1 - NOON) as u64,
                ..Minute::default()
            };
            self.2.take(reading)
        }

        fn work(&mut self, seconds: i64) -> Vec<Minute> {
            let mut over = Vec::new();
            for _ in 0..seconds / 10 {
                (0..100).for_each(|_| self.0.record(1_000_000));
                self.1 += 10;
                over.extend(self.read());
            }
            over
        }
    }

    #[test]
    fn each_minute_of_the_clock_is_told_once_and_whole() {
        let mut program = Program::new();
        assert!(program.read().is_none());
        let over = program.work(250);
        let told: Vec<_> =
            over.iter().map(|m| (m.at - NOON, m.seconds, m.times.count(), m.cpu_ms, m.people)).collect();
        assert_eq!(
            told,
            [(0, 60, 600, 60, 5), (60, 60, 600, 60, 5), (120, 60, 600, 60, 5), (180, 60, 600, 60, 5)]
        );
        let rest = program.2.end().unwrap();
        assert_eq!((rest.at - NOON, rest.seconds, rest.times.count()), (240, 10, 100));
    }

    #[test]
    fn the_window_is_the_last_minute_and_no_more() {
        let mut program = Program::new();
        assert_eq!(program.2.window().seconds, 0);
        program.read();
        program.work(30);
        assert_eq!((program.2.window().seconds, program.2.window().times.count()), (30, 300));
        program.work(600);
        assert_eq!((program.2.window().seconds, program.2.window().times.count()), (60, 600));
    }

    #[test]
    fn a_clock_set_back_breaks_nothing() {
        let mut program = Program::new();
        program.work(120);
        program.1 -= 7200;
        program.work(120);
        assert_eq!((program.2.window().seconds, program.2.window().times.count()), (60, 600));
    }

    #[test]
    fn routes_are_told_every_ten_minutes_with_what_they_did_since() {
        let mut recorder = Recorder::default();
        let times = Histogram::default();
        let routes = |at, requests| {
            (0..requests).for_each(|_| times.record(5));
            let share =
                RouteShare { method: "GET".into(), route: "/a".into(), times: times.counts(), errors: 1 };
            Routes { at, of: vec![share, RouteShare { route: "/never".into(), ..RouteShare::default() }] }
        };
        let count = |routes: Option<Routes>| {
            routes.map(|r| r.of.iter().map(|s| (s.times.count(), s.errors)).collect::<Vec<_>>())
        };
        assert!(recorder.are_routes_due(0));
        assert_eq!(count(recorder.routes_to_keep(routes(0, 3))), Some(vec![(3, 1)]));
        assert!(!recorder.are_routes_due(300));
        assert_eq!(count(Some(recorder.routes_since_kept(&routes(300, 4)))), Some(vec![(4, 0)]));
        assert!(recorder.are_routes_due(600));
        assert_eq!(count(recorder.routes_to_keep(routes(600, 2))), Some(vec![(6, 0)]));
        assert_eq!(count(recorder.routes_to_keep(routes(1200, 0))), None);
    }

    #[test]
    fn a_look_back_answers_what_was_then() {
        let mut lookback = Lookback::new(60);
        let told: Vec<i64> = (0..10).map(|n| lookback.take(n * 10, n)).collect();
        assert_eq!(told, [0, 0, 0, 0, 0, 0, 0, 1, 2, 3]);
    }
}
