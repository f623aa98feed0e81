//! Contacts that share a number: a CPF names one person, a CNS too but for mistakes, a telephone is often a family's.
use schemars::JsonSchema;
use serde::Serialize;

use super::model::ContactFields;
use crate::{
    base::{
        Day, Error, Fields, Input, Result, Saved,
        brazil::{Cns, Cpf, Phone},
    },
    db::{ReadTx, params, values},
};

/// Most contacts told per number.
const MOST: i64 = 5;

/// The numbers that are looked up while someone types; one that is not (yet) right matches nobody.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Numbers {
    /// CPF.
    pub cpf: Option<String>,
    /// CNS.
    pub cns: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
    /// The contact being edited, which is no duplicate of itself.
    pub except_id: Option<i64>,
}

impl Input for Numbers {
    fn read(f: &mut Fields<'_>) -> Self {
        Self {
            cpf: f.optional_text("cpf", 40).and_then(|t| Cpf::parse(&t).ok()).map(|n| n.as_str().to_owned()),
            cns: f.optional_text("cns", 40).and_then(|t| Cns::parse(&t).ok()).map(|n| n.as_str().to_owned()),
            phone: f
                .optional_text("phone", 40)
                .and_then(|t| Phone::parse(&t).ok())
                .map(|n| n.as_str().to_owned()),
            except_id: f.id("except_id"),
        }
    }
}

/// A contact that has one of the numbers.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Duplicate {
    /// Which number: `cpf`, `cns` or `phone`.
    pub field: &'static str,
    /// Who has it.
    pub contact: Namesake,
}

/// Enough of a contact to tell whether it is the same person.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Namesake {
    /// The contact's number.
    pub id: i64,
    /// What to call them.
    pub display_name: String,
    /// Day of birth.
    pub birth_date: Option<Day>,
    /// Telephone.
    pub phone: Option<Phone>,
}

/// Every contact that has one of the numbers.
pub fn list(tx: &ReadTx<'_>, numbers: &Numbers) -> Result<Vec<Duplicate>> {
    let except = numbers.except_id.unwrap_or(0);
    let mut found = Vec::new();
    for (field, number) in [("cpf", &numbers.cpf), ("cns", &numbers.cns), ("phone", &numbers.phone)] {
        if let Some(number) = number {
            found.extend(having(tx, field, number, except)?);
        }
    }
    Ok(found)
}

/// Refuses a contact that shares a number with another: a CPF always, CNS and telephone unless `allowed`. Of an edited contact
/// only numbers that change are looked at.
pub fn refuse(
    tx: &ReadTx<'_>,
    new: &ContactFields,
    before: Option<&Saved<ContactFields>>,
    allowed: bool,
) -> Result<()> {
    let old = before.map(|b| &b.fields);
    let (cpf, cns, phone) = (new.cpf.as_ref(), new.cns.as_ref(), new.phone.as_ref());
    let mut checks = Vec::new();
    checks.extend(cpf.filter(|_| old.is_none_or(|o| o.cpf != new.cpf)).map(|n| ("cpf", n.as_str())));
    if !allowed {
        checks.extend(cns.filter(|_| old.is_none_or(|o| o.cns != new.cns)).map(|n| ("cns", n.as_str())));
        checks.extend(
            phone.filter(|_| old.is_none_or(|o| o.phone != new.phone)).map(|n| ("phone", n.as_str())),
        );
    }
    for (field, number) in checks {
        if let Some(found) = having(tx, field, number, before.map_or(0, Saved::id))?.into_iter().next() {
            let Namesake { id, display_name, birth_date, .. } = found.contact;
            let contact =
                serde_json::json!({ "id": id, "display_name": display_name, "birth_date": birth_date });
            return Err(Error::conflict("duplicate").with("field", field).with("contact", contact));
        }
    }
    Ok(())
}

fn having(tx: &ReadTx<'_>, field: &'static str, number: &str, except: i64) -> Result<Vec<Duplicate>> {
    let sql = format!(
        "select id, coalesce(social_name, name), birth_date, phone from contacts where {field} = ?1 and id <> ?2 order by id limit ?3"
    );
    tx.all(&sql, params![number, except, MOST], |r| {
        let contact = Namesake {
            id: r.get(0)?,
            display_name: r.get(1)?,
            birth_date: r.get(2)?,
            phone: values::parsed(r, "phone")?,
        };
        Ok(Duplicate { field, contact })
    })
}
