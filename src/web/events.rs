//! Server-sent events: what was committed in the clinic, as it happens, resumable by `Last-Event-ID`.
use std::{fmt::Write as _, pin::Pin, time::Duration};

use poem::Response;
use tokio::{
    sync::broadcast::{Receiver, error::RecvError},
    time::interval,
};

use super::{
    Incoming,
    arguments::Argument,
    operation::Operation,
    replies::{Asked, Reply},
    streamed::{self, Pen},
};
use crate::{
    base::Result,
    db::{Event, Heard, Listener, Told},
    telemetry::observatory::AlertEvent,
};

/// Something is heard this often, so that a screen knows within five seconds that it is cut off.
const PING: Duration = Duration::from_secs(2);

/// The last event a screen has seen, from the header browsers send by themselves.
#[derive(Debug, Clone, Copy)]
pub struct LastEventId(pub Option<i64>);

impl Argument for LastEventId {
    async fn read(incoming: &mut Incoming) -> Result<Self> {
        Ok(Self(incoming.header("last-event-id").and_then(|text| text.parse().ok())))
    }

    fn describe(operation: &mut Operation) {
        operation.header_parameter("Last-Event-ID", false, "Resume after this event.");
    }
}

/// Tells, at every ping, whether the session behind a stream is still open.
pub type StillOpen = Box<dyn Fn() -> Pin<Box<dyn Future<Output = bool> + Send>> + Send + Sync>;

/// An open event stream: first what was missed, then what happens.
pub struct Events {
    /// Events since the last one seen; none when there were too many and the screen must start over.
    pub missed: Option<Vec<Event>>,
    /// The newest entry of the trail at the time of asking.
    pub newest: i64,
    /// What happens from now on.
    pub live: Listener,
    /// Alerts from now on; none for whoever may not see how the machine is.
    pub alerts: Option<Receiver<AlertEvent>>,
    /// The clinic; alerts of others are not told.
    pub clinic_id: i64,
    /// Asked at every ping; a closed session closes its streams.
    pub still_open: StillOpen,
}

impl Reply for Events {
    fn reply(self, _: &Asked) -> Result<Response> {
        let (body, screen) = streamed::body();
        tokio::spawn(self.run(screen));
        Ok(Response::builder().content_type("text/event-stream").header("x-accel-buffering", "no").body(body))
    }

    fn describe(operation: &mut Operation) {
        let schema = serde_json::json!({ "schema": { "type": "string" } });
        operation.responses.insert(
            200,
            serde_json::json!({ "description": "Committed acts, as they happen.", "content": { "text/event-stream": schema } }),
        );
    }
}

impl Events {
    /// Ends when the screen goes away: writing to it fails then.
    async fn run(mut self, screen: Pen) {
        let mut seen = self.newest;
        let mut text = String::from("retry: 1000\n\n");
        match self.missed.take() {
            Some(events) => events.iter().for_each(|event| write_act(&mut text, &event.into())),
            None => write_resync(&mut text, self.newest),
        }
        let mut ping = interval(PING);
        while text.is_empty() || screen.write(std::mem::take(&mut text).into_bytes()).await {
            tokio::select! {
                _ = ping.tick() => match (self.still_open)().await {
                    true => text.push_str(": ping\n\n"),
                    false => return,
                },
                alert = next_alert(&mut self.alerts, self.clinic_id) => write_alert(&mut text, &alert),
                heard = self.live.next() => match heard {
                    Heard::Acts(acts) => for told in acts.iter().filter(|told| told.seq > self.newest) {
                        seen = told.seq;
                        write_act(&mut text, told);
                    },
                    Heard::TooMuch => write_resync(&mut text, seen),
                    Heard::Closed => return,
                },
            }
        }
    }
}

fn write_act(text: &mut String, told: &Told) {
    let _ = write!(text, "id: {}\nevent: act\ndata: {}\n\n", told.seq, told.json);
}

/// The next alert of the machine or of the clinic; never, where none are told. One that was missed is on the list of alerts.
async fn next_alert(alerts: &mut Option<Receiver<AlertEvent>>, clinic_id: i64) -> AlertEvent {
    while let Some(listening) = alerts {
        match listening.recv().await {
            Ok(alert) if alert.clinic_id.is_none_or(|id| id == clinic_id) => return alert,
            Ok(_) | Err(RecvError::Lagged(_)) => {}
            Err(RecvError::Closed) => *alerts = None,
        }
    }
    std::future::pending().await
}

/// Without an id: alerts are no entries of the trail, and are not told again.
fn write_alert(text: &mut String, alert: &AlertEvent) {
    let data = serde_json::to_string(alert).unwrap_or_default();
    let _ = write!(text, "event: alert\ndata: {data}\n\n");
}

fn write_resync(text: &mut String, newest: i64) {
    let _ = write!(text, "id: {newest}\nevent: resync\ndata: {{}}\n\n");
}
