//! The first rows of a clinic's file.
use super::model::Founding;
use crate::{
    access::{Role, Roles},
    base::{Choice, Result},
    db::{Act, Audited, WriteTx, params},
    features::{
        clinic::{self, model::ClinicFields},
        people::{self, model::UserFields},
        sessions::{self, model::Language},
    },
};

/// Where a clinic is unless it says otherwise.
pub const USUAL_ZONE: &str = "America/Sao_Paulo";

/// Founds clinic `id` with its owner, whose password is already hashed; answers the owner's number.
pub fn found(tx: &mut WriteTx<'_>, id: i64, founding: &Founding, password_hash: &str, is_demo: bool) -> Result<Audited<i64>> {
    let zone = founding.time_zone.clone().unwrap_or_else(|| USUAL_ZONE.into());
    clinic::store::found(tx, id, &ClinicFields::new(founding.clinic_name.clone(), zone), is_demo)?;
    let owner = people::store::insert(tx, &owner(founding))?;
    sessions::store::set_password(tx, owner, password_hash)?;
    let language = founding.language.unwrap_or(Language::Portuguese);
    tx.run("update users set language = ?2 where id = ?1", params![owner, language.code()])?;
    tx.audited(Act::new::<ClinicFields>("founded", id), owner)
}

fn owner(founding: &Founding) -> UserFields {
    UserFields {
        name: founding.owner_name.clone(),
        email: founding.email.clone(),
        roles: Roles::new([Role::Owner]),
        is_professional: false,
        council: None,
        specialty: None,
        color: None,
        room_id: None,
        active: true,
    }
}
