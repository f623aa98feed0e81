//! One day of the clinic: which stretches are open to whom, and the times that could be booked in them.
use super::blocks::Blocks;
use super::random::pick;
use super::specialty::specialty;
use super::team::Professional;
use super::{Demo, OpenDay};
use crate::base::brazil::holidays;
use fastrand::Rng;
use jiff::civil::Date;

/// Minutes of a day, from and to.
pub(super) type Stretch = (u16, u16);

/// A time that could be booked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Slot {
    pub professional: usize,
    pub start: u16,
    pub length: u16,
}

/// Who works, and when somebody or everybody does not.
pub(super) struct Roster {
    pub team: Vec<Professional>,
    blocks: Blocks,
    /// Holidays of all years of the run, in order.
    rest_days: Vec<Date>,
}

impl Roster {
    pub(super) fn new(demo: &Demo) -> Self {
        let years = demo.since().year()..=demo.until().year();
        let rest_days = years.flat_map(holidays::national).map(|holiday| holiday.date).collect();
        Self { team: demo.professionals(), blocks: Blocks::new(demo), rest_days }
    }
}

impl Demo {
    /// When the clinic as a whole sees patients that day: opening hours without lunch and its own blocks. On holidays,
    /// also on the optional ones, it is closed.
    pub(super) fn open(&self, date: Date, roster: &Roster) -> Vec<Stretch> {
        let rests = |day: &OpenDay| day.opens >= day.closes || roster.rest_days.binary_search(&date).is_ok();
        let Some(hours) = self.hours_of(date).filter(|hours| !rests(hours)) else {
            return Vec::new();
        };
        let mut open = vec![(hours.opens, hours.closes)];
        if let Some(lunch) = hours.lunch {
            open = without(&open, lunch);
        }
        for block in roster.blocks.near(date).filter(|b| b.professional.is_none() && b.room.is_none()) {
            open = without(&open, block.minutes_on(date));
        }
        open
    }

    /// Every time that could be booked that day if nobody left a gap.
    pub(super) fn slots(&self, day: Date, open: &[Stretch], roster: &Roster, rng: &mut Rng) -> Vec<Slot> {
        let shape = self.size.shape();
        let mut slots = Vec::new();
        for (professional, who) in roster.team.iter().enumerate().filter(|(_, who)| who.since <= day) {
            let mut own = open.to_vec();
            if let (Some(first), Some(hours)) = (shape.turn(professional), self.hours_of(day)) {
                own = without(&own, other_half(hours, first));
            }
            let concerns = |block: &&super::Block| {
                block.professional == Some(professional) || (block.room.is_some() && block.room == who.room)
            };
            for block in roster.blocks.near(day).filter(concerns) {
                own = without(&own, block.minutes_on(day));
            }
            own.into_iter().for_each(|stretch| pack(&mut slots, professional, stretch, rng));
        }
        slots
    }

    fn hours_of(&self, day: Date) -> Option<&OpenDay> {
        let weekday = day.weekday().to_monday_one_offset();
        self.hours.iter().find(|hours| hours.weekday == weekday)
    }
}

/// The half of the day that belongs to the one with whom a room is shared: they change at lunch, or in the middle, and
/// swap from day to day.
fn other_half(hours: &OpenDay, first: bool) -> Stretch {
    let middle = hours.lunch.map_or(u16::midpoint(hours.opens, hours.closes), |(from, _)| from);
    if first == (hours.weekday % 2 == 0) { (0, middle) } else { (middle, 24 * 60) }
}

/// The stretches less what is taken out of them.
fn without(stretches: &[Stretch], (from, to): Stretch) -> Vec<Stretch> {
    if from >= to {
        return stretches.to_vec();
    }
    stretches
        .iter()
        .flat_map(|(start, end)| [(*start, (*end).min(from)), ((*start).max(to), *end)])
        .filter(|(start, end)| start < end)
        .collect()
}

/// Fills a stretch with times of the specialty's usual lengths, one after another on its grid.
fn pack(slots: &mut Vec<Slot>, professional: usize, (from, to): Stretch, rng: &mut Rng) {
    let specialty = specialty(professional);
    let mut start = from.next_multiple_of(specialty.grid);
    loop {
        let length = pick(rng, specialty.lengths);
        if length == 0 || start + length > to {
            return;
        }
        slots.push(Slot { professional, start, length });
        start = (start + length).next_multiple_of(specialty.grid);
    }
}

#[cfg(test)]
mod tests {
    use super::super::random::{Stream, dice};
    use super::*;

    #[test]
    fn taking_out_splits_shortens_or_removes() {
        let day = [(480, 1080)];
        assert_eq!(without(&day, (720, 780)), [(480, 720), (780, 1080)]);
        assert_eq!(without(&day, (0, 600)), [(600, 1080)]);
        assert_eq!(without(&day, (0, 1440)), []);
        assert_eq!(without(&day, (600, 600)), day, "nothing taken out");
        assert_eq!(without(&day, (1080, 1440)), day);
    }

    #[test]
    fn a_shared_room_changes_hands_at_lunch() {
        let monday = OpenDay { weekday: 1, opens: 480, closes: 1080, lunch: Some((720, 780)) };
        let tuesday = OpenDay { weekday: 2, lunch: None, ..monday };
        assert_eq!((other_half(&monday, true), other_half(&monday, false)), ((720, 1440), (0, 720)));
        assert_eq!((other_half(&tuesday, true), other_half(&tuesday, false)), ((0, 780), (780, 1440)));
    }

    #[test]
    fn a_stretch_is_packed_on_the_grid_and_never_beyond_its_end() {
        let mut slots = Vec::new();
        let rng = &mut dice(1, Stream::Days, 1);
        (0..14).for_each(|professional| pack(&mut slots, professional, (490, 715), rng));
        assert!(slots.len() > 40);
        for slot in &slots {
            assert!(slot.start >= 490 && slot.start + slot.length <= 715);
            assert_eq!(slot.start % specialty(slot.professional).grid, 0);
        }
        let apart = |pair: &[Slot]| {
            pair[0].professional != pair[1].professional || pair[0].start + pair[0].length <= pair[1].start
        };
        assert!(slots.windows(2).all(apart));
    }
}
