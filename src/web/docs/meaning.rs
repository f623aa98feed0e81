//! The page of one problem code, in both languages: a `type` URI that leads somewhere.
use serde_json::json;

use super::{
    frame::{escape, page},
    tongue::Tongue,
};
use crate::{
    base::{Error, Result},
    web::{
        Incoming, Public, Text,
        arguments::Argument,
        operation::Operation,
        problems::{self, Meaning, Words},
    },
};

impl Argument for &'static Meaning {
    async fn read(incoming: &mut Incoming) -> Result<Self> {
        incoming.path("code").and_then(problems::find).ok_or(Error::NotFound("problem"))
    }

    fn describe(operation: &mut Operation) {
        let schema = json!({ "type": "string" });
        operation
            .parameters
            .push(json!({ "name": "code", "in": "path", "required": true, "schema": schema }));
        operation.problems(&[404]);
    }
}

/// What a problem code means and what to do.
pub async fn show(_: Public, meaning: &'static Meaning, tongue: Tongue) -> Result<Text> {
    Ok(Text::html(written(meaning, tongue)))
}

fn written(meaning: &Meaning, tongue: Tongue) -> String {
    let Meaning { code, status, portuguese, english } = meaning;
    let (own, other) = tongue.choose(
        ((Tongue::Portuguese, portuguese), (Tongue::English, english)),
        ((Tongue::English, english), (Tongue::Portuguese, portuguese)),
    );
    let facts =
        format!("<p class=\"docs-facts\"><code>{code}</code> <span class=\"badge\">HTTP {status}</span></p>");
    let all = format!(
        "<p><a href=\"/docs?lang={}#problems\">{}</a></p>",
        tongue.tag(),
        tongue.choose("Todos os códigos", "All codes")
    );
    let main = format!("{facts}{}{}{all}", section(own), section(other));
    page(tongue, &format!("/problems/{code}"), own.1.what, &main)
}

fn section((tongue, words): (Tongue, &Words)) -> String {
    format!(
        "<section class=\"card card-body\" lang=\"{}\"><h2>{}</h2><p>{}</p><h2>{}</h2><p>{}</p></section>",
        tongue.tag(),
        tongue.choose("O que aconteceu", "What happened"),
        escape(words.what),
        tongue.choose("O que fazer", "What to do"),
        escape(words.next),
    )
}
