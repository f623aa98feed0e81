//! Which column becomes which field: by the names of the columns, or as a person says.
use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::{
    decode::bad,
    targets::{self, TARGETS},
};
use crate::base::{Error, FieldError, Result, dates, text};

/// For every column of a file the field it becomes; none for a column left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mapping {
    /// In the order of the columns.
    pub fields: Vec<Option<&'static str>>,
}

impl Mapping {
    /// What the names of the columns say, where `said` (a JSON object from header to field or null) says nothing else.
    pub fn of(header: &[String], said: Option<&str>) -> Result<Self> {
        let said = said.map(|json| chosen(header, json)).transpose()?.unwrap_or_default();
        let mut fields: Vec<Option<&'static str>> = vec![None; header.len()];
        for (column, field) in &said {
            fields.iter_mut().skip(*column).take(1).for_each(|place| *place = *field);
        }
        let folded: Vec<String> = header.iter().map(|name| text::fold(name)).collect();
        for target in &TARGETS {
            if fields.contains(&Some(target.field)) {
                continue;
            }
            let is_free = |column: usize| !said.contains_key(&column) && fields.get(column) == Some(&None);
            let named =
                |name: &&str| folded.iter().enumerate().position(|(at, head)| head == name && is_free(at));
            if let Some(column) = target.names().iter().find_map(named) {
                fields.iter_mut().skip(column).take(1).for_each(|place| *place = Some(target.field));
            }
        }
        Ok(Self { fields })
    }

    /// The column that becomes `field`.
    pub fn column_of(&self, field: &str) -> Option<usize> {
        self.fields.iter().position(|f| *f == Some(field))
    }

    /// Refuses a file whose first line is a row like the others.
    pub fn check_header(&self, header: &[String]) -> Result<()> {
        let is_row = self.fields.iter().all(Option::is_none) && header.iter().any(|cell| is_data(cell));
        if is_row { Err(bad(1, "no_header")) } else { Ok(()) }
    }

    /// Refuses a file that nobody can be brought in by, since no column holds names.
    pub fn check(&self, header: &[String]) -> Result<()> {
        self.check_header(header)?;
        if self.column_of("name").is_some() { Ok(()) } else { Err(bad(1, "no_name_column")) }
    }
}

/// What no column is called: an e-mail, a date, a long number.
fn is_data(cell: &str) -> bool {
    cell.contains('@') || dates::parse(cell).is_ok() || text::digits(cell).len() >= 8
}

/// What a person said, by column.
fn chosen(header: &[String], json: &str) -> Result<BTreeMap<usize, Option<&'static str>>> {
    let said: Map<String, Value> =
        serde_json::from_str(json).map_err(|_| Error::field("/mapping", "type"))?;
    let mut chosen = BTreeMap::new();
    let mut errors = Vec::new();
    for (name, value) in &said {
        let column = header.iter().position(|head| head == name).or_else(|| {
            let folded = text::fold(name);
            header.iter().position(|head| text::fold(head) == folded)
        });
        let field = value.as_str().map(targets::field);
        let code = match (column, field) {
            (None, _) | (_, Some(None)) => Some("unknown_value"),
            _ if field.is_none() && !value.is_null() => Some("type"),
            _ if field.flatten().is_some_and(|f| chosen.values().any(|other| *other == Some(f))) => {
                Some("field_twice")
            }
            _ => None,
        };
        match (column, code) {
            (Some(column), None) => drop(chosen.insert(column, field.flatten())),
            (_, code) => {
                let name = name.replace('~', "~0").replace('/', "~1");
                errors.push(FieldError::new(format!("/mapping/{name}"), code.unwrap_or("unknown_value")));
            }
        }
    }
    if errors.is_empty() { Ok(chosen) } else { Err(Error::Invalid(errors)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(line: &str) -> Vec<String> {
        line.split(';').map(str::to_owned).collect()
    }

    fn fields(line: &str, said: Option<&str>) -> Vec<&'static str> {
        let mapping = Mapping::of(&header(line), said).unwrap();
        mapping.fields.into_iter().map(|field| field.unwrap_or("-")).collect()
    }

    #[test]
    fn columns_are_known_by_their_names_in_either_language() {
        assert_eq!(
            fields("NOME;Data de Nascimento;C.P.F.;E-mail;Cidade;UF;Coisa;", None),
            ["name", "birth_date", "-", "email", "address.city", "address.state", "-", "-"]
        );
        assert_eq!(fields("Full name;date_of_birth;cpf;Phone", None), ["name", "birth_date", "cpf", "phone"]);
        assert_eq!(
            fields("Nome;Telefone;Celular", None),
            ["name", "other_phone", "phone"],
            "the mobile is the one to call"
        );
        assert_eq!(fields("Nome;Telefone;Número", None), ["name", "phone", "address.number"]);
        assert_eq!(
            fields("name;address.cep;emergency_contact.phone", None),
            ["name", "address.cep", "emergency_contact.phone"]
        );
    }

    #[test]
    fn what_a_person_says_counts_more_than_names() {
        let said = r#"{"Coisa":"name","Nome":"mother_name","CPF":null}"#;
        assert_eq!(fields("Nome;CPF;Coisa;telefone", Some(said)), ["mother_name", "-", "name", "phone"]);
        let wrong = |said: &str| match Mapping::of(&header("Nome;CPF"), Some(said)) {
            Err(Error::Invalid(errors)) => {
                errors.iter().map(|e| format!("{} {}", e.pointer, e.code)).collect::<Vec<_>>()
            }
            other => panic!("{other:?}"),
        };
        assert_eq!(wrong("[]"), ["/mapping type"]);
        assert_eq!(
            wrong(r#"{"CPF":"age","Idade":"name","Nome":1}"#),
            ["/mapping/CPF unknown_value", "/mapping/Idade unknown_value", "/mapping/Nome type"]
        );
        assert_eq!(wrong(r#"{"CPF":"name","Nome":"name"}"#), ["/mapping/Nome field_twice"]);
    }

    #[test]
    fn a_file_without_names_says_whether_its_header_is_missing() {
        let code = |line: &str| match Mapping::of(&header(line), None).unwrap().check(&header(line)) {
            Err(Error::BadFile(errors)) => errors.first().map(|e| e.code),
            _ => None,
        };
        assert_eq!(code("Ana Souza;11987654321;ana@example.com"), Some("no_header"));
        assert_eq!(code("Coisa;telefone"), Some("no_name_column"));
        assert_eq!(code("nome;telefone"), None);
    }
}
