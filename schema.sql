-- The schema of a clinic's file: this text is what a new file runs.
--
-- One file holds one clinic, so there is no clinic column to forget. Rules of the house, kept by tests:
-- every table is strict and has a rowid, unless it only says once more, in another order, what another table does;
-- record tables carry id, version, created_at, updated_at and have their history triggers;
-- nothing is removed with `replace` or a bare `delete` (the update hook would not see it);
-- what is tested with every write says `a or b or c` and not `in (a, b, c)`, for which SQLite builds a tree in memory each time.
-- Times are seconds since 1970-01-01 in UTC unless a comment says otherwise.

pragma application_id = 1413696836; -- 'TCMD'
pragma user_version = 4;

-- ── clinic ─────────────────────────────────────────────────────────────────────────────────────────────────
-- The one row that says whose file this is. `opening_hours` is a JSON list of
-- {weekday 1..7 (Monday first), opens, closes, lunch_from, lunch_to} in minutes of the clinic's day; a weekday left out is closed.
create table clinic (
    id               integer primary key check (id > 0),
    version          integer not null default 1,
    created_at       integer not null,
    updated_at       integer not null,
    name             text    not null check (length(name) between 1 and 200),
    phone            text,
    email            text,
    cnpj             text    check (length(cnpj) = 14),
    cnes             text    check (length(cnes) = 7),
    cep              text    check (length(cep) = 8),
    street           text,
    number           text,
    complement       text,
    district         text,
    city             text,
    state            text    check (length(state) = 2),
    time_zone        text    not null,
    opening_hours    text    not null check (json_valid(opening_hours)),
    open_on_holidays integer not null default 0 check (open_on_holidays in (0, 1)),
    specialties      text    not null default '[]' check (json_valid(specialties)),
    slot_min         integer not null default 30 check (slot_min between 5 and 240),
    idle_lock_min    integer not null default 15 check (idle_lock_min between 1 and 240),
    is_demo          integer not null default 0 check (is_demo in (0, 1)),
    recovery_confirmed integer not null default 0 check (recovery_confirmed in (0, 1))
) strict;

-- ── people ─────────────────────────────────────────────────────────────────────────────────────────────────
-- Who works here. A row is never deleted: someone who acted stays in the trail. `roles` is a JSON list of role codes.
-- A professional without e-mail has columns in the agenda but cannot sign in.
create table users (
    id              integer primary key,
    version         integer not null default 1,
    created_at      integer not null,
    updated_at      integer not null,
    name            text    not null check (length(name) between 1 and 200),
    email           text    unique,
    roles           text    not null check (json_valid(roles)),
    is_professional integer not null default 0 check (is_professional in (0, 1)),
    council_kind    text,
    council_number  text,
    council_state   text    check (length(council_state) = 2),
    specialty       text,
    color           integer not null default 0 check (color between 0 and 11),
    room_id         integer references rooms (id),
    active          integer not null default 1 check (active in (0, 1)),
    language        text    not null default 'pt-BR' check (language in ('pt-BR', 'en')),
    theme           text    not null default 'system' check (theme = 'system' or theme = 'light' or theme = 'dark'),
    density         text    not null default 'comfortable' check (density in ('comfortable', 'compact')),
    single_key_shortcuts integer not null default 1 check (single_key_shortcuts in (0, 1))
) strict;

-- Secrets of a person, apart from `users` so that no version of them is ever filed in `history`.
-- `password_hash` is an argon2id string; `invite_hash` the SHA-256 of a one-time code.
create table credentials (
    user_id           integer primary key references users (id),
    password_hash     text,
    changed_at        integer,
    invite_hash       blob,
    invite_expires_at integer
) strict;

-- Counters of the sign-in door, per person: consecutive failures and until when the door stays shut.
create table sign_ins (
    user_id      integer primary key references users (id),
    last_at      integer,
    failures     integer not null default 0,
    locked_until integer not null default 0
) strict;

-- Open sessions; their numbers are never used twice. Only the SHA-256 of the cookie's token is kept; `origin` is the address it was opened from.
create table sessions (
    id           integer primary key autoincrement,
    token_hash   blob    not null unique check (length(token_hash) = 32),
    user_id      integer not null references users (id),
    created_at   integer not null,
    last_seen_at integer not null,
    expires_at   integer not null,
    locked       integer not null default 0 check (locked in (0, 1)),
    origin       text    not null,
    user_agent   text    not null default ''
) strict;
create index sessions_of_user on sessions (user_id);

-- ── schedule set-up ────────────────────────────────────────────────────────────────────────────────────────
-- Consulting rooms.
create table rooms (
    id         integer primary key,
    version    integer not null default 1,
    created_at integer not null,
    updated_at integer not null,
    name       text    not null unique check (length(name) between 1 and 80),
    active     integer not null default 1 check (active in (0, 1))
) strict;

-- Coloured marks on appointments.
create table tags (
    id         integer primary key,
    version    integer not null default 1,
    created_at integer not null,
    updated_at integer not null,
    name       text    not null unique check (length(name) between 1 and 40),
    color      integer not null check (color between 0 and 11)
) strict;

