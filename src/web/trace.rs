//! What the trail says of requests that change nothing: who looked at whom, searched, took data out, or was refused. The route
//! table says what a route lets people see, and the endpoint puts it on record before the answer leaves: no handler can forget.
use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};

use moka::sync::Cache;
use poem::Response;
use serde_json::{Map, Value};

use super::{Context, Incoming, route::Route};
use crate::{
    access::Again,
    base::{Error, Instant, Result},
    db::{Act, Actor, Clinic, Note, Outcome},
};

/// What a route lets people see, and how the trail puts it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reads {
    /// Past tense, as `opened`.
    pub verb: &'static str,
    /// Of what, as `contact`.
    pub entity: &'static str,
    /// Parameters that hold what is searched for. Their values are never kept, only of what kind they are.
    terms: &'static [&'static str],
}

impl Reads {
    /// One record is opened.
    pub const fn opened(entity: &'static str) -> Self {
        Self { verb: "opened", entity, terms: &[] }
    }

    /// What a record was before is opened.
    pub const fn history(entity: &'static str) -> Self {
        Self { verb: "history_opened", entity, terms: &[] }
    }

    /// Records are listed.
    pub const fn listed(entity: &'static str) -> Self {
        Self { verb: "listed", entity, terms: &[] }
    }

    /// What belongs to one record is listed: the appointments of a contact.
    pub const fn of_one(verb: &'static str, entity: &'static str) -> Self {
        Self { verb, entity, terms: &[] }
    }

    /// Records are listed, or searched when one of the parameters `terms` is there.
    pub const fn searched(entity: &'static str, terms: &'static [&'static str]) -> Self {
        Self { verb: "listed", entity, terms }
    }

    /// Data leaves as a file.
    pub const fn exported(entity: &'static str) -> Self {
        Self { verb: "exported", entity, terms: &[] }
    }

    /// The trail itself is verified.
    pub const fn verified(entity: &'static str) -> Self {
        Self { verb: "verified", entity, terms: &[] }
    }
}

/// How many records an answer holds: its reply says it, the trail keeps it.
#[derive(Debug, Clone, Copy)]
pub struct Found(pub usize);

/// Whose request it is: known once they are let in.
#[derive(Clone, Default)]
pub struct Visit(Arc<OnceLock<(Arc<Clinic>, Arc<Actor>)>>);

impl Visit {
    /// Says who was let in, and where.
    pub fn arrive(&self, clinic: &Arc<Clinic>, actor: &Arc<Actor>) {
        self.0.get_or_init(|| (Arc::clone(clinic), Arc::clone(actor)));
    }

    /// Counts the answer for the clinic it was about, and says which that was.
    pub(super) fn answered(&self, status: u16, took: Duration) -> Option<i64> {
        let (clinic, _) = self.0.get()?;
        clinic.meter().answered(status, took);
        Some(clinic.id())
    }
}

/// What a screen nobody is at shows again and again is one look, for so long.
const ONE_LOOK: Duration = Duration::from_secs(600);

/// Looks of screens nobody is at, by clinic, person and question.
pub type Glances = Cache<(i64, Option<i64>, String), ()>;

/// An empty memory of such looks.
pub fn glances() -> Glances {
    Cache::builder().max_capacity(10_000).time_to_live(ONE_LOOK).build()
}

/// What is known of a request before it is answered.
pub struct Trace {
    visit: Visit,
    reads: Option<Reads>,
    entity: &'static str,
    id: Option<i64>,
    kinds: Vec<String>,
    /// The question, when the screen asked it by itself.
    by_itself: Option<String>,
    context: Arc<Context>,
}

impl Trace {
    /// Notes what the trail will need.
    pub fn of(route: &Route, incoming: &mut Incoming) -> Self {
        let reads = route.reads;
        let terms = reads.map_or(&[][..], |reads| reads.terms);
        let kinds = if terms.is_empty() { Vec::new() } else { kinds(terms, incoming.query()) };
        Self {
            visit: incoming.visit.clone(),
            reads,
            entity: reads.map_or_else(|| route.entity(), |reads| reads.entity),
            id: incoming.path("id").and_then(|id| id.parse().ok()),
            kinds,
            by_itself: incoming.is_by_itself().then(|| incoming.line()),
            context: Arc::clone(&incoming.context),
        }
    }

