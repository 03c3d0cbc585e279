//! `cargo xtask chaos socket`: one page with a `tide.WebSocket`, a hundred messages a second in both directions, and a connection that is
//! killed again and again. When all that has stopped, nothing may be lost, nothing twice, everything in order in its channel.
//!
//! # Map
//! `course` is the run: kills are drawn from a seed (`kill`). The page (`page/socket.js`) tells its `desk` what it sent, what was
//! acknowledged and what it read. `watch` reads along at the stub what took effect. In the end `laws` compares, and `report` says it.

mod course;
mod desk;
mod kill;
mod laws;
mod notes;
mod report;
mod watch;

use anyhow::{Result, bail};

use crate::stop;
use crate::words::Words;
use course::Course;

/// Whether every law was kept.
pub(crate) async fn run(words: &Words) -> Result<bool> {
    let mut course = Course::set(words).await?;
    let played = tokio::select! {
        played = course.play() => played,
        stopped = stop::told_to_stop() => stopped.and_then(|()| bail!("it was told to stop")),
    };
    let report = match played {
        Ok(()) => course.report().await,
        Err(error) => Err(error),
    };
    course.strike().await;
    let report = report?;
    print!("{report}");
    report.keep()?;
    Ok(report.is_kept())
}
