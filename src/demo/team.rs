//! The people who work at the clinic, what they do, and the rooms they do it in.
use super::Demo;
use super::names;
use super::random::{Stream, chance, dice};
use super::size::Shape;
use super::specialty::specialty;
use crate::base::brazil::{Council, CouncilKind, Uf};
use crate::base::mail::Email;
use crate::base::text::fold;
use jiff::ToSpan;
use jiff::civil::Date;
use std::collections::BTreeSet;

/// Somebody with an agenda.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Professional {
    /// Full name, without title.
    pub name: String,
    /// Sign-in, on a domain reserved for examples.
    pub email: Option<Email>,
    /// Registration, where the made-up number is one.
    pub council: Option<Council>,
    /// In Portuguese.
    pub specialty: &'static str,
    /// Place in the palette of twelve colours.
    pub color: u8,
    /// The room of this clinic they work in; none for those who see patients in their own.
    pub room: Option<usize>,
    /// First day at the clinic.
    pub since: Date,
}

/// Somebody who signs in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Full name.
    pub name: String,
    /// Sign-in, on a domain reserved for examples.
    pub email: Option<Email>,
    /// Codes of the contract: `owner`, `professional`, `front_desk`, `finance`, `auditor`, `technician`.
    pub roles: &'static [&'static str],
    /// Which of [`Demo::professionals`] this is.
    pub professional: Option<usize>,
}

/// Those without an agenda: every role has one, the front desk two.
const OTHERS: [(&str, &[&str]); 6] = [
    ("Sônia Prado", &["owner"]),
    ("Jéssica Lima", &["front_desk"]),
    ("Rogério Batista", &["front_desk"]),
    ("Márcia Tavares", &["finance"]),
    ("Otávio Guimarães", &["auditor"]),
    ("Yuri Nakamura", &["technician"]),
];

impl Demo {
    /// Everybody with an agenda, in the order the schedule counts them.
    pub fn professionals(&self) -> Vec<Professional> {
        let shape = self.size.shape();
        let mut taken: BTreeSet<Email> = OTHERS.iter().filter_map(|(name, _)| sign_in(name, None)).collect();
        let team = (0..shape.professionals).map(|index| self.professional(index, &shape));
        team.enumerate()
            .map(|(index, mut who)| {
                // Two of one name cannot have one sign-in.
                who.email =
                    who.email.filter(|e| !taken.contains(e)).or_else(|| sign_in(&who.name, Some(index)));
                taken.extend(who.email.clone());
                who
            })
            .collect()
    }

    /// Everybody who signs in: the owner first, the others without an agenda, then the professionals.
    pub fn users(&self) -> Vec<User> {
        let others = OTHERS.iter().map(|(name, roles)| User {
            name: (*name).to_owned(),
            email: sign_in(name, None),
            roles,
            professional: None,
        });
        let team = self.professionals().into_iter().enumerate().map(|(index, who)| User {
            name: who.name,
            email: who.email,
            roles: &["professional"],
            professional: Some(index),
        });
        others.chain(team).collect()
    }

    /// Names of the rooms, in the order the schedule counts them.
    pub fn rooms(&self) -> Vec<String> {
        let first = ["Sala odontológica", "Sala de fisioterapia", "Sala de procedimentos"];
        let named = first.into_iter().map(str::to_owned);
        let numbered = (4..).map(|number| format!("Consultório {number}"));
        named.chain(numbered).take(self.size.shape().rooms).collect()
    }

    fn professional(&self, index: usize, shape: &Shape) -> Professional {
        let rng = &mut dice(self.seed, Stream::Team, index as u64);
        let specialty = specialty(index);
        let female = chance(rng, 64);
        let given = names::given(rng, female, 1980);
        let mother = names::surname(rng);
        let name = names::full(&given, rng, &mother, female);
        let number = match specialty.council {
            CouncilKind::Crefito => format!("3/{}-F", rng.u32(20_000..300_000)),
            CouncilKind::Crp => format!("06/{}", rng.u32(20_000..190_000)),
            _ => rng.u32(20_000..240_000).to_string(),
        };
        Professional {
            email: sign_in(&name, None),
            name,
            council: Council::new(specialty.council, &number, Uf::Sp).ok(),
            specialty: specialty.name,
            color: u8::try_from(index % 12).unwrap_or(0),
            room: shape.room(index),
            since: self.since().saturating_add(shape.hired_after(index, self.past_days()).days()),
        }
    }
}

