//! The clinic's day cut into stretches: open, lunch, blocked, holiday, closed. Wall-clock hours become instants in the clinic's
//! zone day by day, so a day on which clocks change is as long as it really is. Pure.
use jiff::tz::TimeZone;
use schemars::JsonSchema;
use serde::Serialize;

use super::rules::Span;
use crate::{
    base::{
        Day, Instant,
        brazil::holidays::{self, Holiday},
    },
    choices,
    features::{
        blocks::model::Block,
        clinic::model::{ClinicFields, OpeningHours},
    },
};

choices! {
    /// What a stretch of the day is.
    #[derive(PartialOrd, Ord)]
    StretchKind {
        /// Outside the day's hours.
        Closed = "closed",
        /// Can be booked.
        Open = "open",
        /// The clinic is at lunch.
        Lunch = "lunch",
        /// Someone blocked it.
        Block = "block",
        /// Work rests by law.
        Holiday = "holiday",
    }
}

/// A stretch of a professional's day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Stretch {
    /// When.
    #[serde(flatten)]
    pub span: Span,
    /// What it is.
    pub kind: StretchKind,
    /// Why: a block's reason, a holiday's code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The block.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub block_id: Option<i64>,
}

impl Stretch {
    fn new(span: Span, kind: StretchKind) -> Self {
        Self { span, kind, reason: None, block_id: None }
    }

    /// The code of the conflict that booking here is.
    pub fn refusal(&self) -> &'static str {
        match self.kind {
            StretchKind::Open | StretchKind::Closed => "outside_hours",
            StretchKind::Lunch => "lunch",
            StretchKind::Block => "blocked",
            StretchKind::Holiday => "holiday",
        }
    }
}

/// When the clinic works.
#[derive(Debug)]
pub struct Hours {
    /// The clinic's zone.
    pub zone: TimeZone,
    /// Minutes of a slot of the agenda.
    pub slot_min: i64,
    week: Vec<OpeningHours>,
    open_on_holidays: bool,
}

/// What the day shows of a clinic that is never open.
const USUAL_DAY: (i64, i64) = (480, 1080);

impl Hours {
    /// The hours of a clinic.
    pub fn of(clinic: &ClinicFields) -> Self {
        let week = clinic.opening_hours.clone();
        Self {
            zone: clinic.zone(),
            slot_min: clinic.slot_min.max(5),
            week,
            open_on_holidays: clinic.open_on_holidays,
        }
    }

    /// The instants of a whole day of the clinic.
    pub fn whole_day(&self, day: Day) -> Span {
        Span { from: day.start_in(&self.zone), to: day.plus_days(1).start_in(&self.zone) }
    }

    /// The day without blocks, from the first opening of the week to its last closing, without gaps; empty if clocks skip all of it.
    pub fn day(&self, day: Day) -> Vec<Stretch> {
        let opens = self.week.iter().map(|h| h.opens).min().unwrap_or(USUAL_DAY.0);
        let closes = self.week.iter().map(|h| h.closes).max().unwrap_or(USUAL_DAY.1);
        let frame = Stretch::new(self.span(day, opens, closes), StretchKind::Closed);
        // A clinic open for half an hour after midnight has no day at all when the clocks skip that half hour.
        if frame.span.from >= frame.span.to {
            return Vec::new();
        }
        let Some(hours) = self.week.iter().find(|h| h.weekday == day.weekday()) else { return vec![frame] };
        let mut stretches =
            lay(vec![frame], &Stretch::new(self.span(day, hours.opens, hours.closes), StretchKind::Open));
        if let Some(holiday) = self.rests(day) {
            let mut rest = Stretch::new(self.span(day, hours.opens, hours.closes), StretchKind::Holiday);
            rest.reason = Some(holiday.code.to_owned());
            return lay(stretches, &rest);
        }
        if let (Some(from), Some(to)) = (hours.lunch_from, hours.lunch_to) {
            stretches = lay(stretches, &Stretch::new(self.span(day, from, to), StretchKind::Lunch));
        }
        stretches
    }

