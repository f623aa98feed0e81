//! The commands that do one thing and end.
use std::{
    io::{self, Read},
    path::Path,
    sync::Arc,
};

use clap::CommandFactory;
use serde_json::{Map, Value, json};

use super::{CheckArgs, Cli, ConfigAct, Failure, ImportWhat, RecoverArgs, SetupArgs, UserAct, Verb};
use crate::{
    access::{
        Grant,
        permissions::{ImportContacts, ManageTeam},
    },
    app::Instance,
    backup::Place,
    base::{Clock, Error, Id, fields},
    config::{Asked, Config},
    db::{Clinic, Clinics, check::Report, slots::RecoveryCode},
    features::{contacts::import, observability::AlertMail, people, setup},
};

/// Runs one command.
pub fn run(verb: Verb) -> Result<(), Failure> {
    match verb {
        Verb::Setup(args) => set_up(args),
        Verb::Demo(args) => super::demo::demo(args),
        Verb::Capacity(args) => super::capacity::capacity(args),
        Verb::Import { what } => bring_in(what),
        Verb::Check(args) => check(args),
        Verb::Backup(args) => super::backup::backup(args),
        Verb::Restore(args) => super::backup::restore(args),
        Verb::Recover(args) => recover(args),
        Verb::User { act: UserAct::ResetPassword { data, email, clinic } } => {
            reset_password(data.into(), &email, clinic)
        }
        Verb::Config { act: ConfigAct::Show { data } } => show_config(data.into()),
        Verb::Version { json } => version(json),
        Verb::Completions { shell } => {
            clap_complete::generate(shell, &mut Cli::command(), "taskmed", &mut io::stdout());
            Ok(())
        }
        Verb::Serve(args) => super::serve::serve(&args.into()),
    }
}

/// The clinics of a data folder nobody else is using, until the command ends.
pub(super) fn take(asked: &Asked) -> Result<(Instance, Clinics, Config), Failure> {
    let config = Config::load(asked).map_err(Failure::Config)?;
    let instance = hold(&config.data)?;
    let clinics = Clinics::open(&config.data, Clock::system())?;
    Ok((instance, clinics, config))
}

/// The clinic of that number, or why there is none to work on.
fn opened(clinics: &Clinics, id: i64) -> Result<Arc<Clinic>, Failure> {
    match clinics.failed().get(&id) {
        Some(reason) => Err(Failure::Error(format!("clinic {id}: {reason}"))),
        None => Ok(clinics.get(id).ok_or(Error::NotFound("clinic"))?),
    }
}

/// Holds a data folder, or says who does.
pub(super) fn hold(folder: &Path) -> Result<Instance, Failure> {
    let in_use =
        |_| Failure::TryAgain(format!("another TaskMed is using {}: stop it first", folder.display()));
    Instance::take(folder).map_err(|error| Failure::of_folder(folder, &error))?.map_err(in_use)
}

fn set_up(args: SetupArgs) -> Result<(), Failure> {
    debug_assert!(args.password_stdin);
    let mut password = String::new();
    io::stdin().read_to_string(&mut password)?;
    let wanted = json!({
        "clinic_name": args.clinic, "owner_name": args.owner, "email": args.email, "password": password.trim_end_matches(['\r', '\n']),
    });
    let (_instance, clinics, _) = take(&args.data.into())?;
    let founding = fields::parse(wanted.as_object().unwrap_or(&Map::new()))?;
    let (clinic, code, _) = setup::api::found_here(&clinics, founding)?;
    println!("{}", json!({ "clinic_id": clinic.id(), "recovery_code": code.grouped() }));
    clinics.close();
    Ok(())
}

fn bring_in(what: ImportWhat) -> Result<(), Failure> {
    let ImportWhat::Contacts { data, file, clinic, dry_run } = what;
    let bytes = std::fs::read(&file).map_err(|e| Failure::Error(format!("{}: {e}", file.display())))?;
    let (_instance, clinics, _) = take(&data.into())?;
    let clinic = opened(&clinics, clinic)?;
    let grant = Grant::<ImportContacts>::of_program(clinic, "taskmed import contacts");
    let name = file.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let file = import::File::open(&name, bytes, None)?;
    if dry_run {
        println!("{}", serde_json::to_string(&file.check(&grant)?).unwrap_or_default());
        return Ok(());
    }
    let bar = indicatif::ProgressBar::new(u64::try_from(file.rows()?).unwrap_or(0));
    let report =
        import::run_file(&grant, &file, |so_far| bar.set_position(u64::try_from(so_far.done).unwrap_or(0)))?;
    bar.finish();
    println!("{}", serde_json::to_string(&report).unwrap_or_default());
    clinics.close();
    Ok(())
}

