//! The words of the list of refused rows: a person opens it in a spreadsheet, where no screen has words for codes.

/// Head of the column that says why.
pub fn head(language: &str) -> &'static str {
    if language == "en" { "Reason" } else { "Motivo" }
}

/// What a code means.
pub fn words(code: &'static str, language: &str) -> &'static str {
    let known = WORDS.iter().find(|(known, ..)| *known == code);
    known.map_or(code, |(_, portuguese, english)| if language == "en" { english } else { portuguese })
}

const WORDS: &[(&str, &str, &str)] = &[
    ("required", "falta preencher", "is missing"),
    ("too_long", "longo demais", "is too long"),
    ("out_of_range", "fora do esperado", "is out of range"),
    ("type", "não entendido", "is not understood"),
    ("unknown_value", "opção desconhecida", "is not one of the options"),
    ("invalid_text", "tem caracteres que não se leem", "has characters that cannot be read"),
    ("invalid_cpf", "CPF não confere", "is not a CPF"),
    ("invalid_cns", "cartão SUS não confere", "is not a CNS"),
    ("invalid_cep", "CEP tem 8 dígitos", "is not a CEP of 8 digits"),
    ("invalid_phone", "telefone não confere; use DDD e número", "is not a telephone with area code"),
    ("invalid_email", "e-mail não confere", "is not an e-mail"),
    ("invalid_date", "data não existe", "is not a date"),
    ("invalid_state", "estado desconhecido", "is not a state"),
    ("date_in_future", "data no futuro", "is in the future"),
    ("contact_way_required", "falta telefone ou e-mail", "a telephone or an e-mail is missing"),
    ("taken", "já é de outro paciente", "belongs to another patient"),
    ("duplicate", "já está cadastrado", "already there"),
    ("duplicate_in_file", "repetido neste arquivo", "repeated in this file"),
];
