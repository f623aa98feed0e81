//! Redaction: every route is asked with marked values in every place a value can stand, by nobody and by an owner, while the
//! program logs all it can. What it then says of itself (log, figures, history, alerts, the answers of observability) is searched
//! for them.
use std::{collections::BTreeSet, fs, time::Duration};

use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Map, Value, json};

use crate::{
    browser::{
        api::{Api, PASSWORD},
        program::Program,
    },
    canaries::{Ear, TOLD, tell},
};

/// Stands in every text.
const MARK: &str = "Quetzalmarca";
/// A valid CPF that belongs to nobody here.
const CPF: &str = "39053344705";
/// Asked last: after them the owner is out.
const ENDING: [&str; 7] = [
    "/api/clinic/{clinic_id}/users/{id}/invite",
    "/api/clinic/{clinic_id}/users/{id}",
    "/api/auth/sessions/{id}",
    "/api/auth/password",
    "/api/auth/lock",
    "/api/auth/logout",
    "/api/setup/demo/leave",
];

/// One route, as the document describes it.
struct Asked {
    method: Method,
    path: String,
    parameters: Vec<String>,
    body: Option<Value>,
    takes_file: bool,
}

fn table(document: &Value) -> Vec<Asked> {
    let mut all = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let parameters = operation["parameters"].as_array().unwrap();
            let in_query = parameters.iter().filter(|p| p["in"] == "query");
            let content = &operation["requestBody"]["content"];
            all.push(Asked {
                method: method.to_uppercase().parse().unwrap(),
                path: path.clone(),
                parameters: in_query.map(|p| p["name"].as_str().unwrap().to_owned()).collect(),
                body: content.pointer("/application~1json/schema").cloned(),
                takes_file: content["text/csv"].is_object(),
            });
        }
    }
    all.sort_by_key(|asked| ENDING.iter().position(|path| *path == asked.path));
    all
}

/// Something of a schema's form with marks in every text; where `typed` is not asked for, a text wherever anything may stand.
fn filled(schema: &Value, document: &Value, typed: bool) -> Value {
    if let Some(name) = schema["$ref"].as_str() {
        let name = name.rsplit('/').next().unwrap();
        return filled(&document["components"]["schemas"][name], document, typed);
    }
    if let Some(members) = schema["properties"].as_object() {
        let mut object: Map<String, Value> = members
            .iter()
            .map(|(name, member)| (name.clone(), text_for(name, member, document, typed)))
            .collect();
        if !typed {
            object.insert(format!("{MARK} campo"), json!(MARK));
        }
        return Value::Object(object);
    }
    let kinds = schema["type"].to_string();
    match () {
        () if !typed => json!(format!("{MARK} texto")),
        () if kinds.contains("integer") || kinds.contains("number") => json!(1),
        () if kinds.contains("boolean") => json!(true),
        () if kinds.contains("array") => json!([filled(&schema["items"], document, typed)]),
        () => schema["enum"][0].as_str().map_or(json!(format!("{MARK} nota")), |code| json!(code)),
    }
}

/// What a field of that name would hold.
fn text_for(name: &str, schema: &Value, document: &Value, typed: bool) -> Value {
    match name {
        "name" | "social_name" => json!(format!("{MARK} da Silva")),
        "cpf" => json!(CPF),
        "email" => json!(format!("{}@marca.example", MARK.to_lowercase())),
        "password" | "new_password" | "current_password" => json!(format!("{MARK} senha 42")),
        "code" | "token" => json!(format!("{MARK}-codigo")),
        _ => filled(schema, document, typed),
    }
}

impl Asked {
    fn request(&self, client: &Client, address: &str, cookie: &str, body: Option<Value>) -> RequestBuilder {
        let path = self.path.replace("{clinic_id}", "1").replace("{id}", "1").replace("{rule}", "disk");
        let path = path.replace("{secret}", &format!("1-{MARK}")).replace("{code}", MARK);
        let names = self.parameters.iter().filter(|name| *name != "clinic_id");
        let value = |name: &str| if name == "cpf" { CPF } else { MARK };
        let query: String = names.map(|name| format!("&{name}={}", value(name))).collect();
        let request = client.request(self.method.clone(), format!("{address}{path}?clinic_id=1{query}"));
        let request =
            ["authorization", "user-agent", "x-request-id", "referer", "last-event-id", "accept-language"]
                .iter()
                .fold(request, |request, name| request.header(*name, format!("Bearer {MARK}")));
        let request =
            request.header("idempotency-key", MARK).header("if-match", "\"1\"").header("cookie", cookie);
        match body {
            Some(body) => request.json(&body),
            None if self.takes_file => {
                request.header("content-type", "text/csv").body(format!("{MARK};{CPF}\n{MARK};x"))
            }
            None => request,
        }
    }

