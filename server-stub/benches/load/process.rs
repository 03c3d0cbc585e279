//! A program under test: started, timed until it says that it is ready, and ended with its handle.

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use serde_json::Value;

use crate::cores::Cores;

#[derive(Debug)]
pub(crate) struct Program {
    child: Child,
    /// Where its API listens.
    pub(crate) api: SocketAddr,
    /// Where its control API listens, if it has one.
    pub(crate) control: Option<SocketAddr>,
    /// From its start to the line in which it says that it listens.
    pub(crate) ready_after: Duration,
}

impl Program {
    /// The stub, on free ports.
    pub(crate) fn stub(cores: &Cores, args: &[&str]) -> Result<Program> {
        let ports = ["--port", "0", "--control-port", "0"];
        let program = env!("CARGO_BIN_EXE_server-stub");
        Program::start(cores, program, &[&ports[..], args].concat())
    }

    /// The bare handler.
    pub(crate) fn floor(cores: &Cores) -> Result<Program> {
        let program = std::env::current_exe()?;
        let program = program
            .to_str()
            .context("this program's path is not text")?;
        Program::start(cores, program, &["floor"])
    }

    fn start(cores: &Cores, program: &str, args: &[&str]) -> Result<Program> {
        let began = Instant::now();
        let mut child = cores
            .command(program)
            .args(args)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("starting {program}"))?;
        let mut line = String::new();
        let stdout = child.stdout.take().context("it has no output")?;
        BufReader::new(stdout).read_line(&mut line)?;
        let ready_after = began.elapsed();
        let said: Value = serde_json::from_str(&line).context("it did not say where it is")?;
        let address = |name: &str| said[name].as_str()?.strip_prefix("http://")?.parse().ok();
        Ok(Program {
            api: address("api").context("it did not say where its API is")?,
            control: address("control"),
            child,
            ready_after,
        })
    }

    /// Its memory in use, in KiB; on Linux only.
    pub(crate) fn memory_kib(&self) -> Option<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:"))?;
        line.split_whitespace().next()?.parse().ok()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // Both fail only for a child that is gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
