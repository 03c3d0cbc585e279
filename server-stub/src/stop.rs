//! When to stop: at SIGINT, at SIGTERM, and with standard input for those who start the stub as a child.

use std::io;

use tokio::io::{AsyncReadExt, stdin};

/// Why to stop.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Stop {
    Signal,
    StdinClosed,
}

/// Starts to listen for signals at once, so that none is missed; the future ends when somebody wants the stub to stop.
pub(crate) fn watch(with_stdin: bool) -> io::Result<impl Future<Output = Stop>> {
    let signals = signals()?;
    Ok(async move {
        tokio::select! {
            () = signals => Stop::Signal,
            () = stdin_closed(), if with_stdin => Stop::StdinClosed,
        }
    })
}

#[cfg(unix)]
fn signals() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

#[cfg(windows)]
fn signals() -> io::Result<impl Future<Output = ()>> {
    let mut interrupt = tokio::signal::windows::ctrl_c()?;
    Ok(async move {
        interrupt.recv().await;
    })
}

async fn stdin_closed() {
    let mut stdin = stdin();
    let mut buffer = [0; 64];
    while stdin.read(&mut buffer).await.is_ok_and(|read| read > 0) {}
}
