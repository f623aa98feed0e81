//! The command line. Without a verb: the double-click, which starts TaskMed (or finds the running one) and opens the browser.
mod backup;
mod capacity;
mod commands;
mod demo;
mod serve;

use std::{
    io,
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{Args, Parser, Subcommand};

use crate::{config::Asked, measure::scenario::Scenario};

/// The clinic in one file: agenda, patients and records, encrypted, on this computer.
#[derive(Debug, Parser)]
#[command(name = "taskmed", version, disable_help_subcommand = true)]
pub struct Cli {
    #[command(subcommand)]
    verb: Option<Verb>,
    #[command(flatten)]
    serve: ServeArgs,
}

#[derive(Debug, Args, Clone)]
struct ServeArgs {
    #[command(flatten)]
    data: DataArg,
    /// Port for plain HTTP on this machine; 0 for any free one
    #[arg(long, env = "TASKMED_HTTP_PORT", value_name = "N")]
    http_port: Option<u16>,
    /// Port for HTTPS; 0 for any free one
    #[arg(long, env = "TASKMED_HTTPS_PORT", value_name = "N")]
    https_port: Option<u16>,
    /// Let other computers of the network in, over TLS
    #[arg(long, env = "TASKMED_LAN")]
    lan: bool,
    /// Do not open the browser
    #[arg(long, env = "TASKMED_NO_BROWSER")]
    no_browser: bool,
    /// Stop when standard input ends: for a program that started this one
    #[arg(long, hide = true)]
    until_stdin_ends: bool,
}

#[derive(Debug, Args, Clone)]
struct DataArg {
    /// Folder that holds everything; the person's own data folder unless given
    #[arg(long, env = "TASKMED_DATA", value_name = "DIR")]
    data: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Start the server and stay in the foreground
    Serve(ServeArgs),
    /// Found a clinic without a browser
    Setup(SetupArgs),
    /// Make a made-up clinic in its own folder and print its sign-ins
    Demo(DemoArgs),
    /// Measure how many people this computer carries, on a scratch copy with made-up patients
    Capacity(CapacityArgs),
    /// Bring records in from a file
    Import {
        #[command(subcommand)]
        what: ImportWhat,
    },
    /// Read every clinic's file whole and say what is wrong with it
    Check(CheckArgs),
    /// Copy every clinic as it is now; whoever works meanwhile is not kept waiting
    Backup(backup::BackupArgs),
    /// Bring a copy back; what is in its place is kept beside it
    Restore(backup::RestoreArgs),
    /// Open a clinic's key on this computer with its recovery code, read from standard input
    Recover(RecoverArgs),
    /// People who sign in
    User {
        #[command(subcommand)]
        act: UserAct,
    },
    /// The settings in force, each with its value
    Config {
        #[command(subcommand)]
        act: ConfigAct,
    },
    /// The program's version
    Version {
        /// As one line of JSON
        #[arg(long)]
        json: bool,
    },
    /// Completions for a shell, on standard output
    Completions {
        /// Which shell
        shell: clap_complete::Shell,
    },
}

#[derive(Debug, Args)]
struct SetupArgs {
    #[command(flatten)]
    data: DataArg,
    /// Name of the clinic
    #[arg(long)]
    clinic: String,
    /// Name of its owner
    #[arg(long)]
    owner: String,
    /// E-mail the owner signs in with
    #[arg(long)]
    email: String,
    /// Read the owner's password from standard input
    #[arg(long, required = true)]
    password_stdin: bool,
}

#[derive(Debug, Args)]
struct DemoArgs {
    /// Folder to make it in, without a clinic; one beside the person's own data folder unless given
    #[arg(long, env = "TASKMED_DATA", value_name = "DIR")]
    data: Option<PathBuf>,
    /// How much of it
    #[arg(long, value_enum, default_value_t = DemoSize::Clinic)]
    size: DemoSize,
    /// The same seed makes the same clinic
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// End with one line of JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
struct CapacityArgs {
    #[command(flatten)]
    data: DataArg,
    /// How many people at most; it ends there even if the computer carries more
    #[arg(long, default_value_t = 500, value_parser = clap::value_parser!(u32).range(1..=20_000), value_name = "N")]
    people: u32,
    /// Minutes the last step counts
    #[arg(long, default_value_t = 1.0, value_name = "M")]
    minutes: f64,
    /// What people do
    #[arg(long, value_enum, default_value = "mixed", value_name = "NAME")]
    scenario: Scenario,
    /// Write the whole report as JSON
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Write it as a page that needs no network
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Write its headline tables for a README
    #[arg(long, value_name = "FILE", hide = true)]
    markdown: Option<PathBuf>,
    /// The same seed makes the same people do the same things
    #[arg(long, default_value_t = 1, hide = true)]
    seed: u64,
    /// Seconds before each step counts
    #[arg(long, default_value_t = 15.0, hide = true)]
    warm_up: f64,
    /// Seconds the steps before the last one count
    #[arg(long, default_value_t = 30.0, hide = true)]
    step: f64,
    /// Least and most seconds between a person's acts
    #[arg(long, num_args = 2, default_values_t = [5, 15], hide = true)]
    think: Vec<u64>,
    /// Tell progress as lines of JSON, and end when standard input does
    #[arg(long, hide = true)]
    machine: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum DemoSize {
    /// 8 professionals, 3,000 patients, a year
    Clinic,
    /// 50,000 patients, 300,000 appointments
    Large,
    /// 200,000 patients, 1,000,000 appointments
    Years20,
}

#[derive(Debug, Subcommand)]
enum ImportWhat {
    /// Patients from a CSV file
    Contacts {
        #[command(flatten)]
        data: DataArg,
        /// The file
        file: PathBuf,
        /// Number of the clinic
        #[arg(long, default_value_t = 1)]
        clinic: i64,
        /// Only say what would happen
        #[arg(long)]
        dry_run: bool,
    },
}

#[derive(Debug, Args)]
struct CheckArgs {
    #[command(flatten)]
    data: DataArg,
    /// As one line of JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
struct RecoverArgs {
    #[command(flatten)]
    data: DataArg,
    /// Number of the clinic
    #[arg(long, default_value_t = 1)]
    clinic: i64,
}

#[derive(Debug, Subcommand)]
enum UserAct {
    /// Give a person a one-time code; their password stops working
    ResetPassword {
        #[command(flatten)]
        data: DataArg,
        /// E-mail of the person
        #[arg(long)]
        email: String,
        /// Number of the clinic
        #[arg(long, default_value_t = 1)]
        clinic: i64,
    },
}

#[derive(Debug, Subcommand)]
enum ConfigAct {
    /// Print them
    Show {
        #[command(flatten)]
        data: DataArg,
    },
}

/// How a command ended: the exit codes other programs rely on.
#[derive(Debug)]
pub enum Failure {
    /// 1: it did not work.
    Error(String),
    /// 75: try again, another TaskMed holds the folder.
    TryAgain(String),
    /// 78: the settings are wrong.
    Config(String),
}

impl Failure {
    /// A data folder that cannot be taken, by name.
    fn of_folder(folder: &Path, error: &io::Error) -> Self {
        use io::ErrorKind::{PermissionDenied, ReadOnlyFilesystem};
        match error.kind() {
            PermissionDenied | ReadOnlyFilesystem => {
                Self::Config(format!("the data folder {} may not be written: {error}", folder.display()))
            }
            _ => Self::Error(format!("the data folder {}: {error}", folder.display())),
        }
    }
}

impl From<crate::base::Error> for Failure {
    fn from(error: crate::base::Error) -> Self {
        Self::Error(error.to_string())
    }
}

impl From<crate::db::OpenError> for Failure {
    fn from(error: crate::db::OpenError) -> Self {
        Self::Error(error.to_string())
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::Error(error.to_string())
    }
}

/// Runs the program as its command line says.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let done = match cli.verb {
        None => serve::double_click(&cli.serve.into()),
        Some(Verb::Serve(args)) => serve::serve(&args.into()),
        Some(verb) => commands::run(verb),
    };
    let (code, why) = match done {
        Ok(()) => return ExitCode::SUCCESS,
        Err(Failure::Error(why)) => (1, why),
        Err(Failure::TryAgain(why)) => (75, why),
        Err(Failure::Config(why)) => (78, why),
    };
    eprintln!("taskmed: {why}");
    ExitCode::from(code)
}

impl From<ServeArgs> for Asked {
    fn from(args: ServeArgs) -> Self {
        Self {
            data: args.data.data,
            http_port: args.http_port,
            https_port: args.https_port,
            lan: args.lan,
            no_browser: args.no_browser,
            until_stdin_ends: args.until_stdin_ends,
        }
    }
}

impl From<DataArg> for Asked {
    fn from(arg: DataArg) -> Self {
        Self { data: arg.data, ..Self::default() }
    }
}
