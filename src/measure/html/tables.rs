//! The page's tables.
use std::collections::BTreeMap;

use super::{
    charts,
    words::{Both, both, count, escaped, ms, number, unmeasured},
};
use crate::measure::report::{Endpoint, Report, Step};

/// A column: its head, and whether it holds numbers.
type Column = (Both, bool);

fn text(pt: &str, en: &str) -> Column {
    (both(pt, en), false)
}

fn figure(pt: &str, en: &str) -> Column {
    (both(pt, en), true)
}

/// A table of a name; each row begins with its own head.
fn table(name: &Both, columns: &[Column], rows: &[Vec<String>]) -> String {
    let class = |number: bool| if number { " class=\"n\"" } else { "" };
    let head: String = columns
        .iter()
        .map(|(words, number)| format!("<th scope=\"col\"{}>{}</th>", class(*number), words.html()))
        .collect();
    let cell = |(at, cell): (usize, &String)| match columns.get(at) {
        _ if at == 0 => format!("<th scope=\"row\">{cell}</th>"),
        Some((_, true)) => format!("<td class=\"n\">{cell}</td>"),
        _ => format!("<td>{cell}</td>"),
    };
    let body: String = rows
        .iter()
        .map(|row| format!("<tr>{}</tr>", row.iter().enumerate().map(cell).collect::<String>()))
        .collect();
    format!(
        "<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-labelledby=\"{id}\"><table><caption id=\"{id}\">{}</caption><thead><tr>{head}</tr></thead>\
         <tbody>{body}</tbody></table></div>",
        name.html(),
        id = id_of(&name.en)
    )
}

fn id_of(name: &str) -> String {
    name.chars().filter(|c| c.is_ascii_alphanumeric()).collect::<String>().to_lowercase()
}

/// Users: each step.
pub(super) fn steps(report: &Report) -> String {
    let columns = [
        text("Pessoas", "People"),
        figure("Pedidos/s", "Requests/s"),
        figure("p50, ms", "p50, ms"),
        figure("p95, ms", "p95, ms"),
        figure("p99, ms", "p99, ms"),
        figure("Máximo, ms", "Longest, ms"),
        figure("Erros", "Errors"),
        figure("Corridas perdidas", "Lost races"),
        text("Resultado", "Result"),
    ];
    let row = |step: &Step| {
        let e = &step.all;
        vec![
            count(step.people as u64).html(),
            number(e.per_second, 1).html(),
            ms(e.p50_us).html(),
            ms(e.p95_us).html(),
            ms(e.p99_us).html(),
            ms(e.max_us).html(),
            count(e.error_count()).html(),
            count(e.raced.values().sum()).html(),
            verdict(step.held),
        ]
    };
    let rows: Vec<_> = report.steps.iter().map(row).collect();
    table(&both("Usuários, degrau por degrau", "Users, step by step"), &columns, &rows)
}

fn verdict(held: bool) -> String {
    let (class, mark, words) = if held {
        ("ok", "✓", both("dentro da meta", "within the goal"))
    } else {
        ("bad", "✕", both("acima da meta", "beyond the goal"))
    };
    format!(
        "<span class=\"verdict {class}\"><span aria-hidden=\"true\">{mark}</span> {}</span>",
        words.html()
    )
}

/// The machine's part in each step.
pub(super) fn machine(report: &Report) -> String {
    let columns = [
        text("Pessoas", "People"),
        figure("Processadores do servidor", "Server processors"),
        figure("Processadores da carga", "Load processors"),
        figure("Memória, MB", "Memory, MB"),
        figure("Maior fila de gravação", "Longest write queue"),
        figure("Acertos da cache", "Cache hits"),
        figure("Atraso da própria carga, p99 ms", "Lateness of the load itself, p99 ms"),
    ];
    let or = |value: Option<Both>| value.unwrap_or_else(unmeasured).html();
    let row = |step: &Step| {
        let usage = &step.usage;
        vec![
            count(step.people as u64).html(),
            or(usage.server_cpu.map(|busy| number(busy, 2))),
            or(usage.load_cpu.map(|busy| number(busy, 2))),
            or(usage.memory.map(|bytes| count(bytes >> 20))),
            or(usage.queue.map(count)),
            or(usage.cache_hits.map(percent)),
            ms(step.late_p99_us).html(),
        ]
    };
    let rows: Vec<_> = report.steps.iter().map(row).collect();
    table(&both("O que o servidor usou em cada degrau", "What the server used at each step"), &columns, &rows)
}

