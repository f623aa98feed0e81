//! SQL of connected calendars.
use super::{
    address::{Secret, UNKNOWN},
    ics::{Cover, Entry},
    model::{Connection, Feed, FeedFields, NewFeed, State},
};
use crate::{
    access::{Caller, Permission as _, Role, Roles, permissions::OwnCalendar},
    base::{Error, Id, Instant, Result, diff},
    db::{Act, Audited, ReadTx, Row, RowResult, Table, WriteTx, params, values},
    features::appointments::rules::Span,
};

/// Every table a feed is written from.
pub const TABLES: &[Table] = &[Table::Appointments, Table::Feeds, Table::Users, Table::Clinic];

/// How stale the note of a feed's last use may be.
const USE_GRAIN_SECONDS: i64 = 60;

/// Whose calendars someone sees: those they made and those of their own agenda; an owner sees all.
const SELECT: &str =
    "select f.id, f.version, f.created_at, f.updated_at, f.name, f.user_id, f.professional_id,
    p.name as professional_name, u.last_at, f.revoked_at
    from feeds f join users p on p.id = f.professional_id left join feed_uses u on u.feed_id = f.id
    where (?1 or f.user_id = ?2 or f.professional_id = ?2)";

/// Who asks, as far as calendars care.
#[derive(Debug, Clone, Copy)]
pub struct Asker {
    person: i64,
    sees_all: bool,
}

impl Asker {
    /// The signed-in person.
    pub fn of(caller: &Caller) -> Result<Self> {
        Ok(Self { person: caller.person()?, sees_all: caller.roles.has(Role::Owner) })
    }
}

/// The calendars of `asker`, those that still answer first.
pub fn list(tx: &ReadTx<'_>, asker: Asker) -> Result<Vec<Feed>> {
    let sql = format!("{SELECT} order by f.revoked_at is not null, fold(f.name), f.id");
    tx.all(&sql, params![asker.sees_all, asker.person], read)
}

/// One calendar, if it is theirs to see.
pub fn find(tx: &ReadTx<'_>, asker: Asker, id: Id<FeedFields>) -> Result<Feed> {
    tx.one("feed", &format!("{SELECT} and f.id = ?3"), params![asker.sees_all, asker.person, id], read)
}

/// Connects a calendar behind the secret of that hash. Only an owner does so for somebody else's agenda.
pub fn create(tx: &mut WriteTx<'_>, asker: Asker, new: &NewFeed, hash: [u8; 32]) -> Result<Audited<Feed>> {
    let professional_id = new.professional_id.unwrap_or(asker.person);
    let works = "select name from users where id = ?1 and is_professional = 1 and active = 1";
    let professional = tx.first(works, [professional_id], |row| row.get::<_, String>(0))?;
    let Some(professional) = professional.filter(|_| asker.sees_all || professional_id == asker.person)
    else {
        let code = if new.professional_id.is_some() { "not_found" } else { "required" };
        return Err(Error::field("/professional_id", code));
    };
    let name = new.name.clone().unwrap_or_else(|| professional.chars().take(80).collect());
    let id = tx.insert(
        "insert into feeds (created_at, updated_at, user_id, professional_id, name, secret_hash)
         values (?1, ?1, ?2, ?3, ?4, ?5)",
        params![tx.now(), asker.person, professional_id, name, hash],
    )?;
    let saved = find(tx, asker, Id::new(id))?;
    tx.audited(Act::created::<FeedFields>(id), saved)
}

/// Writes what `change` makes of the calendar, if it is still at `version`.
pub fn update(
    tx: &mut WriteTx<'_>,
    asker: Asker,
    id: Id<FeedFields>,
    version: i64,
    change: impl FnOnce(&FeedFields) -> Result<FeedFields>,
) -> Result<Audited<Feed>> {
    let before = find(tx, asker, id)?;
    let after = change(&before.fields)?;
    let sql =
        "update feeds set version = version + 1, updated_at = ?3, name = ?4 where id = ?1 and version = ?2";
    tx.update(sql, params![id, version, tx.now(), after.name])?;
    let act = Act::updated::<FeedFields>(id.number(), diff::between(&before.fields, &after));
    let saved = find(tx, asker, id)?;
    tx.audited(act, saved)
}

