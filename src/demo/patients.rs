//! Who comes: everybody who is expected, the newly registered, and the crowd. Keeps a few bytes for each person.
use super::outcome::comes_again;
use super::people::Crowd;
use super::random::chance;
use super::specialty::specialty;
use fastrand::Rng;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// The crowd over time.
pub(super) struct Patients {
    pub crowd: Crowd,
    /// For each person the day after the last one they came, 0 for never.
    seen: Vec<i32>,
    /// For each professional who is to come again, and from which day on.
    due: Vec<BinaryHeap<Reverse<(i32, u32)>>>,
}

/// Who was found for a time.
#[derive(Debug, Clone, Copy)]
pub(super) struct Found {
    pub person: u32,
    /// They were to come again about now.
    pub expected: bool,
    /// They have never been here.
    pub new: bool,
}

impl Patients {
    pub(super) fn new(crowd: Crowd, professionals: usize) -> Self {
        let due = (0..professionals).map(|_| BinaryHeap::new()).collect();
        let seen = vec![0; crowd.count as usize];
        Self { crowd, seen, due }
    }

    /// Somebody who has not been here that day: first who is expected, then anybody of the right kind.
    pub(super) fn find(&mut self, professional: usize, day: i32, rng: &mut Rng) -> Option<Found> {
        if let Some(person) = self.next_due(professional, day) {
            return Some(self.found(person, true));
        }
        let pool = self.crowd.registered_by(day.min(self.crowd.days));
        if pool == 0 {
            return None;
        }
        let fits = specialty(professional).fits;
        for _ in 0..48 {
            let person = somebody(rng, pool);
            if self.can_come(person, day) && fits.suits(self.crowd.traits(person), day) {
                return Some(self.found(person, false));
            }
        }
        // So few are left that anybody will do, as in a small clinic on a full day.
        let first = rng.u32(0..pool);
        let person = (first..pool).chain(0..first).find(|person| self.can_come(*person, day))?;
        Some(self.found(person, false))
    }

    /// Remembers that a person has an appointment that day, and whether they are to come again.
    pub(super) fn note(
        &mut self,
        who: Found,
        professional: usize,
        (day, status): (i32, &str),
        rng: &mut Rng,
    ) {
        if let Some(seen) = self.seen.get_mut(who.person as usize) {
            *seen = day + 1;
        }
        let (percent, soonest, latest) = specialty(professional).returns;
        let again = comes_again(rng, status, percent);
        if let Some(due) = self.due.get_mut(professional).filter(|_| again) {
            due.push(Reverse((day + rng.i32(soonest..=latest), who.person)));
        }
    }

    fn found(&self, person: u32, expected: bool) -> Found {
        // Those who came with the old system had been patients before this one knew them.
        let new = person >= self.crowd.founders && self.seen.get(person as usize) == Some(&0);
        Found { person, expected, new }
    }

    /// The next one who was to come again by this day and can.
    fn next_due(&mut self, professional: usize, day: i32) -> Option<u32> {
        loop {
            let due = self.due.get_mut(professional)?;
            due.peek().filter(|Reverse((from, _))| *from <= day)?;
            let Reverse((_, person)) = due.pop()?;
            if self.can_come(person, day) {
                return Some(person);
            }
        }
    }

    /// Nobody comes twice a day; a lead has not been here yet, an inactive one will not come any more.
    fn can_come(&self, person: u32, day: i32) -> bool {
        let free = self.seen.get(person as usize).is_some_and(|seen| *seen != day + 1);
        free && match self.crowd.traits(person).status {
            "lead" => day > self.crowd.days,
            "inactive" => day < self.crowd.days,
            _ => true,
        }
    }
}

/// One of the crowd: often somebody new, else anybody, the later ones likelier.
fn somebody(rng: &mut Rng, pool: u32) -> u32 {
    if chance(rng, 45) {
        let recent = (pool / 25).max(150).min(pool);
        pool - 1 - rng.u32(0..recent)
    } else {
        rng.u32(0..pool).max(rng.u32(0..pool))
    }
}

#[cfg(test)]
mod tests {
    use super::super::random::{Stream, dice};
    use super::*;
    use jiff::civil::date;

    fn patients(count: u32) -> Patients {
        let crowd = Crowd { seed: 1, count, founders: count / 2, since: date(2020, 1, 1), days: 100 };
        Patients::new(crowd, 2)
    }

    #[test]
    fn nobody_comes_twice_on_a_day_and_everybody_is_used_up() {
        let (mut patients, rng) = (patients(40), &mut dice(1, Stream::Days, 0));
        let mut today = std::collections::HashSet::new();
        while let Some(found) = patients.find(0, 50, rng) {
            assert!(today.insert(found.person));
            patients.note(found, 0, (50, "done"), rng);
        }
        let registered = 0..patients.crowd.registered_by(50);
        let not_leads = registered.filter(|person| patients.crowd.traits(*person).status != "lead").count();
        assert_eq!(today.len(), not_leads);
    }

    #[test]
    fn who_is_expected_comes_first_and_is_not_new() {
        let (mut patients, rng) = (patients(500), &mut dice(2, Stream::Days, 0));
        // Physiotherapy brings nearly everybody back within four days.
        for _ in 0..20 {
            let found = patients.find(1, 10, rng).unwrap();
            patients.note(found, 1, (10, "done"), rng);
        }
        let again = patients.find(1, 14, rng).unwrap();
        assert!(again.expected && !again.new);
    }
}
