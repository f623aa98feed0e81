//! Settings of this machine: command line over environment over `taskmed.toml` over defaults. A clinic's own settings are in
//! its file.
mod mail;

use std::{
    fs,
    path::{Path, PathBuf},
};

use directories::ProjectDirs;
use serde::Deserialize;

use crate::features::observability::AlertMail;

/// First port tried for plain HTTP on loopback.
pub const HTTP_PORT: u16 = 8470;
/// First port tried for HTTPS.
pub const HTTPS_PORT: u16 = 8480;

/// The fewest characters of a metrics key.
const SHORTEST_KEY: usize = 16;

/// What a command line or the environment may say.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// The data folder.
    pub data: Option<PathBuf>,
    /// Port for plain HTTP.
    pub http_port: Option<u16>,
    /// Port for HTTPS.
    pub https_port: Option<u16>,
    /// Whether other machines may come in.
    pub lan: bool,
    /// Whether to leave the browser alone.
    pub no_browser: bool,
    /// Whether to stop when standard input ends.
    pub until_stdin_ends: bool,
}

/// `taskmed.toml`, every line optional.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct File {
    http_port: Option<u16>,
    https_port: Option<u16>,
    lan: Option<bool>,
    open_browser: Option<bool>,
    metrics_key: Option<String>,
    alert_webhook: Option<String>,
    alert_mail: Option<mail::Written>,
    otel_endpoint: Option<String>,
    backup_folder: Option<PathBuf>,
}

/// The settings in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// The data folder.
    pub data: PathBuf,
    /// Port for plain HTTP on loopback; 0 for any.
    pub http_port: Port,
    /// Port for HTTPS; 0 for any.
    pub https_port: Port,
    /// Whether other machines of the network may come in, over TLS.
    pub lan: bool,
    /// Whether to open the browser once listening.
    pub open_browser: bool,
    /// With this, other machines may ask for the program's figures; without it they may not.
    pub metrics_key: Option<String>,
    /// Where alerts are sent as JSON, besides the screens.
    pub alert_webhook: Option<String>,
    /// Who is sent alerts by e-mail.
    pub alert_mail: Option<AlertMail>,
    /// The OpenTelemetry collector, as `http://localhost:4318`; only in programs built for it.
    pub otel_endpoint: Option<String>,
    /// Where copies of the clinics lie, as on another disk; in the data folder unless said.
    pub backup_folder: Option<PathBuf>,
    /// Whether to stop when standard input ends, as where another program started this one and may be gone without a word.
    pub until_stdin_ends: bool,
}

/// A port, and whether the next free one will do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Port {
    /// The first to try.
    pub number: u16,
    /// Nobody asked for this very one: when a stranger has it, the next will do.
    pub or_next: bool,
}

impl Config {
    /// Puts the settings together; a broken `taskmed.toml` is an error that names the line, or every field that is wrong.
    pub fn load(asked: &Asked) -> Result<Self, String> {
        let data = asked.data.clone().map_or_else(usual_folder, Ok)?;
        let file = read(&data.join("taskmed.toml"))?;
        let mut faults = Vec::new();
        let metrics_key = metrics_key(file.metrics_key).unwrap_or_else(|why| noted(&mut faults, [why]));
        let alert_webhook = webhook(file.alert_webhook).unwrap_or_else(|why| noted(&mut faults, [why]));
        let password = std::env::var(mail::PASSWORD).ok();
        let alert_mail = file.alert_mail.map(|written| written.read(&data, password)).transpose();
        let alert_mail = alert_mail.unwrap_or_else(|why| noted(&mut faults, why));
        let otel_endpoint = otel(file.otel_endpoint).unwrap_or_else(|why| noted(&mut faults, [why]));
        let backup_folder = backup_folder(file.backup_folder).unwrap_or_else(|why| noted(&mut faults, [why]));
        if !faults.is_empty() {
            return Err(faults.join("\n"));
        }
        Ok(Self {
            http_port: port(asked.http_port, file.http_port, HTTP_PORT),
            https_port: port(asked.https_port, file.https_port, HTTPS_PORT),
            lan: asked.lan || file.lan.unwrap_or(false),
            open_browser: !asked.no_browser && file.open_browser.unwrap_or(true),
            metrics_key,
            alert_webhook,
            alert_mail,
            otel_endpoint,
            backup_folder,
            until_stdin_ends: asked.until_stdin_ends,
            data,
        })
    }
}

/// Takes what is wrong with a field; there is then nothing in it.
fn noted<T>(faults: &mut Vec<String>, why: impl IntoIterator<Item = String>) -> Option<T> {
    faults.extend(why);
    None
}

fn webhook(address: Option<String>) -> Result<Option<String>, String> {
    match address {
        Some(address) if !address.starts_with("https://") && !address.starts_with("http://") => {
            Err("taskmed.toml: alert_webhook must begin with https:// or http://".to_owned())
        }
        address => Ok(address),
    }
}

fn otel(endpoint: Option<String>) -> Result<Option<String>, String> {
    match endpoint {
        Some(_) if !cfg!(feature = "otel") => {
            Err("taskmed.toml: otel_endpoint needs a program built with the feature otel".to_owned())
        }
        Some(address) if !address.starts_with("https://") && !address.starts_with("http://") => {
            Err("taskmed.toml: otel_endpoint must begin with https:// or http://".to_owned())
        }
        endpoint => Ok(endpoint),
    }
}