-- Stretches in which nothing is booked: leave, meetings, maintenance. Without professional and room: the whole clinic.
create table blocks (
    id              integer primary key,
    version         integer not null default 1,
    created_at      integer not null,
    updated_at      integer not null,
    professional_id integer references users (id),
    room_id         integer references rooms (id),
    starts_at       integer not null,
    ends_at         integer not null,
    reason          text    not null default '',
    check (ends_at > starts_at)
) strict;
create index blocks_by_time on blocks (starts_at, ends_at);

-- ── contacts ───────────────────────────────────────────────────────────────────────────────────────────────
-- CSV files brought in, so that a whole import can be undone. `refused` keeps the refused rows as CSV with a reason column.
create table imports (
    id         integer primary key,
    version    integer not null default 1,
    created_at integer not null,
    updated_at integer not null,
    created_by integer references users (id),
    file_name  text    not null,
    status     text    not null
                   check (status = 'running' or status = 'done' or status = 'failed' or status = 'undone'),
    rows       integer not null,
    done       integer not null default 0,
    created    integer not null default 0,
    duplicates integer not null default 0,
    invalid    integer not null default 0
) strict;

-- The rows an import refused, as a CSV text that can be mended and brought in again.
create table import_refusals (
    import_id integer primary key references imports (id) on delete cascade,
    csv       text    not null
) strict;

