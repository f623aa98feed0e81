//! Passwords: argon2id, a short list of what is refused, and the same work for people who do not exist.
use std::{
    sync::{
        LazyLock,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use argon2::{Algorithm, Argon2, Params, PasswordHash, PasswordHasher, PasswordVerifier, Version};
use tokio::{sync::Semaphore, time::Instant};

use crate::base::{Error, Hands, Result};

/// OWASP's first choice for argon2id: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;

/// A refusal at the door takes at least this long, whatever led to it: some of it is done only for people who exist. Far more than
/// the work takes, little for somebody who mistyped.
const REFUSAL: Duration = Duration::from_millis(250);
/// The same where hashing is cheap.
const CHEAP_REFUSAL: Duration = Duration::from_millis(20);

static CHEAP: AtomicBool = AtomicBool::new(false);

/// Makes hashing cheap for this process. For tests only, before the first hash.
#[doc(hidden)]
pub fn make_cheap_for_tests() {
    CHEAP.store(true, Ordering::SeqCst);
}

fn hasher() -> Result<Argon2<'static>> {
    let (memory, passes) = if CHEAP.load(Ordering::Relaxed) { (64, 1) } else { (MEMORY_KIB, PASSES) };
    let params = Params::new(memory, passes, 1, None).map_err(Error::internal)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// Hashes a password with a fresh salt. Takes tens of milliseconds: never on the writer, never on a request thread.
pub fn hash(password: &str) -> Result<String> {
    hasher()?.hash_password(password.as_bytes()).map(|hash| hash.to_string()).map_err(Error::internal)
}

/// Whether `password` is the one behind `stored`. Without a stored hash the same work is done and the answer is no, so that
/// the time taken does not tell who has an account.
pub fn verify(password: &str, stored: Option<&str>) -> bool {
    static NOBODY: LazyLock<String> = LazyLock::new(|| hash("nobody has this password").unwrap_or_default());
    let known = stored.is_some();
    let hash = PasswordHash::new(stored.unwrap_or(&NOBODY));
    let matches = hash.is_ok_and(|h| Argon2::default().verify_password(password.as_bytes(), &h).is_ok());
    known && matches
}

/// Waits until a refusal of somebody who came to the door at `arrived` is due.
pub async fn until_refusal(arrived: Instant) {
    let patience = if CHEAP.load(Ordering::Relaxed) { CHEAP_REFUSAL } else { REFUSAL };
    tokio::time::sleep_until(arrived + patience).await;
}

/// Each hash takes a core and 19 MiB: however many ask at once, the machine keeps the rest for the clinic's work.
static PLACES: Semaphore = Semaphore::const_new(AT_ONCE);
const AT_ONCE: usize = 2;

/// As [`hash`], away from the request threads and with few others at a time.
pub async fn hash_apart(password: String) -> Result<String> {
    apart(move || hash(&password)).await?
}

/// As [`verify`], away from the request threads and with few others at a time.
pub async fn verify_apart(password: String, stored: Option<String>) -> Result<bool> {
    apart(move || verify(&password, stored.as_deref())).await
}

async fn apart<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    let place = PLACES.acquire().await.map_err(Error::internal)?;
    let run = move || {
        // The place goes with the work: a caller who goes away does not end it.
        let _place = place;
        work()
    };
    HANDS.as_ref().ok_or(Error::Busy)?.run(run).await
}

/// Two threads that do nothing else. What a thread frees the allocator keeps for that thread: on the runtime's many each would go
/// on holding the 19 MiB of a hash, and a morning's sign-ins would take half a gigabyte for good.
static HANDS: LazyLock<Option<Hands>> = LazyLock::new(|| {
    let started = Hands::start("passwords", AT_ONCE);
    started.inspect_err(|error| tracing::error!(%error, "threads for passwords could not be started")).ok()
});

/// Passwords and stems found in every leaked list, folded; a password made of one of them and digits is refused.
const COMMON: &[&str] = &[
    "senha",
    "password",
    "brasil",
    "clinica",
    "taskmed",
    "medico",
    "medica",
    "doutor",
    "doutora",
    "consultorio",
    "recepcao",
    "saude",
    "hospital",
    "paciente",
    "qwerty",
    "qwertyuiop",
    "asdfgh",
    "abc",
    "abcd",
    "abcdef",
    "teste",
    "admin",
    "administrador",
    "mudar",
    "trocar",
    "flamengo",
    "corinthians",
    "palmeiras",
    "saopaulo",
    "vasco",
    "gremio",
    "familia",
    "amor",
    "jesus",
    "deus",
    "deusefiel",
    "felicidade",
    "gabriel",
    "letmein",
    "welcome",
    "iloveyou",
    "monkey",
    "dragon",
    "secret",
    "segredo",
    "acesso",
    "sistema",
    "usuario",
];

/// The code of what is wrong with a new password, if anything: at least 10 characters with letters and digits (SBIS
/// NGS1.02.03), at most 128, not a common one, not made of the person's own name or e-mail (NGS1.02.04).
pub fn weakness(password: &str, own_words: &[&str]) -> Option<&'static str> {
    let length = password.chars().count();
    let has = |test: fn(char) -> bool| password.chars().any(test);
    if length > 128 {
        return Some("too_long");
    }
    if length < 10 || !has(char::is_alphabetic) || !has(char::is_numeric) {
        return Some("weak_password");
    }
    let letters: String = fold(password).chars().filter(|c| c.is_alphabetic()).collect();
    if COMMON.contains(&letters.as_str()) || is_repetitive(password) {
        return Some("common_password");
    }
    let own = own_words.iter().flat_map(|w| w.split(|c: char| !c.is_alphanumeric())).map(fold);
    let own_in_it = own.filter(|w| w.chars().count() >= 4).any(|w| fold(password).contains(&w));
    own_in_it.then_some("password_contains_name")
}

fn fold(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    text.nfd().filter(|c| c.is_ascii_alphanumeric()).map(|c| c.to_ascii_lowercase()).collect()
}

fn is_repetitive(password: &str) -> bool {
    let mut distinct: Vec<char> = password.chars().collect();
    distinct.sort_unstable();
    distinct.dedup();
    distinct.len() < 5
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_weakness_has_its_code() {
        let own = ["Ana Beatriz Nogueira", "ana.nogueira@clinica.example"];
        for (password, expected) in [
            ("curta1", Some("weak_password")),
            ("somenteletras", Some("weak_password")),
            ("12345678901", Some("weak_password")),
            ("senha123456", Some("common_password")),
            ("aaaaaaaa11", Some("common_password")),
            ("beatriz2026ok", Some("password_contains_name")),
            ("trem azul 42 janelas", None),
        ] {
            assert_eq!(weakness(password, &own), expected, "{password}");
        }
    }

    #[test]
    fn a_password_opens_only_its_own_hash() {
        let stored = hash("trem azul 42 janelas").unwrap();
        assert!(stored.starts_with("$argon2id$"));
        assert_ne!(stored, hash("trem azul 42 janelas").unwrap());
        assert!(verify("trem azul 42 janelas", Some(&stored)));
        assert!(!verify("trem azul 43 janelas", Some(&stored)));
        assert!(!verify("nobody has this password", None));
    }

    #[tokio::test]
    async fn work_waits_for_its_place_and_gives_it_back() {
        let taken = PLACES.acquire_many(2).await.unwrap();
        let waiting = tokio::spawn(verify_apart("x".into(), None));
        tokio::task::yield_now().await;
        assert!(!waiting.is_finished());
        drop(taken);
        assert!(!waiting.await.unwrap().unwrap());
        drop(PLACES.acquire_many(2).await.unwrap());
    }
}
