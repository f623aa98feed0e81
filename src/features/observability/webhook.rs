//! Alerts sent to an address of the settings. One at a time and in their order; each is tried a few times and then given up, so
//! that an address nobody listens at costs nothing. No person's data is in an alert.
use std::time::Duration;

use serde_json::json;
use tokio::{
    sync::broadcast::{Receiver, error::RecvError},
    time::sleep,
};

use crate::{telemetry::observatory::AlertEvent, web::outgoing};

/// How long it waits before each further try.
const DELAYS: [Duration; 3] = [Duration::from_secs(1), Duration::from_secs(10), Duration::from_secs(60)];

/// Sends each alert to `address` until the program ends. While one is tried others wait; of too many the oldest are left out.
pub async fn send_alerts(address: String, alerts: Receiver<AlertEvent>) {
    send_with(&address, alerts, &DELAYS).await;
}

async fn send_with(address: &str, mut alerts: Receiver<AlertEvent>, delays: &[Duration]) {
    loop {
        match alerts.recv().await {
            Ok(alert) => send(address, &alert, delays).await,
            Err(RecvError::Lagged(left_out)) => {
                tracing::warn!(target: "taskmed::performance", left_out, "alerts were not sent: too many waited");
            }
            Err(RecvError::Closed) => return,
        }
    }
}

async fn send(address: &str, alert: &AlertEvent, delays: &[Duration]) {
    let text =
        json!({ "program": "taskmed", "version": env!("CARGO_PKG_VERSION"), "alert": alert }).to_string();
    let mut delays = delays.iter();
    loop {
        let answered = outgoing::post(address, text.clone()).await;
        match answered {
            Ok(200..=299) => return,
            // What is refused for good is refused again.
            Ok(status @ 400..=499) if status != 408 && status != 429 => return given_up(Some(status)),
            _ => {}
        }
        match delays.next() {
            Some(delay) => sleep(*delay).await,
            None => return given_up(answered.ok()),
        }
    }
}

/// The address is not logged: it may hold a secret.
fn given_up(status: Option<u16>) {
    tracing::warn!(target: "taskmed::performance", status, "an alert was not sent to the address of the settings");
}

#[cfg(test)]
mod tests {
    use tokio::{
        io::{AsyncReadExt as _, AsyncWriteExt as _},
        net::TcpListener,
        sync::broadcast,
    };

    use super::*;
    use crate::{
        base::Instant,
        telemetry::alerts::{RuleName, Severity, State},
    };

    fn alert(rule: RuleName) -> AlertEvent {
        let (state, severity) = (State::Firing, Severity::Warning);
        AlertEvent { rule, clinic_id: None, state, severity, value: Some(1.0), at: Instant(1_795_521_600) }
    }

    /// Answers each request with the next status; what it was asked.
    async fn listen(listener: TcpListener, statuses: &[u16]) -> Vec<String> {
        let mut asked = Vec::new();
        for status in statuses {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut text = String::new();
            let mut buffer = [0; 4096];
            while !text.ends_with('}') {
                let n = stream.read(&mut buffer).await.unwrap();
                text.push_str(std::str::from_utf8(&buffer[..n]).unwrap());
            }
            asked.push(text);
            let answer = format!("HTTP/1.1 {status} X\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
            stream.write_all(answer.as_bytes()).await.unwrap();
        }
        asked
    }

    #[tokio::test]
    async fn an_alert_is_sent_until_it_arrives_or_is_refused_for_good_and_then_comes_the_next() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}/ring?key=7", listener.local_addr().unwrap());
        let (sender, alerts) = broadcast::channel(8);
        for rule in [RuleName::Disk, RuleName::Clock, RuleName::Capacity] {
            sender.send(alert(rule)).unwrap();
        }
        drop(sender);
        let sending =
            tokio::spawn(async move { send_with(&address, alerts, &[Duration::from_millis(1); 2]).await });
        let asked = listen(listener, &[500, 204, 410, 200]).await;
        sending.await.unwrap();
        let rules: Vec<_> = asked
            .iter()
            .map(|text| text.split("\"rule\":\"").nth(1).unwrap().split('"').next().unwrap())
            .collect();
        assert_eq!(rules, ["disk", "disk", "clock", "capacity"]);
        assert!(
            asked[0].starts_with("POST /ring?key=7 HTTP/1.1\r\n")
                && asked[0].contains("\"at\":\"2026-11-24T12:00:00Z\""),
            "{}",
            asked[0]
        );
    }

    #[tokio::test]
    async fn an_address_nobody_listens_at_is_given_up() {
        let (sender, alerts) = broadcast::channel(8);
        sender.send(alert(RuleName::Disk)).unwrap();
        drop(sender);
        send_with("http://127.0.0.1:1/", alerts, &[Duration::from_millis(1)]).await;
        assert!(outgoing::post("https://", "{}".to_owned()).await.is_err(), "nobody is named");
    }
}
