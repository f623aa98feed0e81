//! Handlers of the measured capacity.
use std::{fs, path::Path, sync::Arc};

use super::{
    model::{Capacity, Now, Past, Wish, is_open, worse_by_percent},
    runner::Runner,
};
use crate::{
    access::{
        Grant,
        house::Kept,
        permissions::{MeasureCapacity, ViewClinic, ViewHealth},
    },
    base::{Error, Result},
    db::Act,
    features::clinic,
    web::{Body, Context, Json, Program},
};

/// Past measurements that are listed.
const LISTED: usize = 50;

/// What is known.
pub async fn show(runner: Runner, _: Grant<ViewHealth>, Program(context): Program) -> Result<Json<Capacity>> {
    known(&runner, &context).await.map(Json)
}

/// Starts a measurement. While a clinic is open it wants to be confirmed: the screens are slow meanwhile.
pub async fn measure(
    runner: Runner,
    grant: Grant<MeasureCapacity>,
    Program(context): Program,
    Body(wish): Body<Wish>,
) -> Result<Json<Capacity>> {
    if runner.under_way().is_some() {
        return Err(Error::conflict("measuring_already"));
    }
    if !wish.confirmed && any_open(&context).await? {
        return Err(Error::conflict("clinic_open"));
    }
    let program = context.machine.program().ok_or(Error::Unavailable("cannot_measure"))?;
    grant.write(|tx| tx.audited(Act::seen("capacity_measured", "capacity", None), ())).await?;
    let (data, starting) = (context.data_folder(), runner.clone());
    let start = move || starting.start(&program, &data, wish);
    tokio::task::spawn_blocking(start).await.map_err(Error::internal)??;
    known(&runner, &context).await.map(Json)
}

async fn any_open(context: &Context) -> Result<bool> {
    let now = context.clock().now();
    for clinic in context.clinics().all() {
        let grant = Grant::<ViewClinic>::of_program(clinic, "capacity");
        if is_open(&grant.read(clinic::store::find).await?.fields, now) {
            return Ok(true);
        }
    }
    Ok(false)
}

async fn known(runner: &Runner, context: &Arc<Context>) -> Result<Capacity> {
    let fullness = context.house.fullness(&context.clinics()).await?;
    let data = context.data_folder();
    let files = move || (Kept::read(&data), past(&data));
    let (kept, past) = tokio::task::spawn_blocking(files).await.map_err(Error::internal)?;
    Ok(Capacity {
        now: Now::of(fullness, kept.is_some()),
        under_way: runner.under_way(),
        failed: runner.failed(),
        limit_from: kept.map(Past::from),
        worse_by_percent: worse_by_percent(&past),
        past,
    })
}

/// The reports in a data folder, newest first; what is no report is passed over.
fn past(data: &Path) -> Vec<Past> {
    let Ok(entries) = fs::read_dir(data.join("capacity")) else { return Vec::new() };
    let mut files: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    files.retain(|file| file.extension().is_some_and(|ending| ending == "json"));
    // A file's name is the time of its measurement.
    files.sort();
    let read = |file: &std::path::PathBuf| serde_json::from_slice(&fs::read(file).ok()?).ok();
    files.iter().rev().take(LISTED).filter_map(read).collect()
}
