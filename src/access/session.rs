//! Sessions: a random token in a cookie, its hash in the clinic's file, an idle and an absolute limit.
use std::sync::Arc;

use schemars::JsonSchema;
use serde::Serialize;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::{Role, Roles};
use crate::{
    base::{Choice, Error, Instant, Result},
    db::{Clinic, OfRows, ReadTx, Table, Value, WriteTx, key, params},
};

/// A session ends this many seconds after sign-in, whatever happens.
pub const ABSOLUTE_SECONDS: i64 = 12 * 3600;
/// Without any request of a person, a session ends after this many seconds. The screen locks much earlier.
pub const IDLE_SECONDS: i64 = 4 * 3600;
/// A session opened so many seconds from now was opened by a clock that was wrong: it would outlive its limit, and is over. Fewer
/// are a clock put right.
pub const SKEW_SECONDS: i64 = 300;
/// A session that is open now ends within this many seconds.
pub const LATEST_SECONDS: i64 = ABSOLUTE_SECONDS + SKEW_SECONDS;
/// How stale `last_seen_at` may be before it is written again.
pub const SEEN_GRAIN_SECONDS: i64 = 60;

/// Who asks: a signed-in person, or the program itself.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The person's number; none for the program.
    pub user_id: Option<i64>,
    /// Their name.
    pub name: Arc<str>,
    /// Their roles now: a change takes effect on the next request.
    pub roles: Roles,
    /// Their codes, for the trail.
    pub role_codes: Arc<str>,
    /// The session's row.
    pub session_id: i64,
    /// Whether the screen is locked until the password is given again.
    pub locked: bool,
    /// When this session ends at the latest.
    pub expires_at: Instant,
    /// When it was last seen, as stored.
    pub last_seen_at: i64,
}

/// Who asks is known until their session or what is said of them changes: that others come and go is nothing to them.
impl OfRows for Caller {
    const TABLES: &'static [Table] = &[Table::Sessions, Table::Users];

    fn rows(&self) -> Vec<(Table, i64)> {
        vec![(Table::Sessions, self.session_id), (Table::Users, self.user_id.unwrap_or_default())]
    }
}

impl Caller {
    /// The program itself, which may do what its commands say.
    pub(super) fn program() -> Self {
        Self {
            user_id: None,
            name: "TaskMed".into(),
            roles: Roles::new(Role::ALL.iter().copied()),
            role_codes: "".into(),
            session_id: 0,
            locked: false,
            expires_at: Instant(i64::MAX),
            last_seen_at: 0,
        }
    }

    /// Someone not yet signed in.
    pub(super) fn stranger() -> Self {
        Self { roles: Roles::default(), name: "".into(), ..Self::program() }
    }

    /// Whether the session is still open at second `now`.
    pub fn is_open(&self, now: i64) -> bool {
        let left = self.expires_at.0 - now;
        left > 0 && left <= LATEST_SECONDS && self.last_seen_at > now - IDLE_SECONDS
    }

    /// The signed-in person's number; the program has none and gets a 403.
    pub fn person(&self) -> Result<i64> {
        self.user_id.ok_or(Error::Forbidden("own_session"))
    }
}

/// A session's secret: the clinic it belongs to and 256 random bits.
pub struct Token {
    /// The clinic whose file holds the session.
    pub clinic_id: i64,
    secret: [u8; 32],
}

impl Token {
    /// A new token.
    pub fn random(clinic_id: i64) -> Result<Self> {
        Ok(Self { clinic_id, secret: key::random_bytes()? })
    }

    /// Reads the cookie's value; `None` for anything that is not a token.
    pub fn parse(text: &str) -> Option<Self> {
        let (clinic, secret) = text.split_once('.')?;
        let secret = key::unhex_array(secret)?;
        Some(Self { clinic_id: clinic.parse().ok()?, secret })
    }

    /// The cookie's value.
    pub fn cookie_value(&self) -> String {
        format!("{}.{}", self.clinic_id, key::hex(&self.secret))
    }

    /// What the file keeps.
    pub fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.secret).into()
    }
}

/// Opens a session; the cookie's token is made by the caller and never stored.
pub fn open(tx: &WriteTx<'_>, user_id: i64, token_hash: [u8; 32], user_agent: &str) -> Result<i64> {
    let now = tx.now().as_second();
    tx.run(
        "delete from sessions where expires_at <= ?1 or last_seen_at <= ?1 - ?2",
        params![now, IDLE_SECONDS],
    )?;
    let agent: String = user_agent.chars().take(200).collect();
    tx.insert(
        "insert into sessions (token_hash, user_id, created_at, last_seen_at, expires_at, origin, user_agent)
         values (?1, ?2, ?3, ?3, ?4, ?5, ?6)",
        params![token_hash, user_id, now, now + ABSOLUTE_SECONDS, tx.actor().origin, agent],
    )
}

