//! What a receptionist types finds the patient.
use super::*;
use jiff::civil::date;
use proptest::prelude::*;

fn ana() -> Searchable<'static> {
    Searchable {
        name: "Ana Lúcia d'Ávila e Souza-Prado",
        social_name: Some("Lú"),
        cpf: Some("52998224725"),
        cns: Some("700000000000005"),
        phone: Some("11987654321"),
        birth_date: Some(date(1980, 11, 23)),
    }
}

/// Whether every query term is a prefix of some search term, which is how the index matches.
fn finds(typed: &str, whom: &Searchable<'_>) -> bool {
    let terms = search_terms(whom);
    let asked = query_terms(typed);
    !asked.is_empty() && asked.iter().all(|part| terms.iter().any(|term| term.starts_with(part.as_str())))
}

#[test]
fn the_terms_of_a_patient_are_all_there_and_nothing_else() {
    let expected = [
        "11987654321",
        "52998224725",
        "700000000000005",
        "987654321",
        "ana",
        "avila",
        "d",
        "d19801123",
        "davila",
        "e",
        "lu",
        "lucia",
        "prado",
        "souza",
    ];
    assert_eq!(search_terms(&ana()), expected);
    assert_eq!(search_terms(&Searchable { name: "Zé", ..Searchable::default() }), ["ze"]);
}

#[test]
fn what_is_typed_becomes_the_right_terms() {
    for (typed, terms) in [
        ("MARIA da Silva", &["maria", "silva"][..]),
        ("da", &["da"]),
        ("123.456.789", &["123456789"]),
        ("529.982.247-25", &["52998224725"]),
        ("23/11/1980", &["d19801123"]),
        ("23/11/80", &["d19801123"]),
        ("1980-11-23", &["d19801123"]),
        ("23111980", &["d19801123"]),
        ("2311-1980", &["23111980"]),
        ("99999999", &["99999999"]),
        ("(11) 98765-4321", &["11987654321"]),
        ("+55 11 98765-4321", &["11987654321"]),
        ("(+55) 11 9", &["119"]),
        ("5511987654321", &["11987654321"]),
        ("(011) 98765-4321", &["11987654321"]),
        ("+1 415 555 0123", &["14155550123"]),
        ("55 99123-4567", &["55991234567"]),
        ("700 0000 0000 0005 ana", &["ana", "700000000000005"]),
        ("52998224725 11987654321", &["52998224725", "11987654321"]),
        ("ana ana", &["ana"]),
        ("  - . ", &[]),
        ("", &[]),
    ] {
        assert_eq!(query_terms(typed), terms, "{typed}");
    }
}

#[test]
fn a_patient_is_found_in_every_usual_way() {
    let found = [
        "ana",
        "ANA LUC",
        "prado lucia",
        "d'avila",
        "d avila",
        "Ávila",
        "Souza Prado",
        "souza-prado",
        "lú",
        "ana e souza",
        "529.982",
        "529.982.247-25",
        "700 0000",
        "98765",
        "98765-4321",
        "11 98765",
        "(11) 98765-4321",
        "+55 (11) 98765-4321",
        "23/11/1980",
        "23111980",
        "ana 23/11/80",
        "ana 98765",
    ];
    for typed in found {
        assert!(finds(typed, &ana()), "{typed}");
    }
    for typed in ["bia", "ana silva", "24/11/1980", "4321", ""] {
        assert!(!finds(typed, &ana()), "{typed}");
    }
}

#[test]
fn a_foreign_number_is_found_with_its_country_code() {
    let whom = Searchable { name: "John", phone: Some("+14155550123"), ..Searchable::default() };
    assert!(finds("+1 (415) 555-0123", &whom) && finds("1415", &whom) && !finds("155550123", &whom));
}

#[test]
fn a_pasted_page_asks_no_more_than_ten_terms() {
    let page = ('a'..='z').map(|c| format!("x{c} ")).collect::<String>();
    assert_eq!(query_terms(&page).len(), 10);
}

proptest! {
    #[test]
    fn parts_in_any_order_and_length_find_the_name(
        words in prop::collection::vec("[A-Za-zÀ-ÖØ-öø-ÿΑ-Ωα-ω'-]{1,9}", 1..5),
        picks in prop::collection::vec((any::<prop::sample::Index>(), 1usize..10), 1..5),
        shout in any::<bool>(),
    ) {
        let name = words.join(" ");
        let typed: Vec<String> = picks
            .iter()
            .map(|(pick, length)| pick.get(&words).chars().take(*length).collect())
            .collect();
        let typed = if shout { typed.join(" ").to_uppercase() } else { text::fold(&typed.join(" ")) };
        prop_assume!(!query_terms(&typed).is_empty());
        let whom = Searchable { name: &name, ..Searchable::default() };
        prop_assert!(finds(&typed, &whom), "{:?} in {:?}", query_terms(&typed), search_terms(&whom));
    }

    #[test]
    fn numbers_are_found_by_any_beginning(cpf in "[0-9]{11}", take in 9usize..=11, mark in "[./-]?") {
        let whom = Searchable { name: "x", cpf: Some(&cpf), ..Searchable::default() };
        let typed: String = cpf.chars().take(take).flat_map(|c| std::iter::once(c).chain(mark.chars())).collect();
        prop_assert!(finds(&typed, &whom));
    }

    #[test]
    fn any_birth_date_is_found_in_every_form(year in 1930i16..2029, month in 1i8..=12, day in 1i8..=28) {
        let whom = Searchable { name: "x", birth_date: Some(date(year, month, day)), ..Searchable::default() };
        for typed in [
            format!("{day:02}/{month:02}/{year}"), format!("{day}/{month}/{:02}", year % 100),
            format!("{day:02}{month:02}{year}"), format!("{year}-{month:02}-{day:02}"),
        ] {
            prop_assert!(finds(&typed, &whom), "{typed}");
        }
    }

    #[test]
    fn anything_typed_gives_plain_terms(typed in "\\PC{0,40}") {
        for term in query_terms(&typed) {
            prop_assert!(!term.is_empty() && term.chars().all(char::is_alphanumeric), "{term}");
        }
    }
}
