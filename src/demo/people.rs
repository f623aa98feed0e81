//! Made-up patients. Any number of them, each drawn from its own index: person 123,456 is the same whether the ones
//! before were made or not, so nothing has to be kept in memory.
use super::names;
use super::places::{self, Address};
use super::random::{Stream, between, chance, dice, pick, pick_weighted};
use super::words;
use crate::base::brazil::{Cns, Cpf, Phone};
use crate::base::mail::Email;
use crate::base::text::fold;
use fastrand::Rng;
use jiff::ToSpan;
use jiff::civil::Date;

/// A patient, in the shape of the contract; codes are those of the contract too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Civil name.
    pub name: String,
    /// The name the person goes by, for about two in a hundred.
    pub social_name: Option<String>,
    /// Date of birth, never after the registration.
    pub birth_date: Date,
    /// `female` or `male`, as registered at birth.
    pub sex: &'static str,
    /// Mother's name; unknown for a few.
    pub mother_name: Option<String>,
    /// Right and unique in the run; some have none.
    pub cpf: Option<Cpf>,
    /// Right and unique in the run; about half have one.
    pub cns: Option<Cns>,
    /// Unique in the run, with the area code of the city.
    pub phone: Option<Phone>,
    /// Whether messages reach the phone.
    pub whatsapp: bool,
    /// On a domain reserved for examples: no mail can leave by accident.
    pub email: Option<Email>,
    /// Where the person lives.
    pub address: Address,
    /// Whom to call, for some.
    pub emergency_contact: Option<EmergencyContact>,
    /// What grown-ups do.
    pub profession: Option<&'static str>,
    /// `lead`, `active`, `in_treatment` or `inactive`.
    pub status: &'static str,
    /// `low`, `normal`, `high` or `urgent`.
    pub priority: &'static str,
    /// `whatsapp`, `site`, `referral`, `import`, `walk_in` or `other`.
    pub source: &'static str,
    /// Known allergies.
    pub allergies: Vec<&'static str>,
    /// Medicines in use.
    pub medications: Vec<&'static str>,
    /// A remark of the front desk.
    pub notes: Option<&'static str>,
    /// The day the clinic first wrote the person down.
    pub registered_on: Date,
}

/// Whom to call in an emergency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmergencyContact {
    /// Name and relation.
    pub name: String,
    /// Where to call.
    pub phone: Option<Phone>,
}

/// The crowd the clinic has had: who registered when, without making anybody.
#[derive(Debug, Clone, Copy)]
pub(super) struct Crowd {
    pub seed: u64,
    /// How many people in all.
    pub count: u32,
    /// How many of them came with the clinic, from its old system.
    pub founders: u32,
    /// First day of the run.
    pub since: Date,
    /// Days from then until today.
    pub days: i32,
}

/// The little the schedule has to know about a person. Days count from the first day of the run.
#[derive(Debug, Clone, Copy)]
pub(super) struct Traits {
    pub female: bool,
    pub born: i32,
    pub registered: i32,
    pub status: &'static str,
}

/// Ages at registration: weight, first and last year. A clinic sees more adults than a census does.
const AGES: [(u32, (i32, i32)); 10] = [
    (7, (0, 4)),
    (9, (5, 14)),
    (11, (15, 24)),
    (15, (25, 34)),
    (17, (35, 44)),
    (14, (45, 54)),
    (12, (55, 64)),
    (9, (65, 74)),
    (5, (75, 84)),
    (1, (85, 97)),
];

impl Crowd {
    /// How many people are registered at the end of that day.
    pub(super) fn registered_by(&self, day: i32) -> u32 {
        let joining = u64::from(self.count - self.founders);
        let days = u64::try_from(day.saturating_add(1)).unwrap_or(0);
        let joined = (days * joining).div_ceil(self.span()).min(joining);
        self.founders + u32::try_from(joined).unwrap_or(0)
    }

    /// The traits of a person; the same that [`Self::person`] will show.
    pub(super) fn traits(&self, index: u32) -> Traits {
        let mut rng = dice(self.seed, Stream::Traits, u64::from(index));
        let registered = self.registered(index);
        let (youngest, oldest) = pick_weighted(&mut rng, &AGES);
        // At least a day old, so that a birth date is never a date in the future.
        let age = rng.i32(youngest * 365 + 1..=oldest * 365 + 365);
        Traits {
            female: chance(&mut rng, 58),
            born: registered - age,
            registered,
            status: status(&mut rng, index, self.count),
        }
    }

    /// Everything about a person.
    pub(super) fn person(&self, index: u32) -> Person {
        let traits = self.traits(index);
        let rng = &mut dice(self.seed, Stream::Details, u64::from(index));
        let birth_date = self.since.saturating_add(traits.born.days());
        let age = (self.days - traits.born) / 365;
        let city = places::a_city(rng);
        let (name, mother_name) = a_family(rng, traits.female, birth_date.year());
        let (phone, whatsapp) = self.a_phone(rng, index, city.area);
        let social_name = chance(rng, 2).then(|| {
            let family = name.split(' ').next_back().unwrap_or_default();
            format!("{} {family}", names::given(rng, !traits.female, birth_date.year()))
        });
        Person {
            email: an_email(rng, social_name.as_deref().unwrap_or(&name), index).filter(|_| age >= 15),
            emergency_contact: an_emergency_contact(rng, mother_name.as_deref(), age),
            name,
            social_name,
            birth_date,
            sex: if traits.female { "female" } else { "male" },
            mother_name,
            cpf: chance(rng, if age < 2 { 60 } else { 94 }).then(|| self.a_cpf(index)).flatten(),
            cns: chance(rng, 52).then(|| self.a_cns(index)).flatten(),
            phone,
            whatsapp,
            address: places::an_address(rng, city),
            profession: a_profession(rng, age),
            status: traits.status,
            priority: pick_weighted(rng, &[(12, "low"), (78, "normal"), (8, "high"), (2, "urgent")]),
            source: if index < self.founders && chance(rng, 80) {
                "import"
            } else {
                pick_weighted(rng, &words::SOURCES)
            },
            allergies: some_of(rng, &words::ALLERGIES, 13),
            medications: some_of(rng, &words::MEDICINES, if age > 45 { 38 } else { 9 }),
            notes: chance(rng, 9).then(|| pick(rng, &words::REMARKS)),
            registered_on: self.since.saturating_add(traits.registered.days()),
        }
    }

