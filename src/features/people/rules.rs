//! What may not be done to people, whoever asks.
use super::model::UserFields;
use crate::{
    access::Role,
    base::{Error, Result},
};

/// Whether the person is an owner who can act as one: works here, and has an e-mail to sign in with.
pub fn acts_as_owner(user: &UserFields) -> bool {
    user.active && user.email.is_some() && user.roles.has(Role::Owner)
}

/// Nobody raises or lowers their own rights (SBIS NGS1.03.11), and a clinic always has an owner who can sign in (NGS1.03.10).
/// The e-mail is part of that: without it all rights are lost, and its owner could not take that back.
pub fn check_change(before: &UserFields, after: &UserFields, is_self: bool, other_owners: i64) -> Result<()> {
    let rights_change = before.roles != after.roles || before.active != after.active;
    if is_self && before.email.is_some() && after.email.is_none() {
        return Err(Error::field("/email", "required"));
    }
    if acts_as_owner(before) && !acts_as_owner(after) && other_owners == 0 {
        return Err(Error::conflict("last_owner"));
    }
    if is_self && rights_change {
        return Err(Error::Forbidden("own_rights"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{access::Roles, base::mail::Email};

    fn person(roles: &[Role], active: bool) -> UserFields {
        UserFields {
            name: "Ana".into(),
            email: Email::parse("ana@sol.example").ok(),
            roles: Roles::new(roles.iter().copied()),
            is_professional: false,
            council: None,
            specialty: None,
            color: None,
            room_id: None,
            active,
        }
    }

    #[test]
    fn the_last_owner_stays_and_nobody_changes_own_rights() {
        let owner = person(&[Role::Owner], true);
        let gone = person(&[Role::Owner], false);
        let desk = person(&[Role::FrontDesk], true);
        let code = |r: Result<()>| r.err().map(|e| e.to_string());
        assert_eq!(code(check_change(&owner, &gone, false, 0)), Some("conflict: last_owner".into()));
        assert_eq!(code(check_change(&owner, &desk, true, 0)), Some("conflict: last_owner".into()));
        assert_eq!(code(check_change(&owner, &desk, true, 1)), Some("forbidden: own_rights".into()));
        assert_eq!(code(check_change(&desk, &owner, true, 1)), Some("forbidden: own_rights".into()));
        assert_eq!(code(check_change(&owner, &gone, false, 1)), None);
        assert_eq!(code(check_change(&desk, &owner, false, 1)), None);
    }

    #[test]
    fn an_owner_without_an_email_is_none_and_nobody_takes_away_their_own() {
        let owner = person(&[Role::Owner], true);
        let mute = UserFields { email: None, ..owner.clone() };
        let code = |r: Result<()>| r.err().map(|e| e.to_string());
        assert_eq!(code(check_change(&owner, &mute, false, 0)), Some("conflict: last_owner".into()));
        assert_eq!(code(check_change(&owner, &mute, false, 1)), None);
        assert_eq!(code(check_change(&mute, &owner, false, 0)), None);
        assert_eq!(code(check_change(&mute, &mute, true, 0)), None);
        for others in [0, 1] {
            let refused = check_change(&owner, &mute, true, others);
            assert!(matches!(refused, Err(Error::Invalid(errors)) if errors[0].pointer == "/email"));
        }
    }
}
