//! Handlers of the clinic's identity and hours.
use super::{
    model::{Clinic, ClinicFields, Year},
    store,
};
use crate::{
    access::{
        Grant,
        permissions::{EditClinic, ViewClinic},
    },
    base::{
        Page, Result,
        brazil::holidays::{Holiday, national},
    },
    web::{IfMatch, Paged, Patch, Query, Record},
};

/// The clinic's identity, hours and rules.
pub async fn show(grant: Grant<ViewClinic>) -> Result<Record<Clinic>> {
    grant.read(store::find).await.map(Record)
}

/// Changes them.
pub async fn update(
    grant: Grant<EditClinic>,
    IfMatch(version): IfMatch,
    patch: Patch<ClinicFields>,
) -> Result<Record<Clinic>> {
    grant.write(move |tx| store::update(tx, version, |current| patch.onto(current))).await.map(Record)
}

/// National holidays of a year.
pub async fn holidays(_: Grant<ViewClinic>, Query(asked): Query<Year>) -> Result<Paged<Holiday>> {
    Ok(Paged(Page::whole(national(i16::try_from(asked.year).unwrap_or(0)))))
}
