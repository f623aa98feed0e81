//! A closed loop over real connections: each asks, waits for the whole answer, and asks again.
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use hdrhistogram::Histogram;
use http_body_util::{BodyExt as _, Full};
use hyper::{Request, StatusCode, body::Bytes, client::conn::http1, http::request};
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    task::JoinSet,
};
use tokio_rustls::{
    TlsConnector,
    rustls::{ClientConfig, pki_types::ServerName},
};

/// What to ask next: by connection and by how often that connection has asked.
pub type Question = Arc<dyn Fn(usize, usize) -> (request::Builder, Bytes) + Send + Sync>;

/// Which answers are right.
#[derive(Clone, Copy)]
pub enum Right {
    /// Those of one status.
    Status(StatusCode),
    /// Every one that did what was asked.
    Success,
}

impl Right {
    fn is(self, status: StatusCode) -> bool {
        match self {
            Self::Status(expected) => status == expected,
            Self::Success => status.is_success(),
        }
    }
}

/// How it is asked.
#[derive(Clone, Copy)]
pub struct Load {
    pub right: Right,
    pub connections: usize,
    /// From one question of a connection to its next one at least; none to ask as fast as it is answered.
    pub every: Duration,
    pub time: Duration,
}

/// Where to ask.
#[derive(Clone)]
pub struct Target {
    pub host: String,
    pub tls: Option<Arc<ClientConfig>>,
}

/// What came of asking for a while.
pub struct Outcome {
    pub rate: f64,
    /// Microseconds.
    pub times: Histogram<u64>,
    /// Answers of another status than the one expected.
    pub odd: u64,
}

/// Asks as it is said, over real connections.
pub async fn run(target: &Target, question: &Question, load: Load) -> Outcome {
    let mut all = JoinSet::new();
    for number in 0..load.connections {
        let asker = Asker { number, host: target.host.clone(), question: Arc::clone(question), load };
        all.spawn(asker.ask(connect(target).await));
    }
    let begun = Instant::now();
    let (mut times, mut odd) = (histogram(), 0);
    while let Some(done) = all.join_next().await {
        let (own, own_odd) = done.unwrap();
        times.add(own).unwrap();
        odd += own_odd;
    }
    #[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
    let rate = times.len() as f64 / begun.elapsed().as_secs_f64();
    Outcome { rate, times, odd }
}

pub fn histogram() -> Histogram<u64> {
    Histogram::new_with_bounds(1, 60_000_000, 3).unwrap()
}

/// One connection's part of the load.
struct Asker {
    number: usize,
    host: String,
    question: Question,
    load: Load,
}

impl Asker {
    /// Asks until the time is over; answers how long each answer took and how many were of another status.
    async fn ask(self, mut sender: http1::SendRequest<Full<Bytes>>) -> (Histogram<u64>, u64) {
        let (mut times, mut odd, begun) = (histogram(), 0, Instant::now());
        let every = self.load.every;
        // Not all at once: each has its own moment within the time from one question to the next.
        let mut due = begun
            + every * u32::try_from(self.number).unwrap() / u32::try_from(self.load.connections).unwrap();
        for turn in 0.. {
            if !every.is_zero() {
                tokio::time::sleep_until(due.into()).await;
                due = (due + every).max(Instant::now());
            }
            let sent = Instant::now();
            if sent - begun >= self.load.time {
                break;
            }
            let (head, body) = (self.question)(self.number, turn);
            let request = head.header("host", &self.host).body(Full::new(body)).unwrap();
            sender.ready().await.unwrap();
            let answer = sender.send_request(request).await.unwrap();
            odd += u64::from(!self.load.right.is(answer.status()));
            let mut body = answer.into_body();
            while let Some(frame) = body.frame().await {
                frame.unwrap();
            }
            times.saturating_record(u64::try_from(sent.elapsed().as_micros()).unwrap());
        }
        (times, odd)
    }
}

async fn connect(target: &Target) -> http1::SendRequest<Full<Bytes>> {
    let stream = TcpStream::connect(&target.host).await.unwrap();
    stream.set_nodelay(true).unwrap();
    match &target.tls {
        None => speak(stream).await,
        Some(config) => {
            let name = ServerName::try_from("localhost").unwrap();
            speak(TlsConnector::from(Arc::clone(config)).connect(name, stream).await.unwrap()).await
        }
    }
}

async fn speak(io: impl AsyncRead + AsyncWrite + Send + Unpin + 'static) -> http1::SendRequest<Full<Bytes>> {
    let (sender, connection) = http1::handshake(TokioIo::new(io)).await.unwrap();
    tokio::spawn(connection);
    sender
}

/// One request and its whole answer: status, headers of interest, body.
pub async fn once(target: &Target, head: request::Builder, body: Bytes) -> hyper::Response<Bytes> {
    let request: Request<Full<Bytes>> = head.header("host", &target.host).body(Full::new(body)).unwrap();
    let (head, body) = connect(target).await.send_request(request).await.unwrap().into_parts();
    hyper::Response::from_parts(head, body.collect().await.unwrap().to_bytes())
}
