//! Handlers of health.
use super::checks::{self, Health, Verdict};
use crate::{
    base::Result,
    web::{Json, Public, Text, WithStatus},
};

/// Whether the process lives: it answers, so it does.
pub async fn live(_: Public) -> Result<Text> {
    Ok(Text::plain("ok\n"))
}

/// Whether it can do its work. The status code is the contract.
pub async fn ready(public: Public) -> Result<WithStatus<Text>> {
    let health = checks::run(&public.context).await;
    Ok(WithStatus::unavailable_if(health.status == Verdict::Unhealthy, Text::plain(word(health.status))))
}

/// Every check, with its verdict; 503 when unhealthy.
pub async fn health(public: Public) -> Result<WithStatus<Json<Health>>> {
    let health = checks::run(&public.context).await;
    Ok(WithStatus::unavailable_if(health.status == Verdict::Unhealthy, Json(health)))
}

fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Unhealthy => "not ready\n",
        Verdict::Healthy | Verdict::Degraded => "ready\n",
    }
}
