//! What a clinic's people do, as one table: for each scenario, how often each act comes up.
use serde::{Deserialize, Serialize};

/// Something a person does at the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Looks at a day of the agenda.
    Agenda,
    /// Looks at the same day again: what has not changed is not sent again.
    AgendaAgain,
    /// Receives a patient: the day, then the step from booked to arrived and on.
    CheckIn,
    /// Finds a patient, letter by letter.
    Search,
    /// Opens a patient's page: the person and their appointments.
    Patient,
    /// Looks at who changed what of a patient.
    History,
    /// Books: free times first, then one of them.
    Book,
    /// Registers somebody new.
    Register,
    /// Corrects a patient's data.
    Correct,
    /// Looks at the team.
    Team,
    /// Looks at the connected calendars.
    Calendars,
    /// A calendar program asks for its feed again.
    Feed,
    /// Looks at the state of the system.
    Health,
}

/// A way of working.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
#[clap(rename_all = "snake_case")]
pub enum Scenario {
    /// Half past seven: people arrive, the agenda is open everywhere
    MorningRush,
    /// Any hour of any day
    NormalDay,
    /// Telephones: one search after another, and bookings
    CallCentre,
    /// Professionals between patients: patients' pages and their history
    Medical,
    /// The owner sees to the team
    Team,
    /// Telephones and desktops that poll their calendars
    CalendarClients,
    /// A normal day of three clinics on one computer
    SeveralClinics,
    /// All of it at once
    Mixed,
}

use Act::*;

impl Scenario {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::MorningRush => "morning_rush",
            Self::NormalDay => "normal_day",
            Self::CallCentre => "call_centre",
            Self::Medical => "medical",
            Self::Team => "team",
            Self::CalendarClients => "calendar_clients",
            Self::SeveralClinics => "several_clinics",
            Self::Mixed => "mixed",
        }
    }

    /// Clinics that people work in. There is always one more, that others must not see.
    pub fn clinics(self) -> usize {
        if self == Self::SeveralClinics { 3 } else { 1 }
    }

    /// How often each act comes up, in relation to the others.
    pub fn weights(self) -> &'static [(u32, Act)] {
        match self {
            Self::MorningRush => &[
                (30, Agenda),
                (20, AgendaAgain),
                (30, CheckIn),
                (10, Search),
                (6, Patient),
                (2, Book),
                (2, Register),
            ],
            Self::NormalDay | Self::SeveralClinics => &[
                (26, Agenda),
                (18, AgendaAgain),
                (12, CheckIn),
                (16, Search),
                (12, Patient),
                (8, Book),
                (3, Register),
                (3, Correct),
                (2, History),
            ],
            Self::CallCentre => &[(50, Search), (16, Patient), (14, Agenda), (14, Book), (6, Register)],
            Self::Medical => &[(30, Agenda), (40, Patient), (15, History), (10, CheckIn), (5, Correct)],
            Self::Team => &[(60, Team), (20, Agenda), (10, Calendars), (10, Health)],
            Self::CalendarClients => &[(80, Feed), (10, Calendars), (10, Agenda)],
            Self::Mixed => &[
                (22, Agenda),
                (14, AgendaAgain),
                (12, CheckIn),
                (16, Search),
                (12, Patient),
                (6, Book),
                (3, Register),
                (3, Correct),
                (3, History),
                (3, Team),
                (1, Calendars),
                (4, Feed),
                (1, Health),
            ],
        }
    }

    /// The act for a throw of the dice between 0 and 1.
    pub fn act(self, throw: f64) -> Act {
        let total: u32 = self.weights().iter().map(|(weight, _)| weight).sum();
        let mut left = throw * f64::from(total);
        for (weight, act) in self.weights() {
            left -= f64::from(*weight);
            if left < 0.0 {
                return *act;
            }
        }
        Agenda
    }
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum as _;

    use super::*;

    #[test]
    fn acts_come_up_as_often_as_the_table_says() {
        for scenario in Scenario::value_variants() {
            let total: u32 = scenario.weights().iter().map(|(weight, _)| weight).sum();
            for (weight, act) in scenario.weights() {
                let throws = (0..10_000).map(|n| f64::from(n) / 10_000.0);
                let share = throws.filter(|throw| scenario.act(*throw) == *act).count() as f64 / 10_000.0;
                let wanted = f64::from(*weight) / f64::from(total);
                assert!((share - wanted).abs() < 0.001, "{scenario:?} {act:?}: {share} for {wanted}");
            }
        }
    }

    #[test]
    fn the_name_on_the_command_line_is_the_name_in_the_report() {
        for scenario in Scenario::value_variants() {
            let typed = scenario.to_possible_value().unwrap();
            assert_eq!(typed.get_name(), scenario.name());
        }
    }
}
