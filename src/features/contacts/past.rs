//! Which columns of a contact its history shows.
use crate::features::history::model::{
    Kind::{Flag, Json, Plain},
    Shown, plain, shown,
};

/// All that people write about a contact.
pub const SHOWN: &[Shown] = &[
    plain("name"),
    plain("social_name"),
    plain("birth_date"),
    plain("sex"),
    plain("gender"),
    plain("mother_name"),
    plain("cpf"),
    plain("cns"),
    plain("phone"),
    shown("whatsapp", "whatsapp", Flag),
    plain("email"),
    shown("cep", "address.cep", Plain),
    shown("street", "address.street", Plain),
    shown("number", "address.number", Plain),
    shown("complement", "address.complement", Plain),
    shown("district", "address.district", Plain),
    shown("city", "address.city", Plain),
    shown("state", "address.state", Plain),
    shown("emergency_name", "emergency_contact.name", Plain),
    shown("emergency_phone", "emergency_contact.phone", Plain),
    plain("profession"),
    plain("status"),
    plain("priority"),
    plain("source"),
    shown("allergies", "allergies", Json),
    shown("medications", "medications", Json),
    plain("notes"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_people_write_is_shown() {
        for column in super::super::store::WRITTEN.split(',').map(str::trim) {
            assert!(SHOWN.iter().any(|shown| shown.column == column), "{column} has no history");
        }
    }
}
