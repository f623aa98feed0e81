//! The route table: a path, a method, and a handler whose first argument says who is let in. The table is the only way from a
//! URL to a handler, and all of OpenAPI is written from it.
use std::{marker::PhantomData, pin::Pin, sync::Arc};

use poem::{Response, http::Method};

use super::{
    Incoming,
    admission::Admission,
    arguments::Argument,
    in_flight::Weight,
    openapi,
    operation::Operation,
    replies::{Asked, Reply},
    trace::Reads,
};
use crate::base::Result;

/// Largest JSON body a route takes unless it says otherwise.
pub const BODY_LIMIT: usize = 256 * 1024;

/// A handler: an async function of an admission and up to three arguments.
pub trait Handler<Arguments>: Clone + Send + Sync + 'static {
    /// Whether its answers may be given again.
    const KEPT: bool;
    /// Admits, reads the arguments, runs the function and renders its answer.
    fn handle(self, incoming: Incoming) -> impl Future<Output = Result<Response>> + Send;
    /// Tells the OpenAPI document.
    fn describe(operation: &mut Operation);
}

macro_rules! handler {
    ($($argument:ident $value:ident),*) => {
        impl<F, Fut, G, R, $($argument,)*> Handler<(G, $($argument,)*)> for F
        where
            F: Fn(G, $($argument,)*) -> Fut + Clone + Send + Sync + 'static,
            Fut: Future<Output = Result<R>> + Send,
            G: Admission,
            R: Reply + Send,
            $($argument: Argument,)*
        {
            const KEPT: bool = R::KEPT;

            async fn handle(self, mut incoming: Incoming) -> Result<Response> {
                let admitted = G::admit(&mut incoming).await?;
                $(let $value = $argument::read(&mut incoming).await?;)*
                let asked = Asked::from(&incoming);
                drop(incoming);
                self(admitted, $($value,)*).await?.reply(&asked)
            }

            fn describe(operation: &mut Operation) {
                G::describe(operation);
                $($argument::describe(operation);)*
                R::describe(operation);
            }
        }
    };
}

handler!();
handler!(A a);
handler!(A a, B b);
handler!(A a, B b, C c);

type Answering<'a> = Pin<Box<dyn Future<Output = Result<Response>> + Send + 'a>>;

/// A handler of whatever arguments, behind one call.
trait Run: Send + Sync {
    fn run(&self, incoming: Incoming) -> Answering<'_>;
    fn describe(&self, operation: &mut Operation);
}

struct Erased<H, Arguments>(H, PhantomData<fn() -> Arguments>);

impl<H: Handler<Arguments>, Arguments: 'static> Run for Erased<H, Arguments> {
    fn run(&self, incoming: Incoming) -> Answering<'_> {
        Box::pin(self.0.clone().handle(incoming))
    }

    fn describe(&self, operation: &mut Operation) {
        H::describe(operation);
    }
}

/// One line of the route table.
#[derive(Clone)]
pub struct Route {
    /// The method it answers.
    pub method: Method,
    /// The path, with parameters as `{id}`.
    pub path: &'static str,
    /// One sentence for the documents.
    pub summary: &'static str,
    /// Largest body, in bytes.
    pub limit: usize,
    /// Statuses only this route's rules answer, as 409.
    pub also: &'static [u16],
    /// What of people it lets see: the endpoint puts it on record.
    pub reads: Option<Reads>,
    /// How much work it is, which decides what gives way where there is too much.
    pub weight: Weight,
    /// Whether monitors ask it every few seconds: what went well is not worth a line of the log.
    pub probed: bool,
    /// Whether its answers may be given again to whoever asks the same.
    pub(super) kept: bool,
    run: Arc<dyn Run>,
}

impl Route {
    fn new<A: 'static, H: Handler<A>>(
        method: Method,
        path: &'static str,
        summary: &'static str,
        handler: H,
    ) -> Self {
        let weight = if method == Method::GET { Weight::Light } else { Weight::Heavy };
        Self {
            method,
            path,
            summary,
            limit: BODY_LIMIT,
            also: &[],
            reads: None,
            weight,
            probed: false,
            kept: H::KEPT,
            run: Arc::new(Erased(handler, PhantomData)),
        }
    }

    /// Takes bodies up to `limit` bytes.
    #[must_use]
    pub fn limit(mut self, limit: usize) -> Self {
        self.limit = limit;
        self
    }

    /// Says which further statuses the route's own rules answer.
    #[must_use]
    pub fn also(mut self, statuses: &'static [u16]) -> Self {
        self.also = statuses;
        self
    }

    /// Says what of people the route lets see. Every route that answers personal data must: a test walks the table.
    #[must_use]
    pub fn reads(mut self, reads: Reads) -> Self {
        self.reads = Some(reads);
        self
    }

    /// Says how much work it is, where its method does not tell.
    #[must_use]
    pub fn weighing(mut self, weight: Weight) -> Self {
        self.weight = weight;
        self
    }

    /// Says that monitors ask it every few seconds.
    #[must_use]
    pub fn probed(mut self) -> Self {
        self.probed = true;
        self
    }

    /// What the route is about, where it does not say: the first word of its path, as `contact`.
    pub fn entity(&self) -> &'static str {
        openapi::tag(self.path).trim_end_matches('s')
    }

    /// Runs the handler.
    pub(super) fn run(&self, incoming: Incoming) -> Answering<'_> {
        self.run.run(incoming)
    }

    /// What the handler's types promise.
    pub fn operation(&self, schemas: schemars::SchemaGenerator) -> Operation {
        let mut operation = Operation::new(schemas);
        // Every other part of a path is an argument of the handler, and described by it.
        if self.path.contains("{clinic_id}") {
            operation.path_parameter("clinic_id");
        }
        self.run.describe(&mut operation);
        operation.names_clinic &= !self.path.contains("{clinic_id}");
        operation.problems(self.also);
        // What the machine may have in the way of any route: a writer that is full, a disk without room, a defect.
        operation.problems(&[500, 503]);
        if self.method != Method::GET {
            operation.problems(&[400, 403, 409, 413, 415, 507]);
        }
        operation
    }
}

/// A route that reads.
pub fn get<A: 'static>(path: &'static str, summary: &'static str, handler: impl Handler<A>) -> Route {
    Route::new(Method::GET, path, summary, handler)
}

/// A route that makes something or acts.
pub fn post<A: 'static>(path: &'static str, summary: &'static str, handler: impl Handler<A>) -> Route {
    Route::new(Method::POST, path, summary, handler)
}

/// A route that changes a record.
pub fn patch<A: 'static>(path: &'static str, summary: &'static str, handler: impl Handler<A>) -> Route {
    Route::new(Method::PATCH, path, summary, handler)
}

/// A route that removes a record.
pub fn delete<A: 'static>(path: &'static str, summary: &'static str, handler: impl Handler<A>) -> Route {
    Route::new(Method::DELETE, path, summary, handler)
}
