//! What the professionals do: whom they see, for how long, and how often they want to see them again.
use super::people::Traits;
use crate::base::brazil::CouncilKind;

/// Whom a specialty sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fits {
    Anybody,
    Children,
    Women,
    Grown,
}

/// How a specialty works.
#[derive(Debug, Clone, Copy)]
pub(super) struct Specialty {
    pub name: &'static str,
    pub council: CouncilKind,
    /// What a first visit is called.
    pub first: &'static str,
    /// What a later one that was agreed on before is called.
    pub again: &'static str,
    pub fits: Fits,
    /// Usual lengths in minutes, and the grid on which they begin.
    pub lengths: &'static [u16],
    pub grid: u16,
    /// How many in a hundred come back, and after how many days at least and at most.
    pub returns: (u32, i32, i32),
    /// How many in a hundred are procedures.
    pub procedures: u32,
}

const fn doctor(
    name: &'static str,
    fits: Fits,
    lengths: &'static [u16],
    grid: u16,
    procedures: u32,
) -> Specialty {
    let (council, first, again) = (CouncilKind::Crm, "first_visit", "return");
    Specialty { name, council, first, again, fits, lengths, grid, returns: (34, 12, 30), procedures }
}

const fn therapist(
    name: &'static str,
    council: CouncilKind,
    lengths: &'static [u16],
    grid: u16,
    returns: (u32, i32, i32),
) -> Specialty {
    let (first, again) = ("evaluation", "visit");
    Specialty { name, council, first, again, fits: Fits::Anybody, lengths, grid, returns, procedures: 0 }
}

/// In the order in which a clinic takes them in; more professionals than these begin again at the front.
const SPECIALTIES: [Specialty; 14] = [
    Specialty {
        procedures: 55,
        ..therapist("Odontologia", CouncilKind::Cro, &[30, 30, 60], 30, (52, 7, 21))
    },
    therapist("Fisioterapia", CouncilKind::Crefito, &[50], 60, (86, 2, 4)),
    doctor("Dermatologia", Fits::Anybody, &[20, 30], 10, 24),
    doctor("Ginecologia e obstetrícia", Fits::Women, &[30, 30, 40], 10, 10),
    doctor("Clínica médica", Fits::Grown, &[20, 20, 30], 10, 4),
    doctor("Pediatria", Fits::Children, &[30], 30, 3),
    therapist("Psicologia", CouncilKind::Crp, &[50], 60, (88, 7, 7)),
    therapist("Nutrição", CouncilKind::Crn, &[40, 50], 10, (60, 25, 40)),
    doctor("Cardiologia", Fits::Grown, &[30, 30, 40], 10, 18),
    doctor("Ortopedia e traumatologia", Fits::Anybody, &[20, 30], 10, 12),
    doctor("Oftalmologia", Fits::Anybody, &[20], 20, 20),
    doctor("Psiquiatria", Fits::Grown, &[40, 60], 20, 0),
    therapist("Fonoaudiologia", CouncilKind::Crfa, &[40], 40, (80, 7, 7)),
    doctor("Endocrinologia", Fits::Grown, &[30, 40], 10, 0),
];

/// The specialty of professional number `index`.
pub(super) fn specialty(index: usize) -> &'static Specialty {
    let [first, ..] = &SPECIALTIES;
    SPECIALTIES.get(index % SPECIALTIES.len()).unwrap_or(first)
}

impl Fits {
    /// Whether a person is one of those, on a day counted like the traits.
    pub(super) fn suits(self, traits: Traits, day: i32) -> bool {
        let age = (day - traits.born) / 365;
        match self {
            Self::Anybody => age >= 4,
            Self::Children => age < 16,
            Self::Women => traits.female && age >= 12,
            Self::Grown => age >= 14,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn children_go_to_the_paediatrician_and_not_to_the_cardiologist() {
        let child = Traits { female: false, born: -3000, registered: 0, status: "active" };
        let fits: Vec<_> = SPECIALTIES.iter().filter(|s| s.fits.suits(child, 0)).map(|s| s.name).collect();
        assert!(fits.contains(&"Pediatria") && fits.contains(&"Odontologia"));
        assert!(!fits.contains(&"Cardiologia") && !fits.contains(&"Ginecologia e obstetrícia"));
    }

    #[test]
    fn every_specialty_can_be_planned() {
        for s in SPECIALTIES {
            assert!(
                s.grid > 0 && !s.lengths.is_empty() && s.lengths.iter().all(|length| *length >= 5),
                "{}",
                s.name
            );
            assert!(s.returns.1 <= s.returns.2 && s.returns.0 <= 100);
        }
    }
}
