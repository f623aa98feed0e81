//! Pure decisions about appointments: which steps exist, which states hold their time, what overlaps.
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    base::{Choice, Error, Instant, Result},
    choices,
};

choices! {
    /// Where an appointment is in its life. The first six hold the time, the last four free it.
    #[derive(Default)]
    Status {
        /// Asked for, not yet accepted.
        Requested = "requested",
        /// In the agenda.
        #[default]
        Booked = "booked",
        /// The patient said they will come.
        Confirmed = "confirmed",
        /// The patient is here.
        Arrived = "arrived",
        /// With the professional.
        InCare = "in_care",
        /// Over.
        Done = "done",
        /// The patient did not come.
        NoShow = "no_show",
        /// The patient went away before being seen.
        Left = "left",
        /// The patient called it off.
        CancelledByPatient = "cancelled_by_patient",
        /// The clinic called it off.
        CancelledByClinic = "cancelled_by_clinic",
    }
}

use Status::*;

impl Status {
    /// What an appointment may start as.
    pub const FIRST: &'static [Self] = &[Requested, Booked, Confirmed];

    /// Whether nothing else may be booked over it.
    pub fn holds_time(self) -> bool {
        matches!(self, Requested | Booked | Confirmed | Arrived | InCare | Done)
    }

    /// Whether it was called off.
    pub fn is_cancelled(self) -> bool {
        matches!(self, CancelledByPatient | CancelledByClinic)
    }

    /// The steps from here.
    pub fn steps(self) -> &'static [Self] {
        match self {
            Requested => &[Booked, CancelledByPatient, CancelledByClinic],
            Booked => &[Confirmed, Arrived, NoShow, CancelledByPatient, CancelledByClinic],
            Confirmed => &[Arrived, NoShow, CancelledByPatient, CancelledByClinic, Booked],
            Arrived => &[InCare, Left, Booked, Confirmed],
            InCare => &[Done, Arrived, Left],
            Done => &[InCare],
            NoShow => &[Booked, Confirmed, Arrived],
            Left => &[Arrived, InCare],
            CancelledByPatient | CancelledByClinic => &[Booked],
        }
    }

    /// Refuses a step that does not exist, with those that do.
    pub fn check_step(self, to: Self) -> Result<()> {
        if self.steps().contains(&to) {
            return Ok(());
        }
        let refused = Error::conflict("illegal_status");
        Err(refused.with("from", self.code()).with("to", to.code()).with("allowed", self.steps()))
    }
}

/// When the steps of care happened.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Marks {
    /// When the patient arrived.
    pub arrived_at: Option<Instant>,
    /// When care began.
    pub in_care_at: Option<Instant>,
    /// When care ended.
    pub done_at: Option<Instant>,
}

impl Marks {
    /// The marks after a step to `to` at `now`: a step forward sets its own, a step back takes back what it undoes.
    #[must_use]
    pub fn after(self, to: Status, now: Instant) -> Self {
        let arrived_at = self.arrived_at.or(Some(now));
        match to {
            Requested | Booked | Confirmed => Self::default(),
            Arrived => Self { arrived_at, ..Self::default() },
            InCare => Self { arrived_at, in_care_at: self.in_care_at.or(Some(now)), done_at: None },
            Done => Self { done_at: Some(now), ..self },
            NoShow | Left | CancelledByPatient | CancelledByClinic => self,
        }
    }
}

/// A stretch of time: from its first instant to the one after its last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Span {
    /// The first instant.
    #[serde(rename = "starts_at")]
    pub from: Instant,
    /// The instant after the last.
    #[serde(rename = "ends_at")]
    pub to: Instant,
}

impl Span {
    /// Whether both have an instant in common. Two that only touch do not.
    pub fn overlaps(self, other: Self) -> bool {
        self.from < other.to && other.from < self.to
    }

    /// What both have in common.
    #[must_use]
    pub fn within(self, other: Self) -> Option<Self> {
        let common = Self { from: self.from.max(other.from), to: self.to.min(other.to) };
        (common.from < common.to).then_some(common)
    }

    /// Its length in whole minutes.
    pub fn minutes(self) -> i64 {
        (self.to.0 - self.from.0) / 60
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn any_status() -> impl Strategy<Value = Status> {
        proptest::sample::select(Status::ALL.to_vec())
    }

    fn any_span() -> impl Strategy<Value = Span> {
        (0i64..500, 1i64..200)
            .prop_map(|(from, length)| Span { from: Instant(from), to: Instant(from + length) })
    }

    #[test]
    fn care_begins_only_after_arrival() {
        assert!(Booked.check_step(InCare).is_err());
        assert!(Booked.check_step(Arrived).is_ok() && Arrived.check_step(InCare).is_ok());
    }

    #[test]
    fn a_refused_step_says_which_steps_there_are() {
        let Err(Error::Conflict { code, details }) = Done.check_step(Booked) else { panic!("accepted") };
        assert_eq!(code, "illegal_status");
        assert_eq!(
            serde_json::json!(details),
            serde_json::json!({"from": "done", "to": "booked", "allowed": ["in_care"]})
        );
    }

    #[test]
    fn exactly_six_states_hold_the_time() {
        let holding: Vec<_> = Status::ALL.iter().filter(|s| s.holds_time()).map(|s| s.code()).collect();
        assert_eq!(holding, ["requested", "booked", "confirmed", "arrived", "in_care", "done"]);
    }

    #[test]
    fn every_state_can_be_left_and_undone() {
        for from in Status::ALL {
            assert!(!from.steps().is_empty(), "{from:?}");
            for to in from.steps().iter().filter(|to| **to != Requested && *from != Requested) {
                let back =
                    to.steps().contains(from) || to.steps().iter().any(|via| via.steps().contains(from));
                let back =
                    back || to.steps().iter().flat_map(|v| v.steps()).any(|v| v.steps().contains(from));
                assert!(back, "{from:?} -> {to:?} cannot be undone");
            }
        }
    }

    #[test]
    fn stepping_back_takes_the_marks_back() {
        let arrived = Marks::default().after(Arrived, Instant(10));
        let in_care = arrived.after(InCare, Instant(20));
        let done = in_care.after(Done, Instant(30));
        assert_eq!(done.after(InCare, Instant(40)), in_care);
        assert_eq!(in_care.after(Arrived, Instant(40)), arrived);
        assert_eq!(arrived.after(Booked, Instant(40)), Marks::default());
        assert_eq!(arrived.after(Left, Instant(40)), arrived);
    }

    proptest! {
        #[test]
        fn marks_are_in_order_whatever_the_way(steps in proptest::collection::vec(any_status(), 0..40)) {
            let (mut at, mut marks) = (Booked, Marks::default());
            for (minute, to) in (0i64..).zip(steps) {
                if at.check_step(to).is_ok() {
                    (at, marks) = (to, marks.after(to, Instant(minute)));
                }
                let times: Vec<_> = [marks.arrived_at, marks.in_care_at, marks.done_at].into_iter().flatten().collect();
                prop_assert!(times.is_sorted());
                prop_assert_eq!(at == Done, marks.done_at.is_some());
            }
        }

        #[test]
        fn overlap_is_having_an_instant_in_common(a in any_span(), b in any_span()) {
            let common = (a.from.0..a.to.0).any(|t| (b.from.0..b.to.0).contains(&t));
            prop_assert_eq!(a.overlaps(b), common);
            prop_assert_eq!(a.overlaps(b), b.overlaps(a));
            prop_assert_eq!(a.within(b).is_some(), common);
        }
    }
}
