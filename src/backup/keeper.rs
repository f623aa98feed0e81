//! Keeps the copies of the clinics of a running program: where they lie, which there are, a new one, a drill.
use std::{
    path::{Path, PathBuf},
    time::Instant as Stopped,
};

use jiff::tz::TimeZone;

use super::{
    Found, Place, Reason, Refusal, Taken, drill, drill::Drilled, due::Standing, place::copies_in, take,
};
use crate::{
    base::Instant,
    db::{
        Clinic,
        snapshot::{Files, Pace},
    },
};

/// Where copies go.
#[derive(Debug)]
pub struct Keeper {
    home: PathBuf,
    settings: Option<PathBuf>,
}

impl Keeper {
    /// Of a data folder, with the folder of the settings if they name one.
    pub fn new(home: &Path, settings: Option<PathBuf>) -> Self {
        Self { home: home.to_owned(), settings }
    }

    /// Where the copies of a clinic go. A demonstration's stay where it is.
    pub fn place(&self, clinic: &Clinic) -> Place {
        let data = clinic.data_folder();
        let settings = self.settings.as_deref().filter(|_| data == self.home);
        Place::of(settings, data)
    }

    /// Whether copies lie in the data folder itself, where they are lost with its disk.
    pub fn beside_the_data(&self) -> bool {
        self.settings.is_none()
    }

    /// The folder with the copies of a clinic.
    pub fn folder(&self, clinic: &Clinic) -> Result<PathBuf, Refusal> {
        self.place(clinic).of_clinic(clinic.folder(), clinic.id())
    }

    /// The copies of a clinic; what is found is told its meter. Blocks.
    pub fn copies(&self, clinic: &Clinic) -> Result<Found, Refusal> {
        let found = copies_in(&self.folder(clinic)?);
        let newest = found.copies.first().map(|copy| (copy.manifest.made_at.0, copy.manifest.size()));
        clinic.meter().backups.found(found.copies.len(), newest);
        Ok(found)
    }

    /// What tells whether a copy is due. Blocks.
    pub fn standing(&self, clinic: &Clinic) -> Result<Standing, Refusal> {
        let found = self.copies(clinic)?;
        let founded =
            clinic.read_here(|tx| tx.first("select at from audit order by seq limit 1", [], |r| r.get(0)))?;
        let founded = founded.unwrap_or_else(|| clinic.clock().now());
        clinic.meter().backups.founded(founded.as_second());
        Ok(Standing {
            founded,
            entries: clinic.trail_length()?,
            last: found.copies.first().map(|copy| (copy.manifest.made_at, copy.manifest.contents.entries)),
        })
    }

    /// Makes a copy, and removes those that need not be kept any more. Blocks.
    pub fn take(&self, clinic: &Clinic, reason: Reason, zone: &TimeZone) -> Result<Taken, Refusal> {
        let (began, now) = (Stopped::now(), clinic.clock().now());
        let made = self.write(clinic, reason, now);
        match &made {
            Ok(copy) => {
                clinic.meter().backups.made(began.elapsed());
                tracing::info!(
                    clinic = clinic.id(),
                    millis = u64::try_from(began.elapsed().as_millis()).unwrap_or(0),
                    bytes = copy.manifest.size(),
                    "a copy was made"
                );
                take::thin_out(&self.folder(clinic)?, now, zone)?;
                self.copies(clinic)?;
            }
            // Somebody else is at it: that is no failure.
            Err(Refusal::Underway) => {}
            Err(error) => {
                tracing::error!(clinic = clinic.id(), %error, "a copy was not made");
                clinic.meter().backups.failed(error.code());
            }
        }
        made
    }

    fn write(&self, clinic: &Clinic, reason: Reason, now: Instant) -> Result<Taken, Refusal> {
        let files = Files::unlock_here(clinic.data_folder(), clinic.folder(), clinic.id())?;
        take::take(&files, &self.place(clinic), (now, reason), Pace::Gentle)
    }

    /// How the last drill went; its meter is told. Blocks.
    pub fn last_drill(&self, clinic: &Clinic) -> Result<Option<Drilled>, Refusal> {
        let last = Drilled::last(&self.folder(clinic)?);
        if let Some(last) = &last {
            clinic.meter().backups.drilled(last.at.0, last.failed.is_some());
        }
        Ok(last)
    }

    /// Brings the newest copy back into nowhere and keeps how that went; none where there is no copy. Blocks.
    pub fn drill(&self, clinic: &Clinic) -> Result<Option<Drilled>, Refusal> {
        let found = self.copies(clinic)?;
        let Some(newest) = found.copies.first() else { return Ok(None) };
        let began = Stopped::now();
        let failed = drill::drill(clinic.data_folder(), newest).err();
        if let Some(error) = &failed {
            tracing::error!(clinic = clinic.id(), %error, "the newest copy cannot be brought back");
        }
        let drilled = Drilled {
            at: clinic.clock().now(),
            copy: newest.manifest.made_at,
            failed: failed.map(|error| error.code().to_owned()),
            took_ms: u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX),
        };
        clinic.meter().backups.drilled(drilled.at.0, drilled.failed.is_some());
        drilled.keep(&self.folder(clinic)?)?;
        Ok(Some(drilled))
    }
}
