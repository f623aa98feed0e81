//! SQL of the demonstration: every row with its number, so that a run of them stands in the trail as one entry.
use super::model::{Books, NewAppointment, NewContact, row};
use crate::{
    base::{Day, Error, Instant, Result},
    db::{Act, Audited, ReadTx, Record, WriteTx, params},
    demo::{self, Demo, TAGS},
    features::{
        appointments::model::Booking,
        blocks::model::BlockFields,
        clinic::model::{ClinicFields, OpeningHours},
        contacts::model::ContactFields,
        people::model::UserFields,
        rooms::model::RoomFields,
        sessions,
        setup::store::USUAL_ZONE,
        tags::model::TagFields,
    },
};

/// Screens lock late: who looks around has no password at hand.
const IDLE_LOCK_MIN: i64 = 240;

const CLINIC: &str = "insert into clinic (id, created_at, updated_at, name, phone, email, cnpj, cep, street, number, complement,
    district, city, state, time_zone, opening_hours, specialties, idle_lock_min, is_demo)
    values (?1, ?2, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, 1)";

const USER: &str =
    "insert into users (id, created_at, updated_at, name, email, roles, is_professional, council_kind,
    council_number, council_state, specialty, color, room_id)
    values (?1, ?2, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";

const BLOCK: &str =
    "insert into blocks (id, created_at, updated_at, professional_id, room_id, starts_at, ends_at, reason)
    values (?1, ?2, ?2, ?3, ?4, ?5, ?6, ?7)";

const CONTACT: &str = "insert into contacts (id, created_at, updated_at, record_number, name, social_name, birth_date, sex,
    mother_name, cpf, cns, phone, whatsapp, email, cep, street, number, complement, district, city, state, emergency_name,
    emergency_phone, profession, status, priority, source, allergies, medications, notes, search_text, sort_key, civil_key)
    values (?1, ?2, ?2, ?1, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23,
    ?24, ?25, ?26, ?27, ?28, ?29, ?30, ?31)";

const APPOINTMENT: &str = "insert into appointments (id, created_at, updated_at, created_by, contact_id, professional_id, room_id,
    starts_at, ends_at, kind, status, tag_id, notes, fit_in, payment_status, amount_cents, cancellation_reason, arrived_at,
    in_care_at, done_at, sequence)
    values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21)";

/// Founds clinic `id` with its rooms, its tags and everybody who works there; one password is everybody's.
pub fn found(tx: &mut WriteTx<'_>, id: i64, demo: &Demo, password_hash: &str) -> Result<Audited<()>> {
    let zone = demo.zone();
    let since = Day(demo.since()).at_minute(8 * 60, zone);
    insert_clinic(tx, id, since, demo)?;
    insert_rooms(tx, since, demo)?;
    insert_tags(tx, since)?;
    let team = demo.professionals();
    for (user_id, user) in (1..).zip(demo.users()) {
        let professional = user.professional.and_then(|index| team.get(index));
        let from = professional.map_or(since, |who| Day(who.since).at_minute(8 * 60, zone));
        insert_user(tx, (user_id, from), &user, professional)?;
        sessions::store::set_password(tx, user_id, password_hash)?;
    }
    made::<UserFields>(tx, demo.users().len());
    tx.audited(Act::new::<ClinicFields>("founded", id), ())
}

fn insert_clinic(tx: &mut WriteTx<'_>, id: i64, since: Instant, demo: &Demo) -> Result<()> {
    let (clinic, hours) = (demo.clinic(), demo.hours().iter().map(opening_hours).collect::<Vec<_>>());
    let a = &clinic.address;
    tx.insert(
        CLINIC,
        params![
            id,
            since,
            clinic.name,
            clinic.phone.as_ref().map(|p| p.as_str()),
            clinic.email,
            clinic.cnpj.as_ref().map(|n| n.as_str()),
            a.cep.as_ref().map(|n| n.as_str()),
            a.street,
            a.number,
            a.complement,
            a.district,
            a.city,
            a.state.as_str(),
            USUAL_ZONE,
            json(&hours)?,
            json(&clinic.specialties)?,
            IDLE_LOCK_MIN,
        ],
    )?;
    tx.record(Act::created::<ClinicFields>(id));
    Ok(())
}

fn opening_hours(day: &demo::OpenDay) -> OpeningHours {
    OpeningHours {
        weekday: day.weekday.unsigned_abs(),
        opens: day.opens.into(),
        closes: day.closes.into(),
        lunch_from: day.lunch.map(|(from, _)| from.into()),
        lunch_to: day.lunch.map(|(_, to)| to.into()),
    }
}

fn insert_rooms(tx: &mut WriteTx<'_>, since: Instant, demo: &Demo) -> Result<()> {
    let rooms = demo.rooms();
    for (id, name) in (1_i64..).zip(&rooms) {
        let sql = "insert into rooms (id, created_at, updated_at, name) values (?1, ?2, ?2, ?3)";
        tx.insert(sql, params![id, since, name])?;
    }
    made::<RoomFields>(tx, rooms.len());
    Ok(())
}

fn insert_tags(tx: &mut WriteTx<'_>, since: Instant) -> Result<()> {
    for (id, tag) in (1_i64..).zip(TAGS) {
        let sql = "insert into tags (id, created_at, updated_at, name, color) values (?1, ?2, ?2, ?3, ?4)";
        tx.insert(sql, params![id, since, tag.name, tag.color])?;
    }
    made::<TagFields>(tx, TAGS.len());
    Ok(())
}

