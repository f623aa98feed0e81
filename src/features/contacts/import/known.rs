//! Who is known already, to the clinic and to the rows before: so that no row brings in a person twice. One rule for both:
//! the same CPF or CNS; else the same name and birth date, or telephone, or e-mail, unless numbers say that they are two.
use std::{
    collections::{HashMap, HashSet, hash_map::RandomState},
    hash::BuildHasher,
};

use crate::{
    base::{Day, Result, text},
    db::ReadTx,
    features::contacts::model::ContactFields,
};

/// Everyone known, by hashes of what tells them apart: a large register takes a few megabytes.
pub struct Known {
    people: HashMap<u64, Person>,
    numbers: HashSet<i64>,
    hasher: RandomState,
}

#[derive(Debug, Clone, Copy)]
struct Person {
    cpf: Option<u64>,
    cns: Option<u64>,
    in_file: bool,
}

/// What tells a person apart, as texts.
struct Marks<'a> {
    name: &'a str,
    birth_date: Option<Day>,
    cpf: Option<&'a str>,
    cns: Option<&'a str>,
    phone: Option<&'a str>,
    email: Option<&'a str>,
}

impl<'a> Marks<'a> {
    fn of(c: &'a ContactFields) -> Self {
        Self {
            name: &c.name,
            birth_date: c.birth_date,
            cpf: c.cpf.as_ref().map(|n| n.as_str()),
            cns: c.cns.as_ref().map(|n| n.as_str()),
            phone: c.phone.as_ref().map(|n| n.as_str()),
            email: c.email.as_ref().map(|n| n.as_str()),
        }
    }
}

impl Known {
    /// Everyone in the clinic's register.
    pub fn to_clinic(tx: &ReadTx<'_>) -> Result<Self> {
        let mut known = Self { people: HashMap::new(), numbers: HashSet::new(), hasher: RandomState::new() };
        tx.all("select name, birth_date, cpf, cns, phone, email, record_number from contacts", [], |row| {
            let name: String = row.get(0)?;
            let texts: [Option<String>; 4] = [row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?];
            let [cpf, cns, phone, email] = texts.each_ref().map(|text| text.as_deref());
            known.add(&Marks { name: &name, birth_date: row.get(1)?, cpf, cns, phone, email }, false);
            known.numbers.insert(row.get(6)?);
            Ok(())
        })?;
        Ok(known)
    }

    /// The code that says where the person of a row is known from, if they are. Who is not is known from now on.
    pub fn meet(&mut self, contact: &ContactFields) -> Option<&'static str> {
        let marks = Marks::of(contact);
        let found = self.find(&marks).map(|p| if p.in_file { "duplicate_in_file" } else { "duplicate" });
        if found.is_none() {
            self.add(&marks, true);
        }
        found
    }

    /// Whether a number of the register is free; it is taken from now on.
    pub fn take_number(&mut self, number: i64) -> bool {
        self.numbers.insert(number)
    }

    fn find(&self, marks: &Marks<'_>) -> Option<Person> {
        let (cpf, cns) = (self.number("cpf", marks.cpf), self.number("cns", marks.cns));
        let by_number = [cpf, cns].into_iter().flatten().find_map(|key| self.people.get(&key));
        by_number.copied().or_else(|| {
            let key = self.namings(marks).into_iter().flatten().next()?;
            let other = self.people.get(&key)?;
            let differ = |a: Option<u64>, b: Option<u64>| a.is_some() && b.is_some() && a != b;
            (!differ(cpf, other.cpf) && !differ(cns, other.cns)).then_some(*other)
        })
    }

    fn add(&mut self, marks: &Marks<'_>, in_file: bool) {
        let (cpf, cns) = (self.number("cpf", marks.cpf), self.number("cns", marks.cns));
        let person = Person { cpf, cns, in_file };
        for key in [cpf, cns].into_iter().chain(self.namings(marks)).flatten() {
            self.people.entry(key).or_insert(person);
        }
    }

    fn number(&self, kind: &str, number: Option<&str>) -> Option<u64> {
        number.map(|number| self.hasher.hash_one((kind, number)))
    }

    /// The name with birth date, with telephone, with e-mail: whichever there are, the most telling first.
    fn namings(&self, marks: &Marks<'_>) -> [Option<u64>; 3] {
        let name = text::fold(marks.name);
        let key = |kind: &str, with: &str| self.hasher.hash_one((kind, name.as_str(), with));
        [
            marks.birth_date.map(|day| key("born", &day.to_string())),
            marks.phone.map(|phone| key("phone", phone)),
            marks.email.map(|email| key("email", email)),
        ]
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::base::fields::parse;

    fn meet(rows: &[serde_json::Value]) -> Vec<bool> {
        let mut known = Known { people: HashMap::new(), numbers: HashSet::new(), hasher: RandomState::new() };
        let read = |row: &serde_json::Value| parse::<ContactFields>(row.as_object().unwrap()).unwrap();
        rows.iter().map(|row| known.meet(&read(row)).is_some()).collect()
    }

    #[test]
    fn the_same_person_is_met_once() {
        let ana = json!({ "name": "Ana Souza", "cpf": "52998224725", "birth_date": "1980-11-23", "phone": "11987654321" });
        for again in [
            json!({ "name": "Outra", "cpf": "529.982.247-25", "phone": "21988887777" }),
            json!({ "name": "ANA  SOUZA", "birth_date": "1980-11-23", "email": "a@b.com" }),
            json!({ "name": "ana souza", "phone": "11987654321" }),
        ] {
            assert_eq!(meet(&[ana.clone(), again.clone()]), [false, true], "{again}");
        }
        for other in [
            json!({ "name": "Ana Souza", "cpf": "12345678909", "birth_date": "1980-11-23", "phone": "11987654321" }),
            json!({ "name": "Ana Souza", "birth_date": "1981-11-23", "phone": "11987654321" }),
            json!({ "name": "Bia Souza", "phone": "11987654321" }),
            json!({ "name": "Ana Souza", "email": "a@b.com" }),
        ] {
            assert_eq!(meet(&[ana.clone(), other.clone()]), [false, false], "{other}");
        }
    }

    #[test]
    fn who_has_only_an_email_is_met_once_too() {
        let row = json!({ "name": "Ana", "email": "a@b.com" });
        assert_eq!(meet(&[row.clone(), row]), [false, true]);
    }
}
