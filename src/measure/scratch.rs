//! The scratch copy that is measured: the same program as a process of its own, over made-up clinics in a folder of its own, on
//! the disk the clinic's own data is on. The live data is neither read nor written.
use std::{
    fs::{self, File, OpenOptions},
    io::{BufRead as _, BufReader},
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use serde_json::Value;

use super::load::{Door, trusting};
use crate::{
    base::Clock,
    db::Clinics,
    demo::Size,
    features::demonstration::{
        fill::{fill, fill_another},
        model::{DemoClinic, Progress},
    },
};

/// How long the server may take to stop before it is ended.
const STOP: Duration = Duration::from_secs(20);
/// Names of the folders begin so.
const NAME: &str = "scratch-";

/// A folder with made-up clinics; removed when dropped.
#[derive(Debug)]
pub struct Scratch {
    folder: PathBuf,
    /// The clinics people work in, and one more at the end that none of them may see.
    pub clinics: Vec<DemoClinic>,
    _lock: File,
}

/// The server over it; stopped when dropped.
#[derive(Debug)]
pub struct Server {
    child: Child,
    /// Its process.
    pub pid: u32,
    /// Its door with TLS.
    pub secure: Arc<Door>,
    /// Its door on this machine without TLS, for the server's own figures.
    pub plain: Arc<Door>,
}

impl Scratch {
    /// Makes `clinics` made-up clinics and one more in a new folder under `place`. Only one measurement uses a place at one time.
    /// Blocks.
    pub fn make(
        place: &Path,
        clinics: usize,
        seed: u64,
        on_progress: &mut dyn FnMut(Progress),
    ) -> Result<Self, String> {
        fs::create_dir_all(place).map_err(|e| format!("{}: {e}", place.display()))?;
        let lock = lock(place)?;
        remove_old(place);
        let folder = place.join(format!("{NAME}{}", std::process::id()));
        let mut scratch = Self { folder, clinics: Vec::new(), _lock: lock };
        let open = Clinics::open(&scratch.folder, Clock::system()).map_err(|e| e.to_string())?;
        for number in 0..=clinics {
            let make = if number == 0 { fill } else { fill_another };
            let made = make(&open, seed.wrapping_add(number as u64), Size::Clinic, on_progress);
            scratch.clinics.push(made.map_err(|e| e.to_string())?);
        }
        open.close();
        Ok(scratch)
    }

    /// Starts `program` over the folder.
    pub fn serve(&self, program: &Path) -> Result<Server, String> {
        let mut command = Command::new(program);
        // What is set for this terminal's own TaskMed is not meant for the scratch copy.
        for (name, _) in
            std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("TASKMED_"))
        {
            command.env_remove(name);
        }
        command
            .args(["serve", "--no-browser", "--until-stdin-ends", "--http-port", "0", "--https-port", "0"])
            .arg("--data")
            .arg(&self.folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        apart(&mut command);
        let mut child = command.spawn().map_err(|e| format!("{}: {e}", program.display()))?;
        let out = child.stdout.take().ok_or("the scratch copy has no output")?;
        let mut line = String::new();
        let heard = BufReader::new(out).read_line(&mut line).map_err(|e| e.to_string());
        match heard.and_then(|_| self.doors(&line)) {
            Ok((plain, secure)) => Ok(Server { pid: child.id(), child, plain, secure }),
            Err(why) => {
                let _ = child.kill();
                let _ = child.wait();
                Err(format!("the scratch copy did not start: {why}"))
            }
        }
    }

    /// The doors of a server that said where it listens.
    fn doors(&self, line: &str) -> Result<(Arc<Door>, Arc<Door>), String> {
        let said: Value = serde_json::from_str(line).map_err(|e| e.to_string())?;
        let port = |name: &str| {
            let port = said.get(name)?.as_str()?.rsplit(':').next()?.parse::<u16>().ok()?;
            Some((SocketAddr::from((Ipv4Addr::LOCALHOST, port)), format!("localhost:{port}")))
        };
        let (http, https) = port("http").zip(port("https")).ok_or("it does not say where it listens")?;
        let tls = trusting(&self.folder.join("tls").join("authority.pem"))?;
        let plain = Door { address: http.0, authority: http.1, tls: None };
        let secure = Door { address: https.0, authority: https.1, tls: Some(tls) };
        Ok((Arc::new(plain), Arc::new(secure)))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // The end of its input tells it to stop.
        drop(self.child.stdin.take());
        let end = Instant::now() + STOP;
        while Instant::now() < end && matches!(self.child.try_wait(), Ok(None)) {
            thread::sleep(Duration::from_millis(20));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Ctrl-C on a terminal goes to everyone of its group: the server must outlive it, to be asked what it kept.
#[cfg(unix)]
fn apart(command: &mut Command) {
    use std::os::unix::process::CommandExt as _;
    command.process_group(0);
}

/// Ctrl-C on a terminal goes to everyone of its group: the server must outlive it, to be asked what it kept.
#[cfg(windows)]
fn apart(command: &mut Command) {
    use std::os::windows::process::CommandExt as _;
    const NEW_GROUP: u32 = 0x200;
    command.creation_flags(NEW_GROUP);
}

fn lock(place: &Path) -> Result<File, String> {
    let path = place.join("measuring.lock");
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(&path);
    let file = file.map_err(|e| format!("{}: {e}", path.display()))?;
    file.try_lock().map_err(|_| "this computer is being measured already".to_owned())?;
    Ok(file)
}

/// What a measurement left behind that was ended without a word.
fn remove_old(place: &Path) {
    let Ok(entries) = fs::read_dir(place) else { return };
    for entry in entries.flatten() {
        if entry.file_name().to_string_lossy().starts_with(NAME) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}
