//! The answer at the top of the page, and what must not be overlooked.
use super::words::{Both, both, count, escaped, ms, number};
use crate::measure::{report::Report, results::Compared};

/// The answer first: how many people, and what follows from it.
pub(super) fn hero(report: &Report) -> String {
    let people = count(report.people as u64);
    let title = match (report.people, report.reached_target) {
        (0, _) => both(
            "Este computador não manteve a meta nem no menor degrau",
            "This computer did not keep the goal even at the smallest step",
        ),
        (_, true) => both(
            format!("Este computador atende pelo menos {} pessoas ao mesmo tempo", people.pt),
            format!("This computer carries at least {} people at one time", people.en),
        ),
        (_, false) => both(
            format!("Este computador atende {} pessoas ao mesmo tempo", people.pt),
            format!("This computer carries {} people at one time", people.en),
        ),
    };
    let card = |figure: Both, name: Both, about: Both| {
        format!(
            "<div class=\"card\"><dt>{}</dt><dd><b>{}</b><span>{}</span></dd></div>",
            name.html(),
            figure.html(),
            about.html()
        )
    };
    let found = if report.reached_target {
        both("até onde se pediu para medir", "as far as it was asked to measure")
    } else {
        both("a mais alta com toda a meta mantida", "the most for whom the whole goal held")
    };
    let cards = card(people, both("Capacidade encontrada", "Capacity found"), found)
        + &card(
            count(report.recommended as u64),
            both("Limite recomendado", "Recommended limit"),
            both("80 % da capacidade", "80 % of the capacity"),
        )
        + &card(
            count(report.alert_at as u64),
            both("Alerta a partir de", "Alert from"),
            both("80 % do limite", "80 % of the limit"),
        );
    format!(
        "<section class=\"hero\"><h1>{}</h1><p>{}</p><dl class=\"cards\">{cards}</dl></section>",
        title.html(),
        lead(report).html()
    )
}

fn lead(report: &Report) -> Both {
    let Some(step) = report.best() else {
        return both("Veja abaixo o que se mediu.", "See below what was measured.");
    };
    let (all, people) = (&step.all, count(step.people as u64));
    let (p95, p99, errors, requests) =
        (ms(all.p95_us), ms(all.p99_us), count(all.error_count()), count(all.requests));
    both(
        format!(
            "Com {} pessoas, 95 de cada 100 respostas vieram em até {} ms e 99 em até {} ms; {} erros em {} pedidos.",
            people.pt, p95.pt, p99.pt, errors.pt, requests.pt
        ),
        format!(
            "With {} people, 95 of 100 answers came within {} ms and 99 within {} ms; {} errors in {} requests.",
            people.en, p95.en, p99.en, errors.en, requests.en
        ),
    )
}

/// What must not be overlooked.
pub(super) fn warnings(report: &Report, compared: Option<&Compared>) -> String {
    let mut all = Vec::new();
    if report.isolation.leaks > 0 {
        all.push(both(
            "Uma clínica pôde ver algo de outra. Não use esta versão.",
            "One clinic could see something of another. Do not use this version.",
        ));
    }
    if report.proof.as_ref().is_some_and(|_| !report.is_sound()) && report.isolation.leaks == 0 {
        all.push(both(
            "Algo que o servidor confirmou não está lá, ou a trilha de auditoria está rompida.",
            "Something the server acknowledged is not there, or the audit trail is broken.",
        ));
    }
    if let Some(compared) = compared.filter(|compared| compared.is_worse()) {
        let (less, before) = (number(-compared.change * 100.0, 0), count(compared.before.people as u64));
        let version = escaped(&compared.before.version);
        all.push(both(
            format!(
                "Atende {} % menos que a medição anterior: {} pessoas na versão {version}.",
                less.pt, before.pt
            ),
            format!(
                "It carries {} % less than the measurement before: {} people in version {version}.",
                less.en, before.en
            ),
        ));
    }
    if report.was_disturbed() {
        all.push(both(
            "O computador estava ocupado com outras coisas: a própria carga se atrasou. Meça de novo com ele em repouso.",
            "The computer was busy with other things: the load itself was late. Measure again when it is at rest.",
        ));
    }
    if let Some(why) = &report.ended_early {
        let why = escaped(why);
        all.push(both(
            format!("A medição terminou antes do fim: {why}. O que se mediu até ali está abaixo."),
            format!("The measurement ended before its end: {why}. What was measured by then is below."),
        ));
    }
    let one = |words: &Both| {
        format!("<p class=\"warning\" role=\"note\"><b aria-hidden=\"true\">!</b> {}</p>", words.html())
    };
    all.iter().map(one).collect()
}
