//! Every figure as Prometheus reads it. Open on this machine; from another one only with the key of the settings.
use subtle::ConstantTimeEq as _;

use super::{asked::Bearer, collect, scrape_clinic};
use crate::{
    base::{Error, Result},
    telemetry::{
        Observatory,
        exposition::{Exposition, MEDIA_TYPE},
        messages::Channel,
        process,
        process::Process,
    },
    web::{Context, Public, Text},
};

/// The text. Without a key in the settings other machines hear that there is nothing.
pub async fn show(public: Public, Bearer(shown): Bearer) -> Result<Text> {
    if !public.peer.loopback {
        let key = public.context.observatory.metrics_key().ok_or(Error::NotFound("page"))?;
        let same = shown.is_some_and(|shown| bool::from(shown.as_bytes().ct_eq(key.as_bytes())));
        if !same {
            return Err(Error::Unauthenticated("unauthenticated"));
        }
    }
    let bytes = text(&public.context).into_bytes();
    Ok(Text { media_type: MEDIA_TYPE, file_name: None, bytes, etag: None })
}

/// Every figure of the program.
pub fn text(context: &Context) -> String {
    let mut out = Exposition::default();
    out.gauge("taskmed_build_info", "The program.");
    out.value(&[("version", env!("CARGO_PKG_VERSION"))], 1.0);
    requests(&mut out, &context.observatory);
    of_process(&mut out, process());
    of_machine(&mut out, context);
    scrape_clinic::clinics(&mut out, &context.clinics().all());
    messages(&mut out, &context.observatory);
    alerts(&mut out, &context.observatory);
    out.finish()
}

fn requests(out: &mut Exposition, observatory: &Observatory) {
    let routes: Vec<_> = observatory
        .meter
        .routes()
        .into_iter()
        .map(|route| {
            let classes: Vec<_> = route.classes().collect();
            (route, classes)
        })
        .collect();
    out.counter("taskmed_http_requests_total", "Requests answered, by route, method and class of status.");
    for (route, classes) in &routes {
        let labels = |class| {
            [
                ("http_request_method", route.method.as_str()),
                ("http_route", route.route),
                ("status_class", class),
            ]
        };
        // A route nobody has asked is told as well.
        if classes.is_empty() {
            out.value(&labels("2xx"), 0.0);
        }
        for (class, counts) in classes {
            out.value(&labels(class), counts.count() as f64);
        }
    }
    out.histogram("taskmed_http_request_duration_seconds", "How long they took, in the server.");
    for (route, classes) in &routes {
        for (class, counts) in classes {
            let labels = [
                ("http_request_method", route.method.as_str()),
                ("http_route", route.route),
                ("status_class", *class),
            ];
            out.times(&labels, counts);
        }
    }
    let all = observatory.meter.all();
    out.single(
        "taskmed_http_requests_in_flight",
        "Requests being answered.",
        Some(all.in_flight.get() as f64),
    );
    out.counter("taskmed_sign_ins_refused_strangers_total", "Refused sign-ins of e-mails nobody here has.");
    out.value(&[], observatory.meter.strangers_refused.get() as f64);
}

fn of_process(out: &mut Exposition, process: &Process) {
    out.single("taskmed_connections", "Connections open.", Some(process.connections.get() as f64));
    out.histogram("taskmed_tls_handshake_duration_seconds", "How long TLS handshakes took.");
    out.times(&[], &process.handshakes.counts());
    for (name, help, count) in [
        ("taskmed_connections_total", "Connections taken in.", &process.accepted),
        ("taskmed_tls_handshakes_failed_total", "TLS handshakes that failed.", &process.failed_handshakes),
        ("taskmed_http_response_bytes_total", "Bytes of answers.", &process.bytes_out),
        ("taskmed_sqlite_busy_total", "Times SQLite said that its file is busy.", &process.sqlite_busy),
        (
            "taskmed_slow_statements_total",
            "Statements that took longer than 50 ms.",
            &process.slow_statements,
        ),
    ] {
        out.counter(name, help);
        out.value(&[], count.get() as f64);
    }
    out.counter("taskmed_log_lines_total", "Lines of the log that warn or say that something failed.");
    out.value(&[("level", "warn")], process.warnings.get() as f64);
    out.value(&[("level", "error")], process.errors.get() as f64);
}

fn of_machine(out: &mut Exposition, context: &Context) {
    let (observatory, usage) = (&context.observatory, context.observatory.usage());
    let capacity = observatory.capacity();
    let expires = context.machine.certificate_expires_at();
    for (name, help, value) in [
        ("process_resident_memory_bytes", "Memory in use.", usage.memory_bytes.map(|n| n as f64)),
        ("process_open_fds", "Files and connections open.", usage.open_fds.map(|n| n as f64)),
        ("process_max_fds", "How many may be open.", usage.max_fds.map(|n| n as f64)),
        ("process_start_time_seconds", "When the program started.", Some(context.started.0 as f64)),
        (
            "taskmed_disk_free_bytes",
            "Free room where the data lie.",
            context.machine.free_bytes().map(|n| n as f64),
        ),
        (
            "taskmed_certificate_expiry_timestamp_seconds",
            "When the TLS certificate ends.",
            expires.map(|at| at.0 as f64),
        ),
        (
            "taskmed_clock_drift_seconds",
            "How far the clock moved against a steady one since the start.",
            Some(observatory.clock_drift()),
        ),
        (
            "taskmed_people_limit",
            "People this machine should carry, as measured.",
            capacity.map(|c| c.recommended as f64),
        ),
        (
            "taskmed_cache_sessions_entries",
            "Sessions remembered.",
            Some(context.remembered_sessions() as f64),
        ),
        ("taskmed_people", "People at work in the last minute.", Some(observatory.window().people as f64)),
    ] {
        out.single(name, help, value);
    }
    if let Some(seconds) = usage.cpu_seconds {
        out.counter("process_cpu_seconds_total", "Processor time used.");
        out.value(&[], seconds);
    }
    out.single(
        "taskmed_sse_subscribers",
        "Screens listening for what happens.",
        Some(collect::listeners(&context.clinics().all()) as f64),
    );
}

fn messages(out: &mut Exposition, observatory: &Observatory) {
    use crate::{base::Choice as _, telemetry::messages::Way};
    type Figure = (&'static str, &'static str, fn(&Way) -> u64);
    const FIGURES: [Figure; 2] = [
        ("taskmed_messages_sent_total", "Messages that arrived outside.", |way| way.sent.get()),
        ("taskmed_messages_failed_total", "Messages that were given up after several tries.", |way| {
            way.failed.get()
        }),
    ];
    for (name, help, figure) in FIGURES {
        out.counter(name, help);
        for channel in Channel::ALL {
            out.value(&[("channel", channel.code())], figure(observatory.messages.way(*channel)) as f64);
        }
    }
}

fn alerts(out: &mut Exposition, observatory: &Observatory) {
    use crate::base::Choice as _;
    let board = observatory.board();
    out.gauge("taskmed_alert_firing", "Alerts that fire, 1 each.");
    for alert in board.firing() {
        let clinic = alert.clinic_id.map(|id| id.to_string()).unwrap_or_default();
        let labels = [("rule", alert.rule.code()), ("severity", alert.severity.code()), ("clinic", &clinic)];
        out.value(&labels, 1.0);
    }
}
