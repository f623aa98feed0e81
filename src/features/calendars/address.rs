//! The secret of a feed: which clinic it belongs to and 256 random bits, as it stands in the address.
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::{
    base::{Error, Result},
    db::key,
    web::{Incoming, arguments::Argument, operation::Operation},
};

/// The one answer for an unknown, malformed or revoked secret and for one of a clinic that is not here: never told apart.
pub const UNKNOWN: Error = Error::NotFound("feed");

/// A feed's secret.
pub struct Secret {
    /// The clinic whose file knows it.
    pub clinic_id: i64,
    bits: [u8; 32],
}

impl Secret {
    /// A new secret.
    pub fn random(clinic_id: i64) -> Result<Self> {
        Ok(Self { clinic_id, bits: key::random_bytes()? })
    }

    /// What the file keeps.
    pub fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.bits).into()
    }

    /// The path of its address.
    pub fn path(&self) -> String {
        format!("/api/calendar/feeds/{}-{}.ics", self.clinic_id, key::hex(&self.bits))
    }

    fn parse(file_name: &str) -> Option<Self> {
        let (clinic_id, bits) = file_name.strip_suffix(".ics")?.split_once('-')?;
        Some(Self { clinic_id: clinic_id.parse().ok()?, bits: key::unhex_array(bits)? })
    }
}

impl Argument for Secret {
    async fn read(incoming: &mut Incoming) -> Result<Self> {
        incoming.path("secret.ics").and_then(Self::parse).ok_or(UNKNOWN)
    }

    fn describe(operation: &mut Operation) {
        let schema = json!({ "type": "string" });
        operation
            .parameters
            .push(json!({ "name": "secret", "in": "path", "required": true, "schema": schema }));
        operation.problems(&[404]);
    }
}

/// Scheme, host and port by which the asker reached us.
pub struct Origin(pub String);

impl Argument for Origin {
    async fn read(incoming: &mut Incoming) -> Result<Self> {
        Ok(Self(incoming.origin()))
    }

    fn describe(_: &mut Operation) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_read_back_from_its_path_and_nothing_else_is() {
        let secret = Secret::random(7).unwrap();
        let path = secret.path();
        let name = path.rsplit('/').next().unwrap();
        let back = Secret::parse(name).unwrap();
        assert_eq!((back.clinic_id, back.hash()), (7, secret.hash()));
        let (short, cut, strange) = (&name[2..], &name[..name.len() - 4], name.replace("7-", "x-"));
        for wrong in ["", ".ics", "7.ics", "7-.ics", "7-zz.ics", short, cut, &strange] {
            assert!(Secret::parse(wrong).is_none(), "{wrong}");
        }
    }
}
