//! The part of `taskmed.toml` that says how alerts go by e-mail. Every field that is wrong is named at once, and no secret ever is.
use std::{
    fs,
    net::IpAddr,
    path::{Path, PathBuf},
};

use serde::{Deserialize, de::IgnoredAny};
use zeroize::Zeroizing;

use crate::{
    base::{Choice as _, mail::Email},
    features::observability::{AlertMail, letter::Language},
    web::smtp::{MailServer, Security, is_authority},
};

/// The password may be given here instead of in a file.
pub const PASSWORD: &str = "TASKMED_MAIL_PASSWORD";

/// `[alert_mail]` as it is written.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Written {
    server: Option<String>,
    port: Option<i64>,
    security: Option<String>,
    unencrypted_on_the_network: bool,
    authority_file: Option<PathBuf>,
    user: Option<String>,
    /// Only to say that it does not belong here, without showing it.
    password: Option<IgnoredAny>,
    password_file: Option<PathBuf>,
    from: Option<String>,
    to: Vec<String>,
    language: Option<String>,
}

/// What is wrong so far.
struct Faults(Vec<String>);

impl Faults {
    fn add(&mut self, field: &str, why: &str) {
        self.0.push(format!("taskmed.toml: alert_mail.{field} {why}"));
    }
}

impl Written {
    /// The settings in force. Files are looked for from the data folder; `password` is what the environment says.
    ///
    /// # Errors
    /// A line for each field that is wrong.
    pub fn read(self, data: &Path, password: Option<String>) -> Result<AlertMail, Vec<String>> {
        let mut faults = Faults(Vec::new());
        let host = self.host(&mut faults);
        let security = self.security(&host, &mut faults);
        let port = self.port(security, &mut faults);
        let login = self.login(data, password, &mut faults);
        let authority = self.authority(data, &mut faults);
        let from = one_address("from", self.from.as_deref().unwrap_or_default(), &mut faults);
        let to = self.to(&mut faults);
        let language = self.language(&mut faults);
        match from {
            Some(from) if faults.0.is_empty() => {
                let server = MailServer { authority, login, ..MailServer::new(host, port, security, from) };
                Ok(AlertMail { server, to, language })
            }
            _ => Err(faults.0),
        }
    }

    fn host(&self, faults: &mut Faults) -> String {
        let host = self.server.as_deref().unwrap_or_default().trim();
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '_');
        if host.is_empty() || !host.chars().all(allowed) {
            faults.add("server", "must be the name or the address of a mail server, as \"smtp.example.com\"");
        }
        host.to_owned()
    }

    fn security(&self, host: &str, faults: &mut Faults) -> Security {
        match self.security.as_deref() {
            None | Some("starttls") => Security::StartTls,
            Some("implicit") => Security::Implicit,
            Some("none") if is_here(host) || self.unencrypted_on_the_network => Security::None,
            Some("none") => {
                let why = "\"none\" is for a server on this computer; for another one set unencrypted_on_the_network = true";
                faults.add("security", why);
                Security::None
            }
            Some(_) => {
                faults.add("security", "must be \"starttls\", \"implicit\" or \"none\"");
                Security::StartTls
            }
        }
    }

    fn port(&self, security: Security, faults: &mut Faults) -> u16 {
        let usual = match security {
            Security::StartTls => 587,
            Security::Implicit => 465,
            Security::None => 25,
        };
        let Some(port) = self.port else { return usual };
        let port = u16::try_from(port).ok().filter(|port| *port > 0);
        if port.is_none() {
            faults.add("port", "must be a number from 1 to 65535");
        }
        port.unwrap_or(usual)
    }

    fn login(
        &self,
        data: &Path,
        password: Option<String>,
        faults: &mut Faults,
    ) -> Option<(String, Zeroizing<String>)> {
        if self.password.is_some() {
            faults.add(
                "password",
                &format!("does not belong here: set password_file, or {PASSWORD} in the environment"),
            );
        }
        let user = self.user.as_deref().map(str::trim).filter(|user| !user.is_empty());
        let password = match (password, &self.password_file) {
            (Some(password), _) => Some(Zeroizing::new(password)),
            (None, Some(file)) => match fs::read_to_string(data.join(file)) {
                Ok(text) => Some(Zeroizing::new(text.trim_end_matches(['\r', '\n']).to_owned())),
                Err(error) => {
                    faults.add("password_file", &format!("cannot be read: {error}"));
                    return None;
                }
            },
            (None, None) => None,
        };
        match (user, password.filter(|password| !password.is_empty())) {
            (Some(user), Some(password)) => Some((user.to_owned(), password)),
            (Some(_), None) => {
                faults.add(
                    "user",
                    &format!("needs a password: set password_file, or {PASSWORD} in the environment"),
                );
                None
            }
            (None, Some(_)) if self.password_file.is_some() => {
                faults.add("password_file", "needs a user");
                None
            }
            (None, _) => None,
        }
    }

    fn authority(&self, data: &Path, faults: &mut Faults) -> Option<Vec<u8>> {
        let file = self.authority_file.as_ref()?;
        let pem = fs::read(data.join(file)).ok().filter(|pem| is_authority(pem));
        if pem.is_none() {
            faults.add("authority_file", "must be a file with a certificate in PEM");
        }
        pem
    }

    fn to(&self, faults: &mut Faults) -> Vec<Email> {
        if self.to.is_empty() {
            faults.add("to", "needs one e-mail address or more, as [\"ana@example.com\"]");
        }
        let mut all: Vec<Email> = self.to.iter().filter_map(|to| one_address("to", to, faults)).collect();
        all.dedup();
        all
    }

    fn language(&self, faults: &mut Faults) -> Option<Language> {
        let asked = self.language.as_deref()?;
        let language = Language::from_code(asked);
        if language.is_none() {
            faults.add("language", "must be \"pt-BR\" or \"en\"; without it messages are in both");
        }
        language
    }
}

