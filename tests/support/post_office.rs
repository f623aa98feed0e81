//! A mail server of a test's own, on this machine only: it takes what it is sent, and behaves as it was told to.
use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use tokio::{
    io::{AsyncBufReadExt as _, AsyncRead, AsyncWrite, AsyncWriteExt as _, BufStream},
    net::TcpListener,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{ServerConfig, pki_types::PrivateKeyDer},
};

/// How it behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    /// Takes everything, in the open.
    Open,
    /// Goes over to TLS when asked to, and then takes everything.
    StartTls,
    /// Speaks TLS from the first byte.
    Implicit,
    /// Has no place for anyone.
    Refuses,
    /// Asks the first so many to come again later.
    Later(usize),
    /// Says nothing at all.
    Hangs,
}

/// What was taken, and how.
#[derive(Debug, Clone, Default)]
pub struct Taken {
    pub to: String,
    /// The message with its head, its text readable again.
    pub text: String,
    /// Name and password as they were sent.
    pub login: Option<String>,
    pub over_tls: bool,
}

/// The server; it ends with the test.
pub struct PostOffice {
    pub port: u16,
    /// The certificate it shows.
    pub certificate: String,
    taken: Arc<Mutex<Vec<Taken>>>,
    /// Everything that was said to it in the open.
    heard: Arc<Mutex<String>>,
}

impl PostOffice {
    pub async fn open(manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (acceptor, certificate) = tls();
        let (taken, heard) = (Arc::default(), Arc::default());
        let counter = Counter {
            manner,
            acceptor,
            taken: Arc::clone(&taken),
            heard: Arc::clone(&heard),
            tries: Arc::default(),
        };
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let counter = counter.clone();
                tokio::spawn(async move { counter.meet(stream).await });
            }
        });
        Self { port, certificate, taken, heard }
    }

    /// What was taken so far.
    pub fn taken(&self) -> Vec<Taken> {
        self.taken.lock().unwrap().clone()
    }

    /// Waits until so many were taken.
    pub async fn has(&self, messages: usize) -> Vec<Taken> {
        for _ in 0..1000 {
            if self.taken().len() >= messages {
                return self.taken();
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("only these came: {:#?}", self.taken());
    }

    /// What was said to it without TLS.
    pub fn heard_in_the_open(&self) -> String {
        self.heard.lock().unwrap().clone()
    }
}

fn tls() -> (TlsAcceptor, String) {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let config = config.with_no_client_auth().with_single_cert(vec![made.cert.der().clone()], key).unwrap();
    (TlsAcceptor::from(Arc::new(config)), made.cert.pem())
}

#[derive(Clone)]
struct Counter {
    manner: Manner,
    acceptor: TlsAcceptor,
    taken: Arc<Mutex<Vec<Taken>>>,
    heard: Arc<Mutex<String>>,
    tries: Arc<Mutex<usize>>,
}

impl Counter {
    async fn meet(&self, stream: tokio::net::TcpStream) {
        if self.manner == Manner::Implicit {
            if let Ok(stream) = self.acceptor.accept(stream).await {
                self.talk(&mut BufStream::new(stream), true, true).await;
            }
            return;
        }
        let mut stream = BufStream::new(stream);
        if self.talk(&mut stream, false, true).await
            && let Ok(stream) = self.acceptor.accept(stream.into_inner()).await
        {
            self.talk(&mut BufStream::new(stream), true, false).await;
        }
    }

    /// Speaks until the other side leaves; whether it wants to go on in TLS.
    async fn talk<S: AsyncRead + AsyncWrite + Unpin>(
        &self,
        stream: &mut BufStream<S>,
        over_tls: bool,
        greet: bool,
    ) -> bool {
        if self.manner == Manner::Hangs {
            tokio::time::sleep(Duration::from_secs(60)).await;
            return false;
        }
        if greet {
            say(stream, "220 mail.test ESMTP").await;
        }
        let mut now = Taken { over_tls, ..Taken::default() };
        loop {
            let mut line = String::new();
            if !matches!(stream.read_line(&mut line).await, Ok(1..)) {
                return false;
            }
            if !over_tls {
                self.heard.lock().unwrap().push_str(&line);
            }
            let word = line.split([' ', ':', '\r']).next().unwrap().to_ascii_uppercase();
            match word.as_str() {
                "EHLO" if self.manner == Manner::StartTls && !over_tls => {
                    say(stream, "250-mail.test\r\n250 STARTTLS").await;
                }
                "EHLO" => say(stream, "250-mail.test\r\n250 AUTH PLAIN").await,
                "STARTTLS" => {
                    say(stream, "220 go on").await;
                    return true;
                }
                "AUTH" => {
                    now.login = line.trim().rsplit(' ').next().map(str::to_owned);
                    say(stream, "235 welcome").await;
                }
                "RCPT" if self.manner == Manner::Refuses => say(stream, "550 nobody of that name").await,
                "RCPT" if self.is_early() => say(stream, "451 come again later").await,
                "RCPT" => {
                    now.to = line.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
                    say(stream, "250 fine").await;
                }
                "DATA" => {
                    say(stream, "354 go on").await;
                    now.text = readable(&letter(stream).await);
                    self.taken.lock().unwrap().push(now.clone());
                    say(stream, "250 taken").await;
                }
                "QUIT" => {
                    say(stream, "221 bye").await;
                    return false;
                }
                _ => say(stream, "250 fine").await,
            }
        }
    }

    fn is_early(&self) -> bool {
        let mut tries = self.tries.lock().unwrap();
        *tries += 1;
        matches!(self.manner, Manner::Later(times) if *tries <= times)
    }
}

async fn say<S: AsyncRead + AsyncWrite + Unpin>(stream: &mut BufStream<S>, line: &str) {
    // Who has gone hears nothing.
    let _ = stream.write_all(format!("{line}\r\n").as_bytes()).await;
    let _ = stream.flush().await;
}

async fn letter<S: AsyncRead + AsyncWrite + Unpin>(stream: &mut BufStream<S>) -> String {
    let mut text = String::new();
    while !text.ends_with("\r\n.\r\n") && matches!(stream.read_line(&mut text).await, Ok(1..)) {}
    text
}

/// Undoes quoted-printable.
fn readable(text: &str) -> String {
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    assert!(head.contains("quoted-printable"), "{head}");
    let body = body.replace("=\r\n", "").replace("\r\n", "\n");
    let mut parts = body.split('=');
    let mut bytes = parts.next().unwrap().as_bytes().to_vec();
    for part in parts {
        let (code, plain) = part.split_at(2);
        bytes.push(u8::from_str_radix(code, 16).unwrap());
        bytes.extend_from_slice(plain.as_bytes());
    }
    format!("{head}\n\n{}", String::from_utf8(bytes).unwrap())
}
