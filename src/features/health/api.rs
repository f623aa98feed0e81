//! Handlers of health.
use std::sync::Arc;

use super::{
    checker::Checker,
    checks::{Health, Verdict},
};
use crate::{
    access::permissions::ViewHealth,
    base::Result,
    web::{Fixed, Json, May, Public, Text, WithStatus},
};

/// Whether the process lives: it answers, so it does.
pub async fn live(_: Public) -> Result<Fixed> {
    Ok(Fixed("ok\n"))
}

/// Whether it can do its work, and which clinics it cannot open. The status code is the contract.
pub async fn ready(checker: Checker, public: Public) -> Result<WithStatus<Text>> {
    let verdict = checker.verdict(Arc::clone(&public.context)).await?;
    let mut text = word(verdict).to_owned();
    let clinics = public.context.clinics();
    clinics.failed().keys().for_each(|id| text.push_str(&format!("failed: clinic {id}\n")));
    Ok(WithStatus::unavailable_if(verdict == Verdict::Unhealthy, Text::plain(&text)))
}

/// The state, with every check for those who may see them; 503 when unhealthy.
pub async fn health(
    checker: Checker,
    public: Public,
    all: May<ViewHealth>,
) -> Result<WithStatus<Json<Health>>> {
    let health = checker.health(public.context).await?;
    let unhealthy = health.status == Verdict::Unhealthy;
    Ok(WithStatus::unavailable_if(unhealthy, Json(if all.0 { health } else { health.short() })))
}

fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Unhealthy => "not ready\n",
        Verdict::Healthy | Verdict::Degraded => "ready\n",
    }
}
