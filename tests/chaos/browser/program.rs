//! The browser's process, in a profile of its own.

use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::time::timeout;

use crate::place;

const START: Duration = Duration::from_secs(30);

/// Ends with its handle.
#[derive(Debug)]
pub(super) struct Program {
    child: Child,
    // Dropped after the child.
    _profile: TempDir,
}

impl Program {
    pub(super) fn profile() -> Result<TempDir> {
        Ok(tempfile::Builder::new()
            .prefix("tidegate-chaos-")
            .tempdir()?)
    }

    /// Starts it and waits for the address that it says after these words.
    pub(super) async fn start(
        profile: TempDir,
        args: &[String],
        before: &str,
    ) -> Result<(Program, String)> {
        let mut child = Command::new(place::browser()?)
            .args(args)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let stderr = child.stderr.take().context("it was piped")?;
        let mut lines = BufReader::new(stderr).lines();
        let said = async {
            while let Ok(Some(line)) = lines.next_line().await {
                if let Some((_, address)) = line.split_once(before) {
                    return Some(address.trim().to_owned());
                }
            }
            None
        };
        let address = timeout(START, said).await.context("the browser is slow")?;
        let address = address.context("the browser ended before it listened")?;
        // Reads on, so that it never waits for a full pipe.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        let program = Program {
            child,
            _profile: profile,
        };
        Ok((program, address))
    }

    /// Waits for its end, and makes one.
    pub(super) async fn end(mut self) {
        if timeout(START, self.child.wait()).await.is_err() {
            // Dropping it kills it.
            let _ = self.child.start_kill();
        }
    }
}