impl Shape {
    /// The room of a professional. The last `shared` rooms have two, who take turns by half days.
    fn room(&self, index: usize) -> Option<usize> {
        match index.checked_sub(self.rooms) {
            None => Some(index),
            Some(over) => (over < self.shared).then(|| index - self.shared),
        }
    }

    /// Which half of the days is a professional's own: none for one with a room alone, or no room.
    pub(super) fn turn(&self, index: usize) -> Option<bool> {
        let first = self.rooms.saturating_sub(self.shared);
        (first..self.rooms + self.shared).contains(&index).then_some(index < self.rooms)
    }

    /// Days from the first one until a professional came. The first twelve were there from the beginning; in a run of
    /// twenty years the others join one by one over three quarters of it.
    fn hired_after(&self, index: usize, days: i32) -> i32 {
        let (late, of) = (index.saturating_sub(11), self.professionals.saturating_sub(11).max(1));
        if !self.grows {
            return 0;
        }
        i32::try_from(late).unwrap_or(0) * (days / 4 * 3) / i32::try_from(of).unwrap_or(1)
    }
}

/// First and last name at the clinic's domain; numbered where names may repeat.
fn sign_in(name: &str, number: Option<usize>) -> Option<Email> {
    let folded = fold(name);
    let (first, last) = (folded.split(' ').next()?, folded.split(' ').next_back()?);
    let number = number.map(|n| n.to_string()).unwrap_or_default();
    Email::parse(&format!("{first}.{last}{number}@vilaaurora.example")).ok()
}

#[cfg(test)]
mod tests {
    use super::super::tests::demo;
    use super::super::{ROLES, Size};
    use std::collections::BTreeSet;

    #[test]
    fn the_clinic_has_eight_professionals_and_three_rooms() {
        let demo = demo(7, Size::Clinic);
        let team = demo.professionals();
        assert_eq!((team.len(), demo.rooms().len()), (8, 3));
        assert!(team.iter().all(|who| who.council.is_some() && who.color < 12 && who.name.contains(' ')));
        let specialties: BTreeSet<_> = team.iter().map(|who| who.specialty).collect();
        assert_eq!(specialties.len(), 8);
    }

    #[test]
    fn every_role_has_somebody_who_signs_in() {
        for size in [Size::Clinic, Size::Large, Size::Years20] {
            let users = demo(8, size).users();
            for role in ROLES {
                assert!(users.iter().any(|user| user.roles.contains(&role)), "{role}");
            }
            let addresses: BTreeSet<_> = users.iter().map(|user| user.email.clone().unwrap()).collect();
            assert_eq!(addresses.len(), users.len(), "a sign-in is one person");
        }
    }

    #[test]
    fn a_room_has_one_professional_or_two_who_take_turns() {
        for size in [Size::Clinic, Size::Large] {
            let (demo, shape) = (demo(9, size), size.shape());
            for room in 0..shape.rooms {
                let team = demo.professionals();
                let turns: Vec<_> = team
                    .iter()
                    .enumerate()
                    .filter(|(_, who)| who.room == Some(room))
                    .map(|(i, _)| shape.turn(i))
                    .collect();
                assert!(turns == [None] || turns == [Some(true), Some(false)], "{room}: {turns:?}");
            }
        }
    }

    #[test]
    fn in_twenty_years_the_team_grows() {
        let demo = demo(10, Size::Years20);
        let team = demo.professionals();
        assert_eq!(team.iter().filter(|who| who.since == demo.since()).count(), 12);
        assert!(team.iter().all(|who| who.since < demo.today()) && team.is_sorted_by_key(|who| who.since));
    }
}
