//! The agenda, planned day by day: how many appointments a day gets, who comes, and what became of it. Holds one day
//! and a few bytes for each person, however long the run.
use super::day::{Roster, Slot, Stretch};
use super::outcome::{Moment, holds_time};
use super::patients::{Found, Patients};
use super::random::{Stream, chance, dice, pick};
use super::specialty::specialty;
use super::{Demo, FUTURE_DAYS, TAGS, words};
use fastrand::Rng;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

/// One appointment of the agenda; codes are those of the contract.
///
/// Of one professional, one room or one person no two overlap, unless the later one is `fit_in`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Planned {
    /// Which of [`Demo::professionals`].
    pub professional: usize,
    /// Which of [`Demo::people`].
    pub person: usize,
    /// Which of [`Demo::rooms`], where the professional works in one.
    pub room: Option<usize>,
    /// When it begins.
    pub starts_at: Timestamp,
    /// How long it is to take.
    pub duration_min: u16,
    /// `first_visit`, `visit`, `return`, `evaluation`, `procedure` or `emergency`.
    pub kind: &'static str,
    /// How it stands now.
    pub status: &'static str,
    /// Squeezed in beside another on purpose.
    pub fit_in: bool,
    /// Which of [`TAGS`], for some.
    pub tag: Option<usize>,
    /// A remark, for some.
    pub notes: Option<&'static str>,
    /// When it was agreed on; never in the future, never before the person was known.
    pub booked_at: Timestamp,
    /// When the patient came.
    pub arrived_at: Option<Timestamp>,
    /// When the patient was called in.
    pub in_care_at: Option<Timestamp>,
    /// When it was over.
    pub done_at: Option<Timestamp>,
    /// Why it was called off.
    pub cancellation_reason: Option<&'static str>,
}

/// The iterator over the agenda; see [`Demo::schedule`].
pub struct Schedule {
    demo: Demo,
    roster: Roster,
    patients: Patients,
    /// Days from the first one; the next to be planned.
    day: i32,
    /// Work of all days together, and of those behind us.
    weight: (f64, f64),
    emitted: u32,
    ready: std::vec::IntoIter<Planned>,
}

/// A day with what its planning needs.
struct Today {
    day: i32,
    clock: DayClock,
    rng: Rng,
}

/// Minutes of one day as moments; only of days on which the clocks do not change during opening hours.
struct DayClock(i64);

impl Iterator for Schedule {
    type Item = Planned;

    fn next(&mut self) -> Option<Planned> {
        loop {
            if let Some(planned) = self.ready.next() {
                return Some(planned);
            }
            if self.day > self.patients.crowd.days + FUTURE_DAYS {
                return None;
            }
            self.ready = self.plan(self.day).into_iter();
            self.day += 1;
        }
    }
}

impl Schedule {
    pub(super) fn new(demo: Demo) -> Self {
        let crowd = demo.crowd();
        let roster = Roster::new(&demo);
        let patients = Patients::new(crowd, roster.team.len());
        let ready = Vec::new().into_iter();
        let mut plan = Self { demo, roster, patients, day: 0, weight: (0.0, 0.0), emitted: 0, ready };
        let all = (0..=crowd.days + FUTURE_DAYS).map(|day| plan.work(day, &plan.open(day))).sum();
        plan.weight.0 = all;
        plan
    }

    fn date(&self, day: i32) -> Date {
        self.patients.crowd.since.saturating_add(day.days())
    }

    fn open(&self, day: i32) -> Vec<Stretch> {
        self.demo.open(self.date(day), &self.roster)
    }

    /// How busy a day is compared to a full one today: growing over the past, thinning out ahead.
    fn pace(&self, day: i32) -> f64 {
        let first = self.demo.size.shape().first_pace;
        match day - self.patients.crowd.days {
            ahead @ 1.. => 14.4 / (16.0 + f64::from(ahead)),
            _ => first + (1.0 - first) * f64::from(day) / f64::from(self.patients.crowd.days.max(1)),
        }
    }

    /// The share of the run's appointments a day should get, in no particular unit.
    fn work(&self, day: i32, open: &[Stretch]) -> f64 {
        let minutes: u32 = open.iter().map(|(from, to)| u32::from(to - from)).sum();
        self.pace(day) * f64::from(minutes)
    }

