//! How the program hears that it is to stop.
use std::io;

use crate::base::{Error, Result};

/// Resolves when the program is told to stop; listens from the call on. Ctrl-C everywhere, and on Unix the SIGTERM of service
/// managers: without it a -wal would be left behind.
#[cfg(unix)]
pub fn told() -> Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt()).map_err(Error::internal)?;
    let mut terminate = signal(SignalKind::terminate()).map_err(Error::internal)?;
    Ok(async move {
        tokio::select! { _ = interrupt.recv() => {}, _ = terminate.recv() => {} }
    })
}

/// Resolves when the program is told to stop; listens from the call on.
#[cfg(windows)]
pub fn told() -> Result<impl Future<Output = ()>> {
    let mut pressed = tokio::signal::windows::ctrl_c().map_err(Error::internal)?;
    Ok(async move { drop(pressed.recv().await) })
}

/// Ends when standard input does, where that is asked for: whoever started this program has closed it, or is gone.
pub async fn left_alone(asked: bool) {
    if !asked {
        return std::future::pending().await;
    }
    let (gone, left) = tokio::sync::oneshot::channel();
    // A thread of its own: reading cannot be called off, and the runtime would wait for it.
    std::thread::spawn(move || {
        let _ = io::copy(&mut io::stdin().lock(), &mut io::sink());
        let _ = gone.send(());
    });
    let _ = left.await;
}
