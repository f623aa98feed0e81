//! What is measured of requests: per route, method and class of status. Every route of the table is here from the start, so that
//! one nobody has asked yet is seen to be there.
use std::{
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
    time::Duration,
};

use super::{
    category::of_route,
    count::{Counter, Gauge, Inside},
    histogram::{Counts, Histogram},
};

/// Classes of status, by their first digit less one.
pub const CLASSES: [&str; 5] = ["1xx", "2xx", "3xx", "4xx", "5xx"];
/// What a request is counted under that fits no line of the route table.
pub const UNMATCHED: &str = "other";

/// All requests of one program.
#[derive(Debug, Default)]
pub struct Meter {
    routes: Mutex<Vec<Arc<RouteMeter>>>,
    all: Arc<Whole>,
    /// Sign-ins of people nobody here knows, and in clinics that are not here.
    pub strangers_refused: Counter,
}

/// All requests together.
#[derive(Debug, Default)]
pub struct Whole {
    /// How long each took, in nanoseconds.
    pub times: Histogram,
    /// Of those, how long signing in and what belongs to it took: passwords are slow on purpose, and refusals wait.
    unhurried: Histogram,
    /// How many failed by our fault: status 500 and above.
    pub errors: Counter,
    /// How many are being answered.
    pub in_flight: Gauge,
}

impl Whole {
    /// How long those took that somebody waits for, which is all but signing in.
    pub fn awaited(&self) -> Counts {
        // The whole first: what comes in between is then one too few and never one too slow.
        self.times.counts().since(&self.unhurried.counts())
    }
}

/// One line of the route table.
#[derive(Debug)]
pub struct RouteMeter {
    /// The method.
    pub method: String,
    /// The path, with parameters as `{id}`.
    pub route: &'static str,
    classes: [OnceLock<Histogram>; CLASSES.len()],
}

impl Meter {
    /// The meters of one path; its routes are known from now on.
    pub fn path<'m>(&self, route: &'static str, methods: impl IntoIterator<Item = &'m str>) -> PathMeter {
        let of = methods.into_iter().map(|method| self.route(method, route)).collect();
        let is_unhurried = of_route(route) == "auth";
        PathMeter { of, other: self.route("", UNMATCHED), is_unhurried, all: Arc::clone(&self.all) }
    }

    /// Every route, with what was counted of it.
    pub fn routes(&self) -> Vec<Arc<RouteMeter>> {
        self.known().clone()
    }

    /// All requests together.
    pub fn all(&self) -> &Whole {
        &self.all
    }

    fn route(&self, method: &str, route: &'static str) -> Arc<RouteMeter> {
        let mut known = self.known();
        if let Some(there) = known.iter().find(|r| r.route == route && r.method == method) {
            return Arc::clone(there);
        }
        let made = Arc::new(RouteMeter { method: method.to_owned(), route, classes: Default::default() });
        known.push(Arc::clone(&made));
        made
    }

    fn known(&self) -> MutexGuard<'_, Vec<Arc<RouteMeter>>> {
        self.routes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl RouteMeter {
    /// What was counted of each class of status that occurred.
    pub fn classes(&self) -> impl Iterator<Item = (&'static str, Counts)> {
        let counts =
            |(class, name): (&OnceLock<Histogram>, &'static str)| Some((name, class.get()?.counts()));
        self.classes.iter().zip(CLASSES).filter_map(counts)
    }

    fn record(&self, status: u16, took: Duration) {
        if let Some(class) = self.classes.get(usize::from(status / 100).saturating_sub(1)) {
            class.get_or_init(Histogram::default).time(took);
        }
    }
}

/// The meters of one path, held where its requests are answered.
#[derive(Debug)]
pub struct PathMeter {
    of: Vec<Arc<RouteMeter>>,
    other: Arc<RouteMeter>,
    is_unhurried: bool,
    all: Arc<Whole>,
}

impl PathMeter {
    /// Counts a request that is being answered, until what is returned is dropped.
    pub fn enter(&self) -> Inside<'_> {
        self.all.in_flight.enter()
    }

    /// Whether the path has that method.
    #[cfg(feature = "otel")]
    pub fn has(&self, method: &str) -> bool {
        self.of.iter().any(|route| route.method == method)
    }

    /// Counts an answer. HEAD counts as the GET it is.
    pub fn record(&self, method: &str, status: u16, took: Duration) {
        if !super::MEASURED {
            return;
        }
        let method = if method == "HEAD" { "GET" } else { method };
        self.of.iter().find(|r| r.method == method).unwrap_or(&self.other).record(status, took);
        if self.is_unhurried {
            self.all.unhurried.time(took);
        }
        self.all.times.time(took);
        if status >= 500 {
            self.all.errors.one();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_answer_is_counted_under_its_route_method_and_class() {
        let meter = Meter::default();
        let path = meter.path("/api/things", ["GET", "POST"]);
        for (method, status) in [("GET", 200), ("HEAD", 204), ("POST", 503), ("BREW", 405)] {
            path.record(method, status, Duration::from_millis(1));
        }
        let told = |route: Arc<RouteMeter>| {
            let classes: Vec<_> = route.classes().map(|(class, counts)| (class, counts.count())).collect();
            (route.method.clone(), route.route, classes)
        };
        let all: Vec<_> = meter.routes().into_iter().map(told).collect();
        let expected = [
            ("GET".to_owned(), "/api/things", vec![("2xx", 2)]),
            ("POST".to_owned(), "/api/things", vec![("5xx", 1)]),
            (String::new(), UNMATCHED, vec![("4xx", 1)]),
        ];
        assert_eq!(all, expected);
        assert_eq!((meter.all().times.counts().count(), meter.all().errors.get()), (4, 1));
        meter.path("/api/things", ["GET"]);
        assert_eq!(meter.routes().len(), 3, "a path served twice is one");
    }

    #[test]
    fn signing_in_is_among_all_and_not_among_what_is_waited_for() {
        let meter = Meter::default();
        meter.path("/api/auth/login", ["POST"]).record("POST", 401, Duration::from_millis(250));
        meter.path("/api/agenda", ["GET"]).record("GET", 200, Duration::from_millis(2));
        assert_eq!(meter.all().times.counts().count(), 2);
        let awaited = meter.all().awaited();
        assert_eq!(awaited.count(), 1);
        assert!(awaited.percentile(1.0).unwrap() < 3_000_000);
    }
}
