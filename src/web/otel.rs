//! Hands spans and figures to the OpenTelemetry collector of the settings, over the program's one way out.
use std::sync::Arc;

use super::{Context, outgoing};
use crate::telemetry::otel::{Carry, Otel};

/// Starts sending to `endpoint`.
///
/// # Errors
/// An endpoint that is no address.
pub fn start(context: &Context, endpoint: &str) -> Result<(), String> {
    let carry: Arc<Carry> = Arc::new(|request| Box::pin(outgoing::hand_over(request)));
    let otel = Otel::start(endpoint, carry, Arc::downgrade(&context.observatory))?;
    context.observatory.otel.set(otel).map_err(|_| "it sends already".to_owned())
}

/// Sends what has not been sent yet.
pub async fn flush(context: &Arc<Context>) {
    off(context, Otel::flush).await;
}

/// Sends the rest and stops.
pub async fn stop(context: &Arc<Context>) {
    off(context, Otel::stop).await;
}

/// Does what blocks where nothing else waits for it.
async fn off(context: &Arc<Context>, act: fn(&Otel)) {
    let context = Arc::clone(context);
    let done = tokio::task::spawn_blocking(move || {
        if let Some(otel) = context.observatory.otel.get() {
            act(otel);
        }
    });
    let _ = done.await;
}
