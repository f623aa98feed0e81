//! The report as one page that needs no network and no script: drawings inline, both languages in it, light and dark, for a
//! screen, a telephone and paper. Its content policy lets nothing in but its own style sheet.
mod charts;
mod hero;
mod method;
mod tables;
mod words;

use sha2::{Digest as _, Sha256};

use super::{report::Report, results::Compared};
use words::{Both, both, count, escaped, number, whole_ms};

const STYLE: &str = include_str!("report.css");

/// The page.
pub fn page(report: &Report, compared: Option<&Compared>) -> String {
    let policy =
        format!("default-src 'none'; style-src 'sha256-{}'; base-uri 'none'; form-action 'none'", digest());
    let step = report.best().or(report.steps.last());
    let mut body = hero::hero(report) + &hero::warnings(report, compared);
    if let Some(step) = step {
        let drawings = drawing(&times_in_words(report), &charts::times(&report.steps))
            + &drawing(&requests_in_words(report), &charts::requests(&report.steps));
        body += &section(
            both("Usuários, tempo de resposta e vazão", "Users, response time and throughput"),
            &format!("<div class=\"pair\">{drawings}</div>{}", tables::steps(report)),
        );
        body += &section(both("Cada endereço", "Each endpoint"), &tables::endpoints(report, step));
        body += &section(both("Cache e máquina", "Cache and machine"), &tables::machine(report));
    }
    body += &section(both("Isolamento e auditoria", "Isolation and audit"), &method::proofs(report));
    if let Some(step) = step {
        body += &section(
            both("O que se dizia e o que se mediu", "What was said and what was measured"),
            &tables::claims(report, step),
        );
    }
    body += &section(both("Como foi medido", "How it was measured"), &method::method(report));
    format!(
        "<!doctype html>\n<html lang=\"pt-BR\">\n<head>\n<meta charset=\"utf-8\">\n<meta http-equiv=\"Content-Security-Policy\" \
         content=\"{policy}\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" \
         content=\"light dark\">\n<title>TaskMed · Capacidade deste computador · Capacity of this computer</title>\n<style>{STYLE}</style>\n</head>\n<body>\n{}\n<main>\n{body}\n</main>\n{}\n</body>\n</html>\n",
        bar(),
        foot(report)
    )
}

/// The style sheet's hash, as a content policy names it.
fn digest() -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let hash = Sha256::digest(STYLE);
    let mut text = String::new();
    for three in hash.chunks(3) {
        let byte = |at: usize| u32::from(three.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for at in 0..=three.len() {
            let letter = LETTERS.get((bits >> (18 - 6 * at) & 63) as usize).copied().unwrap_or(b'A');
            text.push(char::from(letter));
        }
    }
    text + "=".repeat(text_padding(hash.len())).as_str()
}

fn text_padding(bytes: usize) -> usize {
    (3 - bytes % 3) % 3
}

/// Name, language and theme: controls that need no script.
fn bar() -> String {
    let choice = |group: &str, id: &str, words: &Both, checked: bool| {
        let checked = if checked { " checked" } else { "" };
        format!(
            "<input type=\"radio\" name=\"{group}\" id=\"{id}\"{checked}><label for=\"{id}\">{}</label>",
            words.html()
        )
    };
    let same = |word: &str| both(word, word);
    format!(
        "<header class=\"top\"><strong>TaskMed</strong><span class=\"gap\"></span><fieldset><legend>{}</legend>{}{}</fieldset>\
         <fieldset><legend>{}</legend>{}{}{}</fieldset></header>",
        both("Idioma", "Language").html(),
        choice("language", "in-pt", &same("Português"), true),
        choice("language", "in-en", &same("<span lang=\"en\">English</span>"), false),
        both("Tema", "Theme").html(),
        choice("theme", "as-system", &both("Sistema", "System"), true),
        choice("theme", "as-light", &both("Claro", "Light"), false),
        choice("theme", "as-dark", &both("Escuro", "Dark"), false),
    )
}

fn section(title: Both, body: &str) -> String {
    format!("<section><h2>{}</h2>{body}</section>\n", title.html())
}

fn drawing(title: &Both, svg: &str) -> String {
    format!("<figure><figcaption>{}</figcaption>{svg}</figure>", title.html())
}

fn times_in_words(report: &Report) -> Both {
    let goal = whole_ms(report.method.goal.p95_us);
    match report.steps.iter().find(|step| !step.held) {
        None => both(
            format!("Em todos os degraus o p95 ficou abaixo de {} ms", goal.pt),
            format!("At every step p95 stayed below {} ms", goal.en),
        ),
        Some(step) => {
            let people = count(step.people as u64);
            both(
                format!("Com {} pessoas a meta já não se mantém", people.pt),
                format!("With {} people the goal no longer holds", people.en),
            )
        }
    }
}

fn requests_in_words(report: &Report) -> Both {
    let most = report.steps.iter().map(|step| step.all.per_second).fold(0.0, f64::max);
    let (most, errors) =
        (number(most, 0), count(report.steps.iter().map(|step| step.all.error_count()).sum()));
    both(
        format!("Até {} pedidos por segundo, com {} erros em toda a medição", most.pt, errors.pt),
        format!("Up to {} requests a second, with {} errors in the whole measurement", most.en, errors.en),
    )
}

fn foot(report: &Report) -> String {
    let m = &report.machine;
    let memory = m.memory.map_or(String::new(), |bytes| format!(" · {} GB", bytes >> 30));
    let processors = both(format!("{} processadores", m.processors), format!("{} processors", m.processors));
    format!(
        "<footer>TaskMed {} · {} · {} · {}{memory} · {}</footer>",
        escaped(&report.version),
        escaped(&report.measured_at),
        escaped(&m.system),
        processors.html(),
        both("nada foi simulado nem extrapolado", "nothing was simulated or extrapolated").html()
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::sample::a_report;

    #[test]
    fn the_page_needs_nothing_from_outside_and_runs_nothing() {
        let page = page(&a_report(), None);
        for foreign in
            ["<script", "http://", "https://", "src=", "url(", "@import", "style=\"", "javascript:"]
        {
            assert!(!page.contains(foreign), "{foreign}");
        }
        assert!(page.contains("default-src 'none'"));
    }

    #[test]
    fn whatever_is_said_is_said_in_both_languages() {
        let page = page(&a_report(), None);
        assert!(
            page.contains("Este computador atende 50 pessoas")
                && page.contains("This computer carries 50 people")
        );
        assert_eq!(page.matches("class=\"pt").count(), page.matches("class=\"en").count());
    }

    #[test]
    fn what_is_wrong_stands_at_the_top() {
        let mut report = a_report();
        report.isolation.leaks = 1;
        report.isolation.examples.push("/api/contacts?a=<b>".into());
        report.ended_early = Some("stopped by hand".into());
        let page = page(&report, None);
        let first = page.find("class=\"warning\"").unwrap();
        assert!(first < page.find("<h2>").unwrap() && page.matches("class=\"warning\"").count() == 2);
        assert!(page.contains("a=&lt;b&gt;") && !page.contains("a=<b>"));
    }

    #[test]
    fn a_digest_is_written_as_the_policy_wants_it() {
        let text = digest();
        assert_eq!(text.len(), 44);
        assert!(text.ends_with('=') && !text.ends_with("=="), "{text}");
    }
}
