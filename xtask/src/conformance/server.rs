//! The suite's own server: it answers as each test asks it to and remembers what it was asked.

use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use super::stage::Stage;
use crate::running::Running;
use crate::shell::Shell;

const START: Duration = Duration::from_secs(20);

/// Ends with its handle.
#[derive(Debug)]
pub(super) struct Server {
    running: Running,
    port: u16,
}

impl Server {
    pub(super) fn start(sh: &Shell, stage: &Stage) -> Result<Self> {
        let mut running = sh
            .cmd("node")
            .arg("tests/conformance/server.mjs")
            .arg(&stage.site)
            .arg(stage.engine)
            .start(Stdio::null(), Stdio::piped())?;
        let stdout = running.stdout().context("the server has no output")?;
        let (said, heard) = mpsc::channel();
        // Reads on after the port is known, so that the server never waits for a full pipe.
        thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                if let Some(port) = port(&line) {
                    // Nobody listens after the first.
                    let _ = said.send(port);
                }
            }
        });
        match heard.recv_timeout(START) {
            Ok(port) => Ok(Self { running, port }),
            Err(RecvTimeoutError::Disconnected) => bail!("the server ended before it was ready"),
            Err(RecvTimeoutError::Timeout) => bail!("the server said no port for {START:?}"),
        }
    }

    pub(super) fn port(&self) -> u16 {
        self.port
    }

    pub(super) fn ended(&mut self) -> Result<bool> {
        Ok(self.running.ended()?.is_some())
    }
}

fn port(line: &str) -> Option<u16> {
    let (_, address) = line.split_once("Listening on http://127.0.0.1:")?;
    address.trim_end_matches('/').parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_port_is_in_the_line_that_says_that_it_listens() {
        assert_eq!(port("Listening on http://127.0.0.1:4711/"), Some(4711));
        assert_eq!(port("SERVER WARNING: not here"), None);
    }
}
