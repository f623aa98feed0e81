//! SQL of sign-in and of one's own things.
use super::{
    door,
    model::{Density, Language, Me, MyClinic, Preferences, SignedIn, Theme},
};
use crate::{
    access::{Role, permissions, session, throttle},
    base::{Choice, Id, Result, diff},
    db::{Act, Audited, Outcome, ReadTx, WriteTx, params, values},
    features::{
        clinic,
        people::{self, invite, model::UserFields},
    },
};

/// What the door knows of a person before they are let in.
#[derive(Debug)]
pub struct Known {
    /// Their number.
    pub id: i64,
    /// Their stored password; none before they chose one.
    pub password_hash: Option<String>,
    /// Words a password of theirs must not be made of.
    pub own_words: Vec<String>,
    /// Whether they are an owner of the clinic.
    pub is_owner: bool,
}

/// The person behind an e-mail.
pub fn known(tx: &ReadTx<'_>, email: &str) -> Result<Option<Known>> {
    let Some(user) = people::store::find_by_email(tx, email)? else { return Ok(None) };
    known_by_id(tx, user.id()).map(Some)
}

/// The person of that number.
pub fn known_by_id(tx: &ReadTx<'_>, id: i64) -> Result<Known> {
    let user = people::store::find(tx, Id::new(id))?;
    let sql = "select password_hash from credentials where user_id = ?1";
    let password_hash = tx.first(sql, [id], |r| r.get(0))?.flatten();
    let email = user.email.as_ref().map(|e| e.to_string());
    let own_words = [Some(user.name.clone()), email].into_iter().flatten().collect();
    Ok(Known { id, password_hash, own_words, is_owner: user.roles.has_any(&[Role::Owner]) })
}

/// Lets a person in whose password was found right outside this transaction, if `verified` is still its hash.
pub fn enter(
    tx: &mut WriteTx<'_>,
    user_id: i64,
    verified: Option<&str>,
    entry: ([u8; 32], &str),
) -> Result<Audited<SignedIn>> {
    throttle::door_is_open(tx, user_id)?;
    still_right(tx, user_id, verified)?;
    open(tx, user_id, entry.0, entry.1)
}

/// Checking a password takes long enough for it to be replaced, or for the person to be sent away, meanwhile.
fn still_right(tx: &ReadTx<'_>, user_id: i64, verified: Option<&str>) -> Result<()> {
    let sql = "select count(*) from credentials c join users u on u.id = c.user_id
        where u.id = ?1 and u.active = 1 and c.password_hash = ?2";
    if tx.number(sql, params![user_id, verified])? == 0 { Err(door::wrong()) } else { Ok(()) }
}

/// Lets a person in.
pub fn open(
    tx: &mut WriteTx<'_>,
    user_id: i64,
    token_hash: [u8; 32],
    agent: &str,
) -> Result<Audited<SignedIn>> {
    throttle::succeeded(tx, user_id)?;
    session::open(tx, user_id, token_hash, agent)?;
    let signed_in = signed_in(tx, user_id)?;
    tx.audited(Act::new::<UserFields>("signed_in", user_id).by(user_id), signed_in)
}

/// Puts a failed try on record and counts it.
pub fn refuse(tx: &mut WriteTx<'_>, user_id: Option<i64>) -> Result<Audited<()>> {
    if let Some(id) = user_id {
        throttle::failed(tx, id)?;
    }
    tx.audited(Act::about::<UserFields>("sign_in_failed", user_id).ending(Outcome::Failed), ())
}

/// Uses a one-time code: the password is set, the code is gone, the person is let in. `chosen` is the password and its hash;
/// it is held against the person's own words only here, where the code is known to be good.
pub fn accept(
    tx: &mut WriteTx<'_>,
    user_id: i64,
    code: &str,
    chosen: (&str, &str),
    entry: ([u8; 32], &str),
) -> Result<Audited<SignedIn>> {
    throttle::door_is_open(tx, user_id)?;
    if !invite::is_good(tx, user_id, code)? {
        return Err(door::wrong());
    }
    door::check_new(chosen.0, &known_by_id(tx, user_id)?.own_words)?;
    set_password(tx, user_id, chosen.1)?;
    tx.record(Act::new::<UserFields>("password_chosen", user_id).by(user_id));
    open(tx, user_id, entry.0, entry.1)
}

