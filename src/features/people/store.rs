//! SQL of people.
use super::{
    invite,
    model::{Invited, Member, Standing, User, UserFields},
    rules,
};
use crate::{
    access::{Roles, session},
    base::{
        Error, FieldError, Id, Result, Saved,
        brazil::{Council, CouncilKind, Uf},
        diff,
    },
    db::{Act, Audited, ReadTx, Row, RowResult, Table, WriteTx, params, values},
};

const COLUMNS: &str = "u.id, u.version, u.created_at, u.updated_at, u.name, u.email, u.roles, u.is_professional, u.council_kind,
    u.council_number, u.council_state, u.specialty, u.color, u.room_id, u.active";

/// Every table the team is read from.
pub const TABLES: &[Table] = &[Table::Users, Table::Credentials, Table::SignIns];

/// Everyone, active ones first, by name.
pub fn list(tx: &ReadTx<'_>) -> Result<Vec<Member>> {
    tx.all(&format!("{} order by u.active desc, fold(u.name), u.id", members()), [], member)
}

/// One person as the team screen shows them.
pub fn find_member(tx: &ReadTx<'_>, id: Id<UserFields>) -> Result<Member> {
    tx.one("user", &format!("{} where u.id = ?1", members()), [id], member)
}

/// One person.
pub fn find(tx: &ReadTx<'_>, id: Id<UserFields>) -> Result<User> {
    tx.one("user", &format!("select {COLUMNS} from users u where u.id = ?1"), [id], read)
}

/// The active person with that e-mail, if any.
pub fn find_by_email(tx: &ReadTx<'_>, email: &str) -> Result<Option<User>> {
    let sql = format!("select {COLUMNS} from users u where u.email = ?1 and u.active = 1");
    tx.first(&sql, [email.trim().to_lowercase()], read)
}

/// Adds a person without saying how they sign in.
pub fn insert(tx: &mut WriteTx<'_>, user: &UserFields) -> Result<i64> {
    check_references(tx, user, 0)?;
    let color = match user.color {
        Some(color) => color,
        None => next_color(tx)?,
    };
    let council = user.council.as_ref();
    let id = tx.insert(
        "insert into users (created_at, updated_at, name, email, roles, is_professional, council_kind, council_number,
             council_state, specialty, color, room_id, active)
         values (?1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
        params![
            tx.now(),
            user.name,
            user.email.as_ref().map(|e| e.as_str()),
            user.roles.to_json(),
            user.is_professional,
            council.map(|c| c.kind().as_str()),
            council.map(Council::number),
            council.map(|c| c.state().as_str()),
            user.specialty,
            color,
            user.room_id,
            user.active,
        ],
    )?;
    tx.record(Act::created::<UserFields>(id));
    Ok(id)
}

/// Adds a person and, if they have an e-mail, gives them a one-time code.
pub fn create(tx: &mut WriteTx<'_>, user: &UserFields) -> Result<Audited<Invited>> {
    let id = insert(tx, user)?;
    let invitation = if user.email.is_some() { Some(invite::give(tx, id)?) } else { None };
    let member = find_member(tx, Id::new(id))?;
    let invited = Invited { user: member, invite_code: invitation.map(|i| i.invite_code) };
    tx.audited(Act::new::<UserFields>("invited", id), invited)
}

/// Writes what `change` makes of the person, if they are still at `version`. Sessions end when rights change, and with the
/// e-mail they were opened with.
pub fn update(
    tx: &mut WriteTx<'_>,
    id: Id<UserFields>,
    version: i64,
    change: impl FnOnce(&UserFields) -> Result<UserFields>,
) -> Result<Audited<Member>> {
    let before = find(tx, id)?;
    let after = change(&before.fields)?;
    let is_self = tx.actor().user_id == Some(id.number());
    rules::check_change(&before.fields, &after, is_self, other_owners(tx, id)?)?;
    check_references(tx, &after, id.number())?;
    write(tx, id, version, &after)?;
    if before.roles != after.roles || before.active != after.active || after.email.is_none() {
        session::close_all(tx, id.number(), 0)?;
    }
    let act = Act::updated::<UserFields>(id.number(), diff::between(&before.fields, &after));
    let member = find_member(tx, id)?;
    tx.audited(act, member)
}

