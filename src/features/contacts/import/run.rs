//! Writing the rows of an import in small runs, so that the front desk books between them.
use std::{collections::BTreeMap, sync::Arc};

use super::{
    model::{Import, Options, State},
    plan::{self, Plan},
    refused,
    store::{self, Beginning},
};
use crate::{
    access::{Grant, permissions::ImportContacts},
    base::{Id, Result},
    db::{Clinic, Clinics},
};

/// Rows of one transaction: a few milliseconds of the writer's time.
const RUN: usize = 400;

/// Opens an import for a plan; answers its number.
pub fn begin(grant: &Grant<ImportContacts>, plan: &Plan, file_name: Option<String>) -> Result<i64> {
    let refused = if plan.refused.is_empty() { None } else { Some(refused::file(plan)?) };
    let beginning = Beginning {
        file_name: file_name.unwrap_or_else(|| "contacts.csv".into()),
        rows: plan.rows(),
        duplicates: plan.duplicates,
        invalid: plan.refused.len(),
        refused,
    };
    grant.write_here(move |tx| store::begin(tx, &beginning))
}

/// Writes every good row of a plan. Blocks; an error in the middle leaves an import that can be undone.
pub fn write(
    grant: &Grant<ImportContacts>,
    import: i64,
    plan: Plan,
    on_progress: &mut dyn FnMut(usize),
) -> Result<()> {
    let mut done = 0;
    let mut ready = plan.ready.into_iter().peekable();
    while ready.peek().is_some() {
        let run: Vec<_> = ready.by_ref().take(RUN).collect();
        done += run.len();
        let written = grant.write_here(move |tx| store::write_run(tx, import, &run));
        if let Err(error) = written {
            grant.write_here(move |tx| store::end(tx, import, State::Failed))?;
            return Err(error);
        }
        on_progress(done);
    }
    grant.write_here(move |tx| store::end(tx, import, State::Done))
}

/// Looks at a file for the command line: what would happen, without writing.
pub fn look(grant: &Grant<ImportContacts>, bytes: &[u8]) -> Result<Plan> {
    grant.read_here(|tx| plan::make(tx, bytes, &BTreeMap::new()))
}

/// Looks at a file for a request. Blocks.
pub fn look_with(grant: &Grant<ImportContacts>, bytes: &[u8], options: &Options) -> Result<Plan> {
    grant.read_here(|tx| plan::make(tx, bytes, &options.mapping))
}

/// Brings a file in from the command line and waits for the end.
pub fn import_file(
    grant: &Grant<ImportContacts>,
    plan: Plan,
    file_name: String,
    on_progress: &mut dyn FnMut(usize),
) -> Result<Import> {
    let import = begin(grant, &plan, Some(file_name))?;
    write(grant, import, plan, on_progress)?;
    grant.read_here(|tx| store::find(tx, Id::new(import)))
}

/// Marks what an earlier run of the program left in the middle.
pub fn fail_interrupted(clinics: &Clinics) {
    for clinic in clinics.all() {
        if let Err(error) = fail_interrupted_of(clinic) {
            tracing::error!(%error, "an interrupted import could not be marked");
        }
    }
}

fn fail_interrupted_of(clinic: Arc<Clinic>) -> Result<()> {
    let grant = Grant::<ImportContacts>::of_program(clinic, "start");
    if grant.read_here(store::is_interrupted)? {
        grant.write_here(store::fail_interrupted)?;
    }
    Ok(())
}