/// A folder that depends on where the program was started would be another one each time.
fn backup_folder(folder: Option<PathBuf>) -> Result<Option<PathBuf>, String> {
    match folder {
        Some(folder) if !folder.is_absolute() => {
            Err("taskmed.toml: backup_folder must be a whole path, from the root of its disk on".to_owned())
        }
        folder => Ok(folder),
    }
}

/// A key that can be guessed is worse than none.
fn metrics_key(key: Option<String>) -> Result<Option<String>, String> {
    match key {
        Some(key) if key.trim().len() < SHORTEST_KEY => {
            Err(format!("taskmed.toml: metrics_key needs {SHORTEST_KEY} characters or more"))
        }
        key => Ok(key),
    }
}

fn port(asked: Option<u16>, file: Option<u16>, usual: u16) -> Port {
    let chosen = asked.or(file);
    Port { number: chosen.unwrap_or(usual), or_next: chosen.is_none() }
}

fn read(path: &Path) -> Result<File, String> {
    match fs::read_to_string(path) {
        Ok(text) => toml::from_str(&text).map_err(|e| format!("{}: {e}", path.display())),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(File::default()),
        Err(e) => Err(format!("{}: {e}", path.display())),
    }
}

/// The person's own data folder: never beside the executable, which may be replaced.
fn usual_folder() -> Result<PathBuf, String> {
    let dirs = ProjectDirs::from("", "", "TaskMed").ok_or("no home folder: say where with --data")?;
    Ok(dirs.data_local_dir().to_owned())
}

/// The folder of a demonstration made without naming one: beside the person's own data folder, so that neither is ever taken
/// for the other.
pub fn demo_folder() -> Result<PathBuf, String> {
    let usual = usual_folder()?;
    let name = usual.file_name().unwrap_or_default().to_string_lossy();
    Ok(usual.with_file_name(format!("{name}-demo")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_file(text: &str, asked: Asked) -> Result<Config, String> {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("taskmed.toml"), text).unwrap();
        Config::load(&Asked { data: Some(folder.path().to_owned()), ..asked })
    }

    #[test]
    fn the_command_line_wins_over_the_file_and_the_file_over_the_defaults() {
        let asked = Asked { http_port: Some(9000), ..Asked::default() };
        let config = with_file("http_port = 9001\nhttps_port = 9002\nlan = true", asked).unwrap();
        assert_eq!(config.http_port, Port { number: 9000, or_next: false });
        assert_eq!(config.https_port, Port { number: 9002, or_next: false });
        assert!(config.lan && config.open_browser);
    }

    #[test]
    fn a_key_that_can_be_guessed_is_refused() {
        assert!(with_file("metrics_key = \"short\"", Asked::default()).unwrap_err().contains("metrics_key"));
        let config = with_file("metrics_key = \"0123456789abcdef\"", Asked::default()).unwrap();
        assert_eq!(config.metrics_key.as_deref(), Some("0123456789abcdef"));
        assert_eq!(with_file("", Asked::default()).unwrap().metrics_key, None);
        assert!(with_file("alert_webhook = \"ftp://x\"", Asked::default()).unwrap_err().contains("webhook"));
    }

    #[test]
    fn all_that_is_wrong_is_said_at_once() {
        let text = "metrics_key = \"short\"\nalert_webhook = \"ftp://x\"\n[alert_mail]\nserver = \"smtp.sol.example\"";
        let error = with_file(text, Asked::default()).unwrap_err();
        for field in ["metrics_key", "alert_webhook", "alert_mail.from", "alert_mail.to"] {
            assert!(error.contains(field), "{field} is not in {error}");
        }
        let misspelt = with_file("[alert_mail]\nserver = \"x\"\nusr = \"y\"", Asked::default()).unwrap_err();
        assert!(misspelt.contains("usr"), "{misspelt}");
    }

    #[test]
    fn a_collector_is_taken_by_programs_built_for_one() {
        let said = with_file("otel_endpoint = \"http://localhost:4318\"", Asked::default());
        assert_eq!(said.is_ok(), cfg!(feature = "otel"), "{said:?}");
        assert!(
            with_file("otel_endpoint = \"localhost\"", Asked::default())
                .unwrap_err()
                .contains("otel_endpoint")
        );
    }

    #[test]
    fn copies_lie_in_a_folder_that_is_named_from_its_root() {
        assert!(
            with_file("backup_folder = \"usb\"", Asked::default()).unwrap_err().contains("backup_folder")
        );
        let root = std::env::temp_dir();
        let line = format!("backup_folder = {:?}", root.to_str().unwrap());
        assert_eq!(with_file(&line, Asked::default()).unwrap().backup_folder, Some(root));
    }

    #[test]
    fn a_misspelt_setting_is_an_error_with_its_line() {
        let error = with_file("htp_port = 1", Asked::default()).unwrap_err();
        assert!(error.contains("htp_port") && error.contains("taskmed.toml"), "{error}");
    }
}
