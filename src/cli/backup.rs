//! `taskmed backup` and `taskmed restore`.
use std::{
    fs,
    io::{self, BufRead as _, Write as _},
    path::PathBuf,
};

use clap::Args;
use serde_json::json;

use super::{DataArg, Failure, commands::hold};
use crate::{
    backup::{
        Place, Reason, Refusal, Taken,
        restore::{self, Prepared},
        take,
    },
    base::{Clock, Instant},
    config::{Asked, Config},
    db::{
        slots::RecoveryCode,
        snapshot::{Files, Pace},
    },
};

/// What `taskmed backup` is told.
#[derive(Debug, Args)]
pub struct BackupArgs {
    #[command(flatten)]
    data: DataArg,
    /// Folder for the copies, as on another disk; the one of the settings unless given
    #[arg(long, value_name = "DIR")]
    to: Option<PathBuf>,
}

/// What `taskmed restore` is told.
#[derive(Debug, Args)]
pub struct RestoreArgs {
    #[command(flatten)]
    data: DataArg,
    /// A copy, or a folder with copies: the newest is taken
    from: PathBuf,
    /// The newest copy made no later than this, as 2026-11-24T12:00:00Z
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
    /// Number of the clinic, where the folder has copies of several
    #[arg(long, value_name = "N")]
    clinic: Option<i64>,
    /// Do not ask whether what is in its place may be replaced
    #[arg(long)]
    yes: bool,
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Underway => Self::TryAgain(refusal.to_string()),
            other => Self::Error(other.to_string()),
        }
    }
}

/// Copies every clinic of a data folder, also while a server works on it. A line of JSON for each copy.
pub fn backup(args: BackupArgs) -> Result<(), Failure> {
    let config = Config::load(&Asked::from(args.data)).map_err(Failure::Config)?;
    let place = match &args.to {
        Some(folder) => Place::named(folder),
        None => Place::of(config.backup_folder.as_deref(), &config.data),
    };
    let mut numbers: Vec<i64> = fs::read_dir(config.data.join("clinics"))
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .collect();
    numbers.sort_unstable();
    if numbers.is_empty() {
        return Err(Failure::Error(format!("there is no clinic in {}", config.data.display())));
    }
    for id in numbers {
        let files = Files::unlock_here(&config.data, &config.data.join(format!("clinics/{id}")), id)?;
        let now = Clock::system().now();
        let made = take::take(&files, &place, (now, Reason::ByHand), Pace::Full)?;
        let (folder, manifest) = (made.folder.display().to_string(), &made.manifest);
        println!(
            "{}",
            json!({ "clinic_id": id, "folder": folder, "made_at": manifest.made_at, "bytes": manifest.size(), "entries": manifest.contents.entries })
        );
    }
    Ok(())
}

/// Brings a copy back into a data folder nobody uses. Asks for the recovery code where this computer does not open the copy, and
/// whether what is there may be replaced.
pub fn restore(args: RestoreArgs) -> Result<(), Failure> {
    let config = Config::load(&Asked::from(args.data)).map_err(Failure::Config)?;
    let at = args.at.as_deref().map(time).transpose()?;
    let copy = restore::find(&args.from, args.clinic, at)?;
    let _instance = hold(&config.data)?;
    let prepared = match restore::prepare(&config.data, &copy, None) {
        Err(Refusal::NeedsCode) => restore::prepare(&config.data, &copy, Some(&code(&copy)?))?,
        other => other?,
    };
    tell(&prepared);
    if prepared.occupied && !args.yes && !agreed()? {
        return Err(Failure::Error("nothing was changed".into()));
    }
    let (made_at, present) = (prepared.manifest.made_at, prepared.present);
    let entries = prepared.manifest.contents.entries;
    let restored = prepared.carry_out(Clock::system(), "taskmed restore")?;
    let replaced = restored.replaced.as_ref().map(|folder| folder.display().to_string());
    let lost = present.map(|(newest, _)| (newest - entries).max(0));
    println!(
        "{}",
        json!({ "clinic_id": restored.clinic_id, "made_at": made_at, "lost_entries": lost, "replaced": replaced })
    );
    Ok(())
}

fn time(text: &str) -> Result<Instant, Failure> {
    text.parse().map_err(|()| Failure::Error(format!("{text:?} is not a time like 2026-11-24T12:00:00Z")))
}

fn code(copy: &Taken) -> Result<RecoveryCode, Failure> {
    let day = copy.manifest.made_at;
    let typed = ask(&format!("Recovery code of clinic {} (of {day}): ", copy.manifest.clinic_id))?;
    RecoveryCode::parse(&typed).ok_or_else(|| Failure::Error("that is not a recovery code".into()))
}

/// What will be there, and what will not be any more.
fn tell(prepared: &Prepared) {
    let manifest = &prepared.manifest;
    eprintln!("The copy of clinic {} of {} is whole.", manifest.clinic_id, manifest.made_at);
    match prepared.present {
        Some((newest, at)) if newest > manifest.contents.entries => eprintln!(
            "What was written after it is lost to the clinic: {} acts, the last at {at}. The files in its place are kept beside it.",
            newest - manifest.contents.entries
        ),
        Some(_) => eprintln!("Nothing was written after it. The files in its place are kept beside it."),
        None if prepared.occupied => {
            eprintln!(
                "What is in its place cannot be read: what will be missing cannot be told. It is kept beside it."
            );
        }
        None => {}
    }
}

fn agreed() -> Result<bool, Failure> {
    Ok(matches!(ask("Bring it back? Type yes: ")?.to_lowercase().as_str(), "yes" | "y" | "sim" | "s"))
}

/// One line of standard input.
fn ask(question: &str) -> Result<String, Failure> {
    eprint!("{question}");
    io::stderr().flush()?;
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line)?;
    Ok(line.trim().to_owned())
}