fn write(tx: &WriteTx<'_>, id: Id<UserFields>, version: i64, user: &UserFields) -> Result<()> {
    let council = user.council.as_ref();
    tx.update(
        "update users set version = version + 1, updated_at = ?3, name = ?4, email = ?5, roles = ?6, is_professional = ?7,
             council_kind = ?8, council_number = ?9, council_state = ?10, specialty = ?11, color = ?12, room_id = ?13, active = ?14
         where id = ?1 and version = ?2",
        params![
            id,
            version,
            tx.now(),
            user.name,
            user.email.as_ref().map(|e| e.as_str()),
            user.roles.to_json(),
            user.is_professional,
            council.map(|c| c.kind().as_str()),
            council.map(Council::number),
            council.map(|c| c.state().as_str()),
            user.specialty,
            user.color.unwrap_or(0),
            user.room_id,
            user.active,
        ],
    )
}

/// Everything the person points to must exist, and their e-mail must be theirs alone.
fn check_references(tx: &ReadTx<'_>, user: &UserFields, id: i64) -> Result<()> {
    let mut errors = Vec::new();
    if let Some(room) = user.room_id
        && tx.number("select count(*) from rooms where id = ?1", [room])? == 0
    {
        errors.push(FieldError::new("/room_id", "not_found"));
    }
    if let Some(email) = &user.email
        && tx
            .number("select count(*) from users where email = ?1 and id <> ?2", params![email.as_str(), id])?
            > 0
    {
        errors.push(FieldError::new("/email", "taken"));
    }
    if errors.is_empty() { Ok(()) } else { Err(Error::Invalid(errors)) }
}

fn other_owners(tx: &ReadTx<'_>, id: Id<UserFields>) -> Result<i64> {
    let sql = format!("select {COLUMNS} from users u where u.active = 1 and u.id <> ?1");
    let owners = tx.all(&sql, [id], read)?.iter().filter(|user| rules::acts_as_owner(user)).count();
    Ok(i64::try_from(owners).unwrap_or(i64::MAX))
}

/// Colours are given out in turn, so that neighbours differ.
fn next_color(tx: &ReadTx<'_>) -> Result<i64> {
    Ok(tx.number("select count(*) from users where is_professional = 1", [])? % 12)
}

fn members() -> String {
    format!(
        "select {COLUMNS}, s.last_at, c.invite_expires_at, c.password_hash is not null as has_password
         from users u left join sign_ins s on s.user_id = u.id left join credentials c on c.user_id = u.id"
    )
}

fn member(row: &Row<'_>) -> RowResult<Member> {
    let user = read(row)?;
    // Without an e-mail there is nothing to wait for: the person has an agenda and never signs in.
    let waiting = user.email.is_some() && !row.get::<_, bool>("has_password")?;
    let status = match (user.active, waiting) {
        (false, _) => Standing::Inactive,
        (true, true) => Standing::Invited,
        (true, false) => Standing::Active,
    };
    let role = user.roles.iter().next();
    let (last_login_at, invite_expires_at) = (row.get("last_at")?, row.get("invite_expires_at")?);
    Ok(Member { user, role, status, last_login_at, invite_expires_at })
}

fn read(row: &Row<'_>) -> RowResult<User> {
    let fields = UserFields {
        name: row.get("name")?,
        email: values::parsed(row, "email")?,
        roles: Roles::from_json(&row.get::<_, String>("roles")?),
        is_professional: row.get("is_professional")?,
        council: council(row)?,
        specialty: row.get("specialty")?,
        color: row.get("color")?,
        room_id: row.get("room_id")?,
        active: row.get("active")?,
    };
    Ok(Saved { stamp: values::stamp(row)?, fields })
}

fn council(row: &Row<'_>) -> RowResult<Option<Council>> {
    let kind: Option<String> = row.get("council_kind")?;
    let number: Option<String> = row.get("council_number")?;
    let state: Option<String> = row.get("council_state")?;
    let parts = kind.zip(number).zip(state);
    Ok(parts.and_then(|((kind, number), state)| {
        Council::new(CouncilKind::parse(&kind).ok()?, &number, Uf::parse(&state).ok()?).ok()
    }))
}