    /// How many appointments a day gets: what is missing to its share of the run, but a day in the past keeps a gap or
    /// two, and one far ahead stays mostly free even when earlier ones fell short.
    fn wanted(&self, slots: usize, day: i32) -> usize {
        let total = f64::from(self.demo.size.shape().appointments);
        let share = (total * self.weight.1 / self.weight.0.max(1.0)).round() - f64::from(self.emitted);
        let most = slots as f64 * (0.2 + 0.76 * self.pace(day)).min(0.96);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between 0 and the number of slots"
        )]
        let wanted = share.clamp(0.0, most.floor()) as usize;
        wanted
    }

    fn plan(&mut self, day: i32) -> Vec<Planned> {
        let (date, open) = (self.date(day), self.open(day));
        self.weight.1 += self.work(day, &open);
        let Some(clock) = DayClock::new(&self.demo.zone, date, &open) else {
            return Vec::new();
        };
        let rng = dice(self.demo.seed, Stream::Days, u64::from(day.unsigned_abs()));
        let mut today = Today { day, clock, rng };
        let mut slots = self.demo.slots(date, &open, &self.roster, &mut today.rng);
        let wanted = self.wanted(slots.len(), day);
        choose(&mut slots, wanted, &mut today.rng);
        slots.sort_unstable_by_key(|slot| (slot.start, slot.professional));
        let mut out = Vec::with_capacity(slots.len() + 8);
        for slot in slots {
            // Those squeezed in count as well, so the last day may have less room than it seemed.
            if self.is_complete() {
                break;
            }
            let Some(planned) = self.book(slot, false, &mut today) else {
                continue;
            };
            out.push(planned);
            if holds_time(planned.status) && chance(&mut today.rng, 2) && !self.is_complete() {
                let beside = Slot { length: slot.length.min(15), ..slot };
                out.extend(self.book(beside, true, &mut today));
            }
        }
        out
    }

    fn is_complete(&self) -> bool {
        self.emitted >= self.demo.size.shape().appointments
    }

    /// Finds somebody for a time and writes the appointment down.
    fn book(&mut self, slot: Slot, fit_in: bool, today: &mut Today) -> Option<Planned> {
        let found = self.patients.find(slot.professional, today.day, &mut today.rng)?;
        let rng = &mut today.rng;
        let registered = self.patients.crowd.traits(found.person).registered;
        let moment = Moment {
            start: today.clock.at(slot.start),
            end: today.clock.at(slot.start + slot.length),
            now: self.demo.now.as_second(),
            fit_in,
            known: today.clock.at(0) - 86_400 * i64::from(today.day - registered),
        };
        let outcome = moment.outcome(rng);
        self.patients.note(found, slot.professional, (today.day, outcome.status), rng);
        self.emitted += 1;
        Some(Planned {
            professional: slot.professional,
            person: found.person as usize,
            room: self.roster.team.get(slot.professional).and_then(|who| who.room),
            starts_at: Timestamp::from_second(moment.start).ok()?,
            duration_min: slot.length,
            kind: kind(slot.professional, found, fit_in, rng),
            status: outcome.status,
            fit_in,
            tag: chance(rng, 14).then(|| rng.usize(0..TAGS.len())),
            notes: chance(rng, 7).then(|| pick(rng, &words::APPOINTMENT_NOTES)),
            booked_at: outcome.booked_at,
            arrived_at: outcome.arrived_at,
            in_care_at: outcome.in_care_at,
            done_at: outcome.done_at,
            cancellation_reason: outcome.cancellation_reason,
        })
    }
}

impl DayClock {
    /// Nothing for a closed day, and for one on which the clocks change while the clinic is open: nobody is booked
    /// into an hour that does not exist or exists twice.
    fn new(zone: &TimeZone, date: Date, open: &[Stretch]) -> Option<Self> {
        let ((first, _), (_, last)) = (open.first()?, open.last()?);
        let midnight = |minute: u16| {
            let minute = i8::try_from(minute % 60).ok().zip(i8::try_from(minute / 60).ok());
            let (minute, hour) = minute?;
            let at = zone.to_ambiguous_timestamp(date.at(hour, minute, 0, 0)).compatible().ok()?.as_second();
            Some(at - 60 * (60 * i64::from(hour) + i64::from(minute)))
        };
        let (opening, closing) = (midnight(*first)?, midnight((*last).min(24 * 60 - 1))?);
        (opening == closing).then_some(Self(opening))
    }

    fn at(&self, minute: u16) -> i64 {
        self.0 + 60 * i64::from(minute)
    }
}

fn kind(professional: usize, found: Found, fit_in: bool, rng: &mut Rng) -> &'static str {
    let specialty = specialty(professional);
    match () {
        () if fit_in && chance(rng, 45) => "emergency",
        () if found.new => specialty.first,
        () if chance(rng, specialty.procedures) => "procedure",
        () if found.expected => specialty.again,
        () => "visit",
    }
}

/// Keeps `wanted` of the slots, each as likely, in their order (Knuth's algorithm S).
fn choose(slots: &mut Vec<Slot>, wanted: usize, rng: &mut Rng) {
    let (mut left, mut needed) = (slots.len(), wanted);
    slots.retain(|_| {
        let taken = rng.usize(0..left) < needed;
        left -= 1;
        needed -= usize::from(taken);
        taken
    });
}

#[cfg(test)]
#[path = "plan_tests.rs"]
mod tests;
