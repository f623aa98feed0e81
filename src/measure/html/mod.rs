//! The report as one page that needs no network and no script: drawings inline, both languages in it, light and dark, for a
//! screen, a telephone and paper. Its content policy lets nothing in but its own style sheet.
mod charts;
mod tables;
mod words;

use sha2::{Digest as _, Sha256};

use super::{report::Report, results::Compared, scenario::Scenario};
use words::{Both, both, count, escaped, ms, number};

const STYLE: &str = include_str!("report.css");

/// The page.
pub fn page(report: &Report, compared: Option<&Compared>) -> String {
    let policy =
        format!("default-src 'none'; style-src 'sha256-{}'; base-uri 'none'; form-action 'none'", digest());
    let step = report.best().or(report.steps.last());
    let mut body = hero(report) + &warnings(report, compared);
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
    body += &section(both("Isolamento e auditoria", "Isolation and audit"), &proofs(report));
    if let Some(step) = step {
        body += &section(
            both("O que se dizia e o que se mediu", "What was said and what was measured"),
            &tables::claims(report, step),
        );
    }
    body += &section(both("Como foi medido", "How it was measured"), &method(report));
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

/// The answer first: how many people, and what follows from it.
fn hero(report: &Report) -> String {
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

/// A promise, which is a whole number of milliseconds.
fn whole_ms(micros: u64) -> Both {
    count(micros / 1000)
}

/// What must not be overlooked.
fn warnings(report: &Report, compared: Option<&Compared>) -> String {
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

/// Whether clinics stayed apart, and whether everything is there.
fn proofs(report: &Report) -> String {
    let seen = &report.isolation;
    let (probes, refused) = (count(seen.probes), count(seen.refused));
    let mut items = vec![(
        seen.leaks == 0 && seen.probes > 0,
        both(
            format!(
                "{} de {} pedidos por coisas de outra clínica foram recusados como se ela não existisse.",
                refused.pt, probes.pt
            ),
            format!(
                "{} of {} requests for things of another clinic were refused as if it did not exist.",
                refused.en, probes.en
            ),
        ),
    )];
    if let Some(p) = &report.proof {
        let (entries, acknowledged, entered) =
            (count(p.trail_entries), count(p.acknowledged), count(p.in_trail));
        let (records, found) = (count(p.records), count(p.found));
        items.push((
            p.trail_whole,
            both(
                format!("A trilha de auditoria foi verificada por inteiro: {} entradas.", entries.pt),
                format!("The audit trail was verified whole: {} entries.", entries.en),
            ),
        ));
        items.push((
            p.in_trail == p.acknowledged,
            both(
                format!("{} de {} gravações confirmadas estão na trilha.", entered.pt, acknowledged.pt),
                format!("{} of {} acknowledged writes are in the trail.", entered.en, acknowledged.en),
            ),
        ));
        items.push((
            p.found == p.records,
            both(
                format!("{} de {} registros estão lá como foram confirmados.", found.pt, records.pt),
                format!("{} of {} records are there as they were acknowledged.", found.en, records.en),
            ),
        ));
    } else {
        items.push((false, both("A conferência final não foi feita.", "The final check was not made.")));
    }
    let item = |(ok, words): &(bool, Both)| {
        let (class, mark) = if *ok { ("ok", "✓") } else { ("bad", "✕") };
        format!(
            "<li class=\"{class}\"><span aria-hidden=\"true\">{mark}</span><span>{}</span></li>",
            words.html()
        )
    };
    let named = seen.examples.iter().chain(report.proof.iter().flat_map(|p| &p.missing));
    let named: String = named.map(|what| format!("<li><code>{}</code></li>", escaped(what))).collect();
    format!(
        "<ul class=\"proofs\">{}</ul><ul class=\"named\">{named}</ul>",
        items.iter().map(item).collect::<String>()
    )
    .replace("<ul class=\"named\"></ul>", "")
}

fn method(report: &Report) -> String {
    let m = &report.method;
    let (least, most) = m.think_s;
    let (patients, appointments) = (count(m.patients as u64), count(m.appointments as u64));
    let scenario = scenario_in_words(&m.scenario);
    let goal = (whole_ms(m.goal.p95_us), whole_ms(m.goal.p99_us), number(m.goal.error_rate * 100.0, 1));
    let said = [
        both(
            format!(
                "Uma cópia do TaskMed, em processo próprio, com {} clínicas inventadas de {} pacientes e {} consultas cada. Os dados da clínica não são lidos nem gravados.",
                m.clinics, patients.pt, appointments.pt
            ),
            format!(
                "A copy of TaskMed, in a process of its own, with {} made-up clinics of {} patients and {} appointments each. The clinic’s own data is neither read nor written.",
                m.clinics, patients.en, appointments.en
            ),
        ),
        both(
            format!(
                "Cenário: {}. Cada pessoa entra com sua própria senha por TLS, mantém uma conexão e ouve os avisos da agenda, e age a cada {least} a {most} s.",
                scenario.pt
            ),
            format!(
                "Scenario: {}. Each person signs in with a password of their own over TLS, keeps one connection and listens to the agenda’s events, and acts every {least} to {most} s.",
                scenario.en
            ),
        ),
        both(
            "O tempo conta desde o momento em que a pessoa quis agir: esperar na fila não some da conta. Dentro de um ato, o pedido seguinte conta desde a resposta anterior.",
            "Time counts from the moment the person meant to act: waiting in line is not hidden. Within an act, the next request counts from the answer before it.",
        ),
        both(
            format!(
                "Os primeiros {} s de cada degrau não contam. Entrar é lento de propósito (a senha é conferida com argon2) e aparece à parte.",
                m.warm_up_s
            ),
            format!(
                "The first {} s of each step do not count. Signing in is slow on purpose (the password is checked with argon2) and stands apart.",
                m.warm_up_s
            ),
        ),
        both(
            format!(
                "Meta: p95 até {} ms, p99 até {} ms, menos de {} % de erros. Uma resposta de erro nunca conta como sucesso; perder a corrida por um horário (409) é resposta certa e é contada à parte.",
                goal.0.pt, goal.1.pt, goal.2.pt
            ),
            format!(
                "Goal: p95 within {} ms, p99 within {} ms, fewer than {} % errors. An error answer never counts as a success; losing the race for a time (409) is a right answer and is counted apart.",
                goal.0.en, goal.1.en, goal.2.en
            ),
        ),
        both(
            "A carga roda no mesmo computador e disputa os mesmos processadores.",
            "The load runs on the same computer and competes for the same processors.",
        ),
    ];
    let items: String = said.iter().map(|words| format!("<li>{}</li>", words.html())).collect();
    format!(
        "<ul class=\"method\">{items}</ul><p class=\"command\"><code>{}</code></p>",
        escaped(&report.command)
    )
}

/// What people did, in words; a name of another version as it is.
fn scenario_in_words(name: &str) -> Both {
    let all = [
        (
            Scenario::MorningRush,
            "abertura da manhã, com chegadas e a agenda aberta em todas as telas",
            "morning rush, with arrivals and the agenda open on every screen",
        ),
        (Scenario::NormalDay, "um dia normal", "a normal day"),
        (Scenario::CallCentre, "central de telefone, com muitas buscas", "call centre, with many searches"),
        (
            Scenario::Medical,
            "atendimento, com a página do paciente e seu histórico (o prontuário ainda não faz parte)",
            "care, with the patient’s page and its history (records of care are not part of it yet)",
        ),
        (Scenario::Team, "gestão da equipe", "team management"),
        (
            Scenario::CalendarClients,
            "programas de calendário que consultam sem parar",
            "calendar programs that keep polling",
        ),
        (Scenario::SeveralClinics, "três clínicas no mesmo computador", "three clinics on one computer"),
        (Scenario::Mixed, "tudo ao mesmo tempo", "everything at once"),
    ];
    let found = all.iter().find(|(scenario, ..)| scenario.name() == name);
    found.map_or_else(|| both(escaped(name), escaped(name)), |(_, pt, en)| both(*pt, *en))
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
    use crate::measure::report::tests_support::a_report;

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
