//! Handlers of what the program knows of itself.
use std::sync::Arc;

use super::{
    asked::{OfRule, Silence, Span, WantedLines, WantedSpan},
    collect,
    model::{ClinicMetrics, Metrics, People, Status, WriterState},
    points::{self, Points},
    states::{AlertState, Alerts, Caches, Line, Lines},
};
use crate::{
    access::{
        Grant,
        permissions::{ManageAlerts, ViewHealth},
    },
    base::{Choice, Error, Instant, Result},
    db::Act,
    features::health::checks::{self, Verdict},
    telemetry::{
        alerts::{Acknowledged, Alert, Board, RuleName, Severity, State, rule},
        logbook::{self, LogLine, Wanted},
    },
    web::{Body, Context, Json, Program, Query},
};

/// How a stretch of time was.
pub async fn metrics(
    _: Grant<ViewHealth>,
    Program(context): Program,
    Query(wanted): Query<WantedSpan>,
) -> Result<Json<Metrics>> {
    let span = wanted.span.unwrap_or(Span::Hour);
    let now = context.clock().seconds();
    let from = now - span.seconds();
    let observatory = Arc::clone(&context.observatory);
    let told = move || {
        let mut points = Points::of(span);
        let routes = observatory.look_back(from, now, |minute| points.add(minute));
        Metrics { span, step_s: span.step(), points: points.told(), routes: points::routes(routes) }
    };
    blocking(told).await.map(Json)
}

/// How all is now.
pub async fn status(grant: Grant<ViewHealth>, Program(context): Program) -> Result<Json<Status>> {
    let reading = collect::reading(&context).await;
    let recent = collect::recent(&context, &reading);
    let (own, observatory) = (grant.clinic().id(), Arc::clone(&context.observatory));
    let (alerts, history_bytes) =
        blocking(move || (observatory.with_board(|board| board.seen_by(own)), observatory.history_bytes()))
            .await?;
    let in_flight = context.observatory.meter.all().in_flight.get();
    let clinics = context.clinics().all();
    Ok(Json(Status {
        verdict: verdict(&alerts, reading.at).max(checks::glance(&context)),
        alerts_firing: firing(&alerts, reading.at),
        version: env!("CARGO_PKG_VERSION"),
        started_at: context.started,
        uptime_s: reading.at - context.started.0,
        people: people(&context, reading.people),
        requests: collect::requests(&recent, in_flight),
        cache_hit_rate: points::rate(recent.hits, recent.misses),
        writer: WriterState {
            alive: clinics.iter().all(|clinic| clinic.writer().is_alive()),
            waiting: reading.writer_waiting,
            commit_p95_ms: points::ms(&recent.commits, 0.95),
        },
        sse: reading.sse,
        disk_free_bytes: reading.disk_free_bytes,
        certificate_seconds_left: collect::certificate_seconds_left(&context),
        memory_bytes: reading.memory_bytes,
        cpu_share: points::cpu_share(&recent),
        clock_drift_s: (context.observatory.clock_drift() * 1000.0).round() / 1000.0,
        history_bytes,
    }))
}

/// What is kept in memory for one's clinic.
pub async fn caches(grant: Grant<ViewHealth>, Program(context): Program) -> Result<Json<Caches>> {
    let clinic = Arc::clone(grant.clinic());
    blocking(move || collect::caches(&context, &clinic)).await.map(Json)
}

/// The last lines of the log: the machine's, and one's own clinic's.
pub async fn logs(
    grant: Grant<ViewHealth>,
    Program(context): Program,
    Query(wanted): Query<WantedLines>,
) -> Result<Json<Lines>> {
    let lines = Wanted {
        level: wanted.level.map(|level| level.in_log()),
        category: wanted.category.map(Choice::code),
        clinic_id: grant.clinic().id(),
        limit: wanted.limit.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(100),
    };
    let folder = context.observatory.log_folder();
    let items = blocking(move || logbook::last_lines(&folder, &lines)).await?;
    Ok(Json(Lines { items: items.into_iter().map(line).collect() }))
}

/// The figures of one's own clinic.
pub async fn of_clinic(grant: Grant<ViewHealth>, Program(context): Program) -> Result<Json<ClinicMetrics>> {
    let seconds = context.clock().seconds() - context.started.0;
    Ok(Json(collect::of_clinic(grant.clinic(), seconds).await))
}

/// Every alert of the machine and of one's clinic.
pub async fn alerts(grant: Grant<ViewHealth>, Program(context): Program) -> Result<Json<Alerts>> {
    let (own, observatory) = (grant.clinic().id(), Arc::clone(&context.observatory));
    let seen = blocking(move || observatory.with_board(|board| board.seen_by(own))).await?;
    let now = context.clock().seconds();
    let items = seen.iter().map(|alert| told(alert, own, now)).collect();
    Ok(Json(Alerts { firing: firing(&seen, now), items }))
}

