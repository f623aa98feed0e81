//! The one table that says which role may do what. A permission is a type, so that a handler names what it needs in its
//! signature and cannot do more.
use super::role::{
    Role::{self, *},
    Roles,
};

/// Something a person may be allowed to do.
pub trait Permission: Send + Sync + 'static {
    /// Its stable name, shown in a 403 and in the OpenAPI document.
    const NAME: &'static str;
    /// The roles that have it.
    const ROLES: &'static [Role];

    /// Whether a person of these roles has it.
    fn allows(roles: &Roles) -> bool {
        roles.has_any(Self::ROLES)
    }
}

/// A permission that may change data: only its grants open a writing transaction.
pub trait Mutates: Permission {}

macro_rules! permissions {
    ($($(#[$doc:meta])* $kind:ident $permission:ident $name:literal [$($role:ident)*];)*) => {
        $($(#[$doc])* #[derive(Debug, Clone, Copy)] pub enum $permission {}
        impl Permission for $permission {
            const NAME: &'static str = $name;
            const ROLES: &'static [Role] = &[$($role),*];
        }
        permissions!(@$kind $permission);)*

        /// Every permission with its roles.
        pub const TABLE: &[(&str, &[Role])] = &[$(($name, &[$($role),*])),*];
    };
    (@reads $permission:ident) => {};
    (@writes $permission:ident) => { impl Mutates for $permission {} };
}

permissions! {
    /// Own session, password, preferences.
    writes OwnSession "own_session" [Owner Professional FrontDesk Finance Auditor Technician];
    /// The clinic's name, hours, rooms and tags, and what happens in it (the event stream).
    reads ViewClinic "view_clinic" [Owner Professional FrontDesk Finance Auditor Technician];
    /// The clinic's identity, hours and rules.
    writes EditClinic "edit_clinic" [Owner];
    /// Rooms, tags, and stretches in which nothing is booked.
    writes EditScheduleSetup "edit_schedule_setup" [Owner FrontDesk];
    /// Who works here.
    reads ViewTeam "view_team" [Owner Professional FrontDesk Auditor Technician];
    /// Invite, change roles, deactivate.
    writes ManageTeam "manage_team" [Owner];
    /// Patients and other people the clinic talks to.
    reads ViewContacts "view_contacts" [Owner Professional FrontDesk Finance];
    /// Register and correct them.
    writes EditContacts "edit_contacts" [Owner Professional FrontDesk];
    /// Bring a file of them in, and undo that.
    writes ImportContacts "import_contacts" [Owner FrontDesk];
    /// The agenda.
    reads ViewAppointments "view_appointments" [Owner Professional FrontDesk Finance];
    /// Book, move, receive, cancel.
    writes EditAppointments "edit_appointments" [Owner Professional FrontDesk];
    /// Knowingly book over another appointment.
    writes FitIn "fit_in" [Owner Professional FrontDesk];
    /// Calendar addresses of one's own agenda; all of them for an owner.
    writes OwnCalendar "own_calendar" [Owner Professional FrontDesk];
    /// The trail of who did and saw what; no patient's name and nothing clinical is in it.
    reads ViewAudit "view_audit" [Owner Auditor];
    /// Close the trail's day and check a day's code.
    writes CloseDay "close_day" [Owner Auditor];
    /// Take a trail for the right one that copies kept outside contradict: a backup was brought back.
    writes AcceptRestored "accept_restored" [Owner];
    /// Measure how many people the computer carries.
    writes MeasureCapacity "measure_capacity" [Owner Technician];
    /// Copies of the clinic: which there are, and one more.
    writes ManageBackups "manage_backups" [Owner Technician];
    /// The state of the machine and the program.
    reads ViewHealth "view_health" [Owner Technician];
    /// Say that one knows of an alert, or wants to hear nothing of it for a while.
    writes ManageAlerts "manage_alerts" [Owner Technician];
}

/// Names of the permissions that `roles` have, for the screens.
pub fn names_of(roles: &Roles) -> Vec<&'static str> {
    TABLE.iter().filter(|(_, allowed)| roles.has_any(allowed)).map(|(name, _)| *name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_technician_and_an_auditor_never_see_patients() {
        for role in [Technician, Auditor] {
            let names = names_of(&Roles::new([role]));
            assert!(names.iter().all(|n| !n.contains("contact") && !n.contains("appointment")), "{names:?}");
        }
    }

    #[test]
    fn names_are_unique_and_every_permission_has_someone() {
        let mut names: Vec<_> = TABLE.iter().map(|(name, _)| *name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), TABLE.len());
        assert!(TABLE.iter().all(|(_, roles)| !roles.is_empty()));
    }
}