fn check(args: CheckArgs) -> Result<(), Failure> {
    let (_instance, clinics, config) = take(&args.data.into())?;
    if clinics.is_empty() {
        return Err(Failure::Error(format!("there is no clinic in {}", config.data.display())));
    }
    let mut reports = Vec::new();
    for clinic in clinics.all() {
        reports.push(check_one(&clinic)?);
    }
    reports.extend(clinics.failed().iter().map(|(id, reason)| Report::unopened(*id, reason)));
    clinics.close();
    let problems: usize = reports.iter().map(|report| report.problems.len()).sum();
    if args.json {
        println!("{}", json!({ "ok": problems == 0, "clinics": reports }));
    } else {
        for report in &reports {
            println!(
                "clinic {}: {} entries in the trail, {} problems",
                report.clinic_id,
                report.audit_entries,
                report.problems.len()
            );
            report.problems.iter().for_each(|problem| println!("  {problem}"));
        }
    }
    if problems == 0 {
        Ok(())
    } else {
        Err(Failure::Error(format!("{problems} problems found; nothing was changed")))
    }
}

/// Checks one clinic; how far it is stands on standard error, out of the way of what is printed.
fn check_one(clinic: &Clinic) -> Result<Report, Failure> {
    let bar = indicatif::ProgressBar::new(clinic.trail_length()?.unsigned_abs());
    let report = clinic.check_telling(&|entries| bar.set_position(entries.unsigned_abs()))?;
    bar.finish_and_clear();
    Ok(report)
}

fn recover(args: RecoverArgs) -> Result<(), Failure> {
    let config = Config::load(&args.data.into()).map_err(Failure::Config)?;
    let _instance = hold(&config.data)?;
    let mut typed = String::new();
    io::stdin().read_to_string(&mut typed)?;
    let code =
        RecoveryCode::parse(&typed).ok_or_else(|| Failure::Error("that is not a recovery code".into()))?;
    Clinics::recover(&config.data, args.clinic, &code)?;
    println!("{}", json!({ "clinic_id": args.clinic, "opens_here": true }));
    Ok(())
}

fn reset_password(asked: Asked, email: &str, clinic: i64) -> Result<(), Failure> {
    let (_instance, clinics, _) = take(&asked)?;
    let clinic = opened(&clinics, clinic)?;
    let grant = Grant::<ManageTeam>::of_program(clinic, "taskmed user reset-password");
    let email = email.to_owned();
    let user =
        grant.read_here(|tx| people::store::find_by_email(tx, &email))?.ok_or(Error::NotFound("user"))?;
    let invitation = grant.write_here(move |tx| people::invite::renew(tx, Id::new(user.id())))?;
    println!("{}", serde_json::to_string(&invitation).unwrap_or_default());
    clinics.close();
    Ok(())
}

fn show_config(asked: Asked) -> Result<(), Failure> {
    let config = Config::load(&asked).map_err(Failure::Config)?;
    println!("data = {}", config.data.display());
    println!("http_port = {}", config.http_port.number);
    println!("https_port = {}", config.https_port.number);
    println!("lan = {}", config.lan);
    println!("open_browser = {}", config.open_browser);
    println!("backup_folder = {}", Place::of(config.backup_folder.as_deref(), &config.data).root().display());
    println!("alert_webhook = {}", if config.alert_webhook.is_some() { "(set)" } else { "(none)" });
    let mail = config.alert_mail.as_ref();
    let server = |mail: &AlertMail| format!("{} for {} people", mail.server.host, mail.to.len());
    println!("alert_mail = {}", mail.map_or_else(|| "(none)".to_owned(), server));
    println!("metrics_key = {}", if config.metrics_key.is_some() { "(set)" } else { "(none)" });
    Ok(())
}

fn version(as_json: bool) -> Result<(), Failure> {
    let version: Value = json!({
        "version": env!("CARGO_PKG_VERSION"), "ui": crate::web::assets::BUILD_ID,
        "schema": crate::db::schema::VERSION, "built": env!("TASKMED_BUILD_TIME"), "commit": env!("TASKMED_COMMIT"),
        "without": without(),
    });
    if as_json {
        println!("{version}");
    } else {
        println!("taskmed {}", env!("CARGO_PKG_VERSION"));
    }
    Ok(())
}

/// What a program built for a measurement lacks; nothing of one that is meant for a clinic.
fn without() -> Vec<&'static str> {
    let parts = [("trail", crate::db::trail::TRAILED), ("measuring", crate::telemetry::MEASURED)];
    parts.into_iter().filter(|(_, there)| !there).map(|(name, _)| name).collect()
}
