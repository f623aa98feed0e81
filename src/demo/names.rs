//! Brazilian names as they are given: first names by generation, a second one often, and the surnames of both
//! families with their particles.
use super::random::{chance, pick, pick_early};
use fastrand::Rng;

/// Given names of women by generation, the oldest first; the commonest of each at the front.
#[rustfmt::skip]
const WOMEN: [(i16, &[&str]); 4] = [
    (
        1964,
        &[
            "Maria", "Ana", "Antônia", "Francisca", "Josefa", "Rita", "Terezinha", "Helena", "Aparecida",
            "Neusa", "Lourdes", "Marlene", "Ivone", "Sebastiana", "Irene", "Conceição", "Zilda", "Vera",
            "Iracema", "Dalva", "Odete", "Benedita", "Norma", "Célia", "Nair",
        ],
    ),
    (
        1989,
        &[
            "Ana", "Maria", "Adriana", "Patrícia", "Márcia", "Sandra", "Juliana", "Fernanda", "Luciana",
            "Cláudia", "Cristina", "Renata", "Simone", "Daniela", "Vanessa", "Camila", "Aline", "Eliane",
            "Rosângela", "Mônica", "Viviane", "Débora", "Kátia", "Silvana", "Tatiane", "Michele",
        ],
    ),
    (
        2005,
        &[
            "Ana", "Maria", "Jéssica", "Amanda", "Beatriz", "Larissa", "Letícia", "Gabriela", "Mariana",
            "Bruna", "Carolina", "Isabela", "Bianca", "Natália", "Thaís", "Rafaela", "Vitória", "Giovanna",
            "Luana", "Milena", "Nathália", "Raquel", "Tainá", "Sabrina",
        ],
    ),
    (
        9999,
        &[
            "Maria", "Helena", "Alice", "Laura", "Valentina", "Sophia", "Isabella", "Manuela", "Júlia",
            "Heloísa", "Luísa", "Lorena", "Lívia", "Cecília", "Eloá", "Lara", "Antonella", "Isis", "Esther",
            "Ayla", "Liz", "Yasmin", "Clara", "Maitê", "Aurora",
        ],
    ),
];

/// Given names of men, likewise.
#[rustfmt::skip]
const MEN: [(i16, &[&str]); 4] = [
    (
        1964,
        &[
            "José", "Antônio", "João", "Francisco", "Manoel", "Sebastião", "Pedro", "Raimundo", "Luiz",
            "Geraldo", "Benedito", "Osvaldo", "Valdir", "Waldemar", "Joaquim", "Nelson", "Mário", "Orlando",
            "Expedito", "Alcides", "Jorge", "Ademar", "Wilson", "Djalma",
        ],
    ),
    (
        1989,
        &[
            "José", "Carlos", "Paulo", "Marcos", "Luiz", "Marcelo", "Fernando", "Ricardo", "Rodrigo", "Fábio",
            "Sérgio", "Alexandre", "Eduardo", "Roberto", "Márcio", "Anderson", "Cláudio", "Edson", "Rogério",
            "Adriano", "Leandro", "Flávio", "Wagner", "Júlio", "Cristiano", "Gilberto",
        ],
    ),
    (
        2005,
        &[
            "Lucas", "Gabriel", "João", "Matheus", "Rafael", "Felipe", "Bruno", "Pedro", "Gustavo",
            "Guilherme", "Leonardo", "Vinícius", "Thiago", "Diego", "Caio", "Vitor", "Henrique", "Igor",
            "Renan", "Daniel", "Murilo", "Otávio", "Yuri", "Wesley",
        ],
    ),
    (
        9999,
        &[
            "Miguel", "Arthur", "Heitor", "Bernardo", "Davi", "Théo", "Gael", "Pedro", "Lorenzo", "Samuel",
            "João", "Enzo", "Benjamin", "Nicolas", "Noah", "Ravi", "Anthony", "Joaquim", "Isaac", "Cauã",
            "Levi", "Benício", "Vicente", "Ícaro",
        ],
    ),
];

/// Second given names.
#[rustfmt::skip]
const SECOND_WOMEN: [&str; 18] = [
    "Clara", "Luiza", "Paula", "Beatriz", "Cristina", "Aparecida", "Eduarda", "Cecília", "Helena", "Regina",
    "Carolina", "Lúcia", "Fernanda", "Júlia", "das Graças", "de Fátima", "do Carmo", "Flor",
];
#[rustfmt::skip]
const SECOND_MEN: [&str; 16] = [
    "Henrique", "Carlos", "Pedro", "Augusto", "Eduardo", "Vitor", "Miguel", "Gabriel", "Roberto", "Antônio",
    "Felipe", "Lucas", "Luiz", "César", "Guilherme", "Alberto",
];

