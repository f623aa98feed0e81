//! The endpoint behind the edge: finds the route, runs it, renders what it says, and logs one line.
use std::{collections::BTreeMap, sync::Arc, time::Instant};

use poem::{
    Endpoint, IntoResponse, Request, Response,
    http::{Method, StatusCode},
};

use super::{
    Context, Incoming, assets,
    edge::Arrival,
    problem,
    route::Route,
    trace::{Trace, Visit},
};
use crate::{
    base::{Error, RequestId},
    telemetry::{self, Answered, meter::PathMeter},
};

/// The endpoint over all routes and assets.
pub fn endpoint(routes: Vec<Route>, context: Arc<Context>) -> impl Endpoint<Output = Response> + 'static {
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
        let context = Arc::clone(&context);
        table = table.at(path_of_poem, Methods { path, category, meter, is_probe, methods, context });
    }
    for page in assets::PAGES {
        table = table.at(page, assets::page);
    }
    Whole(table.at(assets::ASSETS, assets::asset))
}

/// All methods of one path.
struct Methods {
    path: &'static str,
    category: &'static str,
    meter: PathMeter,
    /// Whether monitors ask it.
    is_probe: bool,
    methods: BTreeMap<String, Route>,
    context: Arc<Context>,
}

impl Endpoint for Methods {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        let started = Instant::now();
        let request_id = request_id(&request);
        let method = request.method().clone();
        let (visit, _in_flight) = (Visit::default(), self.meter.enter());
        let response = self.answer(request, &method, request_id, &visit).await;
        let (status, took) = (response.status().as_u16(), started.elapsed());
        self.meter.record(method.as_str(), status, took);
        self.tell(Answered {
            category: self.category,
            method: method.as_str(),
            route: self.path,
            status,
            clinic: visit.answered(status, took),
            request_id: request_id.as_str(),
            took,
        });
        Ok(response)
    }
}

impl Methods {
    /// Tells the log of a request, and the collector where there is one. Monitors that ask every few seconds and hear that all is
    /// well would fill the log.
    fn tell(&self, answered: Answered<'_>) {
        #[cfg(feature = "otel")]
        if let Some(otel) = self.context.observatory.otel.get() {
            otel.answered(&answered, self.methods.contains_key(answered.method));
        }
        if self.is_probe && answered.status < 400 { answered.log_for_debugging() } else { answered.log() }
    }

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
        let mut incoming = Incoming::new(request, Arc::clone(&self.context), request_id, route.limit);
        incoming.visit = visit.clone();
        let trace = Trace::of(route, &mut incoming);
        let answered = trace.record(route.run(incoming).await).await;
        // The edge takes the body off again, when it knows how long it was.
        answered.unwrap_or_else(|error| problem::render(&error, request_id.as_str()))
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

/// The id the edge gave the request; one of its own where no edge stands in front, as in tests in process.
fn request_id(request: &Request) -> RequestId {
    request.extensions().get::<Arrival>().map_or_else(RequestId::fresh, |arrival| arrival.id)
}

/// Whatever poem itself refuses (an unknown path, a bad request line) is a problem document too.
struct Whole<E>(E);

impl<E: Endpoint> Endpoint for Whole<E> {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        let id = request_id(&request);
        let is_typed = assets::is_typed_address(&request);
        Ok(match self.0.call(request).await {
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