    /// The day of one professional, and of a room where one is wanted.
    pub fn day_of(
        &self,
        day: Day,
        professional_id: i64,
        room_id: Option<i64>,
        blocks: &[Block],
    ) -> Vec<Stretch> {
        with_blocks(self.day(day), professional_id, room_id, blocks)
    }

    /// The first stretch in the way of a booking; none when all of it lies in open time.
    pub fn obstacle(
        &self,
        span: Span,
        professional_id: i64,
        room_id: Option<i64>,
        blocks: &[Block],
    ) -> Option<Stretch> {
        let mut reached = span.from;
        let last = span.to.day_in(&self.zone);
        let mut day = span.from.day_in(&self.zone);
        while reached < span.to && day <= last {
            for stretch in self.day_of(day, professional_id, room_id, blocks) {
                if stretch.span.to <= reached || stretch.span.from >= span.to {
                    continue;
                }
                if stretch.span.from > reached {
                    return Some(self.outside(reached, stretch.span.from));
                }
                if stretch.kind != StretchKind::Open {
                    return Some(stretch);
                }
                reached = stretch.span.to;
            }
            day = day.plus_days(1);
        }
        (reached < span.to).then(|| self.outside(reached, span.to))
    }

    /// Work rests on this day, unless the clinic works on holidays.
    pub fn rests(&self, day: Day) -> Option<Holiday> {
        if self.open_on_holidays { None } else { holiday(day) }
    }

    fn outside(&self, from: Instant, to: Instant) -> Stretch {
        Stretch::new(Span { from, to }, StretchKind::Closed)
    }

    fn span(&self, day: Day, from: i64, to: i64) -> Span {
        Span { from: day.at_minute(from, &self.zone), to: day.at_minute(to, &self.zone) }
    }
}

/// The holiday of a day, if work rests on it by law.
pub fn holiday(day: Day) -> Option<Holiday> {
    let of_year = || holidays::national(day.0.year()).into_iter().find(|h| h.date == day.0 && !h.optional);
    holidays::is_holiday(day.0).then(of_year).flatten()
}

/// Lays the blocks that take this professional's or room's time over a day. Hours that are closed anyway stay what they are.
pub fn with_blocks(
    day: Vec<Stretch>,
    professional_id: i64,
    room_id: Option<i64>,
    blocks: &[Block],
) -> Vec<Stretch> {
    let mine = blocks.iter().filter(|b| b.takes(professional_id, room_id));
    mine.fold(day, |stretches, block| {
        let mut over = Stretch::new(Span { from: block.starts_at, to: block.ends_at }, StretchKind::Block);
        over.reason = Some(block.reason.clone()).filter(|reason| !reason.is_empty());
        over.block_id = Some(block.id());
        lay(stretches, &over)
    })
}

/// Lays `over` on top of the stretches it beats: what is closed or a holiday is not blocked as well.
fn lay(stretches: Vec<Stretch>, over: &Stretch) -> Vec<Stretch> {
    let beats = |under: StretchKind| match over.kind {
        StretchKind::Block => matches!(under, StretchKind::Open | StretchKind::Lunch),
        kind => kind > under,
    };
    let mut laid = Vec::with_capacity(stretches.len() + 2);
    for under in stretches {
        let Some(common) = under.span.within(over.span).filter(|_| beats(under.kind)) else {
            laid.push(under);
            continue;
        };
        let part = |from, to, of: &Stretch| Stretch { span: Span { from, to }, ..of.clone() };
        let parts = [
            part(under.span.from, common.from, &under),
            part(common.from, common.to, over),
            part(common.to, under.span.to, &under),
        ];
        laid.extend(parts.into_iter().filter(|p| p.span.from < p.span.to));
    }
    laid.dedup_by(|next, kept| {
        let one = next.kind == kept.kind && next.block_id == kept.block_id && next.span.from == kept.span.to;
        if one {
            kept.span.to = next.span.to;
        }
        one
    });
    laid
}

#[cfg(test)]
#[path = "hours_tests.rs"]
mod tests;
