//! OpenTelemetry, in programs built with the feature `otel`: each request as a span, and a few figures, sent to a collector of the
//! settings by OTLP over HTTP. A span holds what a line of the log holds: the route and never the address, codes and numbers. What
//! callers say of their own traces is not taken over.
use std::{
    fmt,
    future::Future,
    pin::Pin,
    sync::{Arc, Weak},
    time::{Duration, SystemTime},
};

use hyper::{Request, Response, body::Bytes};
use opentelemetry::{
    KeyValue,
    metrics::{Histogram, MeterProvider as _},
    trace::{Span as _, SpanKind, Status, Tracer as _, TracerProvider as _},
};
use opentelemetry_http::{HttpClient, HttpError};
use opentelemetry_otlp::{MetricExporter, SpanExporter, WithExportConfig as _, WithHttpConfig as _};
use opentelemetry_sdk::{
    Resource,
    metrics::{PeriodicReader, SdkMeterProvider},
    trace::{SdkTracer, SdkTracerProvider},
};
use tokio::runtime::Handle;

use super::{Answered, Observatory};

/// Carries a request out and answers its status.
pub type Carry =
    dyn Fn(Request<Bytes>) -> Pin<Box<dyn Future<Output = std::io::Result<u16>> + Send>> + Send + Sync;

/// How often figures are sent.
const EVERY: Duration = Duration::from_secs(60);
/// Bounds of the times of requests, in seconds.
const BOUNDS: [f64; 10] = [0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 1.0, 10.0];

/// What sends it all.
pub struct Otel {
    tracers: SdkTracerProvider,
    meters: SdkMeterProvider,
    tracer: SdkTracer,
    times: Histogram<f64>,
}

impl fmt::Debug for Otel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Otel")
    }
}

impl Otel {
    /// Sends to the collector at `endpoint`, as `http://localhost:4318`. To be called where tokio runs: what is sent is sent there.
    ///
    /// # Errors
    /// An endpoint that is no address.
    pub fn start(endpoint: &str, carry: Arc<Carry>, observatory: Weak<Observatory>) -> Result<Self, String> {
        let client = Client { carry, tokio: Handle::current() };
        let to = |signal: &str| format!("{}/v1/{signal}", endpoint.trim_end_matches('/'));
        let spans = SpanExporter::builder().with_http().with_http_client(client.clone());
        let spans = spans.with_endpoint(to("traces")).build().map_err(|e| e.to_string())?;
        let figures = MetricExporter::builder().with_http().with_http_client(client);
        let figures = figures.with_endpoint(to("metrics")).build().map_err(|e| e.to_string())?;
        // Nothing of this machine but what the program is.
        let version = KeyValue::new("service.version", env!("CARGO_PKG_VERSION"));
        let resource = Resource::builder_empty().with_service_name("taskmed").with_attribute(version).build();
        let tracers =
            SdkTracerProvider::builder().with_batch_exporter(spans).with_resource(resource.clone()).build();
        let reader = PeriodicReader::builder(figures).with_interval(EVERY).build();
        let meters = SdkMeterProvider::builder().with_reader(reader).with_resource(resource).build();
        let meter = meters.meter("taskmed");
        let times = meter.f64_histogram("http.server.request.duration").with_unit("s");
        let times = times.with_boundaries(BOUNDS.to_vec()).build();
        figures_of(&meter, observatory);
        Ok(Self { tracer: tracers.tracer("taskmed"), tracers, meters, times })
    }

    /// Tells of a request; a method that its route does not have is told as `_OTHER`.
    pub fn answered(&self, answered: &Answered<'_>, has_method: bool) {
        let end = SystemTime::now();
        let method = if has_method { answered.method } else { "_OTHER" }.to_owned();
        let what = vec![
            KeyValue::new("http.request.method", method.clone()),
            KeyValue::new("http.route", answered.route),
            KeyValue::new("http.response.status_code", i64::from(answered.status)),
        ];
        self.times.record(answered.took.as_secs_f64(), &what);
        let own = answered.clinic.map(|clinic| KeyValue::new("taskmed.clinic", clinic));
        let id = KeyValue::new("taskmed.request_id", answered.request_id.to_owned());
        let name = format!("{method} {}", answered.route);
        let begun = end.checked_sub(answered.took).unwrap_or(end);
        let span = self.tracer.span_builder(name).with_kind(SpanKind::Server).with_start_time(begun);
        let mut span = span.with_attributes(what.into_iter().chain(own).chain([id])).start(&self.tracer);
        if answered.status >= 500 {
            span.set_status(Status::error(""));
        }
        span.end_with_timestamp(end);
    }

    /// Sends what has not been sent yet. Blocks, and must not be called where tokio runs.
    pub fn flush(&self) {
        let sent = [self.tracers.force_flush(), self.meters.force_flush()];
        if sent.iter().any(Result::is_err) {
            tracing::warn!(target: "taskmed::performance", "the collector of the settings did not take what was sent");
        }
    }

    /// Sends the rest and stops. Blocks, and must not be called where tokio runs.
    pub fn stop(&self) {
        // A collector that is not there keeps nobody from stopping.
        let _ = self.tracers.shutdown_with_timeout(Duration::from_secs(3));
        let _ = self.meters.shutdown_with_timeout(Duration::from_secs(3));
    }
}

/// Figures that go up and down.
fn figures_of(meter: &opentelemetry::metrics::Meter, observatory: Weak<Observatory>) {
    type Figure = (&'static str, &'static str, fn(&Observatory) -> Option<u64>);
    const FIGURES: [Figure; 4] = [
        ("process.memory.usage", "By", |all| all.usage().memory_bytes),
        ("taskmed.people", "{person}", |all| Some(all.window().people)),
        ("taskmed.disk.free", "By", |all| all.window().disk_free_bytes),
        ("taskmed.alerts.firing", "{alert}", |all| Some(all.board().firing().count() as u64)),
    ];
    for (name, unit, figure) in FIGURES {
        let all = observatory.clone();
        let read = move |told: &dyn opentelemetry::metrics::AsyncInstrument<u64>| {
            if let Some(value) = all.upgrade().and_then(|all| figure(&all)) {
                told.observe(value, &[]);
            }
        };
        let _ = meter.u64_observable_gauge(name).with_unit(unit).with_callback(read).build();
    }
}

/// Sends over the program's own way out, whichever thread asks for it.
#[derive(Clone)]
struct Client {
    carry: Arc<Carry>,
    tokio: Handle,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Client")
    }
}

type Sent<'a> = Pin<Box<dyn Future<Output = Result<Response<Bytes>, HttpError>> + Send + 'a>>;

impl HttpClient for Client {
    fn send_bytes<'a, 's>(&'a self, request: Request<Bytes>) -> Sent<'s>
    where
        'a: 's,
        Self: 's,
    {
        let sending = self.tokio.spawn((self.carry)(request));
        Box::pin(async move {
            let status = sending.await??;
            Ok(Response::builder().status(status).body(Bytes::new())?)
        })
    }
}
