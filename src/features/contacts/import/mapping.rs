//! Which column is which field: by its header, in Portuguese or English, or as the person says.
use std::collections::{BTreeMap, HashSet};

use super::{model::Column, read::Sheet};
use crate::base::{Error, FileError, Result, text};

/// Values shown of each column.
const SAMPLE: usize = 3;

/// Every field a column may go to, and the headers by which it is known, folded.
const KNOWN: &[(&str, &[&str])] = &[
    (
        "name",
        &[
            "nome",
            "nome completo",
            "paciente",
            "nome do paciente",
            "cliente",
            "name",
            "full name",
            "patient",
            "patient name",
        ],
    ),
    ("social_name", &["nome social", "social name", "apelido"]),
    (
        "birth_date",
        &[
            "nascimento",
            "data de nascimento",
            "data nascimento",
            "dt nascimento",
            "dn",
            "birth date",
            "birthdate",
            "date of birth",
            "dob",
        ],
    ),
    ("sex", &["sexo", "sex"]),
    ("gender", &["genero", "gender", "identidade de genero"]),
    ("mother_name", &["mae", "nome da mae", "mother", "mother name", "mothers name"]),
    ("cpf", &["cpf", "cpf do paciente"]),
    ("cns", &["cns", "cartao sus", "cartao nacional de saude", "sus"]),
    (
        "phone",
        &[
            "telefone",
            "celular",
            "fone",
            "tel",
            "telefone celular",
            "telefone 1",
            "contato",
            "phone",
            "mobile",
            "cell",
            "cell phone",
            "phone number",
        ],
    ),
    ("whatsapp", &["whatsapp", "tem whatsapp", "zap"]),
    ("email", &["email", "e mail", "correio eletronico", "mail"]),
    ("address.cep", &["cep", "zip", "zip code", "postal code"]),
    ("address.street", &["endereco", "rua", "logradouro", "address", "street"]),
    ("address.number", &["numero", "no", "number", "street number"]),
    ("address.complement", &["complemento", "complement"]),
    ("address.district", &["bairro", "district", "neighborhood", "neighbourhood"]),
    ("address.city", &["cidade", "municipio", "city", "town"]),
    ("address.state", &["uf", "estado", "state"]),
    (
        "emergency_contact.name",
        &[
            "responsavel",
            "nome do responsavel",
            "contato de emergencia",
            "emergency contact",
            "emergency contact name",
        ],
    ),
    (
        "emergency_contact.phone",
        &["telefone do responsavel", "telefone de emergencia", "emergency phone", "emergency contact phone"],
    ),
    ("profession", &["profissao", "ocupacao", "profession", "occupation"]),
    ("status", &["situacao", "status"]),
    ("priority", &["prioridade", "priority"]),
    ("source", &["origem", "como chegou", "como conheceu", "source"]),
    ("allergies", &["alergias", "alergia", "allergies"]),
    ("medications", &["medicamentos", "medicamentos em uso", "remedios", "medications"]),
    ("notes", &["observacoes", "observacao", "obs", "anotacoes", "notes", "comments"]),
    (
        "record_number",
        &["prontuario", "numero do prontuario", "codigo", "matricula", "record number", "chart number"],
    ),
];

/// Every field, in the order a screen lists them.
pub const FIELDS: &[&str] = &names();

#[expect(clippy::indexing_slicing, reason = "evaluated by the compiler, which would not build a slip")]
const fn names() -> [&'static str; KNOWN.len()] {
    let mut names = [""; KNOWN.len()];
    let mut at = 0;
    while at < names.len() {
        names[at] = KNOWN[at].0;
        at += 1;
    }
    names
}

/// The columns of a file with their fields. A field is taken by the first column that fits; `said` overrules headers.
pub fn columns(sheet: &Sheet, said: &BTreeMap<String, Option<String>>) -> Result<Vec<Column>> {
    if let Some(stray) = said.keys().find(|header| !sheet.headers.contains(header)) {
        return Err(fault(stray, "unknown_header"));
    }
    let mut taken = HashSet::new();
    for (header, field) in said.iter().filter_map(|(header, field)| Some((header, known(field.as_deref()?)?)))
    {
        if !taken.insert(field) {
            return Err(fault(header, "field_taken"));
        }
    }
    let columns: Vec<Column> = sheet
        .headers
        .iter()
        .enumerate()
        .map(|(at, header)| {
            let field = match said.get(header) {
                Some(field) => field.as_deref().and_then(known),
                None => by_header(header).filter(|field| taken.insert(field)),
            };
            Column { header: header.clone(), field, sample: sample(sheet, at) }
        })
        .collect();
    match columns.iter().any(|column| column.field == Some("name")) {
        true => Ok(columns),
        false => Err(fault("", "no_name_column")),
    }
}

fn fault(column: &str, code: &'static str) -> Error {
    Error::BadFile(vec![FileError { line: 1, column: column.to_owned(), code }])
}

fn known(field: &str) -> Option<&'static str> {
    FIELDS.iter().copied().find(|known| *known == field)
}

fn by_header(header: &str) -> Option<&'static str> {
    let folded = text::fold(&header.replace(['_', '-', '.', '/'], " "));
    let named = folded.split_whitespace().collect::<Vec<_>>().join(" ");
    let exact = header.trim();
    KNOWN
        .iter()
        .find(|(field, headers)| *field == exact || headers.contains(&named.as_str()))
        .map(|(field, _)| *field)
}

fn sample(sheet: &Sheet, at: usize) -> Vec<String> {
    let cells = sheet.rows.iter().filter_map(|(_, cells)| cells.get(at)).filter(|cell| !cell.is_empty());
    cells.take(SAMPLE).map(|cell| cell.chars().take(60).collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(header: &str) -> Vec<Option<&'static str>> {
        let sheet = super::super::read::sheet(format!("{header}\na;b;c;d\n").as_bytes()).unwrap();
        columns(&sheet, &BTreeMap::new()).unwrap().iter().map(|c| c.field).collect()
    }

    #[test]
    fn headers_are_known_in_both_languages_and_any_dress() {
        assert_eq!(
            fields("NOME COMPLETO;Data_de_Nascimento;E-mail;Cor favorita"),
            [Some("name"), Some("birth_date"), Some("email"), None]
        );
        assert_eq!(
            fields("Full name;DOB;Zip code;address.city"),
            [Some("name"), Some("birth_date"), Some("address.cep"), Some("address.city")]
        );
        assert_eq!(fields("Paciente;Telefone;Celular;Nome"), [Some("name"), Some("phone"), None, None]);
    }

    #[test]
    fn every_synonym_belongs_to_one_field() {
        let mut seen = HashSet::new();
        KNOWN
            .iter()
            .flat_map(|(_, headers)| *headers)
            .for_each(|header| assert!(seen.insert(header), "{header} twice"));
    }
}
