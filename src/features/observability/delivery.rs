//! Carries messages to whoever listens outside. Each listener has a line of their own: one at a time and in their order, each
//! tried a few times and then given up and counted. Nobody in here ever waits for somebody out there.
use std::{sync::Arc, time::Duration};

use tokio::{
    sync::broadcast::{Receiver, error::RecvError},
    time::sleep,
};

use super::{letter::Language, mail::Mail, webhook::Webhook};
use crate::{
    base::{Choice as _, mail::Email},
    telemetry::messages::{Channel, Message},
    web::{
        Context,
        smtp::{MailServer, Tried},
    },
};

/// Who wants alerts by e-mail, and through which server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlertMail {
    /// The server.
    pub server: MailServer,
    /// Who hears of alerts: one or more.
    pub to: Vec<Email>,
    /// The language; all of them where none is asked for.
    pub language: Option<Language>,
}

/// One who listens outside.
pub trait Carrier: Send + Sync + 'static {
    /// The way to them.
    const CHANNEL: Channel;

    /// How long to wait before each further try.
    fn delays(&self) -> &[Duration];

    /// Tries once; none where this message is not for them.
    fn carry(&self, message: &Message) -> impl Future<Output = Option<Tried>> + Send;
}

/// Starts carrying, for as long as the program runs.
pub fn send_messages(context: &Arc<Context>, webhook: Option<&str>, mail: Option<&AlertMail>) {
    if let Some(address) = webhook {
        start(context, Webhook::new(address.to_owned()));
    }
    for mail in mail.iter().flat_map(|mail| Mail::for_each(mail, context)) {
        start(context, mail);
    }
}

/// Starts carrying to one who listens.
pub fn start<C: Carrier>(context: &Arc<Context>, carrier: C) {
    let line = context.observatory.messages.listen();
    context.observatory.messages.way(C::CHANNEL).open();
    let context = Arc::clone(context);
    tokio::spawn(async move { deliver(&context, &carrier, line).await });
}

/// Carries what comes along the line until it ends.
pub async fn deliver<C: Carrier>(context: &Context, carrier: &C, mut line: Receiver<Message>) {
    let way = context.observatory.messages.way(C::CHANNEL);
    loop {
        match line.recv().await {
            Ok(message) => {
                let _carried = way.carry();
                let ended = persist(carrier, &message).await;
                let now = context.clock().now();
                match ended {
                    None => {}
                    Some(Tried::Arrived) => way.arrived(now),
                    Some(Tried::Refused(status) | Tried::NotYet(status)) => {
                        given_up(C::CHANNEL, status);
                        way.lost(&message, now);
                    }
                }
            }
            Err(RecvError::Lagged(left_out)) => {
                let channel = C::CHANNEL.code();
                tracing::warn!(target: "taskmed::performance", channel, left_out, "messages were not sent: too many waited");
                way.left_out(left_out, context.clock().now());
            }
            Err(RecvError::Closed) => return,
        }
    }
}

/// Tries until it arrives, is refused for good, or has been tried often enough.
async fn persist(carrier: &impl Carrier, message: &Message) -> Option<Tried> {
    let mut delays = carrier.delays().iter();
    loop {
        let tried = carrier.carry(message).await?;
        match (tried, delays.next()) {
            (Tried::NotYet(_), Some(delay)) => sleep(*delay).await,
            _ => return Some(tried),
        }
    }
}

/// Neither address nor answer is logged: they may hold a secret, or name people.
fn given_up(channel: Channel, status: Option<u16>) {
    tracing::warn!(target: "taskmed::performance", channel = channel.code(), status, "a message was not sent");
}
