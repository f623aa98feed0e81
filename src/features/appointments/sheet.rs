//! Reads the agenda: appointments, columns, hours and load, each in one query or none.
use super::{
    agenda::{Agenda, DayHours, Load, Professional, Rest, View},
    frame::Frame,
    hours::{self, Hours, Stretch, StretchKind, with_blocks},
    lines::{self, Shown},
    rules::Span,
};
use crate::{
    base::{Day, Result},
    db::{ReadTx, Row, params},
    features::blocks::{self, model::Block},
};

/// The agenda `view` asks for.
pub fn show(tx: &ReadTx<'_>, view: &View) -> Result<Agenda> {
    let frame = Frame::now(tx)?;
    let sheet = Sheet::new(tx, view, &frame.hours)?;
    let appointments = sheet.appointments(tx)?;
    let professionals = frame.columns(view, &appointments);
    Ok(Agenda {
        date: view.date,
        days: view.days(),
        time_zone: frame.time_zone.clone(),
        slot_min: frame.hours.slot_min,
        holidays: sheet.days.iter().filter_map(rest).collect(),
        day_hours: sheet.day_hours(&professionals),
        rooms: frame.rooms(&appointments),
        tags: frame.tags.clone(),
        load: sheet.load(tx, &professionals)?,
        professionals,
        appointments,
    })
}

/// What several parts of the answer are made from.
struct Sheet<'a> {
    view: &'a View,
    hours: &'a Hours,
    days: Vec<Day>,
    /// Monday to Sunday around the first day.
    week: Vec<Day>,
    blocks: Vec<Block>,
}

impl<'a> Sheet<'a> {
    fn new(tx: &ReadTx<'_>, view: &'a View, hours: &'a Hours) -> Result<Self> {
        let monday = view.monday();
        let days = days_from(view.date, view.days());
        let week = days_from(monday, 7);
        let to = hours.whole_day(view.date.plus_days(view.days() - 1)).to;
        let to = to.max(hours.whole_day(monday.plus_days(6)).to);
        let blocks = blocks::store::overlapping(tx, hours.whole_day(monday).from, to)?;
        Ok(Self { view, hours, days, week, blocks })
    }

    fn appointments(&self, tx: &ReadTx<'_>) -> Result<Vec<Shown>> {
        let last = self.view.date.plus_days(self.view.days() - 1);
        let (from, to) = (self.hours.whole_day(self.view.date).from, self.hours.whole_day(last).to);
        lines::within(tx, Span { from, to }, self.view.professional_id)
    }

    fn day_hours(&self, professionals: &[Professional]) -> Vec<DayHours> {
        let of_day = |day: &Day| {
            let plain = self.hours.day(*day);
            let of = |p: &Professional| DayHours {
                date: *day,
                professional_id: p.id,
                stretches: with_blocks(plain.clone(), p.id, None, &self.blocks),
            };
            professionals.iter().map(of).collect::<Vec<_>>()
        };
        self.days.iter().flat_map(of_day).collect()
    }

    fn load(&self, tx: &ReadTx<'_>, professionals: &[Professional]) -> Result<Vec<Load>> {
        self.week.iter().map(|day| self.load_of(tx, *day, professionals)).collect()
    }

    fn load_of(&self, tx: &ReadTx<'_>, day: Day, professionals: &[Professional]) -> Result<Load> {
        let span = self.hours.whole_day(day);
        let plain = self.hours.day(day);
        let usual = open_min(&plain);
        let own = |p: &Professional| match self.blocks.iter().any(|b| within(b, span)) {
            true => open_min(&with_blocks(plain.clone(), p.id, None, &self.blocks)),
            false => usual,
        };
        let open_min = professionals.iter().filter(|p| p.active).map(own).sum();
        let (count, booked_min) = booked(tx, span, self.view.professional_id)?;
        Ok(Load { date: day, booked_min, open_min, count })
    }
}

fn days_from(first: Day, count: i64) -> Vec<Day> {
    (0..count).map(|n| first.plus_days(n)).collect()
}

fn within(block: &Block, span: Span) -> bool {
    Span { from: block.starts_at, to: block.ends_at }.overlaps(span)
}

fn open_min(stretches: &[Stretch]) -> i64 {
    stretches.iter().filter(|s| s.kind == StretchKind::Open).map(|s| s.span.minutes()).sum()
}

fn rest(day: &Day) -> Option<Rest> {
    hours::holiday(*day).map(|h| Rest { date: *day, code: h.code, name: h.name })
}

/// How many appointments hold time that begins within `span`, and how many minutes.
fn booked(tx: &ReadTx<'_>, span: Span, professional_id: Option<i64>) -> Result<(i64, i64)> {
    let sql = "select count(*), coalesce(sum(ends_at - starts_at), 0) / 60 from appointments
        where starts_at >= ?1 and starts_at < ?2 and holds = 1";
    let read = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?));
    match professional_id {
        None => tx.one("appointment", sql, params![span.from, span.to], read),
        Some(id) => {
            let sql = format!("{sql} and professional_id = ?3");
            tx.one("appointment", &sql, params![span.from, span.to, id], read)
        }
    }
}
