//! Waiting for something slow without leaving the reader in the dark.
//!
//! On a terminal one line counts the seconds; elsewhere (CI) a plain line appears every 15 s. The child's own output goes to a file,
//! of which the end is shown when the child fails.

use std::fs::{self, File};
use std::io::{IsTerminal, Write, stderr};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

const LOOK: Duration = Duration::from_millis(100);
const PLAIN_LINE: Duration = Duration::from_secs(15);
const SHOWN_LINES: usize = 30;

/// The file is the answer.
pub(crate) fn wait(mut command: Command, logs: &Path, label: &str) -> Result<PathBuf> {
    fs::create_dir_all(logs)?;
    let log = logs.join(format!("{}.log", slug(label)));
    let file = File::create(&log)?;
    let mut child = command
        .stdin(std::process::Stdio::null())
        .stdout(file.try_clone()?)
        .stderr(file)
        .spawn()
        .context("it could not be started")?;
    let mut pulse = Pulse::new(label);
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        pulse.beat();
        thread::sleep(LOOK);
    };
    pulse.end(status.success());
    if !status.success() {
        eprintln!("{}", last_lines(&fs::read_to_string(&log)?));
        bail!("{status}; all it said is in {}", log.display());
    }
    Ok(log)
}

struct Pulse<'label> {
    label: &'label str,
    began: Instant,
    shown: Duration,
    every: Duration,
    terminal: bool,
}

impl<'label> Pulse<'label> {
    fn new(label: &'label str) -> Self {
        let terminal = stderr().is_terminal();
        let pulse = Self {
            label,
            began: Instant::now(),
            shown: Duration::ZERO,
            every: if terminal {
                Duration::from_secs(1)
            } else {
                PLAIN_LINE
            },
            terminal,
        };
        pulse.line("…");
        pulse
    }

    fn beat(&mut self) {
        let elapsed = self.began.elapsed();
        if elapsed - self.shown >= self.every {
            self.shown = elapsed;
            self.line(&format!("… {} s", elapsed.as_secs()));
        }
    }

    fn end(&self, success: bool) {
        let word = if success { "done" } else { "failed" };
        self.line(&format!("… {word}, {} s", self.began.elapsed().as_secs()));
        if self.terminal {
            eprintln!();
        }
    }

    fn line(&self, text: &str) {
        if self.terminal {
            eprint!("\r  {} {text}   ", self.label);
        } else {
            eprintln!("  {} {text}", self.label);
        }
        // Progress that cannot be shown is no reason to stop the work.
        let _ = stderr().flush();
    }
}

fn slug(label: &str) -> String {
    label.replace(|c: char| !c.is_ascii_alphanumeric(), "-")
}

fn last_lines(text: &str) -> String {
    let lines: Vec<_> = text.lines().collect();
    lines[lines.len().saturating_sub(SHOWN_LINES)..].join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_the_end_of_a_long_log() {
        let text: String = (0..100).map(|n| format!("{n}\n")).collect();
        let shown = last_lines(&text);
        assert!(shown.starts_with("70\n") && shown.ends_with("99"));
        assert_eq!(last_lines("one\ntwo"), "one\ntwo");
    }
}
