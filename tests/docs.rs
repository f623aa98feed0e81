//! The pages about the program: the API reference, and a page for every problem code.
use std::{collections::BTreeSet, fs, path::Path};

use taskmed::web::problems;

use crate::{
    architecture::all_sources,
    support::{World, desk::Answer},
};

async fn page(path: &str) -> String {
    let answer: Answer = World::empty().stranger().get(path).await;
    assert_eq!(answer.status.as_u16(), 200, "{path}");
    assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
    String::from_utf8(answer.bytes).unwrap()
}

/// Codes named in the sources where an error is made of one.
fn given() -> BTreeSet<String> {
    let makers =
        ["conflict(\"", "Malformed(\"", "Unauthenticated(\"", "Unavailable(\"", "StatusCode::", "=> \""];
    let mut codes = BTreeSet::new();
    for (file, text) in all_sources() {
        let refusals = file == "src/web/edge/problem.rs" || file == "src/web/problem.rs";
        let of_hours = file == "src/features/appointments/hours.rs";
        for line in text.lines().filter(|line| !line.trim_start().starts_with("//")) {
            for maker in &makers[..4] {
                let made = line.split(maker).skip(1).filter_map(|rest| rest.split('"').next());
                codes.extend(made.map(str::to_owned));
            }
            let on_table = refusals && line.contains(makers[4]) || of_hours && line.contains(makers[5]);
            if on_table && let Some(code) = line.split('"').nth(1) {
                codes.insert(code.to_owned());
            }
        }
    }
    codes
}

#[test]
fn every_code_the_server_can_give_has_a_meaning() {
    let given = given();
    assert!(given.len() > 30, "{given:?}");
    let unknown: Vec<_> = given.iter().filter(|code| problems::find(code).is_none()).collect();
    assert!(unknown.is_empty(), "{unknown:?} have no page");
    let never: Vec<_> = problems::ALL.iter().filter(|m| !given.contains(m.code)).map(|m| m.code).collect();
    assert!(never.is_empty(), "{never:?} are never given");
}

#[test]
fn every_code_has_words_on_the_screens_in_both_languages() {
    for language in ["pt-BR", "en"] {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("assets/i18n/{language}/errors.js"));
        let words = fs::read_to_string(file).unwrap();
        for meaning in problems::ALL {
            assert!(words.contains(&format!("  problem_{}: '", meaning.code)), "{language} {}", meaning.code);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_problems_type_leads_to_a_page_in_both_languages() {
    let world = World::empty();
    let problem = world.stranger().get("/api/contacts?clinic_id=1").await.problem(401, "unauthenticated");
    let page = page(problem["type"].as_str().unwrap()).await;
    assert!(page.contains("<html lang=\"pt-BR\"") && page.contains("Entre de novo"), "{page}");
    assert!(
        page.contains("<section class=\"card card-body\" lang=\"en\">") && page.contains("Sign in again")
    );
    world.stranger().get("/problems/no_such_code").await.problem(404, "not_found");
    for meaning in problems::ALL {
        let answer = world.stranger().get(&format!("/problems/{}?lang=en", meaning.code)).await;
        assert_eq!(answer.status.as_u16(), 200, "{}", meaning.code);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_reference_has_every_route_and_every_link_on_it_leads_somewhere() {
    for (lang, word) in [("pt-BR", "Agendar uma consulta"), ("en", "Book an appointment")] {
        let page = page(&format!("/docs?lang={lang}")).await;
        for route in taskmed::app::routes() {
            assert!(page.contains(&format!("<code>{}</code>", route.path)), "{}", route.path);
            let english = page.contains(&format!("<span>{}</span>", route.summary.replace('\'', "&#39;")));
            assert_eq!(english, lang == "en", "{} is not in {lang}", route.summary);
        }
        assert!(page.contains(word));
        for target in page.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
            assert!(page.contains(&format!("id=\"{target}\"")), "#{target}");
        }
        assert!(!page.contains(" style=") && !page.contains("<script>"), "the content policy refuses these");
    }
}
