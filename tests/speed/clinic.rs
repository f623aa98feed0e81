//! TaskMed itself, the release executable, serving a made-up clinic over plain HTTP and TLS to somebody signed in.
use std::{
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::Arc,
};

use hyper::{Request, StatusCode, body::Bytes, http::request};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio_rustls::rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, pem::PemObject as _},
};

use super::{
    load::{self, Target},
    process::Process,
};

const PASSWORD: &str = "trem azul 42 janelas";

/// The executable built with the benchmark.
pub const OURS: &str = env!("CARGO_BIN_EXE_taskmed");

/// A running program with a session over each of its doors.
pub struct Clinic {
    child: Child,
    program: PathBuf,
    pub folder: TempDir,
    pub plain: Target,
    pub secure: Target,
    plain_cookie: String,
    secure_cookie: String,
    pub id: i64,
}

impl Clinic {
    /// The demonstration of a size, with somebody of that role signed in.
    pub async fn demonstration(executable: &Path, size: &str, role: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let made = program(executable)
            .args(["demo", "--json", "--size", size, "--data"])
            .arg(folder.path())
            .stderr(Stdio::null())
            .output()
            .unwrap();
        let made: Value = serde_json::from_slice(&made.stdout).unwrap();
        let users = made["users"].as_array().unwrap().iter();
        let who = users.clone().find(|user| user["roles"][0] == role).unwrap();
        let who = json!({ "email": who["email"], "password": who["password"] });
        Self::serve(executable, folder, "/api/auth/login", who).await
    }

    /// An empty clinic with its owner signed in.
    pub async fn new(executable: &Path) -> Self {
        let founding = json!({
            "clinic_name": "Clínica Sol", "owner_name": "Olívia Prado", "email": "olivia@sol.example",
            "password": PASSWORD, "language": "pt-BR", "time_zone": "America/Sao_Paulo",
        });
        Self::serve(executable, tempfile::tempdir().unwrap(), "/api/setup", founding).await
    }

    async fn serve(executable: &Path, folder: TempDir, door: &str, who: Value) -> Self {
        let mut child = program(executable)
            .args(["serve", "--no-browser", "--http-port", "0", "--https-port", "0", "--data"])
            .arg(folder.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let line = BufReader::new(child.stdout.take().unwrap()).lines().next().unwrap().unwrap();
        let said: Value = serde_json::from_str(&line).unwrap();
        let host = |name: &str| said[name].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
        let plain = Target { host: host("http"), tls: None };
        let port = host("https").rsplit(':').next().unwrap().to_owned();
        let tls = trusting(&folder.path().join("tls/authority.pem"));
        let secure = Target { host: format!("localhost:{port}"), tls: Some(tls) };
        let mut clinic = Self {
            child,
            program: executable.to_owned(),
            folder,
            plain,
            secure,
            plain_cookie: String::new(),
            secure_cookie: String::new(),
            id: 0,
        };
        let body = clinic.enter(door, &who).await;
        clinic.id = body["clinic"]["id"].as_i64().unwrap();
        clinic
    }

    /// Signs in at both doors: a session belongs to the one it was opened at.
    async fn enter(&mut self, door: &str, who: &Value) -> Value {
        let (body, cookie) = sign_in(&self.plain, door, who).await;
        self.plain_cookie = cookie;
        let sign = json!({ "email": who["email"], "password": who["password"] });
        self.secure_cookie = sign_in(&self.secure, "/api/auth/login", &sign).await.1;
        body
    }

    /// A question of the person signed in, at one of the doors; the clinic's number is added.
    pub fn ask(&self, method: &str, path: &str, tls: bool) -> request::Builder {
        let join = if path.contains('?') { '&' } else { '?' };
        let cookie = if tls { &self.secure_cookie } else { &self.plain_cookie };
        let uri = if path.starts_with("/api/clinic/") {
            path.to_owned()
        } else {
            format!("{path}{join}clinic_id={}", self.id)
        };
        Request::builder().method(method).uri(uri).header("cookie", cookie)
    }

    /// The process.
    pub fn process(&self) -> Process {
        Process(self.child.id())
    }

    /// Stops it in good order; what it wrote is in its file then.
    pub fn stop(&mut self) {
        let told = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        assert!(told.unwrap().success());
        self.child.wait().unwrap();
    }

    /// Stops it and asks `taskmed check` whether all of the clinic is whole.
    pub fn is_whole(&mut self) -> bool {
        self.stop();
        let check = program(&self.program).args(["check", "--data"]).arg(self.folder.path()).output();
        check.unwrap().status.success()
    }

    /// Reads once.
    pub async fn get(&self, path: &str) -> hyper::Response<Bytes> {
        let answer = load::once(&self.plain, self.ask("GET", path, false), Bytes::new()).await;
        assert_eq!(answer.status(), StatusCode::OK, "{path}: {:?}", answer.body());
        answer
    }

    /// Writes once.
    pub async fn send(&self, method: &str, path: &str, version: Option<i64>, body: &Value) -> Value {
        let mut head = self.ask(method, path, false).header("content-type", "application/json");
        if let Some(version) = version {
            head = head.header("if-match", format!("\"{version}\""));
        }
        let answer = load::once(&self.plain, head, body.to_string().into()).await;
        assert!(answer.status().is_success(), "{path}: {:?}", answer.body());
        serde_json::from_slice(answer.body()).unwrap()
    }
}

impl Drop for Clinic {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

async fn sign_in(target: &Target, door: &str, who: &Value) -> (Value, String) {
    let head = Request::builder().method("POST").uri(door).header("content-type", "application/json");
    let answer = load::once(target, head, who.to_string().into()).await;
    assert!(answer.status().is_success(), "{door}: {:?}", answer.body());
    let cookie = answer.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    (serde_json::from_slice(answer.body()).unwrap(), cookie)
}

/// A client that trusts the certificates of one file.
pub fn trusting(file: &Path) -> Arc<ClientConfig> {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(file).unwrap() {
        roots.add(certificate.unwrap()).unwrap();
    }
    let mut config = ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Arc::new(config)
}

/// The executable, without what is set for this terminal's own.
fn program(executable: &Path) -> Command {
    let mut command = Command::new(executable);
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("TASKMED_")) {
        command.env_remove(name);
    }
    command.stdin(Stdio::null());
    command
}
