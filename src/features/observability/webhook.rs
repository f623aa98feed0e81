//! Alerts posted as JSON to an address of the settings. No person's data is in an alert.
use std::time::Duration;

use serde_json::json;

use super::delivery::Carrier;
use crate::{
    telemetry::messages::{Channel, Message},
    web::{outgoing, smtp::Tried},
};

const DELAYS: [Duration; 3] = [Duration::from_secs(1), Duration::from_secs(10), Duration::from_secs(60)];

/// The address.
pub struct Webhook {
    address: String,
    delays: Vec<Duration>,
}

impl Webhook {
    /// An address that begins with `https://` or `http://`.
    pub fn new(address: String) -> Self {
        Self { address, delays: DELAYS.to_vec() }
    }

    /// The same, trying again after these.
    #[must_use]
    pub fn trying_again(mut self, delays: Vec<Duration>) -> Self {
        self.delays = delays;
        self
    }
}

impl Carrier for Webhook {
    const CHANNEL: Channel = Channel::Webhook;

    fn delays(&self) -> &[Duration] {
        &self.delays
    }

    async fn carry(&self, message: &Message) -> Option<Tried> {
        let (program, version) = ("taskmed", env!("CARGO_PKG_VERSION"));
        let text = match message {
            Message::Alert(alert) => json!({ "program": program, "version": version, "alert": alert }),
            Message::Trial(at) => json!({ "program": program, "version": version, "trial": { "at": at } }),
        };
        Some(match outgoing::post(&self.address, text.to_string()).await {
            Ok(200..=299) => Tried::Arrived,
            // What is refused for good is refused again.
            Ok(status @ 400..=499) if status != 408 && status != 429 => Tried::Refused(Some(status)),
            Ok(status) => Tried::NotYet(Some(status)),
            Err(_) => Tried::NotYet(None),
        })
    }
}