/// Says that one knows of an alert that fires; of one that does not there is nothing to know.
pub async fn acknowledge(
    grant: Grant<ManageAlerts>,
    OfRule(name): OfRule,
    Program(context): Program,
) -> Result<Json<AlertState>> {
    let by = Acknowledged {
        clinic_id: grant.clinic().id(),
        user_id: grant.caller().user_id.unwrap_or(0),
        at: context.clock().seconds(),
    };
    let known =
        change(&grant, (&context, name), "acknowledged", move |board| board.acknowledge(name, &by)).await?;
    if known.1 == 0 {
        return Err(Error::conflict("alert_not_firing"));
    }
    Ok(Json(known.0))
}

/// Wants to hear nothing of an alert for a while.
pub async fn silence(
    grant: Grant<ManageAlerts>,
    OfRule(name): OfRule,
    Program(context): Program,
    Body(wanted): Body<Silence>,
) -> Result<Json<AlertState>> {
    let (own, until) = (grant.clinic().id(), context.clock().seconds() + wanted.minutes * 60);
    let silenced = change(&grant, (&context, name), "silenced", move |board| board.silence(name, own, until));
    silenced.await.map(|(alert, ())| Json(alert))
}

/// Changes the board, with the act on record first; answers the alert after it.
async fn change<T: Send + 'static>(
    grant: &Grant<ManageAlerts>,
    (context, name): (&Arc<Context>, RuleName),
    verb: &'static str,
    act: impl FnOnce(&mut Board) -> T + Send + 'static,
) -> Result<(AlertState, T)> {
    let recorded = Act::seen(verb, "alert", None).with_columns(vec![format!("rule={}", name.code())]);
    grant.write(move |tx| tx.audited(recorded, ())).await?;
    let (own, now) = (grant.clinic().id(), context.clock().seconds());
    let observatory = Arc::clone(&context.observatory);
    let (done, seen) =
        blocking(move || observatory.with_board(|board| (act(board), board.seen_by(own)))).await?;
    let alert = seen.iter().find(|alert| alert.rule == name).ok_or(Error::NotFound("alert"))?;
    context.observatory.tell(alert, now);
    Ok((told(alert, own, now), done))
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(Error::internal)
}

fn people(context: &Context, now: u64) -> People {
    let capacity = context.observatory.capacity();
    People {
        now,
        limit: capacity.as_ref().map(|capacity| capacity.recommended),
        alert_at: capacity.as_ref().map(|capacity| capacity.alert_at),
        measured_at: capacity.as_ref().map(|capacity| capacity.measured_at),
        measured_version: capacity.map(|capacity| capacity.version),
    }
}

fn is_heard(alert: &Alert, now: i64) -> bool {
    matches!(alert.state(now), State::Firing | State::Acknowledged)
}

fn firing(alerts: &[Alert], now: i64) -> usize {
    alerts.iter().filter(|alert| is_heard(alert, now)).count()
}

/// What the alerts say of the whole.
fn verdict(alerts: &[Alert], now: i64) -> Verdict {
    let worst = alerts.iter().filter(|alert| is_heard(alert, now)).map(|alert| alert.severity).max();
    match worst {
        Some(Severity::Critical) => Verdict::Unhealthy,
        Some(Severity::Warning) => Verdict::Degraded,
        Some(Severity::Info) | None => Verdict::Healthy,
    }
}

fn told(alert: &Alert, own: i64, now: i64) -> AlertState {
    let (rule, by) = (rule(alert.rule), alert.acknowledged.as_ref());
    AlertState {
        rule: alert.rule,
        clinic_id: alert.clinic_id,
        state: alert.state(now),
        severity: alert.severity,
        value: alert.value,
        unit: rule.unit,
        side: rule.bound.into(),
        fires_at: rule.fires,
        resolves_at: rule.resolves,
        for_s: rule.for_s,
        fired_at: alert.fired_at.map(Instant),
        resolved_at: alert.resolved_at.map(Instant),
        times: alert.times,
        acknowledged_by: by.filter(|by| by.clinic_id == own).map(|by| by.user_id),
        acknowledged_at: by.map(|by| Instant(by.at)),
        silenced_until: alert.silenced_until.filter(|until| *until > now).map(Instant),
    }
}

fn line(line: LogLine) -> Line {
    let LogLine { at, level, category, target, message, fields } = line;
    Line { at, level, category, target, message, fields }
}
