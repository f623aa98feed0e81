//! When a professional is free: the search over days, and the next free times offered with every refusal.
use schemars::JsonSchema;
use serde::Serialize;

use super::{
    conflicts::{self, Needed},
    frame::Frame,
    free,
    hours::{Hours, StretchKind},
    rules::Span,
};
use crate::{
    base::{Day, Fields, Input, Result},
    choices,
    db::ReadTx,
    features::{blocks, blocks::model::Block},
};

/// How many free times come with a refusal.
const OFFERED: usize = 3;
/// How many days ahead they are looked for.
const SEARCHED_DAYS: i64 = 30;

/// Whose free time is asked for.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Search {
    /// The professional.
    pub professional_id: i64,
    /// First day of the clinic.
    pub date: Day,
    /// How long it should be.
    #[schemars(range(min = 5, max = 480))]
    pub duration_min: i64,
    /// How many days, 1 unless said.
    #[schemars(range(min = 1, max = 31))]
    pub days: Option<i64>,
    /// A room that must be free too.
    pub room_id: Option<i64>,
    /// An appointment that may be moved away.
    pub except_id: Option<i64>,
    /// Whether to say why the rest is not free.
    pub explain: Option<bool>,
}

impl Input for Search {
    fn read(f: &mut Fields<'_>) -> Self {
        let professional_id = f.required_id("professional_id");
        let date = f.required("date", |text| text.parse().map_err(|()| "invalid_date"));
        let duration_min = f.integer("duration_min", 5..=480);
        if duration_min.is_none() && !f.has("duration_min") {
            f.error("duration_min", "required");
        }
        Self {
            professional_id,
            date: date.unwrap_or(Day(jiff::civil::Date::ZERO)),
            duration_min: duration_min.unwrap_or(0),
            days: f.integer("days", 1..=31),
            room_id: f.id("room_id"),
            except_id: f.id("except_id"),
            explain: f.flag("explain"),
        }
    }
}

choices! {
    /// Why a stretch is not free.
    Why {
        /// Outside the day's hours.
        Closed = "closed",
        /// The clinic is at lunch.
        Lunch = "lunch",
        /// Someone blocked it.
        Block = "block",
        /// Work rests by law.
        Holiday = "holiday",
        /// An appointment holds it.
        Appointment = "appointment",
        /// It is over.
        Past = "past",
    }
}

/// A stretch that is not free.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Blocked {
    /// When.
    #[serde(flatten)]
    pub span: Span,
    /// Why.
    pub why: Why,
    /// The appointment that holds it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub appointment_id: Option<i64>,
    /// A block's reason, a holiday's code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Free times, and on request why the others are not.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Availability {
    /// Free times of the duration asked for, by start; they may overlap each other.
    pub items: Vec<Span>,
    /// What is in the way, by start.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub blocked: Option<Vec<Blocked>>,
}

/// The free times of some days.
pub fn search(tx: &ReadTx<'_>, search: &Search) -> Result<Availability> {
    let frame = Frame::now(tx)?;
    let hours = &frame.hours;
    let needed = Needed {
        professional_id: search.professional_id,
        room_id: search.room_id,
        contact_id: None,
        except_id: search.except_id.unwrap_or(0),
    };
    let days = search.days.unwrap_or(1);
    let span = Span {
        from: hours.whole_day(search.date).from,
        to: hours.whole_day(search.date.plus_days(days - 1)).to,
    };
    let blocks = blocks::store::overlapping(tx, span.from, span.to)?;
    let taken = conflicts::taken(tx, &needed, span)?;
    let mut answer = Availability { items: Vec::new(), blocked: None };
    for day in (0..days).map(|n| search.date.plus_days(n)) {
        let free = free::free(&hours.day_of(day, needed.professional_id, needed.room_id, &blocks), &taken);
        answer.items.extend(free::starts(hours, day, &free, search.duration_min, tx.now()));
    }
    if search.explain == Some(true) {
        let days = (0..days).map(|n| search.date.plus_days(n)).collect::<Vec<_>>();
        answer.blocked = Some(explain(tx, hours, &needed, &blocks, &days)?);
    }
    Ok(answer)
}

/// The next three times at which everything needed is free, no earlier than the time wanted and not in the past.
pub fn alternatives(tx: &ReadTx<'_>, hours: &Hours, needed: &Needed, wanted: Span) -> Result<Vec<Span>> {
    let since = wanted.from.max(tx.now());
    let first = since.day_in(&hours.zone);
    let mut found = Vec::new();
    for day in (0..SEARCHED_DAYS).map(|n| first.plus_days(n)) {
        let span = hours.whole_day(day);
        let blocks = blocks::store::overlapping(tx, span.from, span.to)?;
        let stretches = hours.day_of(day, needed.professional_id, needed.room_id, &blocks);
        if !stretches.iter().any(|s| s.kind == StretchKind::Open) {
            continue;
        }
        let free = free::free(&stretches, &conflicts::taken(tx, needed, span)?);
        found.extend(free::starts(hours, day, &free, wanted.minutes(), since));
        if found.len() >= OFFERED {
            break;
        }
    }
    found.truncate(OFFERED);
    Ok(found)
}

fn explain(
    tx: &ReadTx<'_>,
    hours: &Hours,
    needed: &Needed,
    blocks: &[Block],
    days: &[Day],
) -> Result<Vec<Blocked>> {
    let mut blocked = Vec::new();
    for day in days {
        let stretches = hours.day_of(*day, needed.professional_id, needed.room_id, blocks);
        let (first, last) = (stretches.first().map(|s| s.span.from), stretches.last().map(|s| s.span.to));
        let (Some(from), Some(to)) = (first, last) else { continue };
        let over = Span { from, to: to.min(tx.now()) };
        if over.from < over.to {
            blocked.push(Blocked { span: over, why: Why::Past, appointment_id: None, reason: None });
        }
        blocked.extend(stretches.into_iter().filter_map(|s| {
            let why = match s.kind {
                StretchKind::Open => return None,
                StretchKind::Closed => Why::Closed,
                StretchKind::Lunch => Why::Lunch,
                StretchKind::Block => Why::Block,
                StretchKind::Holiday => Why::Holiday,
            };
            Some(Blocked { span: s.span, why, appointment_id: None, reason: s.reason })
        }));
        let holders = conflicts::holders(tx, needed, hours.whole_day(*day))?;
        blocked.extend(holders.into_iter().map(|(id, span)| Blocked {
            span,
            why: Why::Appointment,
            appointment_id: Some(id),
            reason: None,
        }));
    }
    blocked.sort_by_key(|b| (b.span, b.appointment_id));
    blocked.dedup_by_key(|b| (b.span, b.appointment_id, b.why));
    Ok(blocked)
}