/// Revokes a calendar's address for good.
pub fn revoke(tx: &mut WriteTx<'_>, asker: Asker, id: Id<FeedFields>, version: i64) -> Result<Audited<()>> {
    find(tx, asker, id)?;
    let sql = "update feeds set version = version + 1, updated_at = ?3, revoked_at = coalesce(revoked_at, ?3)
        where id = ?1 and version = ?2";
    tx.update(sql, params![id, version, tx.now()])?;
    tx.audited(Act::new::<FeedFields>("revoked", id.number()), ())
}

/// A feed someone's program asks for.
#[derive(Debug, Clone)]
pub struct Found {
    /// Its number.
    pub id: i64,
    /// What stands above its entries.
    pub cover: Cover,
    /// Whether its use is to be noted again.
    pub is_due: bool,
}

/// The feed behind a secret, if it still answers, the people behind it work here, and its maker could still make it.
pub fn behind(tx: &ReadTx<'_>, secret: &Secret) -> Result<Found> {
    let sql =
        "select f.id, f.name, f.professional_id, o.language, c.id, c.created_at, c.time_zone, u.last_at,
            o.roles, f.user_id
        from feeds f join users o on o.id = f.user_id join users p on p.id = f.professional_id join clinic c
        left join feed_uses u on u.feed_id = f.id
        where f.secret_hash = ?1 and f.revoked_at is null and o.active = 1 and p.active = 1";
    let now = tx.now();
    let found = tx.first(sql, params![secret.hash()], |row| {
        let last: Option<Instant> = row.get(7)?;
        let cover = Cover {
            name: row.get(1)?,
            professional_id: row.get(2)?,
            in_portuguese: row.get::<_, String>(3)? != "en",
            clinic_id: row.get(4)?,
            founded_at: row.get(5)?,
            time_zone: row.get(6)?,
        };
        let roles = Roles::from_json(&row.get::<_, String>(8)?);
        let own = row.get::<_, i64>(9)? == cover.professional_id;
        let may = OwnCalendar::allows(&roles) && (own || roles.has(Role::Owner));
        let found =
            Found { id: row.get(0)?, cover, is_due: last.is_none_or(|at| now.0 - at.0 >= USE_GRAIN_SECONDS) };
        Ok(may.then_some(found))
    })?;
    found.flatten().ok_or(UNKNOWN)
}

/// Notes that a feed was asked for.
pub fn note_use(tx: &WriteTx<'_>, feed_id: i64) -> Result<()> {
    let sql = "insert into feed_uses (feed_id, last_at) values (?1, ?2)
        on conflict (feed_id) do update set last_at = excluded.last_at";
    tx.run(sql, params![feed_id, tx.now()]).map(drop)
}

/// What a professional's feed shows of a stretch of time, by start.
pub fn entries(tx: &ReadTx<'_>, professional_id: i64, window: Span) -> Result<Vec<Entry>> {
    let sql = "select id, starts_at, ends_at, updated_at, sequence, status from appointments
        where professional_id = ?1 and starts_at >= ?2 and starts_at < ?3 order by starts_at, id";
    tx.all(sql, params![professional_id, window.from, window.to], |row| {
        Ok(Entry {
            id: row.get(0)?,
            starts_at: row.get(1)?,
            ends_at: row.get(2)?,
            updated_at: row.get(3)?,
            sequence: row.get(4)?,
            status: values::choice(row, "status")?,
        })
    })
}

fn read(row: &Row<'_>) -> RowResult<Feed> {
    let last: Option<Instant> = row.get("last_at")?;
    let revoked: Option<Instant> = row.get("revoked_at")?;
    Ok(Feed {
        stamp: values::stamp(row)?,
        fields: FeedFields { name: row.get("name")? },
        kind: Connection::IcsFeed,
        user_id: row.get("user_id")?,
        professional_id: row.get("professional_id")?,
        professional_name: row.get("professional_name")?,
        last_used_at: last,
        last_sync_at: last,
        state: if revoked.is_some() { State::Revoked } else { State::Active },
    })
}
