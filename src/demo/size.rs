//! How large a made-up clinic is, and what that means in numbers.

/// How large the clinic is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// What a clinic looks like after nine months: 8 professionals, 3,000 people, a year around today.
    Clinic,
    /// 50,000 people and 300,000 appointments of 30 professionals.
    Large,
    /// 200,000 people and 1,000,000 appointments over twenty years of a team that grew to 30.
    Years20,
}

/// What a size means in numbers.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shape {
    pub professionals: usize,
    pub rooms: usize,
    /// How many of the rooms two professionals share.
    pub shared: usize,
    pub people: u32,
    /// How many in a hundred came from the old system.
    pub founders: u32,
    pub appointments: u32,
    pub past_days: i32,
    /// Whether the team grew over the years.
    pub grows: bool,
    /// How full the first day was, compared to today's.
    pub first_pace: f64,
}

impl Size {
    /// Reads the name used on the command line.
    ///
    /// # Errors
    /// `unknown_value` for any other.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        [Self::Clinic, Self::Large, Self::Years20]
            .into_iter()
            .find(|size| size.as_str() == text)
            .ok_or("unknown_value")
    }

    /// Its name on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Clinic => "clinic",
            Self::Large => "large",
            Self::Years20 => "years20",
        }
    }

    /// How many people the clinic has had.
    pub fn people(self) -> usize {
        self.shape().people as usize
    }

    /// How many appointments the whole run has, given hours as in [`super::OpenDay::usual`].
    pub fn appointments(self) -> usize {
        self.shape().appointments as usize
    }

    pub(super) fn shape(self) -> Shape {
        match self {
            Self::Clinic => Shape {
                professionals: 8,
                rooms: 3,
                shared: 1,
                people: 3_000,
                founders: 45,
                appointments: 18_000,
                past_days: 275,
                grows: false,
                first_pace: 0.85,
            },
            Self::Large => Shape {
                professionals: 30,
                rooms: 26,
                shared: 4,
                people: 50_000,
                founders: 25,
                appointments: 300_000,
                past_days: 4 * 365,
                grows: false,
                first_pace: 0.8,
            },
            Self::Years20 => Shape {
                people: 200_000,
                founders: 3,
                appointments: 1_000_000,
                past_days: 20 * 365,
                grows: true,
                first_pace: 0.3,
                ..Self::Large.shape()
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_by_their_names() {
        for size in [Size::Clinic, Size::Large, Size::Years20] {
            assert_eq!(Size::parse(size.as_str()), Ok(size));
        }
        assert_eq!(Size::parse("huge"), Err("unknown_value"));
        assert_eq!((Size::Years20.people(), Size::Years20.appointments()), (200_000, 1_000_000));
    }
}