/// The caller behind a token, if the session is open and the person still works here.
pub async fn find(clinic: &Clinic, token: &Token) -> Result<Option<Arc<Caller>>> {
    let hash = token.hash();
    let found = clinic.admit(move |tx| first(tx, "s.token_hash = ?1", hash.to_vec().into())).await?;
    Ok(found.filter(|(stored, _)| bool::from(stored.ct_eq(&hash))).map(|(_, caller)| caller))
}

/// Whether a session is still open and its screen unlocked. Remembered until the session or the person changes.
pub async fn goes_on(clinic: &Clinic, session_id: i64) -> Result<bool> {
    let now = clinic.clock().seconds();
    if let Some(caller) = clinic.kept::<Caller>(session_id) {
        return Ok(caller.is_open(now) && !caller.locked);
    }
    let found = clinic.admit(move |tx| first(tx, "s.id = ?1", session_id.into())).await?;
    Ok(found.is_some_and(|(_, caller)| !caller.locked))
}

/// The session that is so, if it is open and the person still works here, with the hash of its token.
fn first(tx: &ReadTx<'_>, is_so: &str, by: Value) -> Result<Option<([u8; 32], Arc<Caller>)>> {
    let now = tx.now().as_second();
    let sql = format!(
        "select s.id, s.token_hash, s.locked, s.expires_at, s.last_seen_at, u.id, u.name, u.roles
         from sessions s join users u on u.id = s.user_id
         where {is_so} and u.active = 1 and s.expires_at > ?2 and s.expires_at <= ?2 + ?4 and s.last_seen_at > ?2 - ?3"
    );
    let found = tx.first(&sql, params![by, now, IDLE_SECONDS, LATEST_SECONDS], |r| {
        let roles = Roles::from_json(&r.get::<_, String>(7)?);
        let caller = Caller {
            session_id: r.get(0)?,
            locked: r.get(2)?,
            expires_at: r.get(3)?,
            last_seen_at: r.get(4)?,
            user_id: r.get(5)?,
            name: r.get(6)?,
            role_codes: roles.codes().into(),
            roles,
        };
        Ok((r.get(1)?, caller))
    })?;
    let Some((hash, caller)) = found else { return Ok(None) };
    let id = caller.session_id;
    Ok(tx.of_rows(&[id], |_| Ok(vec![(id, caller)]))?.pop().map(|caller| (hash, caller)))
}

/// Remembers that a person was here; background polling does not call this.
pub fn seen(tx: &WriteTx<'_>, session_id: i64) -> Result<()> {
    tx.run("update sessions set last_seen_at = ?2 where id = ?1", params![session_id, tx.now().as_second()])
        .map(drop)
}

/// Locks or unlocks the screen of a session.
pub fn set_locked(tx: &WriteTx<'_>, session_id: i64, locked: bool) -> Result<()> {
    tx.run("update sessions set locked = ?2 where id = ?1", params![session_id, locked]).map(drop)
}

/// Ends one session of a person; [`Error::NotFound`] when it is not theirs.
pub fn close(tx: &WriteTx<'_>, user_id: i64, session_id: i64) -> Result<()> {
    match tx.run("delete from sessions where id = ?1 and user_id = ?2", params![session_id, user_id])? {
        0 => Err(Error::NotFound("session")),
        _ => Ok(()),
    }
}

/// Ends every session of a person but `except`: after a change of password, of roles, or when they leave.
pub fn close_all(tx: &WriteTx<'_>, user_id: i64, except: i64) -> Result<()> {
    tx.run("delete from sessions where user_id = ?1 and id <> ?2", params![user_id, except]).map(drop)
}

/// An open session, as its owner sees it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SessionView {
    /// The session's number.
    pub id: i64,
    /// When it was opened.
    pub created_at: Instant,
    /// When it was last used, to the minute.
    pub last_seen_at: Instant,
    /// Address it was opened from.
    pub origin: String,
    /// The browser, in its own words.
    pub user_agent: String,
    /// Whether it is the one asking.
    pub current: bool,
}

/// The open sessions of a person, newest first.
pub fn list(tx: &ReadTx<'_>, user_id: i64, current: i64) -> Result<Vec<SessionView>> {
    tx.all(
        "select id, created_at, last_seen_at, origin, user_agent from sessions
         where user_id = ?1 and expires_at > ?2 and expires_at <= ?2 + ?4 and last_seen_at > ?2 - ?3 order by id desc",
        params![user_id, tx.now().as_second(), IDLE_SECONDS, LATEST_SECONDS],
        |r| {
            let id = r.get(0)?;
            Ok(SessionView {
                id,
                created_at: r.get(1)?,
                last_seen_at: r.get(2)?,
                origin: r.get(3)?,
                user_agent: r.get(4)?,
                current: id == current,
            })
        },
    )
}