fn one_address(field: &str, text: &str, faults: &mut Faults) -> Option<Email> {
    let address = Email::parse(text).ok();
    if address.is_none() {
        faults.add(field, &format!("must be an e-mail address, and \"{text}\" is none"));
    }
    address
}

/// Whether a server is this very computer.
fn is_here(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str =
        "server = \"smtp.sol.example\"\nfrom = \"taskmed@sol.example\"\nto = [\"ana@sol.example\"]\n";

    fn read(text: &str, password: Option<&str>) -> Result<AlertMail, Vec<String>> {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("mail.password"), "senha do correio\n").unwrap();
        let written: Written = toml::from_str(text).unwrap();
        written.read(folder.path(), password.map(str::to_owned))
    }

    fn wrong(text: &str) -> Vec<String> {
        let fields = read(text, None).unwrap_err();
        let name =
            |line: &String| line.split("alert_mail.").nth(1).unwrap().split(' ').next().unwrap().to_owned();
        fields.iter().map(name).collect()
    }

    #[test]
    fn three_lines_are_enough_and_the_connection_is_protected() {
        let mail = read(GOOD, None).unwrap();
        assert_eq!((mail.server.port, mail.server.security), (587, Security::StartTls));
        assert_eq!((mail.to.len(), mail.language, mail.server.login), (1, None, None));
        let implicit = read(&format!("{GOOD}security = \"implicit\"\nlanguage = \"pt-BR\""), None).unwrap();
        assert_eq!((implicit.server.port, implicit.language), (465, Some(Language::Portuguese)));
    }

    #[test]
    fn every_wrong_field_is_named_at_once() {
        let all = "server = \"não é\"\nport = 70000\nsecurity = \"ssl\"\nauthority_file = \"none.pem\"\nuser = \"sol\"\n\
                   from = \"taskmed\"\nto = [\"ana@sol.example\", \"bia\"]\nlanguage = \"fr\"";
        assert_eq!(
            wrong(all),
            ["server", "security", "port", "user", "authority_file", "from", "to", "language"]
        );
        assert_eq!(wrong(""), ["server", "from", "to"]);
        assert_eq!(wrong(&format!("{GOOD}password_file = \"mail.password\"")), ["password_file"]);
        assert_eq!(wrong(&format!("{GOOD}user = \"sol\"\npassword_file = \"other\"")), ["password_file"]);
    }

    #[test]
    fn nothing_goes_unprotected_over_the_network_unless_that_is_said() {
        let to = |host: &str, more: &str| {
            let text = GOOD.replace("smtp.sol.example", host) + "security = \"none\"\n" + more;
            read(&text, None).map(|mail| (mail.server.port, mail.server.security))
        };
        for here in ["localhost", "127.0.0.1", "::1"] {
            assert_eq!(to(here, ""), Ok((25, Security::None)), "{here}");
        }
        assert!(to("smtp.sol.example", "").unwrap_err()[0].contains("alert_mail.security"));
        assert!(to("smtp.sol.example", "unencrypted_on_the_network = true").is_ok());
    }

    #[test]
    fn the_password_comes_from_a_file_or_the_environment_and_is_not_shown() {
        let text = format!("{GOOD}user = \"sol\"\npassword_file = \"mail.password\"");
        let password = |mail: &AlertMail| mail.server.login.as_ref().unwrap().1.to_string();
        let mail = read(&text, None).unwrap();
        assert_eq!(password(&mail), "senha do correio");
        assert!(!format!("{mail:?}").contains("senha do correio"));
        assert_eq!(password(&read(&text, Some("outra senha")).unwrap()), "outra senha");
        let misplaced = read(&format!("{GOOD}password = \"senha do correio\""), None).unwrap_err();
        assert!(
            misplaced[0].contains("alert_mail.password ") && !misplaced[0].contains("senha"),
            "{misplaced:?}"
        );
    }
}
