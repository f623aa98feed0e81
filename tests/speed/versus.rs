//! TaskMed and bare poem in turn, round by round, so that whatever else the machine does falls on both.
use std::{
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    sync::Arc,
    time::Duration,
};

use hyper::{Request, StatusCode, body::Bytes};
use tempfile::TempDir;

use super::{
    bare, clinic,
    load::{self, Load, Question, Right, Target},
    table::{Bar, Line, median},
};

/// Connections of every load.
pub const CONNECTIONS: usize = 64;

/// How long and how often.
pub struct Pace {
    pub rounds: usize,
    pub time: Duration,
    pub only: String,
}

impl Pace {
    pub fn wants(&self, what: &str) -> bool {
        what.contains(&self.only)
    }

    /// So many connections that ask as fast as they are answered, for one round.
    pub fn load(&self, status: StatusCode, connections: usize) -> Load {
        Load { right: Right::Status(status), connections, every: Duration::ZERO, time: self.time }
    }
}

/// Bare poem in a process of its own, answering what it is given.
pub struct Bare {
    child: Child,
    _folder: TempDir,
    plain: Target,
    secure: Target,
}

impl Bare {
    /// Serves each answer under its name.
    pub fn serve(answers: &[(&str, hyper::Response<Bytes>)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (name, answer) in answers {
            bare::keep(folder.path(), name, answer);
        }
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let certificate = folder.path().join("certificate.pem");
        std::fs::write(&certificate, made.cert.pem()).unwrap();
        std::fs::write(folder.path().join("key.pem"), made.signing_key.serialize_pem()).unwrap();
        let (child, plain, secure) = start(folder.path());
        let plain = Target { host: plain, tls: None };
        let port = secure.rsplit(':').next().unwrap();
        let secure = Target { host: format!("localhost:{port}"), tls: Some(clinic::trusting(&certificate)) };
        Self { child, _folder: folder, plain, secure }
    }

    fn target(&self, tls: bool) -> &Target {
        if tls { &self.secure } else { &self.plain }
    }
}

impl Drop for Bare {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn start(folder: &Path) -> (Child, String, String) {
    let mut command = Command::new(std::env::current_exe().unwrap());
    let mut child = command.arg("--bare").arg(folder).stdout(Stdio::piped()).spawn().unwrap();
    let line = BufReader::new(child.stdout.take().unwrap()).lines().next().unwrap().unwrap();
    let (plain, secure) = line.split_once(' ').unwrap();
    (child, plain.to_owned(), secure.to_owned())
}

/// One comparison.
pub struct Match<'a> {
    pub what: &'a str,
    /// The name under which bare poem has the answer.
    pub name: &'a str,
    pub status: StatusCode,
    pub tls: bool,
    pub connections: usize,
    pub bar: Option<Bar>,
}

/// The first question word for word, but for the path, which is that of bare poem's answer.
fn same(game: &Match<'_>, question: &Question) -> Question {
    let (head, body) = question(0, 0);
    let (head, ()) = head.body(()).unwrap().into_parts();
    let query = head.uri.query().unwrap_or_default();
    let uri = format!("/{}.{}?{query}", game.name, game.status.as_u16());
    Arc::new(move |_, _| {
        let asked = Request::builder().method(&head.method).uri(&uri);
        let asked = head.headers.iter().fold(asked, |asked, (name, value)| asked.header(name, value));
        (asked, body.clone())
    })
}

/// Plays it and says how it ended.
pub async fn play(pace: &Pace, game: &Match<'_>, ours: &Target, question: &Question, bare: &Bare) -> Line {
    let yardstick = same(game, question);
    let (mut our_rates, mut bare_rates, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    let (mut times, mut odd) = (load::histogram(), 0);
    // A round that does not count, for caches, connections and the processor to get warm.
    let load = pace.load(game.status, game.connections);
    load::run(ours, question, Load { time: pace.time / 4, ..load }).await;
    for _ in 0..pace.rounds {
        let our = load::run(ours, question, load).await;
        let their = load::run(bare.target(game.tls), &yardstick, load).await;
        assert_eq!(their.odd, 0, "bare poem answers as it was told");
        times.add(&our.times).unwrap();
        odd += our.odd;
        ratios.push(our.rate / their.rate);
        our_rates.push(our.rate);
        bare_rates.push(their.rate);
    }
    let line = Line {
        what: format!("{}{}", game.what, if game.tls { ", TLS" } else { "" }),
        ours: median(our_rates),
        other: median(bare_rates),
        ratio: median(ratios),
        bar: game.bar,
        p50: times.value_at_quantile(0.5),
        p99: times.value_at_quantile(0.99),
        odd,
    };
    line.print();
    line
}
