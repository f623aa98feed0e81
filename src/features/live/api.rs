//! The handler of the event stream.
use super::store;
use crate::{
    access::{
        Grant,
        permissions::{ViewClinic, ViewHealth},
    },
    base::Result,
    web::{
        Program,
        events::{Events, LastEventId, StillOpen},
    },
};

/// First what was missed since `Last-Event-ID`, then what happens. Listening does not keep a session alive.
pub async fn listen(
    grant: Grant<ViewClinic>,
    LastEventId(last): LastEventId,
    Program(context): Program,
) -> Result<Events> {
    let alerts = grant.also::<ViewHealth>().is_ok().then(|| context.observatory.listen());
    let clinic_id = grant.clinic().id();
    let live = grant.clinic().listen();
    let (newest, missed) = grant
        .read(move |tx| {
            let newest = store::newest(tx)?;
            let missed = store::since(tx, last.unwrap_or(newest))?;
            Ok((newest, missed))
        })
        .await?;
    Ok(Events { missed, newest, live, alerts, clinic_id, still_open: still_open(grant) })
}

fn still_open(grant: Grant<ViewClinic>) -> StillOpen {
    Box::new(move || {
        let grant = grant.clone();
        Box::pin(async move { grant.goes_on().await.unwrap_or(false) })
    })
}
