//! How people write sex, status, yes and no in a spreadsheet, as the codes of the contract.
use crate::base::{brazil::Uf, text};

/// Words of one field and the codes they mean.
type Words = &'static [(&'static str, &'static [&'static str])];

const SEX: Words = &[
    ("female", &["f", "fem", "feminino", "mulher"]),
    ("male", &["m", "masc", "masculino", "homem"]),
    ("intersex", &["i", "intersexo", "intersexual"]),
    ("unknown", &["ignorado", "desconhecido", "nao informado", "indefinido"]),
];

const STATUS: Words = &[
    ("lead", &["interessado", "potencial", "prospecto"]),
    ("active", &["ativo", "ativa", "sim", "s", "1"]),
    ("in_treatment", &["em tratamento", "in treatment", "tratamento"]),
    ("inactive", &["inativo", "inativa", "nao", "n", "0"]),
];

const PRIORITY: Words = &[
    ("low", &["baixa"]),
    ("normal", &["media", "regular"]),
    ("high", &["alta"]),
    ("urgent", &["urgente", "emergencia"]),
];

const SOURCE: Words = &[
    ("whatsapp", &["whats", "zap"]),
    ("site", &["website", "internet", "google", "pagina"]),
    ("referral", &["indicacao", "indicado", "amigo", "amigos", "convenio"]),
    ("import", &["importacao", "importado"]),
    ("walk_in", &["walk in", "balcao", "passou na porta", "presencial"]),
    ("other", &["outro", "outros", "outra", "facebook", "instagram"]),
];

const YES: [&str; 8] = ["s", "sim", "y", "yes", "1", "x", "true", "verdadeiro"];
const NO: [&str; 7] = ["n", "nao", "no", "0", "false", "falso", "f"];

/// The code that a word in the column of `field` means; the word itself where it means none, to be refused by name.
pub fn code(field: &str, typed: &str) -> String {
    let words = match field {
        "sex" => SEX,
        "status" => STATUS,
        "priority" => PRIORITY,
        "source" => SOURCE,
        _ => &[],
    };
    let folded = text::fold(typed);
    let known =
        words.iter().find(|(code, names)| text::fold(code) == folded || names.contains(&folded.as_str()));
    known.map_or_else(|| typed.to_owned(), |(code, _)| (*code).to_owned())
}

/// Yes or no, where the word is one of them.
pub fn flag(typed: &str) -> Option<bool> {
    let folded = text::fold(typed);
    let is_in = |words: &[&str]| words.contains(&folded.as_str());
    if is_in(&YES) { Some(true) } else { is_in(&NO).then_some(false) }
}

/// The two letters of a state, which may be written out.
pub fn state(typed: &str) -> String {
    let folded = text::fold(typed);
    let named = Uf::ALL.into_iter().find(|uf| text::fold(uf.name()) == folded);
    named.map_or_else(|| typed.to_owned(), |uf| uf.as_str().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_a_spreadsheet_become_codes() {
        for (field, typed, meant) in [
            ("sex", "F", "female"),
            ("sex", "Masculino", "male"),
            ("sex", "female", "female"),
            ("status", "Em tratamento", "in_treatment"),
            ("status", "in_treatment", "in_treatment"),
            ("source", "Indicação", "referral"),
            ("priority", "ALTA", "high"),
            ("priority", "ontem", "ontem"),
        ] {
            assert_eq!(code(field, typed), meant, "{field} {typed}");
        }
        assert_eq!((flag("Não"), flag("X"), flag("talvez")), (Some(false), Some(true), None));
        assert_eq!((state("São Paulo"), state("sp"), state("Xis")), ("SP".into(), "sp".into(), "Xis".into()));
    }
}
