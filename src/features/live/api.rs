//! The handler of the event stream.
use super::store;
use crate::{
    access::{Grant, permissions::ViewClinic},
    base::Result,
    web::events::{Events, LastEventId, StillOpen},
};

/// First what was missed since `Last-Event-ID`, then what happens. Listening does not keep a session alive.
pub async fn listen(grant: Grant<ViewClinic>, LastEventId(last): LastEventId) -> Result<Events> {
    let live = grant.clinic().listen();
    let (newest, missed) = grant
        .read(move |tx| {
            let newest = store::newest(tx)?;
            let missed = store::since(tx, last.unwrap_or(newest))?;
            Ok((newest, missed))
        })
        .await?;
    Ok(Events { missed, newest, live, still_open: still_open(grant) })
}

fn still_open(grant: Grant<ViewClinic>) -> StillOpen {
    Box::new(move || {
        let grant = grant.clone();
        let session = grant.caller().session_id;
        Box::pin(async move { grant.read(move |tx| store::is_open(tx, session)).await.unwrap_or(false) })
    })
}
