//! The OpenAPI document as a page: what a programmer looks up, grouped as the paths are, with every type it speaks of.
use serde_json::{Map, Value};

use super::{
    frame::{escape, page},
    portuguese,
    schema::{kind, members},
    tongue::Tongue,
};
use crate::web::problems;

/// The page over `document`, in one language. Descriptions of fields are the source's own, in English.
pub fn written_out(document: &Value, tongue: Tongue) -> String {
    let intro = tongue.choose(
        "Tudo o que a tela faz, um programa também pode fazer. Horários são RFC 3339 em UTC, valores são centavos inteiros, erros são <code>application/problem+json</code> com um código estável.",
        "Whatever the screens do, a program can do too. Times are RFC 3339 in UTC, money is integer centavos, errors are <code>application/problem+json</code> with a stable code.",
    );
    let find = tongue.choose("Procurar na referência", "Search the reference");
    let none = tongue.choose("Nada encontrado.", "Nothing found.");
    let main = format!(
        "<p class=\"docs-intro\">{intro} <a href=\"/openapi.json\">openapi.json</a></p>\
         <div class=\"field docs-search\"><label for=\"find\">{find}</label><input class=\"input\" id=\"find\" type=\"search\" autocomplete=\"off\"></div>\
         <p id=\"none\" role=\"status\" data-words=\"{none}\"></p>{}{}{}",
        operations(document, tongue),
        codes(tongue),
        types(document, tongue),
    );
    page(tongue, "/docs", tongue.choose("Referência da API", "API reference"), &main)
}

/// Every operation, in groups by tag.
fn operations(document: &Value, tongue: Tongue) -> String {
    let mut groups: Map<String, Value> = Map::new();
    for (path, methods) in object(document, "paths") {
        for (method, operation) in methods.as_object().into_iter().flatten() {
            let tag = operation.pointer("/tags/0").and_then(Value::as_str).unwrap_or_default();
            let group = groups.entry(tag).or_insert_with(|| Value::String(String::new()));
            let text = group.as_str().unwrap_or_default().to_owned();
            *group = Value::String(format!("{text}{}", written(path, method, operation, tongue)));
        }
    }
    let section = |(tag, text): (&String, &Value)| {
        format!("<section><h2>{}</h2>{}</section>", escape(tag), text.as_str().unwrap_or_default())
    };
    groups.iter().map(section).collect()
}

fn written(path: &str, method: &str, operation: &Value, tongue: Tongue) -> String {
    let text = |name: &str| operation.get(name).and_then(Value::as_str).unwrap_or_default();
    let summary = match tongue {
        Tongue::Portuguese => portuguese::summary(text("summary")),
        Tongue::English => text("summary"),
    };
    format!(
        "<details class=\"docs-entry\" id=\"{id}\"><summary><span class=\"badge docs-{method}\">{}</span> <code>{}</code> <span>{}</span></summary>\
         <div class=\"card-body\"><p>{} <code>{}</code></p>{}{}{}</div></details>",
        method.to_uppercase(),
        escape(path),
        escape(summary),
        tongue.choose("Quem pode:", "Who may:"),
        escape(text("x-permission")),
        parameters(operation, tongue),
        body(operation, tongue),
        answers(operation, tongue),
        id = escape(text("operationId")),
    )
}

fn parameters(operation: &Value, tongue: Tongue) -> String {
    let all = operation.get("parameters").and_then(Value::as_array);
    let row = |parameter: &Value| {
        let text = |name: &str| parameter.get(name).and_then(Value::as_str).unwrap_or_default();
        let needed = parameter.get("required").and_then(Value::as_bool).unwrap_or_default();
        let schema = parameter.get("schema").unwrap_or(&Value::Null);
        format!(
            "<tr><td><code>{}</code></td><td>{}</td><td>{}</td><td>{}</td></tr>",
            escape(text("name")),
            escape(text("in")),
            kind(schema),
            if needed { tongue.choose("obrigatório", "required") } else { "" },
        )
    };
    let rows: String = all.into_iter().flatten().map(row).collect();
    if rows.is_empty() {
        return rows;
    }
    format!("<h3>{}</h3><table>{rows}</table>", tongue.choose("Parâmetros", "Parameters"))
}

fn body(operation: &Value, tongue: Tongue) -> String {
    let content = operation.pointer("/requestBody/content").and_then(Value::as_object);
    let one = |(media, body): (&String, &Value)| {
        let schema = body.get("schema").unwrap_or(&Value::Null);
        format!("<p><code>{}</code> {}</p>{}", escape(media), kind(schema), members(schema))
    };
    let bodies: String = content.into_iter().flatten().map(one).collect();
    if bodies.is_empty() {
        return bodies;
    }
    format!("<h3>{}</h3>{bodies}", tongue.choose("Corpo", "Body"))
}

fn answers(operation: &Value, tongue: Tongue) -> String {
    let row = |(status, answer): (&String, &Value)| {
        let content = answer.get("content").and_then(Value::as_object).into_iter().flatten();
        let kinds: Vec<String> = content
            .map(|(media, body)| match kind(body.get("schema").unwrap_or(&Value::Null)) {
                _ if media != "application/json" => format!("<code>{}</code>", escape(media)),
                kind => kind,
            })
            .collect();
        let problem = || "<a href=\"#problems\"><code>application/problem+json</code></a>".to_owned();
        let kinds = if answer.get("$ref").is_some() { problem() } else { kinds.join(", ") };
        format!("<tr><td><code>{}</code></td><td>{kinds}</td></tr>", escape(status))
    };
    let rows: String = object(operation, "responses").map(row).collect();
    format!("<h3>{}</h3><table>{rows}</table>", tongue.choose("Respostas", "Answers"))
}

/// Every problem code, leading to its page.
fn codes(tongue: Tongue) -> String {
    let row = |meaning: &problems::Meaning| {
        let words = tongue.choose(&meaning.portuguese, &meaning.english);
        let (code, status, tag) = (meaning.code, meaning.status, tongue.tag());
        let what = escape(words.what);
        format!(
            "<tr class=\"docs-entry\"><td>{status}</td><td><a href=\"/problems/{code}?lang={tag}\"><code>{code}</code></a></td><td>{what}</td></tr>"
        )
    };
    let rows: String = problems::ALL.iter().map(row).collect();
    let title = tongue.choose("Códigos de erro", "Problem codes");
    format!("<section id=\"problems\"><h2>{title}</h2><table>{rows}</table></section>")
}

/// Every named type.
fn types(document: &Value, tongue: Tongue) -> String {
    let schemas = document.pointer("/components/schemas").and_then(Value::as_object);
    let one = |(name, schema): (&String, &Value)| {
        let about = schema.get("description").and_then(Value::as_str).unwrap_or_default();
        format!(
            "<details class=\"docs-entry\" id=\"type-{name}\"><summary><code>{name}</code> <span lang=\"en\">{}</span></summary><div class=\"card-body\">{}{}</div></details>",
            escape(about),
            if schema.get("properties").is_some() {
                String::new()
            } else {
                format!("<p>{}</p>", kind(schema))
            },
            members(schema),
            name = escape(name),
        )
    };
    let all: String = schemas.into_iter().flatten().map(one).collect();
    format!("<section><h2>{}</h2>{all}</section>", tongue.choose("Tipos", "Types"))
}

fn object<'a>(value: &'a Value, name: &str) -> impl Iterator<Item = (&'a String, &'a Value)> {
    value.get(name).and_then(Value::as_object).into_iter().flatten()
}
