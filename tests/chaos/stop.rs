//! Whoever stops a run, by hand or when its time is up, means the browser as well.

use anyhow::Result;

/// Waits until somebody says so.
#[cfg(unix)]
pub(crate) async fn told_to_stop() -> Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut ended, mut interrupted) = (
        signal(SignalKind::terminate())?,
        signal(SignalKind::interrupt())?,
    );
    tokio::select! {
        _ = ended.recv() => {}
        _ = interrupted.recv() => {}
    }
    Ok(())
}

/// Waits until somebody says so.
#[cfg(not(unix))]
pub(crate) async fn told_to_stop() -> Result<()> {
    Ok(tokio::signal::ctrl_c().await?)
}