/// Replaces the password of a person known by the one they have, and ends their sessions but `keep`.
pub fn change_password(tx: &mut WriteTx<'_>, known: &Known, hash: &str, keep: i64) -> Result<Audited<()>> {
    still_right(tx, known.id, known.password_hash.as_deref())?;
    set_password(tx, known.id, hash)?;
    session::close_all(tx, known.id, keep)?;
    tx.audited(Act::new::<UserFields>("password_changed", known.id), ())
}

/// Stores a password's hash; a one-time code not yet used is gone with it.
pub fn set_password(tx: &WriteTx<'_>, user_id: i64, hash: &str) -> Result<()> {
    tx.run(
        "insert into credentials (user_id, password_hash, changed_at) values (?1, ?2, ?3)
         on conflict (user_id) do update set password_hash = excluded.password_hash, changed_at = excluded.changed_at,
             invite_hash = null, invite_expires_at = null",
        params![user_id, hash, tx.now()],
    )
    .map(drop)
}

/// Ends a session of one's own, on record.
pub fn close(tx: &mut WriteTx<'_>, user_id: i64, session_id: i64) -> Result<Audited<()>> {
    session::close(tx, user_id, session_id)?;
    tx.audited(Act::new::<UserFields>("signed_out", user_id), ())
}

/// Locks the screen, on record.
pub fn lock(tx: &mut WriteTx<'_>, user_id: i64, session_id: i64) -> Result<Audited<()>> {
    session::set_locked(tx, session_id, true)?;
    tx.audited(Act::new::<UserFields>("locked", user_id), ())
}

/// Unlocks the screen of a person known by their password, on record. The door may be closed to everyone meanwhile: whoever is
/// inside already is not shut out by guesses made there.
pub fn unlock(tx: &mut WriteTx<'_>, known: &Known, session_id: i64) -> Result<Audited<SignedIn>> {
    still_right(tx, known.id, known.password_hash.as_deref())?;
    session::set_locked(tx, session_id, false)?;
    throttle::succeeded(tx, known.id)?;
    let signed_in = signed_in(tx, known.id)?;
    tx.audited(Act::new::<UserFields>("unlocked", known.id), signed_in)
}

/// Writes what `change` makes of a person's preferences.
pub fn prefer(
    tx: &mut WriteTx<'_>,
    user_id: i64,
    change: impl FnOnce(&Preferences) -> Result<Preferences>,
) -> Result<Audited<Me>> {
    let before = me(tx, user_id)?.preferences;
    let after = change(&before)?;
    tx.run(
        "update users set version = version + 1, updated_at = ?2, language = ?3, theme = ?4, density = ?5,
             single_key_shortcuts = ?6 where id = ?1",
        params![
            user_id,
            tx.now(),
            after.language.code(),
            after.theme.code(),
            after.density.code(),
            after.single_key_shortcuts
        ],
    )?;
    let me = me(tx, user_id)?;
    tx.audited(Act::new::<UserFields>("preferred", user_id).with_columns(diff::between(&before, &after)), me)
}

/// Who a person is, and where.
pub fn signed_in(tx: &ReadTx<'_>, user_id: i64) -> Result<SignedIn> {
    let clinic = clinic::store::find(tx)?;
    let (is_demo, recovery_confirmed) = clinic::store::marks(tx)?;
    let clinic = MyClinic {
        id: clinic.id(),
        name: clinic.fields.name,
        time_zone: clinic.fields.time_zone,
        is_demo,
        recovery_confirmed,
    };
    Ok(SignedIn { user: me(tx, user_id)?, clinic })
}

fn me(tx: &ReadTx<'_>, user_id: i64) -> Result<Me> {
    let user = people::store::find(tx, Id::new(user_id))?;
    let sql = "select language, theme, density, single_key_shortcuts from users where id = ?1";
    let preferences = tx.one("user", sql, [user_id], |r| {
        Ok(Preferences {
            language: values::optional_choice(r, "language")?.unwrap_or(Language::Portuguese),
            theme: values::optional_choice(r, "theme")?.unwrap_or(Theme::System),
            density: values::optional_choice(r, "density")?.unwrap_or(Density::Comfortable),
            single_key_shortcuts: r.get(3)?,
        })
    })?;
    Ok(Me {
        id: user.id(),
        permissions: permissions::names_of(&user.roles),
        name: user.fields.name,
        email: user.fields.email.map(|e| e.to_string()),
        roles: user.fields.roles,
        is_professional: user.fields.is_professional,
        color: user.fields.color.unwrap_or(0),
        council: user.fields.council,
        specialty: user.fields.specialty,
        preferences,
        version: user.stamp.version,
    })
}