fn insert_user(
    tx: &WriteTx<'_>,
    (id, since): (i64, Instant),
    user: &demo::User,
    professional: Option<&demo::Professional>,
) -> Result<()> {
    let council = professional.and_then(|who| who.council.as_ref());
    tx.insert(
        USER,
        params![
            id,
            since,
            user.name,
            user.email.as_ref().map(|e| e.as_str()),
            super::model::roles(user).to_json(),
            professional.is_some(),
            council.map(|c| c.kind().as_str()),
            council.map(|c| c.number()),
            council.map(|c| c.state().as_str()),
            professional.map(|who| who.specialty),
            professional.map_or(0, |who| who.color),
            professional.and_then(|who| who.room).map(row),
        ],
    )
    .map(drop)
}

/// Writes when somebody or something is not there.
pub fn insert_blocks(tx: &mut WriteTx<'_>, demo: &Demo, books: &Books) -> Result<Audited<()>> {
    let since = Day(demo.since()).at_minute(8 * 60, demo.zone());
    let mut count = 0;
    for block in demo.blocks() {
        let Some((from, to)) = block.instants(demo.zone()) else { continue };
        count += 1;
        let professional = block.professional.map(|index| books.professional(index));
        tx.insert(
            BLOCK,
            params![
                row(count) - 1,
                since,
                professional,
                block.room.map(row),
                Instant::from(from),
                Instant::from(to),
                block.reason
            ],
        )?;
    }
    tx.audited(Act::run::<BlockFields>("created", 1, row(count) - 1), ())
}

/// Writes a run of patients, whose numbers follow one another.
pub fn insert_contacts(tx: &mut WriteTx<'_>, run: &[NewContact]) -> Result<Audited<()>> {
    for contact in run {
        insert_contact(tx, contact)?;
    }
    run_made::<ContactFields>(tx, run.first().map(|c| c.id), run.last().map(|c| c.id))
}

fn insert_contact(tx: &WriteTx<'_>, contact: &NewContact) -> Result<()> {
    let (p, a) = (&contact.person, &contact.person.address);
    let emergency = p.emergency_contact.as_ref();
    tx.insert(
        CONTACT,
        params![
            contact.id,
            contact.created_at,
            p.name,
            p.social_name,
            Day(p.birth_date),
            p.sex,
            p.mother_name,
            p.cpf.as_ref().map(|n| n.as_str()),
            p.cns.as_ref().map(|n| n.as_str()),
            p.phone.as_ref().map(|n| n.as_str()),
            p.whatsapp,
            p.email.as_ref().map(|e| e.as_str()),
            a.cep.as_ref().map(|n| n.as_str()),
            a.street,
            a.number,
            a.complement,
            a.district,
            a.city,
            a.state.as_str(),
            emergency.map(|e| e.name.as_str()),
            emergency.and_then(|e| e.phone.as_ref()).map(|n| n.as_str()),
            p.profession,
            p.status,
            p.priority,
            p.source,
            json(&p.allergies)?,
            json(&p.medications)?,
            p.notes,
            contact.search_text,
            contact.order_keys.0,
            contact.order_keys.1,
        ],
    )
    .map(drop)
}

/// Writes a run of appointments, whose numbers follow one another.
pub fn insert_appointments(tx: &mut WriteTx<'_>, run: &[NewAppointment]) -> Result<Audited<()>> {
    for appointment in run {
        insert_appointment(tx, appointment)?;
    }
    run_made::<Booking>(tx, run.first().map(|a| a.id), run.last().map(|a| a.id))
}

fn insert_appointment(tx: &WriteTx<'_>, a: &NewAppointment) -> Result<()> {
    let p = &a.planned;
    let mark = |at: Option<jiff::Timestamp>| at.map(Instant::from);
    tx.insert(
        APPOINTMENT,
        params![
            a.id,
            a.created_at,
            a.updated_at,
            a.created_by,
            row(p.person),
            a.professional_id,
            p.room.map(row),
            Instant::from(p.starts_at),
            a.ends_at(),
            p.kind,
            p.status,
            p.tag.map(row),
            p.notes,
            p.fit_in,
            a.payment_status,
            a.amount_cents,
            p.cancellation_reason,
            mark(p.arrived_at),
            mark(p.in_care_at),
            mark(p.done_at),
            a.sequence,
        ],
    )
    .map(drop)
}

/// How many patients and appointments the file holds.
pub fn counts(tx: &ReadTx<'_>) -> Result<(i64, i64)> {
    Ok((tx.number("select count(*) from contacts", [])?, tx.number("select count(*) from appointments", [])?))
}

fn made<R: Record>(tx: &mut WriteTx<'_>, count: usize) {
    tx.record(Act::run::<R>("created", 1, row(count) - 1));
}

fn run_made<R: Record>(tx: &mut WriteTx<'_>, first: Option<i64>, last: Option<i64>) -> Result<Audited<()>> {
    let (first, last) = first.zip(last).ok_or(Error::Internal("an empty run of rows".into()))?;
    tx.audited(Act::run::<R>("created", first, last), ())
}

fn json(value: &impl serde::Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(Error::internal)
}
