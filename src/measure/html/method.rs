//! How it was measured, and what was found afterwards, in words.
use super::words::{Both, both, count, escaped, number, whole_ms};
use crate::measure::{report::Report, scenario::Scenario};

/// Whether clinics stayed apart, and whether everything is there.
pub(super) fn proofs(report: &Report) -> String {
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

pub(super) fn method(report: &Report) -> String {
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
