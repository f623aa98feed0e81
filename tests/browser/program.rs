//! The real executable, serving a data folder of its own on ports of its own.
use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use serde_json::Value;
use tempfile::TempDir;

/// How long the program may take to say that it listens.
const START: Duration = Duration::from_secs(30);
/// How long it may take to stop when asked.
const STOP: Duration = Duration::from_secs(15);

/// A running TaskMed; dropped with its process and its folder.
pub struct Program {
    child: Child,
    /// Plain HTTP address: `http://127.0.0.1:40123`.
    pub address: String,
    /// The port of HTTPS.
    pub secure_port: u16,
    pub folder: TempDir,
    adapt: Box<dyn Fn(&mut Command) + Send + Sync>,
}

/// What a program that has ended said, and with which exit code.
#[derive(Debug)]
pub struct Ended {
    pub code: Option<i32>,
    pub out: String,
    pub errors: String,
    pub took: Duration,
}

impl Program {
    /// Starts in an empty folder.
    pub fn start() -> Self {
        Self::start_in(tempfile::tempdir().unwrap())
    }

    /// Starts over what is in a folder.
    pub fn start_in(folder: TempDir) -> Self {
        Self::start_as(folder, |_| ())
    }

    /// Starts over what is in a folder, its command line and surroundings changed by `adapt`, also when it is started again.
    pub fn start_as(folder: TempDir, adapt: impl Fn(&mut Command) + Send + Sync + 'static) -> Self {
        let mut command = command(&folder, 0);
        adapt(&mut command);
        let (child, ready) = run(command);
        let (address, secure_port) = addresses(&ready);
        Self { child, address, secure_port, folder, adapt: Box::new(adapt) }
    }

    /// Starts in an empty folder and logs all there is to log.
    pub fn start_talkative() -> Self {
        Self::start_as(tempfile::tempdir().unwrap(), |command| _ = command.env("TASKMED_LOG", "trace"))
    }

    /// Starts in an empty folder with files that may grow to so many KiB each, as on a disk that is nearly full.
    #[cfg(target_os = "linux")]
    pub fn start_with_room(kib: u32) -> Self {
        // The signal would end a program that does not expect it; without it, writing answers with an error.
        Self::start_under(&format!("trap '' XFSZ; ulimit -S -f {kib}"))
    }

    /// Starts in an empty folder from a shell that has set limits for it.
    #[cfg(unix)]
    pub fn start_under(limits: &str) -> Self {
        let script = format!("{limits}; exec \"$0\" \"$@\"");
        Self::start_as(tempfile::tempdir().unwrap(), move |command| {
            let mut limited = Command::new("bash");
            limited.args(["-c", &script]).arg(command.get_program()).args(command.get_args());
            limited.stdin(Stdio::null());
            command.get_envs().for_each(|(name, _)| _ = limited.env_remove(name));
            *command = limited;
        })
    }

    /// The process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// What `taskmed check` says of the folder.
    pub fn check(&self) -> Value {
        check(self.folder.path())
    }

    /// The port of plain HTTP.
    pub fn port(&self) -> u16 {
        port_of(&self.address)
    }

    /// Kills the program without a warning, as a power cut does.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks the program to stop, as a service manager does, and waits until it has.
    pub fn stop(&mut self) {
        ask_to_stop(&mut self.child);
        let end = Instant::now() + STOP;
        while Instant::now() < end && matches!(self.child.try_wait(), Ok(None)) {
            thread::sleep(Duration::from_millis(10));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Sends the process a signal by name.
    #[cfg(unix)]
    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([&format!("-{name}"), &self.child.id().to_string()]).status();
        assert!(sent.unwrap().success());
    }

    /// Starts it anew where it was.
    pub fn start_again(&mut self) {
        let mut command = command(&self.folder, self.port());
        (self.adapt)(&mut command);
        let ready;
        (self.child, ready) = run(command);
        (self.address, self.secure_port) = addresses(&ready);
    }

    /// Starts a second one over the same folder and waits for its end.
    pub fn start_second(&self, arguments: &[&str]) -> Ended {
        let start = Instant::now();
        let out = command(&self.folder, 0).args(arguments).output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Ended {
            code: out.status.code(),
            out: text(&out.stdout),
            errors: text(&out.stderr),
            took: start.elapsed(),
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.stop();
    }
}

/// What `taskmed check` says of a data folder.
pub fn check(data: &Path) -> Value {
    let mut check = Command::new(env!("CARGO_BIN_EXE_taskmed"));
    let out = check.args(["check", "--json", "--data"]).arg(data).output().unwrap();
    let said = String::from_utf8_lossy(&out.stderr).into_owned();
    serde_json::from_slice(&out.stdout).unwrap_or(Value::String(said))
}

fn command(folder: &TempDir, port: u16) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_taskmed"));
    // What is set for this terminal's own TaskMed is not meant for a test's.
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("TASKMED_")) {
        command.env_remove(name);
    }
    command
        .args(["serve", "--no-browser", "--https-port", "0", "--http-port", &port.to_string(), "--data"])
        .arg(folder.path())
        .stdin(Stdio::null());
    command
}

fn run(mut command: Command) -> (Child, Value) {
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let (said, heard) = mpsc::channel();
    thread::spawn(move || {
        let _ = said.send(lines.next());
        lines.for_each(drop);
    });
    let line = heard.recv_timeout(START).ok().flatten().expect("the program says where it listens").unwrap();
    (child, serde_json::from_str(&line).unwrap())
}

/// The address of plain HTTP and the port of HTTPS, of the line that says where the program listens.
fn addresses(ready: &Value) -> (String, u16) {
    (ready["http"].as_str().unwrap().to_owned(), port_of(ready["https"].as_str().unwrap()))
}

fn port_of(address: &str) -> u16 {
    address.rsplit(':').next().unwrap().parse().unwrap()
}

#[cfg(unix)]
fn ask_to_stop(child: &mut Child) {
    // A frozen one hears nothing.
    let _ = Command::new("kill").args(["-CONT", &child.id().to_string()]).stderr(Stdio::null()).status();
    let _ = Command::new("kill").args(["-TERM", &child.id().to_string()]).stderr(Stdio::null()).status();
}

#[cfg(not(unix))]
fn ask_to_stop(child: &mut Child) {
    let _ = child.kill();
}
