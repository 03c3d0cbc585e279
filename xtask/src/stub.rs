//! The backend that fails on demand, started for a demo or a test and ended with its handle.

use std::io::{BufRead, BufReader};
use std::process::{ExitStatus, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::port;
use crate::running::Running;
use crate::shell::Shell;

/// It binds two sockets and builds a small catalogue: milliseconds, unless the machine is very busy.
const START: Duration = Duration::from_secs(20);

#[derive(Clone, Copy, Debug)]
pub(crate) struct Ports {
    pub(crate) api: u16,
    pub(crate) control: u16,
}

impl Ports {
    /// Where the demo looks for its backend.
    pub(crate) const DEMO: Self = Self {
        api: 4780,
        control: 4781,
    };

    /// Fixed, because tests in the browser learn the addresses when they are compiled: other ports would mean another build.
    pub(crate) const TESTS: Self = Self {
        api: 4790,
        control: 4791,
    };

    pub(crate) fn api_url(self) -> String {
        format!("http://127.0.0.1:{}", self.api)
    }

    pub(crate) fn control_url(self) -> String {
        format!("http://127.0.0.1:{}", self.control)
    }

    pub(crate) fn ensure_free(self) -> Result<()> {
        let advice = "the stub of this repository must listen there; \
                      end the program that does (another `cargo xtask demo` or `test`?)";
        port::ensure_free(self.api, advice)?;
        port::ensure_free(self.control, advice)
    }
}

#[derive(Debug)]
pub(crate) struct Stub {
    running: Running,
}

impl Stub {
    pub(crate) fn build(sh: &Shell) -> Result<()> {
        sh.cargo("build --package server-stub").run()
    }

    /// Starts the built stub and waits for the line in which it says that it listens.
    pub(crate) fn start(sh: &Shell, ports: Ports) -> Result<Self> {
        Self::start_with(sh, ports, &[])
    }

    /// The same with these arguments too.
    pub(crate) fn start_with(sh: &Shell, ports: Ports, args: &[&str]) -> Result<Self> {
        ports.ensure_free()?;
        let program = sh.site.stub();
        let program = program
            .to_str()
            .context("the target folder's path is not text")?;
        let mut running = sh
            .cmd(program)
            .arg("--exit-with-stdin")
            .args(["--port", &ports.api.to_string()])
            .args(["--control-port", &ports.control.to_string()])
            .args(args)
            .start(Stdio::piped(), Stdio::piped())?;
        let stdout = running.stdout().context("the stub has no output")?;
        let (said, heard) = mpsc::channel();
        // Reads on after the first line, so that the stub never waits for a full pipe.
        thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                // Nobody listens after the first line.
                let _ = said.send(line);
            }
        });
        match heard.recv_timeout(START) {
            Ok(line) => eprintln!("stub: {line}"),
            Err(RecvTimeoutError::Disconnected) => bail!("the stub ended before it was ready"),
            Err(RecvTimeoutError::Timeout) => bail!("the stub said nothing for {START:?}"),
        }
        Ok(Self { running })
    }

    pub(crate) fn ended(&mut self) -> Result<Option<ExitStatus>> {
        self.running.ended()
    }
}
