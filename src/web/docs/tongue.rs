//! The language of a page that the server writes itself: asked for by `?lang=`, else the browser's first that we speak.
use serde_json::json;

use crate::{
    base::Result,
    web::{Incoming, arguments::Argument, operation::Operation},
};

/// A language of the pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tongue {
    /// Portuguese of Brazil, for whoever asks for neither.
    Portuguese,
    /// English.
    English,
}

impl Tongue {
    /// Its tag, as in `lang="…"`.
    pub fn tag(self) -> &'static str {
        self.choose("pt-BR", "en")
    }

    /// The one of two texts that is in this language.
    pub fn choose<T>(self, portuguese: T, english: T) -> T {
        match self {
            Self::Portuguese => portuguese,
            Self::English => english,
        }
    }

    fn of_tag(tag: &str) -> Option<Self> {
        match tag.trim().get(..2)?.to_ascii_lowercase().as_str() {
            "pt" => Some(Self::Portuguese),
            "en" => Some(Self::English),
            _ => None,
        }
    }
}

impl Argument for Tongue {
    async fn read(incoming: &mut Incoming) -> Result<Self> {
        let asked = incoming.word("lang").and_then(|tag| Self::of_tag(&tag));
        let spoken = incoming.header("accept-language").unwrap_or_default();
        Ok(asked.or_else(|| spoken.split(',').find_map(Self::of_tag)).unwrap_or(Self::Portuguese))
    }

    fn describe(operation: &mut Operation) {
        let schema = json!({ "type": "string", "enum": ["pt-BR", "en"] });
        operation
            .parameters
            .push(json!({ "name": "lang", "in": "query", "required": false, "schema": schema }));
    }
}
