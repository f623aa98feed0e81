//! The few programs that tests need besides Rust: found where they usually are, installed where that is one command, and
//! otherwise named together with the command that brings them.
use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
    sync::{Mutex, PoisonError},
};

/// A program that some test runs.
pub struct Tool {
    /// What it is called in messages.
    pub what: &'static str,
    /// The setting that says where it is.
    pub setting: &'static str,
    /// Names under which it may be in the search path.
    pub names: &'static [&'static str],
    /// Where it is when it is not in the search path.
    pub places: &'static [&'static str],
    /// Debian's packages with it.
    pub debian: &'static [&'static str],
    /// The command that brings it to macOS.
    pub mac: &'static str,
    /// The command that brings it to Windows.
    pub windows: &'static str,
}

impl Tool {
    /// Where the tool is. Debian's administrator gets it installed; everyone else is told how.
    pub fn path(&self) -> PathBuf {
        static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
        let _turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
        self.find().or_else(|| self.install()).unwrap_or_else(|| {
            panic!(
                "{} is missing; install it with: {}\n(or say where it is by {})",
                self.what,
                self.command(),
                self.setting
            )
        })
    }

    fn find(&self) -> Option<PathBuf> {
        if let Some(path) = env::var_os(self.setting) {
            return Some(PathBuf::from(path));
        }
        let folders: Vec<PathBuf> =
            env::var_os("PATH").map(|p| env::split_paths(&p).collect()).unwrap_or_default();
        let named = |folder: &PathBuf, name: &str| folder.join(format!("{name}{}", env::consts::EXE_SUFFIX));
        let in_path =
            self.names.iter().find_map(|name| folders.iter().map(|f| named(f, name)).find(|p| p.is_file()));
        in_path.or_else(|| self.places.iter().map(PathBuf::from).find(|path| path.is_file()))
    }

    fn install(&self) -> Option<PathBuf> {
        if !Path::new("/etc/debian_version").exists() || !is_administrator() {
            return None;
        }
        eprintln!("installing {} for the tests", self.debian.join(" "));
        let apt = |arguments: &[&str]| {
            let mut command = Command::new("apt-get");
            command
                .env("DEBIAN_FRONTEND", "noninteractive")
                .args(arguments)
                .status()
                .is_ok_and(|s| s.success())
        };
        let wanted = [&["install", "-y"], self.debian].concat();
        if apt(&wanted) || (apt(&["update"]) && apt(&wanted)) { self.find() } else { None }
    }

    fn command(&self) -> String {
        match env::consts::OS {
            "macos" => self.mac.to_owned(),
            "windows" => self.windows.to_owned(),
            _ => format!("sudo apt-get install -y {}", self.debian.join(" ")),
        }
    }
}

fn is_administrator() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|out| out.stdout.trim_ascii() == b"0")
}