-- Patients and other people the clinic talks to. Numbers are stored as bare digits, dates as YYYY-MM-DD.
-- `search_text` holds the folded words and digits a receptionist may type, and the status as a word of its own; triggers keep
-- the search index on it. `sort_key` is the name they go by, folded: names are ordered by it, Álvaro among those with A. `civil_key`
-- is the civil name, folded, of those who go by another.
create table contacts (
    id              integer primary key,
    version         integer not null default 1,
    created_at      integer not null,
    updated_at      integer not null,
    record_number   integer not null unique,
    import_id       integer references imports (id),
    name            text    not null check (length(name) between 1 and 200),
    social_name     text,
    birth_date      text    check (birth_date glob '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    sex             text    check (sex = 'female' or sex = 'male' or sex = 'intersex' or sex = 'unknown'),
    gender          text,
    mother_name     text,
    cpf             text    unique check (length(cpf) = 11),
    cns             text    check (length(cns) = 15),
    phone           text,
    whatsapp        integer not null default 0 check (whatsapp in (0, 1)),
    email           text,
    cep             text    check (length(cep) = 8),
    street          text,
    number          text,
    complement      text,
    district        text,
    city            text,
    state           text    check (length(state) = 2),
    emergency_name  text,
    emergency_phone text,
    profession      text,
    status          text    not null default 'active'
                            check (status = 'lead' or status = 'active' or status = 'in_treatment' or status = 'inactive'),
    priority        text    not null default 'normal'
                            check (priority = 'low' or priority = 'normal' or priority = 'high' or priority = 'urgent'),
    source          text    not null default 'other'
                            check (source = 'whatsapp' or source = 'site' or source = 'referral'
                            or source = 'import' or source = 'walk_in' or source = 'other'),
    allergies       text    not null default '[]' check (json_valid(allergies)),
    medications     text    not null default '[]' check (json_valid(medications)),
    notes           text,
    search_text     text    not null default '',
    sort_key        text    not null default '',
    civil_key       text,
    check (phone is not null or email is not null)
) strict;
create index contacts_by_cns on contacts (cns) where cns is not null;
create index contacts_by_phone on contacts (phone) where phone is not null;
create index contacts_by_import on contacts (import_id) where import_id is not null;
-- Holds what is searched too: a common name is looked for in order of names without a look at the rows themselves.
create index contacts_by_name on contacts (sort_key, id, search_text, civil_key);
create index contacts_by_civil_name on contacts (civil_key, sort_key, id, search_text) where civil_key is not null;
create index contacts_by_status on contacts (status, sort_key, id);

-- Both names once more, close together: the few thousand matches of a search are put in order by them. A row is touched whenever
-- what its contact is found by changes, be it only a telephone, so that this table moves on with everything a search depends on.
create table contacts_order (
    contact_id integer primary key references contacts (id) on delete cascade,
    sort_key   text    not null,
    civil_key  text
) strict;
create trigger contacts_order_insert after insert on contacts begin
    insert into contacts_order (contact_id, sort_key, civil_key) values (new.id, new.sort_key, new.civil_key);
end;
create trigger contacts_order_update after update of sort_key, civil_key, search_text on contacts
when old.sort_key <> new.sort_key or old.civil_key is not new.civil_key or old.search_text is not new.search_text
begin
    update contacts_order set sort_key = new.sort_key, civil_key = new.civil_key where contact_id = new.id;
end;

-- Search index over `contacts.search_text`; holds no text of its own. Beginnings of one to five letters are kept as such: a
-- common name half typed is then one list and not the union of many.
create virtual table contacts_search using fts5 (
    search_text, content = 'contacts', content_rowid = 'id', prefix = '1 2 3 4 5', detail = none,
    tokenize = "unicode61 remove_diacritics 0"
);
create trigger contacts_search_insert after insert on contacts begin
    insert into contacts_search (rowid, search_text) values (new.id, new.search_text);
end;
create trigger contacts_search_delete after delete on contacts begin
    insert into contacts_search (contacts_search, rowid, search_text) values ('delete', old.id, old.search_text);
end;
create trigger contacts_search_update after update of search_text on contacts when old.search_text is not new.search_text begin
    insert into contacts_search (contacts_search, rowid, search_text) values ('delete', old.id, old.search_text);
    insert into contacts_search (rowid, search_text) values (new.id, new.search_text);
end;

-- ── appointments ───────────────────────────────────────────────────────────────────────────────────────────
-- One stretch of a professional's time for one patient. Times are seconds since 1970 in UTC; `sequence` is RFC 5545's.
create table appointments (
    id                  integer primary key,
    version             integer not null default 1,
    created_at          integer not null,
    updated_at          integer not null,
    created_by          integer references users (id),
    contact_id          integer not null, -- there is one: `visits` refer to it
    professional_id     integer not null references users (id),
    room_id             integer references rooms (id),
    starts_at           integer not null,
    ends_at             integer not null,
    kind                text    not null default 'visit'
                                check (kind = 'first_visit' or kind = 'visit' or kind = 'return'
                                or kind = 'evaluation' or kind = 'procedure' or kind = 'emergency'),
    status              text    not null
                                check (status = 'requested' or status = 'booked' or status = 'confirmed' or status = 'arrived'
                                or status = 'in_care' or status = 'done' or status = 'no_show' or status = 'left'
                                or status = 'cancelled_by_patient' or status = 'cancelled_by_clinic'),
    -- Whether it holds its time.
    holds               integer not null generated always as (status = 'requested' or status = 'booked' or status = 'confirmed'
                                or status = 'arrived' or status = 'in_care' or status = 'done') stored,
    tag_id              integer references tags (id),
    notes               text,
    fit_in              integer not null default 0 check (fit_in in (0, 1)),
    payment_status      text    not null default 'none'
                                check (payment_status = 'none' or payment_status = 'pending' or payment_status = 'partial'
                                or payment_status = 'paid' or payment_status = 'waived'),
    amount_cents        integer check (amount_cents >= 0),
    cancellation_reason text,
    arrived_at          integer,
    in_care_at          integer,
    done_at             integer,
    sequence            integer not null default 0,
    check (ends_at - starts_at between 300 and 28800)
) strict;
-- These answer what is taken and by whom without a look at the rows themselves. What professionals have is in order of time and not
-- by professional: who books now books for about the same days, and a group of bookings then writes a few pages and not one for each
-- professional. Whose time is asked for is told apart among all that lies in the same hours.
create index appointments_by_time on appointments (starts_at, professional_id, ends_at, holds, fit_in);
create index appointments_of_room on appointments (room_id, starts_at, ends_at, holds, fit_in) where room_id is not null;
create index appointments_of_tag on appointments (tag_id) where tag_id is not null;

-- Whose appointments they are, and whether they hold their time. Those who book now book for people all over the register: in one
-- index in order of people each booking would write a page of its own. So the newest lie in a small one, and are filed by the
-- hundred with the others; both together are `visits`. Kept by the triggers below, filed by the writer.
create table visits_new (
    contact_id integer not null references contacts (id),
    starts_at  integer not null,
    id         integer not null,
    holds      integer not null,
    primary key (contact_id, starts_at, id)
) without rowid, strict;
create table visits_filed (
    contact_id integer not null references contacts (id),
    starts_at  integer not null,
    id         integer not null,
    holds      integer not null,
    primary key (contact_id, starts_at, id)
) without rowid, strict;
create view visits as select * from visits_new union all select * from visits_filed;
create trigger visits_after_insert after insert on appointments
begin
    insert into visits_new (contact_id, starts_at, id, holds) values (new.contact_id, new.starts_at, new.id, new.holds);
end;
-- Before the others, which ask `visits`. Before an update that does not set the status SQLite has no new `holds`.
create trigger visits_before_update before update of contact_id, starts_at, status on appointments
when old.contact_id <> new.contact_id or old.starts_at <> new.starts_at or old.holds <> new.holds
begin
    delete from visits_new where contact_id = old.contact_id and starts_at = old.starts_at and id = old.id;
    delete from visits_filed where contact_id = old.contact_id and starts_at = old.starts_at and id = old.id;
    insert into visits_new (contact_id, starts_at, id, holds) values (new.contact_id, new.starts_at, new.id, coalesce(new.holds, old.holds));
end;
create trigger visits_before_delete before delete on appointments
begin
    delete from visits_new where contact_id = old.contact_id and starts_at = old.starts_at and id = old.id;
    delete from visits_filed where contact_id = old.contact_id and starts_at = old.starts_at and id = old.id;
end;

-- When each patient's first appointment that holds its time begins; kept by the triggers below, so that no screen looks for it. What
-- is kept in memory of a patient's appointments hangs on this row: a later appointment leaves it as it is, and its trigger says
-- `visits_changed`, a function of the writer, which takes the row for touched.
create table first_visits (
    contact_id integer primary key references contacts (id) on delete cascade,
    starts_at  integer not null
) strict;

-- What the agenda shows of each appointment, in order of time: a day is one stretch of pages. In their own tables its rows, its
-- patients and their first visits lie scattered over all that was ever booked, and what a page costs is deciphering it.
-- `place` = starts_at * 2^25 + id: seconds up to the year 9999 and thirty-three million appointments. Kept by the triggers below.
create table agenda_lines (
    place               integer primary key,
    id                  integer not null check (id between 1 and 33554431),
    version             integer not null,
    created_at          integer not null,
    updated_at          integer not null,
    contact_id          integer not null,
    professional_id     integer not null,
    room_id             integer,
    starts_at           integer not null,
    ends_at             integer not null,
    kind                text    not null,
    status              text    not null,
    tag_id              integer,
    notes               text,
    fit_in              integer not null,
    payment_status      text    not null,
    amount_cents        integer,
    cancellation_reason text,
    arrived_at          integer,
    in_care_at          integer,
    done_at             integer,
    display_name        text    not null,
    phone               text,
    whatsapp            integer not null,
    first_visit         integer not null
) strict;
create trigger agenda_lines_after_insert after insert on appointments
begin
    insert into agenda_lines
    select new.starts_at << 25 | new.id, new.id, new.version, new.created_at, new.updated_at, new.contact_id, new.professional_id, new.room_id,
        new.starts_at, new.ends_at, new.kind, new.status, new.tag_id, new.notes, new.fit_in, new.payment_status,
        new.amount_cents, new.cancellation_reason, new.arrived_at, new.in_care_at, new.done_at,
        coalesce(c.social_name, c.name), c.phone, c.whatsapp,
        coalesce(new.starts_at <= (select f.starts_at from first_visits f where f.contact_id = new.contact_id), 1)
    from contacts c where c.id = new.contact_id;
end;
create trigger agenda_lines_after_update after update on appointments
begin
    delete from agenda_lines where place = old.starts_at << 25 | old.id;
    insert into agenda_lines
    select new.starts_at << 25 | new.id, new.id, new.version, new.created_at, new.updated_at, new.contact_id, new.professional_id, new.room_id,
        new.starts_at, new.ends_at, new.kind, new.status, new.tag_id, new.notes, new.fit_in, new.payment_status,
        new.amount_cents, new.cancellation_reason, new.arrived_at, new.in_care_at, new.done_at,
        coalesce(c.social_name, c.name), c.phone, c.whatsapp,
        coalesce(new.starts_at <= (select f.starts_at from first_visits f where f.contact_id = new.contact_id), 1)
    from contacts c where c.id = new.contact_id;
end;
create trigger agenda_lines_after_delete after delete on appointments
begin
    delete from agenda_lines where place = old.starts_at << 25 | old.id;
    delete from first_visits where contact_id = old.contact_id;
    insert into first_visits (contact_id, starts_at)
    select contact_id, min(starts_at) from visits where contact_id = old.contact_id and holds = 1 group by contact_id;
end;
create trigger agenda_lines_of_contact after update of name, social_name, phone, whatsapp on contacts
when coalesce(old.social_name, old.name) <> coalesce(new.social_name, new.name) or old.phone is not new.phone or old.whatsapp <> new.whatsapp
begin
    update agenda_lines set display_name = coalesce(new.social_name, new.name), phone = new.phone, whatsapp = new.whatsapp
    where place in (select starts_at << 25 | id from visits where contact_id = new.id);
end;
create trigger first_visits_after_insert after insert on appointments when new.holds = 1
begin
    select visits_changed(new.contact_id);
    insert into first_visits (contact_id, starts_at) values (new.contact_id, new.starts_at)
    on conflict (contact_id) do update set starts_at = excluded.starts_at where excluded.starts_at < first_visits.starts_at;
end;
create trigger first_visits_after_update after update of contact_id, starts_at, status on appointments
when old.contact_id <> new.contact_id or old.starts_at <> new.starts_at or old.holds <> new.holds
begin
    delete from first_visits where contact_id in (old.contact_id, new.contact_id);
    insert into first_visits (contact_id, starts_at)
    select contact_id, min(starts_at) from visits
    where contact_id in (old.contact_id, new.contact_id) and holds = 1 group by contact_id;
end;
create trigger agenda_lines_of_first_visit after insert on first_visits
begin
    update agenda_lines set first_visit = starts_at <= new.starts_at
    where place in (select starts_at << 25 | id from visits where contact_id = new.contact_id)
      and first_visit <> (starts_at <= new.starts_at);
end;
create trigger agenda_lines_of_earlier_visit after update on first_visits
begin
    update agenda_lines set first_visit = starts_at <= new.starts_at
    where place in (select starts_at << 25 | id from visits where contact_id = new.contact_id)
      and first_visit <> (starts_at <= new.starts_at);
end;
create trigger agenda_lines_of_no_visit after delete on first_visits
begin
    update agenda_lines set first_visit = 1
    where place in (select starts_at << 25 | id from visits where contact_id = old.contact_id) and first_visit = 0;
end;

-- The last fence against double booking: two stretches that hold the time of one professional, room or patient never overlap
-- unless one of them was knowingly fitted in. Since those on file do not, the last to begin before the new one ends is the only
-- one that can share its time; of a patient's few in those hours each is looked at. 28,800 s is the longest appointment, so the
-- index bounds the look-up.
-- Before an update that does not set the status SQLite has no new `holds`: it is the old one.
create trigger appointments_professional_is_free_on_insert before insert on appointments
when new.fit_in = 0 and new.holds = 1
begin
    select raise (abort, 'overlap: professional') where new.starts_at < (
        select a.ends_at from appointments a
        where a.professional_id = new.professional_id and a.starts_at > new.starts_at - 28800 and a.starts_at < new.ends_at
          and a.fit_in = 0 and a.holds = 1
        order by a.starts_at desc limit 1
    );
end;
create trigger appointments_room_is_free_on_insert before insert on appointments
when new.room_id is not null and new.fit_in = 0 and new.holds = 1
begin
    select raise (abort, 'overlap: room') where new.starts_at < (
        select a.ends_at from appointments a
        where a.room_id = new.room_id and a.starts_at > new.starts_at - 28800 and a.starts_at < new.ends_at
          and a.fit_in = 0 and a.holds = 1
        order by a.starts_at desc limit 1
    );
end;
create trigger appointments_patient_is_free_on_insert before insert on appointments
when new.fit_in = 0 and new.holds = 1
begin
    select raise (abort, 'overlap: patient') where exists (
        select 1 from visits v join appointments a on a.id = v.id
        where v.contact_id = new.contact_id and v.starts_at > new.starts_at - 28800 and v.starts_at < new.ends_at
          and v.holds = 1 and a.ends_at > new.starts_at and a.fit_in = 0
    );
end;
create trigger appointments_professional_is_free_on_update before update of starts_at, ends_at, professional_id, room_id, contact_id, status, fit_in on appointments
when new.fit_in = 0 and coalesce(new.holds, old.holds) = 1
begin
    select raise (abort, 'overlap: professional') where new.starts_at < (
        select a.ends_at from appointments a
        where a.id <> new.id and a.professional_id = new.professional_id and a.starts_at > new.starts_at - 28800 and a.starts_at < new.ends_at
          and a.fit_in = 0 and a.holds = 1
        order by a.starts_at desc limit 1
    );
end;
create trigger appointments_room_is_free_on_update before update of starts_at, ends_at, professional_id, room_id, contact_id, status, fit_in on appointments
when new.room_id is not null and new.fit_in = 0 and coalesce(new.holds, old.holds) = 1
begin
    select raise (abort, 'overlap: room') where new.starts_at < (
        select a.ends_at from appointments a
        where a.id <> new.id and a.room_id = new.room_id and a.starts_at > new.starts_at - 28800 and a.starts_at < new.ends_at
          and a.fit_in = 0 and a.holds = 1
        order by a.starts_at desc limit 1
    );
end;
create trigger appointments_patient_is_free_on_update before update of starts_at, ends_at, professional_id, room_id, contact_id, status, fit_in on appointments
when new.fit_in = 0 and coalesce(new.holds, old.holds) = 1
begin
    select raise (abort, 'overlap: patient') where exists (
        select 1 from visits v join appointments a on a.id = v.id
        where a.id <> new.id and v.contact_id = new.contact_id and v.starts_at > new.starts_at - 28800 and v.starts_at < new.ends_at
          and v.holds = 1 and a.ends_at > new.starts_at and a.fit_in = 0
    );
end;

-- ── calendars ──────────────────────────────────────────────────────────────────────────────────────────────
-- Secret iCalendar addresses. Only the SHA-256 of the secret is kept; the address is shown once.
create table feeds (
    id              integer primary key,
    version         integer not null default 1,
    created_at      integer not null,
    updated_at      integer not null,
    user_id         integer not null references users (id),
    professional_id integer not null references users (id),
    name            text    not null check (length(name) between 1 and 80),
    secret_hash     blob    not null unique check (length(secret_hash) = 32),
    revoked_at      integer
) strict;

-- When a calendar program last asked for a feed.
create table feed_uses (
    feed_id integer primary key references feeds (id) on delete cascade,
    last_at integer not null
) strict;

-- ── trail ──────────────────────────────────────────────────────────────────────────────────────────────────
-- Who did, saw or was refused what, when and from where. No patient name and no clinical content.
-- `outcome`: 0 done, 1 refused, 2 failed. `columns`: names of the changed columns; of a search the kinds of term and how many were found.
-- `history_to`: the highest `history` row this entry answers for, where it answers for any; they begin after those of the entry before.
-- `commitment` = SHA-256 over the digests of those rows. `hash` = SHA-256 over the previous entry's hash and this entry's canonical
-- form, commitment included: neither an edited trail nor an edited history verifies.
create table audit (
    seq        integer primary key,
    at         integer not null,
    user_id    integer,
    outcome    integer not null default 0 check (outcome between 0 and 2),
    roles      text    not null,
    verb       text    not null,
    entity     text    not null,
    record_id  integer,
    last_id    integer,
    columns    text    not null default '',
    origin     text    not null,
    request_id text    not null default '',
    reason     text    not null default '',
    history_to integer,
    commitment blob    check (length(commitment) = 32),
    hash       blob    not null check (length(hash) = 32),
    check ((history_to is null) = (commitment is null))
) strict;
create index audit_of_record on audit (entity, record_id);
create index audit_of_history on audit (history_to) where history_to is not null;
create trigger audit_is_not_edited before update on audit begin select raise (abort, 'the trail is not edited'); end;
create trigger audit_is_not_cut before delete on audit begin select raise (abort, 'the trail is not cut'); end;

-- Where days lie among the numbers of the trail: from `seq` on its entries are of `day` (days since 1970 in UTC), up to the next row
-- of this table. One more row only where an entry's day is not that of the entry before it, be it that the clock was put back.
create table audit_days (
    seq integer primary key,
    day integer not null
) strict;

-- Every earlier version of every record, filed by triggers in the transaction that replaced it.
-- `salt` keeps the digest from telling anything about the values. A lawful erasure takes values and salt away, leaves the digest
-- and names its entry in the trail: the trail still verifies.
create table history (
    id        integer primary key,
    entity    text    not null,
    record_id integer not null,
    version   integer not null,
    replaced_at integer not null,
    removed   integer not null default 0 check (removed in (0, 1)),
    old       text    check (json_valid(old)),
    salt      blob    default (randomblob(16)) check (length(salt) = 16),
    digest    blob    check (length(digest) = 32),
    erased_seq integer,
    check ((old is null) = (salt is null) and (old is null) = (digest is not null) and (old is null) = (erased_seq is not null))
) strict;
create index history_of_record on history (entity, record_id, version);
create trigger history_is_not_cut before delete on history begin select raise (abort, 'history is not cut'); end;
create trigger history_is_not_edited before update on history
when old.old is null or new.old is not null or new.id <> old.id or new.entity <> old.entity or new.record_id <> old.record_id
    or new.version <> old.version or new.replaced_at <> old.replaced_at or new.removed <> old.removed
begin select raise (abort, 'history is erased or left alone'); end;

-- Signed heads of the trail (Ed25519), one behind the other: `key` verifies this one and was named by the one before as its
-- `next_key`; the private half of `key` is gone once this one is signed. Copies are kept outside this file.
create table checkpoints (
    number    integer primary key check (number > 0),
    at        integer not null,
    seq       integer not null,
    head      blob    not null check (length(head) = 32),
    key       blob    not null check (length(key) = 32),
    next_key  blob    not null check (length(next_key) = 32),
    signature blob    not null check (length(signature) = 64)
) strict;
create trigger checkpoints_are_not_edited before update on checkpoints begin select raise (abort, 'checkpoints are not edited'); end;
create trigger checkpoints_are_not_cut before delete on checkpoints begin select raise (abort, 'checkpoints are not cut'); end;

-- The private half of the newest `next_key`; overwritten by the next checkpoint.
create table trail_key (
    id     integer primary key check (id = 1),
    secret blob    not null check (length(secret) = 32)
) strict;

-- Answers to POSTs that carried an Idempotency-Key, kept 24 hours (draft-ietf-httpapi-idempotency-key-header).
create table idempotency (
    id        integer primary key,
    key       text    not null,
    user_id   integer not null,
    body_hash blob    not null,
    answer    text    not null,
    at        integer not null,
    unique (key, user_id)
) strict;

-- ── history triggers ───────────────────────────────────────────────────────────────────────────────────────
-- One pair per record table, naming every column; a test compares them with the tables. Derived columns (`search_text`) stay out.
create trigger clinic_history_update after update on clinic begin
    insert into history (entity, record_id, version, replaced_at, removed, old)
    values ('clinic', old.id, old.version, new.updated_at, 0, json_object(
        'created_at', old.created_at, 'updated_at', old.updated_at, 'name', old.name, 'phone', old.phone,
        'email', old.email, 'cnpj', old.cnpj, 'cnes', old.cnes, 'cep', old.cep, 'street', old.street,
        'number', old.number, 'complement', old.complement, 'district', old.district, 'city', old.city,
        'state', old.state, 'time_zone', old.time_zone, 'opening_hours', old.opening_hours,
        'open_on_holidays', old.open_on_holidays, 'specialties', old.specialties, 'slot_min', old.slot_min,
        'idle_lock_min', old.idle_lock_min, 'is_demo', old.is_demo, 'recovery_confirmed', old.recovery_confirmed));
end;
create trigger clinic_history_delete after delete on clinic begin
    insert into history (entity, record_id, version, replaced_at, removed, old)
    values ('clinic', old.id, old.version, unixepoch(), 1, json_object(
        'created_at', old.created_at, 'updated_at', old.updated_at, 'name', old.name, 'phone', old.phone,
        'email', old.email, 'cnpj', old.cnpj, 'cnes', old.cnes, 'cep', old.cep, 'street', old.street,
        'number', old.number, 'complement', old.complement, 'district', old.district, 'city', old.city,
        'state', old.state, 'time_zone', old.time_zone, 'opening_hours', old.opening_hours,
        'open_on_holidays', old.open_on_holidays, 'specialties', old.specialties, 'slot_min', old.slot_min,
        'idle_lock_min', old.idle_lock_min, 'is_demo', old.is_demo, 'recovery_confirmed', old.recovery_confirmed));
end;
create trigger users_history_update after update on users begin
    insert into history (entity, record_id, version, replaced_at, removed, old)
    values ('users', old.id, old.version, new.updated_at, 0, json_object(
        'created_at', old.created_at, 'updated_at', old.updated_at, 'name', old.name, 'email', old.email,
        'roles', old.roles, 'is_professional', old.is_professional, 'council_kind', old.council_kind,
        'council_number', old.council_number, 'council_state', old.council_state, 'specialty', old.specialty,
        'color', old.color, 'room_id', old.room_id, 'active', old.active, 'language', old.language,
        'theme', old.theme, 'density', old.density, 'single_key_shortcuts', old.single_key_shortcuts));
end;
create trigger users_history_delete after delete on users begin
    insert into history (entity, record_id, version, replaced_at, removed, old)
    values ('users', old.id, old.version, unixepoch(), 1, json_object(
        'created_at', old.created_at, 'updated_at', old.updated_at, 'name', old.name, 'email', old.email,
        'roles', old.roles, 'is_professional', old.is_professional, 'council_kind', old.council_kind,
        'council_number', old.council_number, 'council_state', old.council_state, 'specialty', old.specialty,
        'color', old.color, 'room_id', old.room_id, 'active', old.active, 'language', old.language,
        'theme', old.theme, 'density', old.density, 'single_key_shortcuts', old.single_key_shortcuts));
end;
create trigger rooms_history_update after update on rooms begin
    insert into history (entity, record_id, version, replaced_at, removed, old)
    values ('rooms', old.id, old.version, new.updated_at, 0, json_object(
        'created_at', old.created_at, 'updated_at', old.updated_at, 'name', old.name, 'active', old.active));
end;
create trigger rooms_history_delete after delete on rooms begin
    insert into history (entity, record_id, version, replaced_at, removed, old)
    values ('rooms', old.id, old.version, unixepoch(), 1, json_object(
        'created_at', old.created_at, 'updated_at', old.updated_at, 'name', old.name, 'active', old.active));
end;
create trigger tags_history_update after update on tags begin
    insert into history (entity, record_id, version, replaced_at, removed, old)
    values ('tags', old.id, old.version, new.updated_at, 0, json_object(
        'created_at', old.created_at, 'updated_at', old.updated_at, 'name', old.name, 'color', old.color));
end;
create trigger tags_history_delete after delete on tags begin
    insert into history (entity, record_id, version, replaced_at, removed, old)
    values ('tags', old.id, old.version, unixepoch(), 1, json_object(
        'created_at', old.created_at, 'updated_at', old.updated_at, 'name', old.name, 'color', old.color));
end;
create trigger blocks_history_update after update on blocks begin
    insert into history (entity, record_id, version, replaced_at, removed, old)
    values ('blocks', old.id, old.version, new.updated_at, 0, json_object(
        'created_at', old.created_at, 'updated_at', old.updated_at, 'professional_id', old.professional_id,
        'room_id', old.room_id, 'starts_at', old.starts_at, 'ends_at', old.ends_at, 'reason', old.reason));
end;
create trigger blocks_history_delete after delete on blocks begin
    insert into history (entity, record_id, version, replaced_at, removed, old)
    values ('blocks', old.id, old.version, unixepoch(), 1, json_object(
        'created_at', old.created_at, 'updated_at', old.updated_at, 'professional_id', old.professional_id,
        'room_id', old.room_id, 'starts_at', old.starts_at, 'ends_at', old.ends_at, 'reason', old.reason));
end;
create trigger imports_history_update after update on imports begin
    insert into history (entity, record_id, version, replaced_at, removed, old)
    values ('imports', old.id, old.version, new.updated_at, 0, json_object(
        'created_at', old.created_at, 'updated_at', old.updated_at, 'created_by', old.created_by,
        'file_name', old.file_name, 'status', old.status, 'rows', old.rows, 'done', old.done,
        'created', old.created, 'duplicates', old.duplicates, 'invalid', old.invalid));
end;
create trigger imports_history_delete after delete on imports begin
    insert into history (entity, record_id, version, replaced_at, removed, old)
    values ('imports', old.id, old.version, unixepoch(), 1, json_object(
        'created_at', old.created_at, 'updated_at', old.updated_at, 'created_by', old.created_by,
        'file_name', old.file_name, 'status', old.status, 'rows', old.rows, 'done', old.done,
        'created', old.created, 'duplicates', old.duplicates, 'invalid', old.invalid));
end;
create trigger contacts_history_update after update on contacts begin
    insert into history (entity, record_id, version, replaced_at, removed, old)
    values ('contacts', old.id, old.version, new.updated_at, 0, json_object(
        'created_at', old.created_at, 'updated_at', old.updated_at, 'record_number', old.record_number,
        'import_id', old.import_id, 'name', old.name, 'social_name', old.social_name,
        'birth_date', old.birth_date, 'sex', old.sex, 'gender', old.gender, 'mother_name', old.mother_name,
        'cpf', old.cpf, 'cns', old.cns, 'phone', old.phone, 'whatsapp', old.whatsapp, 'email', old.email,
        'cep', old.cep, 'street', old.street, 'number', old.number, 'complement', old.complement,
        'district', old.district, 'city', old.city, 'state', old.state, 'emergency_name', old.emergency_name,
        'emergency_phone', old.emergency_phone, 'profession', old.profession, 'status', old.status,
        'priority', old.priority, 'source', old.source, 'allergies', old.allergies,
        'medications', old.medications, 'notes', old.notes));
end;
create trigger contacts_history_delete after delete on contacts begin
    insert into history (entity, record_id, version, replaced_at, removed, old)
    values ('contacts', old.id, old.version, unixepoch(), 1, json_object(
        'created_at', old.created_at, 'updated_at', old.updated_at, 'record_number', old.record_number,
        'import_id', old.import_id, 'name', old.name, 'social_name', old.social_name,
        'birth_date', old.birth_date, 'sex', old.sex, 'gender', old.gender, 'mother_name', old.mother_name,
        'cpf', old.cpf, 'cns', old.cns, 'phone', old.phone, 'whatsapp', old.whatsapp, 'email', old.email,
        'cep', old.cep, 'street', old.street, 'number', old.number, 'complement', old.complement,
        'district', old.district, 'city', old.city, 'state', old.state, 'emergency_name', old.emergency_name,
        'emergency_phone', old.emergency_phone, 'profession', old.profession, 'status', old.status,
        'priority', old.priority, 'source', old.source, 'allergies', old.allergies,
        'medications', old.medications, 'notes', old.notes));
end;
create trigger appointments_history_update after update on appointments begin
    insert into history (entity, record_id, version, replaced_at, removed, old)
    values ('appointments', old.id, old.version, new.updated_at, 0, json_object(
        'created_at', old.created_at, 'updated_at', old.updated_at, 'created_by', old.created_by,
        'contact_id', old.contact_id, 'professional_id', old.professional_id, 'room_id', old.room_id,
        'starts_at', old.starts_at, 'ends_at', old.ends_at, 'kind', old.kind, 'status', old.status,
        'tag_id', old.tag_id, 'notes', old.notes, 'fit_in', old.fit_in, 'payment_status', old.payment_status,
        'amount_cents', old.amount_cents, 'cancellation_reason', old.cancellation_reason,
        'arrived_at', old.arrived_at, 'in_care_at', old.in_care_at, 'done_at', old.done_at,
        'sequence', old.sequence));
end;
create trigger appointments_history_delete after delete on appointments begin
    insert into history (entity, record_id, version, replaced_at, removed, old)
    values ('appointments', old.id, old.version, unixepoch(), 1, json_object(
        'created_at', old.created_at, 'updated_at', old.updated_at, 'created_by', old.created_by,
        'contact_id', old.contact_id, 'professional_id', old.professional_id, 'room_id', old.room_id,
        'starts_at', old.starts_at, 'ends_at', old.ends_at, 'kind', old.kind, 'status', old.status,
        'tag_id', old.tag_id, 'notes', old.notes, 'fit_in', old.fit_in, 'payment_status', old.payment_status,
        'amount_cents', old.amount_cents, 'cancellation_reason', old.cancellation_reason,
        'arrived_at', old.arrived_at, 'in_care_at', old.in_care_at, 'done_at', old.done_at,
        'sequence', old.sequence));
end;
create trigger feeds_history_update after update on feeds begin
    insert into history (entity, record_id, version, replaced_at, removed, old)
    values ('feeds', old.id, old.version, new.updated_at, 0, json_object(
        'created_at', old.created_at, 'updated_at', old.updated_at, 'user_id', old.user_id,
        'professional_id', old.professional_id, 'name', old.name, 'revoked_at', old.revoked_at));
end;
create trigger feeds_history_delete after delete on feeds begin
    insert into history (entity, record_id, version, replaced_at, removed, old)
    values ('feeds', old.id, old.version, unixepoch(), 1, json_object(
        'created_at', old.created_at, 'updated_at', old.updated_at, 'user_id', old.user_id,
        'professional_id', old.professional_id, 'name', old.name, 'revoked_at', old.revoked_at));
end;