    /// Puts on record what was seen or refused. What cannot be put on record is not answered. With an answer that may be given
    /// again comes what the trail is to be told then.
    pub async fn record(self, answered: Result<Response>) -> Result<(Response, Option<Note>)> {
        let mut note = None;
        let act = match &answered {
            Ok(response) => self.seen(response)?,
            Err(Error::Forbidden(permission)) => self.refused(permission),
            Err(Error::NotFound(_)) => self.refused("not_found"),
            Err(_) => None,
        };
        if let Some((act, (clinic, actor))) = act.zip(self.visit.0.get()) {
            if answered.as_ref().is_ok_and(|response| response.data::<Again>().is_some()) {
                note = Some(Note { actor: Arc::clone(actor), act: act.clone(), at: Instant(0), times: 1 });
            }
            clinic.note(Arc::clone(actor), act).await?;
        }
        answered.map(|response| (response, note))
    }

    fn seen(&self, response: &Response) -> Result<Option<Act>> {
        let Some(reads) = self.reads else { return Ok(None) };
        let Some((clinic, actor)) = self.visit.0.get() else {
            return Err(Error::internal("personal data would be answered to nobody in particular"));
        };
        if let Some(question) = &self.by_itself {
            let entry = self.context.glances.entry((clinic.id(), actor.user_id, question.clone()));
            if !entry.or_insert(()).is_fresh() {
                return Ok(None);
            }
        }
        let verb = if self.kinds.is_empty() { reads.verb } else { "searched" };
        let found = response.data::<Found>().map(|found| format!("found={}", found.0));
        let columns = self.kinds.iter().cloned().chain(found).collect();
        Ok(Some(Act::seen(verb, self.entity, self.id).with_columns(columns)))
    }

    /// Strangers are left out: they could fill the trail at will, and the sign-in door keeps its own record.
    fn refused(&self, why: &str) -> Option<Act> {
        let (clinic, actor) = self.visit.0.get()?;
        let user = actor.user_id?;
        tracing::info!(target: "taskmed::security", clinic = clinic.id(), user, why, entity = self.entity, "refused");
        let act = Act::seen("refused", self.entity, self.id).ending(Outcome::Refused);
        Some(act.with_columns(vec![why.to_owned()]))
    }
}

/// What kinds of thing were searched for: the parameter's name, or, where anything may be typed, what it looks like.
fn kinds(terms: &[&str], query: &Map<String, Value>) -> Vec<String> {
    let given =
        |term: &&&str| query.get(**term).and_then(Value::as_str).is_some_and(|v| !v.trim().is_empty());
    let kind = |term: &&str| {
        match *term {
            "search" => query.get(*term).and_then(Value::as_str).map_or("text", looks_like),
            named => named,
        }
        .to_owned()
    };
    terms.iter().filter(given).map(|term| format!("term={}", kind(term))).collect()
}

fn looks_like(typed: &str) -> &'static str {
    let digits = typed.chars().any(|c| c.is_ascii_digit());
    match (digits, typed.chars().any(char::is_alphabetic)) {
        (true, false) if typed.contains('/') => "date",
        (true, false) => "number",
        (true, true) => "name_and_number",
        _ => "name",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_kind_of_what_was_typed_is_told() {
        let told = |typed: &str| {
            let query = Map::from_iter([("search".to_owned(), Value::from(typed))]);
            kinds(&["search", "cpf"], &query).join(",")
        };
        assert_eq!(told("Maria Souza"), "term=name");
        assert_eq!(told("529.982.247-25"), "term=number");
        assert_eq!(told("24/11/1980"), "term=date");
        assert_eq!(told("Maria 1980"), "term=name_and_number");
        assert_eq!(told("  "), "");
        let query = Map::from_iter([("cpf".to_owned(), Value::from("52998224725"))]);
        assert_eq!(kinds(&["search", "cpf"], &query), ["term=cpf"]);
    }
}
