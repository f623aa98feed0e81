//! What a column of a file may become, and by which names, Portuguese and English, it is recognised.

/// A field and the names of columns that mean it, folded, the most telling first.
pub struct Target {
    /// The field, as `address.cep`.
    pub field: &'static str,
    names: &'static [&'static str],
}

impl Target {
    /// The names, as [`crate::base::text::fold`] leaves them.
    pub fn names(&self) -> &'static [&'static str] {
        self.names
    }
}

const fn target(field: &'static str, names: &'static [&'static str]) -> Target {
    Target { field, names }
}

/// Every field, in the order a screen lists them and columns are given out. `other_phone` is a second number: it stands in where
/// the first is missing.
pub const TARGETS: [Target; 29] = [
    target(
        "name",
        &[
            "name",
            "nome completo",
            "nome",
            "nome do paciente",
            "nome paciente",
            "paciente",
            "nome do cliente",
            "cliente",
            "full name",
            "patient name",
            "patient",
            "nome civil",
            "nome registro",
        ],
    ),
    target(
        "social_name",
        &["social name", "nome social", "apelido", "preferred name", "como prefere ser chamado"],
    ),
    target(
        "birth_date",
        &[
            "birth date",
            "data de nascimento",
            "data nascimento",
            "dt nascimento",
            "dt nasc",
            "data nasc",
            "nascimento",
            "nasc",
            "dn",
            "date of birth",
            "birthdate",
            "birthday",
            "dob",
        ],
    ),
    target("sex", &["sex", "sexo", "sexo biologico", "sexo ao nascer"]),
    target("gender", &["gender", "genero", "identidade de genero"]),
    target(
        "mother_name",
        &[
            "mother name",
            "nome da mae",
            "nome mae",
            "mae",
            "filiacao",
            "mother",
            "mother s name",
            "mothers name",
        ],
    ),
    target("cpf", &["cpf", "cpf do paciente", "cpf paciente", "numero do cpf"]),
    target(
        "cns",
        &[
            "cns",
            "cartao sus",
            "cartao do sus",
            "numero do sus",
            "sus",
            "cartao nacional de saude",
            "n cns",
            "numero cns",
        ],
    ),
    target(
        "phone",
        &[
            "phone",
            "celular",
            "telefone celular",
            "tel celular",
            "telefone 1",
            "telefone1",
            "fone celular",
            "telefone",
            "tel",
            "fone",
            "whatsapp celular",
            "telefone principal",
            "telefone contato",
            "telefone de contato",
            "mobile",
            "mobile phone",
            "cell phone",
            "cell",
            "cellphone",
            "telephone",
            "phone number",
        ],
    ),
    target(
        "other_phone",
        &[
            "other phone",
            "telefone 2",
            "telefone2",
            "telefone residencial",
            "tel residencial",
            "telefone fixo",
            "fixo",
            "celular 2",
            "outro telefone",
            "telefone comercial",
            "telefone recado",
            "residencial",
            "home phone",
            "telefone",
            "tel",
            "fone",
            "phone 2",
        ],
    ),
    target("whatsapp", &["whatsapp", "whats", "zap", "tem whatsapp", "has whatsapp"]),
    target(
        "email",
        &[
            "email",
            "e mail",
            "email do paciente",
            "correio eletronico",
            "e mail do paciente",
            "email address",
            "mail",
        ],
    ),
    target(
        "address.cep",
        &["address cep", "cep", "codigo postal", "zip", "zip code", "zipcode", "postal code"],
    ),
    target(
        "address.street",
        &["address street", "rua", "logradouro", "endereco", "street", "address", "avenida"],
    ),
    target(
        "address.number",
        &["address number", "numero", "n", "no", "nro", "num", "numero endereco", "numero da casa", "number"],
    ),
    target("address.complement", &["address complement", "complemento", "compl", "complement", "apto"]),
    target("address.district", &["address district", "bairro", "district", "neighborhood", "neighbourhood"]),
    target("address.city", &["address city", "cidade", "municipio", "city", "localidade"]),
    target("address.state", &["address state", "estado", "uf", "state"]),
    target(
        "emergency_contact.name",
        &[
            "emergency contact name",
            "contato de emergencia",
            "contato emergencia",
            "nome do contato de emergencia",
            "responsavel",
            "nome do responsavel",
            "emergency contact",
            "emergency name",
        ],
    ),
    target(
        "emergency_contact.phone",
        &[
            "emergency contact phone",
            "telefone de emergencia",
            "telefone emergencia",
            "telefone do responsavel",
            "telefone responsavel",
            "telefone do contato de emergencia",
            "emergency phone",
        ],
    ),
    target("profession", &["profession", "profissao", "ocupacao", "occupation", "job"]),
    target("status", &["status", "situacao"]),
    target("priority", &["priority", "prioridade"]),
    target("source", &["source", "origem", "como conheceu", "como nos conheceu", "indicacao"]),
    target("allergies", &["allergies", "alergias", "alergia", "allergy"]),
    target(
        "medications",
        &[
            "medications",
            "medicamentos",
            "medicamentos em uso",
            "medicacoes",
            "remedios",
            "medication",
            "medicines",
        ],
    ),
    target(
        "notes",
        &[
            "notes",
            "observacoes",
            "observacao",
            "obs",
            "anotacoes",
            "notas",
            "comentarios",
            "note",
            "comments",
            "remarks",
        ],
    ),
    target(
        "record_number",
        &[
            "record number",
            "prontuario",
            "numero do prontuario",
            "n prontuario",
            "no prontuario",
            "num prontuario",
            "numero prontuario",
            "codigo",
            "codigo do paciente",
            "matricula",
            "record",
            "chart number",
        ],
    ),
];

/// The field of that name, if there is one.
pub fn field(name: &str) -> Option<&'static str> {
    TARGETS.iter().map(|target| target.field).find(|field| *field == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::text::fold;

    #[test]
    fn names_are_folded_and_every_field_knows_itself() {
        for target in &TARGETS {
            assert!(target.names().iter().all(|name| fold(name) == *name), "{}", target.field);
            assert_eq!(target.names().first().copied(), Some(fold(target.field).as_str()));
        }
    }
}
