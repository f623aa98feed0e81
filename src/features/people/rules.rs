//! What may not be done to people, whoever asks.
use super::model::UserFields;
use crate::{
    access::Role,
    base::{Error, Result},
};

/// Nobody raises or lowers their own rights (SBIS NGS1.03.11), and a clinic always has an active owner (NGS1.03.10).
pub fn check_change(before: &UserFields, after: &UserFields, is_self: bool, other_owners: i64) -> Result<()> {
    let rights_change = before.roles != after.roles || before.active != after.active;
    let was_owner = before.active && before.roles.has(Role::Owner);
    let stays_owner = after.active && after.roles.has(Role::Owner);
    if was_owner && !stays_owner && other_owners == 0 {
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
    use crate::access::Roles;

    fn person(roles: &[Role], active: bool) -> UserFields {
        UserFields {
            name: "Ana".into(),
            email: None,
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
}
