//! The endpoint behind the edge: finds the route, runs it, renders what it says, and logs one line.
use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{Duration, Instant},
};

use poem::{
    Endpoint, IntoResponse, Request, Response,
    http::{Method, StatusCode},
};

use super::{
    Context, Incoming, assets,
    edge::{Arrival, Peer},
    problem,
    recall::{Asking, Key, Known, Recall},
    replies::Fixed,
    route::Route,
    trace::{Trace, Visit},
};
use crate::{
    access::Again,
    base::{Error, RequestId},
    telemetry::{self, Answered, meter::PathMeter},
};

/// The endpoint over all routes and assets.
pub fn endpoint(routes: Vec<Route>, context: Arc<Context>) -> Front {
    let recall = Arc::new(Recall::new(Arc::clone(&context)));
    let mut paths: BTreeMap<&'static str, BTreeMap<String, Route>> = BTreeMap::new();
    for route in routes {
        paths.entry(route.path).or_default().insert(route.method.to_string(), route);
    }
    let mut table = poem::Route::new();
    for (path, methods) in paths {
        let path_of_poem = path.replace('{', ":").replace('}', "");
        let meter = context.observatory.meter.path(path, methods.keys().map(String::as_str));
        let category = telemetry::of_route(path);
        let is_probe = methods.values().all(|route| route.probed);
        let told = Arc::new(Told {
            path,
            category,
            meter,
            is_probe,
            #[cfg(feature = "otel")]
            context: Arc::clone(&context),
        });
        let (context, recall) = (Arc::clone(&context), Arc::clone(&recall));
        table = table.at(path_of_poem, Methods { told, methods, context, recall });
    }
    for page in assets::PAGES {
        table = table.at(page, assets::page);
    }
    Front { table: table.at(assets::ASSETS, assets::asset), recall }
}

/// All methods of one path.
struct Methods {
    told: Arc<Told>,
    methods: BTreeMap<String, Route>,
    context: Arc<Context>,
    recall: Arc<Recall>,
}

/// Whom the answers of one path are told to: meters and the log.
pub(super) struct Told {
    pub(super) path: &'static str,
    category: &'static str,
    pub(super) meter: PathMeter,
    /// Whether monitors ask it.
    is_probe: bool,
    #[cfg(feature = "otel")]
    context: Arc<Context>,
}

impl Told {
    /// Tells of a request that was answered. Monitors that ask every few seconds and hear that all is well would fill the log.
    pub(super) fn tell(
        &self,
        method: &Method,
        status: u16,
        (clinic, id): (Option<i64>, RequestId),
        took: Duration,
    ) {
        let method = method.as_str();
        self.meter.record(method, status, took);
        let answered = Answered {
            category: self.category,
            method,
            route: self.path,
            status,
            clinic,
            request_id: id.as_str(),
            took,
        };
        #[cfg(feature = "otel")]
        if let Some(otel) = self.context.observatory.otel.get() {
            otel.answered(&answered, self.meter.has(method));
        }
        if self.is_probe && status < 400 { answered.log_for_debugging() } else { answered.log() }
    }
}

impl Endpoint for Methods {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        let started = Instant::now();
        let request_id = request_id(&request);
        let method = request.method().clone();
        let (visit, _in_flight) = (Visit::default(), self.told.meter.enter());
        let response = self.answer(request, &method, request_id, &visit).await;
        let (status, took) = (response.status().as_u16(), started.elapsed());
        self.told.tell(&method, status, (visit.answered(status, took), request_id), took);
        Ok(response)
    }
}

impl Methods {
    async fn answer(
        &self,
        request: Request,
        method: &Method,
        request_id: RequestId,
        visit: &Visit,
    ) -> Response {
        // HEAD is GET without the body (RFC 9110, 9.3.2).
        let wanted = if *method == Method::HEAD { "GET" } else { method.as_str() };
        let Some(route) = self.methods.get(wanted) else { return self.not_allowed(request_id) };
        let _running = match self.context.in_flight.begin(route.weight) {
            Ok(running) => running,
            Err(error) => return problem::render(&error, request_id.as_str()),
        };
        let key = key(route, &request);
        let mut incoming = Incoming::new(request, Arc::clone(&self.context), request_id, route.limit);
        incoming.visit = visit.clone();
        let trace = Trace::of(route, &mut incoming);
        // The edge takes the body off again, when it knows how long it was.
        match trace.record(route.run(incoming).await).await {
            Ok((response, note)) => {
                // What the trail should hear of and has not heard of is not given again.
                let is_told = route.reads.is_some() == note.is_some();
                if let Some((key, again)) = key.filter(|_| is_told).zip(response.data::<Again>()) {
                    let (again, told) = (again.clone(), Arc::clone(&self.told));
                    self.recall.learn(key, Known { again, note, weight: route.weight, told });
                }
                if let Some(fixed) = response.data::<Fixed>() {
                    self.recall.learn_fixed(*fixed, &self.told);
                }
                response
            }
            Err(error) => problem::render(&error, request_id.as_str()),
        }
    }

    fn not_allowed(&self, request_id: RequestId) -> Response {
        let mut response = problem::render(&Error::MethodNotAllowed, request_id.as_str());
        let allowed = self.methods.keys().cloned().collect::<Vec<_>>().join(", ");
        if let Ok(value) = allowed.parse() {
            response.headers_mut().insert("allow", value);
        }
        response
    }
}

/// What a request is known by when it comes again; none where its answer is not one to be given again.
fn key(route: &Route, request: &Request) -> Option<Key> {
    let peer = request.extensions().get::<Arrival>().map_or_else(Peer::in_process, |arrival| arrival.peer);
    let asking = route.kept.then(|| Asking::of(request.method(), request.uri(), request.headers(), peer));
    asking.flatten().map(|asking| asking.key())
}

/// The id the edge gave the request; one of its own where no edge stands in front, as in tests in process.
fn request_id(request: &Request) -> RequestId {
    request.extensions().get::<Arrival>().map_or_else(RequestId::fresh, |arrival| arrival.id)
}

/// All of it. Whatever poem itself refuses (an unknown path, a bad request line) is a problem document too.
pub struct Front {
    table: poem::Route,
    recall: Arc<Recall>,
}

impl Front {
    /// The requests that came before, for an edge to ask first.
    pub fn recall(&self) -> Arc<Recall> {
        Arc::clone(&self.recall)
    }
}

impl Endpoint for Front {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        if let Some(response) = self.recall.answer_whole(&request) {
            return Ok(response);
        }
        let id = request_id(&request);
        let is_typed = assets::is_typed_address(&request);
        Ok(match self.table.call(request).await {
            Ok(output) => output.into_response(),
            Err(error) if error.status() == StatusCode::NOT_FOUND && is_typed => assets::lost_page(),
            Err(error) if error.status() == StatusCode::NOT_FOUND => {
                problem::render(&Error::NotFound("page"), id.as_str())
            }
            Err(error) if error.status() == StatusCode::METHOD_NOT_ALLOWED => {
                problem::render(&Error::MethodNotAllowed, id.as_str())
            }
            Err(error) if error.status().is_client_error() => {
                problem::render(&Error::Malformed("malformed"), id.as_str())
            }
            Err(error) => problem::render(&Error::internal(error), id.as_str()),
        })
    }
}
