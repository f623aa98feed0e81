//! Free time: open stretches without what is taken, and the starts of the slot grid that fit into it. Pure.
use super::{
    hours::{Hours, Stretch, StretchKind},
    rules::Span,
};
use crate::base::{Day, Instant};

/// The open time of a day that nothing takes, by start.
pub fn free(stretches: &[Stretch], taken: &[Span]) -> Vec<Span> {
    let mut taken = taken.to_vec();
    taken.sort_unstable();
    let open = stretches.iter().filter(|s| s.kind == StretchKind::Open);
    open.flat_map(|stretch| without(stretch.span, &taken)).collect()
}

/// What is left of `span`; `taken` is sorted by start.
fn without(span: Span, taken: &[Span]) -> Vec<Span> {
    let mut left = Vec::new();
    let mut from = span.from;
    for busy in taken.iter().filter(|busy| busy.overlaps(span)) {
        if busy.from > from {
            left.push(Span { from, to: busy.from });
        }
        from = from.max(busy.to);
    }
    if from < span.to {
        left.push(Span { from, to: span.to });
    }
    left
}

/// Times of `minutes` minutes within the free time of a day that begin no earlier than `since`: at the start of a free stretch,
/// or on the slot grid, whose lines are whole slots of the wall clock.
pub fn starts(hours: &Hours, day: Day, free: &[Span], minutes: i64, since: Instant) -> Vec<Span> {
    let lines = (0..24 * 60).step_by(usize::try_from(hours.slot_min).unwrap_or(30));
    let grid: Vec<Instant> = lines.map(|minute| day.at_minute(minute, &hours.zone)).collect();
    let mut found: Vec<Span> = Vec::new();
    for stretch in free {
        let fits =
            |from: Instant| from >= since && from >= stretch.from && from.plus_minutes(minutes) <= stretch.to;
        let candidates = std::iter::once(stretch.from).chain(grid.iter().copied());
        found.extend(
            candidates.filter(|from| fits(*from)).map(|from| Span { from, to: from.plus_minutes(minutes) }),
        );
    }
    found.sort_unstable();
    found.dedup();
    found
}