    /// Asks with nonsense and with what might be right, each with marks; and with marks in the path itself.
    async fn ask(&self, client: &Client, address: &str, cookie: &str, document: &Value) -> u16 {
        let mut status = 0;
        let bodies = match &self.body {
            Some(schema) => vec![Some(filled(schema, document, false)), Some(filled(schema, document, true))],
            None => vec![None],
        };
        for body in bodies {
            let sent = self.request(client, address, cookie, body).send();
            let answer = tokio::time::timeout(Duration::from_secs(30), sent).await.unwrap().unwrap();
            status = answer.status().as_u16();
            assert!(status != 500, "{} {}", self.method, self.path);
        }
        let marked = self.path.replace("{id}", MARK).replace("{clinic_id}", MARK).replace("{rule}", MARK);
        if marked != self.path {
            let request = client
                .request(self.method.clone(), format!("{address}{marked}/{MARK}"))
                .header("cookie", cookie);
            request.send().await.unwrap();
        }
        status
    }
}

/// All that the program says of itself over HTTP.
async fn says_of_itself(owner: &Api, client: &Client, address: &str) -> Vec<(String, String)> {
    let mut said = Vec::new();
    let paths = [
        "metrics?span=hour",
        "metrics?span=month",
        "status",
        "cache/status",
        "logs?limit=500",
        "metrics/clinic/1",
        "alerts",
        "health",
    ];
    for path in paths {
        said.push((path.to_owned(), owner.get(&format!("/api/observability/{path}")).await.to_string()));
    }
    for path in ["/metrics", "/readyz", "/livez"] {
        said.push((
            path.to_owned(),
            client.get(format!("{address}{path}")).send().await.unwrap().text().await.unwrap(),
        ));
    }
    said
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_told_the_program_is_said_again_where_it_speaks_of_itself() {
    let mut program = Program::start_talkative();
    let (owner, recovery) = Api::found(&program, "Clínica Uirapuru Cantante", "America/Sao_Paulo").await;
    let made = tell(&owner).await;
    let judge = second_owner(&program, &owner).await;
    let client = Client::builder().no_proxy().build().unwrap();
    let document = owner.get("/openapi.json").await;
    let session = format!("taskmed_session={}", owner.session());
    let address = program.address.clone();
    for cookie in [format!("taskmed_session=1-{MARK}; outro={MARK}"), session.clone()] {
        for asked in table(&document) {
            let status = asked.ask(&client, &address, &cookie, &document).await;
            let ends = ENDING.contains(&asked.path.as_str());
            let guesses = asked.path.starts_with("/api/auth/") || status != 401;
            assert!(
                ends || guesses || cookie != session,
                "{} {}: the owner is out",
                asked.method,
                asked.path
            );
        }
    }
    let mut told: Vec<String> =
        TOLD.iter().map(|told| (*told).to_owned()).chain(made).chain([recovery]).collect();
    told.extend([MARK, CPF, PASSWORD, owner.session(), judge.session()].map(str::to_owned));
    let ear = Ear::new(&told);
    let aside = tempfile::tempdir().unwrap();
    for (number, (path, text)) in says_of_itself(&judge, &client, &address).await.into_iter().enumerate() {
        assert!(!text.is_empty(), "{path}");
        fs::write(aside.path().join(format!("{number}-{}", path.replace(['/', '?'], "_"))), text).unwrap();
    }
    program.stop();
    let none = Vec::<String>::new();
    assert_eq!(ear.hears(aside.path()), none);
    for folder in ["logs", "measures"] {
        assert_eq!(ear.hears(&program.folder.path().join(folder)), none, "{folder}");
    }
    let log = logged(&program);
    let routes: BTreeSet<&str> = log.iter().filter_map(|line| line["route"].as_str()).collect();
    let missing: Vec<_> = document["paths"]
        .as_object()
        .unwrap()
        .keys()
        .filter(|path| !routes.contains(path.as_str()))
        .collect();
    assert!(missing.is_empty(), "these were not driven, or not logged: {missing:?}");
    for category in ["auth", "medical", "api", "security", "performance", "cache", "audit", "system"] {
        assert!(log.iter().any(|line| line["category"] == category), "no line is of {category}");
    }
}

/// Somebody the routes are not asked about: they stay as they are.
async fn second_owner(program: &Program, owner: &Api) -> Api {
    let email = "juiza@sol.example";
    let invited = json!({ "name": "Juíza de Fora", "email": email, "roles": ["owner"] });
    let invited = owner.post(&owner.clinic("/users"), invited).await;
    Api::accept(program, email, invited["invite_code"].as_str().unwrap()).await;
    Api::sign_in(program, email).await
}

/// Every line of the log, each of them JSON.
fn logged(program: &Program) -> Vec<Value> {
    let mut lines = Vec::new();
    for file in fs::read_dir(program.folder.path().join("logs")).unwrap() {
        let text = fs::read_to_string(file.unwrap().path()).unwrap();
        lines.extend(text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()));
    }
    assert!(
        lines.len() > 200,
        "need a talkative program for this test to mean anything: {} lines",
        lines.len()
    );
    lines
}