/// Response times of each endpoint in one step.
pub(super) fn endpoints(report: &Report, step: &Step) -> String {
    let columns = [
        text("Endereço", "Endpoint"),
        figure("Pedidos", "Requests"),
        figure("Pedidos/s", "Requests/s"),
        figure("p50, ms", "p50, ms"),
        figure("p95, ms", "p95, ms"),
        text("p95 e a meta", "p95 and the goal"),
        figure("p99, ms", "p99, ms"),
        figure("Máximo, ms", "Longest, ms"),
        text("Respostas por código", "Answers by status"),
        figure("Erros", "Errors"),
    ];
    let row = |e: &Endpoint, per_second: bool| {
        vec![
            format!("<code>{}</code>", escaped(&e.name)),
            count(e.requests).html(),
            if per_second { number(e.per_second, 1).html() } else { "–".into() },
            ms(e.p50_us).html(),
            ms(e.p95_us).html(),
            if per_second { charts::small(e.p95_us) } else { "–".into() },
            ms(e.p99_us).html(),
            ms(e.max_us).html(),
            statuses(e),
            count(e.error_count()).html(),
        ]
    };
    let mut rows: Vec<_> = step.endpoints.iter().map(|e| row(e, true)).collect();
    rows.extend(report.sign_in.iter().map(|e| row(e, false)));
    let people = count(step.people as u64);
    let name = both(
        format!("Tempos de resposta com {} pessoas", people.pt),
        format!("Response times with {} people", people.en),
    );
    table(&name, &columns, &rows)
}

/// How many answers of each status, lost races by their code.
fn statuses(e: &Endpoint) -> String {
    let named = |map: &BTreeMap<String, u64>| {
        map.iter().map(|(code, n)| format!("{} × {}", count(*n).html(), escaped(code))).collect::<Vec<_>>()
    };
    let mut all: Vec<String> =
        e.statuses.iter().map(|(status, n)| format!("{status}: {}", count(*n).html())).collect();
    all.extend(named(&e.raced));
    all.extend(named(&e.errors));
    all.join(", ")
}

/// What was promised by the mission's report, and what was measured.
pub(super) fn claims(report: &Report, step: &Step) -> String {
    let all = &step.all;
    let columns = [
        text("O que", "What"),
        text("No relatório da missão", "In the mission’s report"),
        text("Medido agora", "Measured now"),
    ];
    let people = count(step.people as u64);
    let time = number(step.seconds / 60.0, 1);
    let say = |pt: String, en: String| both(pt, en).html();
    let (mean, p95, p99, max) = (ms(all.mean_us), ms(all.p95_us), ms(all.p99_us), ms(all.max_us));
    let (rate, found) = (number(all.per_second, 1), count(report.people as u64));
    let (limit, alert) = (count(report.recommended as u64), count(report.alert_at as u64));
    let more = both(
        if report.reached_target { "pelo menos " } else { "" },
        if report.reached_target { "at least " } else { "" },
    );
    let rows = vec![
        vec![
            say("Pessoas ao mesmo tempo".into(), "People at one time".into()),
            say("50 testadas, 500 extrapoladas".into(), "50 tested, 500 extrapolated".into()),
            say(
                format!("{} de verdade, por TLS, por {} min", people.pt, time.pt),
                format!("{} really driven, over TLS, for {} min", people.en, time.en),
            ),
        ],
        vec![
            say("Tempo de resposta".into(), "Response time".into()),
            say("3–5 ms em média, menos de 20 ms".into(), "3–5 ms on average, less than 20 ms".into()),
            say(
                format!("{} ms em média; p95 {}, p99 {}, máximo {}", mean.pt, p95.pt, p99.pt, max.pt),
                format!("{} ms on average; p95 {}, p99 {}, longest {}", mean.en, p95.en, p99.en, max.en),
            ),
        ],
        vec![
            say("Pedidos por segundo".into(), "Requests per second".into()),
            "200–250".into(),
            say(
                format!("{}, no ritmo destas pessoas", rate.pt),
                format!("{}, at these people’s pace", rate.en),
            ),
        ],
        vec![
            say("Capacidade".into(), "Capacity".into()),
            say("500; recomendado 400, alerta em 320".into(), "500; recommended 400, alert at 320".into()),
            say(
                format!("{}{}; recomendado {}, alerta em {}", more.pt, found.pt, limit.pt, alert.pt),
                format!("{}{}; recommended {}, alert at {}", more.en, found.en, limit.en, alert.en),
            ),
        ],
    ];
    table(
        &both("Lado a lado com o relatório da missão", "Side by side with the mission’s report"),
        &columns,
        &rows,
    )
}

fn percent(share: f64) -> Both {
    let value = number(share * 100.0, 1);
    both(format!("{} %", value.pt), format!("{} %", value.en))
}
