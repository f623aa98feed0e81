//! How alerts leave this computer: which ways there are, whether what was sent arrived, and trying it.
use std::sync::Arc;

use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    access::{
        Grant,
        permissions::{ManageAlerts, ViewHealth},
    },
    base::{Choice as _, Error, Instant, Result},
    db::Act,
    telemetry::messages::{Channel, Message},
    web::{Context, Json, Program},
};

/// Every way out.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Ways {
    /// Each, set up or not.
    pub items: Vec<WayState>,
}

/// One way out, counted since the program started. A message to two people counts as two.
#[derive(Debug, Serialize, JsonSchema)]
pub struct WayState {
    /// Which.
    pub channel: Channel,
    /// To how many messages go; 0 where it is not set up.
    pub recipients: u64,
    /// Messages being sent or tried again now.
    pub under_way: u64,
    /// Messages that arrived.
    pub sent: u64,
    /// Messages that were given up after several tries.
    pub failed: u64,
    /// When the last one arrived.
    pub sent_at: Option<Instant>,
    /// When the last one was given up.
    pub failed_at: Option<Instant>,
}

/// Every way out, and how it does.
pub async fn show(_: Grant<ViewHealth>, Program(context): Program) -> Result<Json<Ways>> {
    Ok(Json(ways(&context)))
}

/// Sends a message that tells nothing, every way there is.
pub async fn test(grant: Grant<ManageAlerts>, Program(context): Program) -> Result<Json<Ways>> {
    let messages = &context.observatory.messages;
    if Channel::ALL.iter().all(|channel| messages.way(*channel).recipients() == 0) {
        return Err(Error::conflict("no_way_out"));
    }
    grant.write(|tx| tx.audited(Act::seen("tested", "message", None), ())).await?;
    messages.say(Message::Trial(context.clock().now()));
    Ok(Json(ways(&context)))
}

fn ways(context: &Arc<Context>) -> Ways {
    let state = |channel: &Channel| {
        let way = context.observatory.messages.way(*channel);
        WayState {
            channel: *channel,
            recipients: way.recipients(),
            under_way: way.under_way(),
            sent: way.sent.get(),
            failed: way.failed.get(),
            sent_at: way.sent_at(),
            failed_at: way.failed_at(),
        }
    };
    Ways { items: Channel::ALL.iter().map(state).collect() }
}