/// Surnames with the particle some families write before them; the commonest at the front.
#[rustfmt::skip]
const SURNAMES: [(&str, &str); 84] = [
    ("da", "Silva"), ("dos", "Santos"), ("de", "Oliveira"), ("de", "Souza"), ("", "Pereira"),
    ("", "Ferreira"), ("", "Rodrigues"), ("", "Alves"), ("de", "Lima"), ("", "Gomes"), ("da", "Costa"),
    ("", "Ribeiro"), ("", "Martins"), ("de", "Carvalho"), ("de", "Almeida"), ("", "Lopes"), ("", "Soares"),
    ("", "Fernandes"), ("", "Vieira"), ("", "Barbosa"), ("da", "Rocha"), ("", "Dias"), ("do", "Nascimento"),
    ("de", "Andrade"), ("", "Moreira"), ("", "Nunes"), ("", "Marques"), ("", "Machado"), ("", "Mendes"),
    ("de", "Freitas"), ("", "Cardoso"), ("", "Ramos"), ("", "Gonçalves"), ("de", "Araújo"), ("", "Teixeira"),
    ("", "Cavalcanti"), ("de", "Melo"), ("", "Pinto"), ("dos", "Reis"), ("de", "Castro"), ("da", "Cunha"),
    ("", "Monteiro"), ("de", "Moraes"), ("", "Batista"), ("", "Campos"), ("", "Correia"), ("de", "Jesus"),
    ("da", "Conceição"), ("", "Farias"), ("de", "Moura"), ("de", "Azevedo"), ("", "Miranda"), ("", "Borges"),
    ("de", "Paula"), ("da", "Cruz"), ("", "Guimarães"), ("", "Tavares"), ("", "Sales"), ("", "Peixoto"),
    ("", "Fonseca"), ("da", "Luz"), ("", "Brandão"), ("", "Siqueira"), ("dos", "Anjos"), ("", "Bezerra"),
    ("de", "Camargo"), ("", "Leite"), ("", "Queiroz"), ("", "Prado"), ("", "Rossi"), ("", "Tanaka"),
    ("", "Bianchi"), ("", "Müller"), ("", "Nakamura"), ("", "Schmidt"), ("", "Ferrari"), ("", "Yamamoto"),
    ("", "Haddad"), ("", "Kowalski"), ("", "D'Ávila"), ("", "Becker"), ("", "Sato"), ("", "Sant'Anna"),
    ("", "Wang"),
];

/// What a younger man of the same name carries.
const SUFFIXES: [&str; 4] = ["Filho", "Júnior", "Neto", "Sobrinho"];

/// A given name for a person born in `year`, with a second one for about a third.
pub(super) fn given(rng: &mut Rng, female: bool, year: i16) -> String {
    let eras = if female { &WOMEN } else { &MEN };
    let of_era = eras.iter().find(|(until, _)| year <= *until).map_or(&[][..], |(_, names)| *names);
    let first = pick_early(rng, of_era);
    let second = if female { pick(rng, &SECOND_WOMEN) } else { pick(rng, &SECOND_MEN) };
    if chance(rng, 36) && second != first { format!("{first} {second}") } else { first.to_owned() }
}

/// One surname, its particle written by some.
pub(super) fn surname(rng: &mut Rng) -> String {
    let (particle, name) = pick_early(rng, &SURNAMES);
    if particle.is_empty() || !chance(rng, 55) { name.to_owned() } else { format!("{particle} {name}") }
}

/// A full name: the mother's family, when it is carried on, then the father's.
pub(super) fn full(given: &str, rng: &mut Rng, mother: &str, female: bool) -> String {
    let mut name = given.to_owned();
    let father = surname(rng);
    if chance(rng, 62) && family(mother) != family(&father) {
        name.push(' ');
        name.push_str(mother);
    }
    name.push(' ');
    name.push_str(&father);
    if !female && chance(rng, 3) {
        name.push(' ');
        name.push_str(pick(rng, &SUFFIXES));
    }
    name
}

/// A surname without its particle.
fn family(surname: &str) -> &str {
    surname.rsplit(' ').next().unwrap_or(surname)
}

#[cfg(test)]
mod tests {
    use super::super::random::{Stream, dice};
    use super::*;

    #[test]
    fn names_fit_the_generation() {
        let mut rng = dice(1, Stream::Details, 1);
        let old: Vec<String> = (0..200).map(|_| given(&mut rng, true, 1940)).collect();
        let young: Vec<String> = (0..200).map(|_| given(&mut rng, true, 2020)).collect();
        assert!(
            old.iter().any(|name| name.starts_with("Terezinha"))
                && !old.iter().any(|name| name.starts_with("Valentina"))
        );
        assert!(
            young.iter().any(|name| name.starts_with("Helena"))
                && !young.iter().any(|name| name.starts_with("Terezinha"))
        );
        assert!(old.iter().any(|name| name.contains(' ')));
    }

    #[test]
    fn a_full_name_has_at_least_two_words_and_no_doubled_surname() {
        let mut rng = dice(2, Stream::Details, 1);
        for _ in 0..500 {
            let mother = surname(&mut rng);
            let name = full("Ana", &mut rng, &mother, true);
            let words: Vec<&str> = name.split(' ').collect();
            assert!(words.len() >= 2 && words.iter().all(|word| !word.is_empty()), "{name}");
            assert!(words.windows(2).all(|pair| pair[0] != pair[1]), "{name}");
        }
    }
}
