//! E-mail's way out: hands one message for one person to the mail server of the settings, and says what became of it. Where the
//! server is to speak TLS nothing is said to one that does not, and only whom this machine trusts is spoken to.
use std::{fmt, io, time::Duration};

use lettre::{
    AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor,
    message::{
        Mailbox,
        header::{ContentType, HeaderName, HeaderValue},
    },
    transport::smtp::{
        Error,
        authentication::Credentials,
        client::{Certificate, Tls, TlsParameters},
    },
};
use tokio::time::timeout;
use zeroize::Zeroizing;

use crate::base::mail::Email;

/// How long one try may take, whatever the server does.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long each answer of the server may take.
const ANSWER: Duration = Duration::from_secs(15);

/// How the connection is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// It begins in the open and goes on in TLS, or ends.
    StartTls,
    /// It is TLS from its first byte.
    Implicit,
    /// It is not.
    None,
}

/// A mail server of the settings.
#[derive(Clone, PartialEq, Eq)]
pub struct MailServer {
    /// Its name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub security: Security,
    /// An authority to trust besides those of the machine, in PEM.
    pub authority: Option<Vec<u8>>,
    /// Who we are to it: name and password; none where it does not ask.
    pub login: Option<(String, Zeroizing<String>)>,
    /// Who the messages are from.
    pub from: Email,
    /// How long one try may take.
    pub patience: Duration,
}

impl MailServer {
    /// A server that is not asked to know us, with the usual patience.
    pub fn new(host: String, port: u16, security: Security, from: Email) -> Self {
        Self { host, port, security, authority: None, login: None, from, patience: PATIENCE }
    }
}

/// Without name and password.
impl fmt::Debug for MailServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("MailServer");
        shown.field("host", &self.host).field("port", &self.port).field("security", &self.security);
        shown.field("login", &self.login.as_ref().map(|_| "(set)")).finish_non_exhaustive()
    }
}

/// A message, as a person will read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// What it is about, in one line.
    pub subject: String,
    /// The text.
    pub text: String,
    /// What names it among all messages, before the `@`.
    pub id: String,
    /// The message it goes on from, named in the same way.
    pub answers: Option<String>,
}

/// What became of a try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tried {
    /// The other side has it.
    Arrived,
    /// The other side will not have it, with its status where it gave one: trying again is of no use.
    Refused(Option<u16>),
    /// It did not arrive this time.
    NotYet(Option<u16>),
}

/// Tries once to hand `letter` for `to` to the server.
pub async fn send(server: &MailServer, to: &Email, letter: &Letter) -> Tried {
    let Ok(message) = write(server, to, letter) else { return Tried::Refused(None) };
    let Ok(transport) = transport(server) else { return Tried::NotYet(None) };
    match timeout(server.patience, transport.send(message)).await {
        Ok(Ok(_)) => Tried::Arrived,
        Ok(Err(error)) if error.is_permanent() => Tried::Refused(status(&error)),
        Ok(Err(error)) => Tried::NotYet(status(&error)),
        Err(_) => Tried::NotYet(None),
    }
}

/// What the server said besides is not kept: it may name people.
fn status(error: &Error) -> Option<u16> {
    error.status().map(u16::from)
}

fn transport(server: &MailServer) -> Result<AsyncSmtpTransport<Tokio1Executor>, Error> {
    let tls = match server.security {
        Security::StartTls => Tls::Required(tls(server)?),
        Security::Implicit => Tls::Wrapper(tls(server)?),
        Security::None => Tls::None,
    };
    let made = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&server.host).port(server.port);
    let made = made.tls(tls).timeout(Some(ANSWER.min(server.patience)));
    let login =
        server.login.as_ref().map(|(name, password)| Credentials::new(name.clone(), password.to_string()));
    Ok(match login {
        Some(login) => made.credentials(login).build(),
        None => made.build(),
    })
}

fn tls(server: &MailServer) -> Result<TlsParameters, Error> {
    let made = TlsParameters::builder(server.host.clone());
    match &server.authority {
        Some(pem) => made.add_root_certificate(Certificate::from_pem(pem)?).build(),
        None => made.build(),
    }
}

/// Whether that is an authority's certificate in PEM.
pub fn is_authority(pem: &[u8]) -> bool {
    pem.starts_with(b"-----BEGIN CERTIFICATE-----") && Certificate::from_pem(pem).is_ok()
}

fn write(server: &MailServer, to: &Email, letter: &Letter) -> io::Result<Message> {
    let mailbox = |email: &Email| email.as_str().parse::<Mailbox>().map_err(io::Error::other);
    let host = server.from.as_str().rsplit('@').next().unwrap_or_default();
    let named = |id: &str| format!("<{id}@{host}>");
    let message = Message::builder().from(mailbox(&server.from)?).to(mailbox(to)?);
    let message = message.subject(&letter.subject).message_id(Some(named(&letter.id)));
    let message = match &letter.answers {
        Some(id) => message.in_reply_to(named(id)).references(named(id)),
        None => message,
    };
    // So that nobody's absence is answered to a machine.
    let by_itself =
        HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".into());
    message
        .raw_header(by_itself)
        .header(ContentType::TEXT_PLAIN)
        .body(letter.text.clone())
        .map_err(io::Error::other)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server() -> MailServer {
        let from = Email::parse("taskmed@sol.example").unwrap();
        MailServer::new("mail.sol.example".to_owned(), 587, Security::StartTls, from)
    }

    #[test]
    fn name_and_password_are_not_shown() {
        let login = Some(("clinica-sol".to_owned(), Zeroizing::new("segredo do correio".to_owned())));
        let shown = format!("{:?}", MailServer { login, ..server() });
        assert!(shown.contains("mail.sol.example") && shown.contains("(set)"), "{shown}");
        assert!(!shown.contains("segredo") && !shown.contains("clinica-sol"), "{shown}");
    }

    #[test]
    fn a_letter_says_that_a_machine_wrote_it_and_which_one_it_goes_on_from() {
        let letter = Letter {
            subject: "Atenção: disco".to_owned(),
            text: "Está cheio.".to_owned(),
            id: "disk.2".to_owned(),
            answers: Some("disk.1".to_owned()),
        };
        let written = write(&server(), &Email::parse("ana@sol.example").unwrap(), &letter).unwrap();
        let text = String::from_utf8(written.formatted()).unwrap();
        for line in [
            "From: taskmed@sol.example\r\n",
            "To: ana@sol.example\r\n",
            "Message-ID: <disk.2@sol.example>\r\n",
            "In-Reply-To: <disk.1@sol.example>\r\n",
            "Auto-Submitted: auto-generated\r\n",
            "Date: ",
        ] {
            assert!(text.contains(line), "{line} is not in {text}");
        }
    }
}