    /// Day a person registered: founders on the first one, the others evenly until today, in the order of their index.
    fn registered(&self, index: u32) -> i32 {
        let joining = u64::from(self.count - self.founders).max(1);
        let place = u64::from(index.saturating_sub(self.founders));
        i32::try_from(place * self.span() / joining).unwrap_or(0)
    }

    fn span(&self) -> u64 {
        u64::try_from(self.days).unwrap_or(0).max(1)
    }

    /// A number below `modulus`, different for every index below it: multiplying by a number without a common factor
    /// is a permutation. No modulus used here has a factor but 2 and 5, no `step` has one of these.
    fn shuffled(&self, index: u32, step: u64, modulus: u64) -> u64 {
        let offset = dice(self.seed, Stream::Details, step).u64(0..modulus);
        let product = u128::from(index) * u128::from(step) + u128::from(offset);
        u64::try_from(product % u128::from(modulus)).unwrap_or(offset)
    }

    fn a_cpf(&self, index: u32) -> Option<Cpf> {
        Cpf::from_root(u32::try_from(self.shuffled(index, 716_419_837, 1_000_000_000)).ok()?)
    }

    fn a_cns(&self, index: u32) -> Option<Cns> {
        let first = 7 + u64::from(index % 3);
        Cns::provisional(first * 1_000_000_000_000 + self.shuffled(index, 796_889_010_407, 1_000_000_000_000))
    }

    /// A mobile for nine in ten, with messages for nine in ten of those.
    fn a_phone(&self, rng: &mut Rng, index: u32, area: u8) -> (Option<Phone>, bool) {
        let number = self.shuffled(index, 15_827_883, 40_000_000);
        let mobile = chance(rng, 92);
        let text = if mobile {
            format!("{area}9{}", 60_000_000 + number)
        } else {
            format!("{area}{}", 20_000_000 + number)
        };
        (Phone::parse(&text).ok(), mobile && chance(rng, 92))
    }
}

/// Leads are recent, the inactive have been there long.
fn status(rng: &mut Rng, index: u32, count: u32) -> &'static str {
    let share = u64::from(index) * 100 / u64::from(count.max(1));
    match share {
        0..60 => pick_weighted(rng, &[(20, "inactive"), (10, "in_treatment"), (70, "active")]),
        60..93 => pick_weighted(rng, &[(5, "inactive"), (22, "in_treatment"), (72, "active"), (1, "lead")]),
        _ => pick_weighted(rng, &[(20, "in_treatment"), (45, "active"), (35, "lead")]),
    }
}

/// Name of the person and of the mother, who share a family.
fn a_family(rng: &mut Rng, female: bool, born: i16) -> (String, Option<String>) {
    let shared = names::surname(rng);
    let given = names::given(rng, female, born);
    let name = names::full(&given, rng, &shared, female);
    let mother_born = born - i16::try_from(between(rng, 17, 41)).unwrap_or(27);
    let mother = format!("{} {shared}", names::given(rng, true, mother_born));
    (name, chance(rng, 96).then_some(mother))
}

fn an_email(rng: &mut Rng, name: &str, index: u32) -> Option<Email> {
    let folded = fold(name);
    let (first, last) = (folded.split(' ').next()?, folded.split(' ').next_back()?);
    let domain = pick(rng, &["example.com", "example.org", "example.net"]);
    let address = Email::parse(&format!("{first}.{last}{index}@{domain}")).ok()?;
    chance(rng, 66).then_some(address)
}

fn an_emergency_contact(rng: &mut Rng, mother: Option<&str>, age: i32) -> Option<EmergencyContact> {
    let name = match age {
        0..25 => format!("{} (mãe)", mother?),
        _ => {
            let female = rng.bool();
            let given = names::given(rng, female, 1980);
            let relation = if female {
                pick(rng, &["irmã", "filha", "amiga"])
            } else {
                pick(rng, &["irmão", "filho", "amigo"])
            };
            format!("{given} ({relation})")
        }
    };
    let phone = Phone::parse(&format!("199{}", rng.u32(60_000_000..100_000_000))).ok();
    chance(rng, 45).then_some(EmergencyContact { name, phone })
}

fn a_profession(rng: &mut Rng, age: i32) -> Option<&'static str> {
    match age {
        0..6 => None,
        6..18 => Some("Estudante"),
        70.. => Some(pick_weighted(rng, &[(85, "Aposentado(a)"), (15, "Comércio")])),
        _ => chance(rng, 82).then(|| pick(rng, &words::PROFESSIONS)),
    }
}

/// Nothing for most, else one or two different ones.
fn some_of(rng: &mut Rng, list: &[&'static str], percent: u32) -> Vec<&'static str> {
    if !chance(rng, percent) {
        return Vec::new();
    }
    let (first, second) = (pick(rng, list), pick(rng, list));
    if chance(rng, 30) && first != second { vec![first, second] } else { vec![first] }
}

#[cfg(test)]
#[path = "people_tests.rs"]
mod tests;
