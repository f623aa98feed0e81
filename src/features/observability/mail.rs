//! Alerts by e-mail, to one person.
use std::{sync::Arc, time::Duration};

use jiff::tz::TimeZone;

use super::{
    delivery::{AlertMail, Carrier},
    letter::{self, Language, Stationery},
};
use crate::{
    access::{Grant, permissions::ViewClinic},
    base::{Choice as _, mail::Email},
    db::Clinic,
    features::clinic,
    telemetry::messages::{Channel, Message},
    web::{
        Context,
        smtp::{self, MailServer, Tried},
    },
};

/// Servers that do not know a sender yet say so, and take the message some minutes later.
const DELAYS: [Duration; 3] = [Duration::from_secs(10), Duration::from_secs(60), Duration::from_secs(300)];

/// One who hears of alerts by e-mail.
pub struct Mail {
    server: MailServer,
    to: Email,
    languages: Vec<Language>,
    context: Arc<Context>,
    delays: Vec<Duration>,
}

impl Mail {
    /// Everyone of the settings, each by themselves: an address that is wrong keeps nobody else from hearing.
    pub fn for_each(mail: &AlertMail, context: &Arc<Context>) -> Vec<Self> {
        let one = |to: &Email| Self {
            server: mail.server.clone(),
            to: to.clone(),
            languages: mail.language.map_or_else(|| Language::ALL.to_vec(), |language| vec![language]),
            context: Arc::clone(context),
            delays: DELAYS.to_vec(),
        };
        mail.to.iter().map(one).collect()
    }

    /// The same, trying again after these.
    #[must_use]
    pub fn trying_again(mut self, delays: Vec<Duration>) -> Self {
        self.delays = delays;
        self
    }

    async fn stationery(&self, message: &Message) -> Stationery {
        let clinics = self.context.clinics();
        let about = match message {
            Message::Alert(event) => event.clinic_id.and_then(|id| clinics.get(id)),
            Message::Trial(_) => None,
        };
        Stationery {
            languages: self.languages.clone(),
            computer: gethostname::gethostname().to_string_lossy().into_owned(),
            zone: zone(about.or_else(|| clinics.all().into_iter().next())).await,
        }
    }
}

/// Where the clinic's clock is; UTC where it cannot be read now.
async fn zone(clinic: Option<Arc<Clinic>>) -> TimeZone {
    let Some(clinic) = clinic else { return TimeZone::UTC };
    let read = Grant::<ViewClinic>::of_program(clinic, "observability").read(clinic::store::find).await;
    read.ok().and_then(|found| TimeZone::get(&found.fields.time_zone).ok()).unwrap_or(TimeZone::UTC)
}

impl Carrier for Mail {
    const CHANNEL: Channel = Channel::Email;

    fn delays(&self) -> &[Duration] {
        &self.delays
    }

    async fn carry(&self, message: &Message) -> Option<Tried> {
        let letter = letter::of(message, &self.stationery(message).await)?;
        Some(smtp::send(&self.server, &self.to, &letter).await)
    }
}
