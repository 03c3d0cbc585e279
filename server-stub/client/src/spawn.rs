//! The stub's program, for tests that cannot have it in their own process.
//!
//! It is started with `--exit-with-stdin`, so it ends with the test however the test ends, and on ports that the system chooses, which it
//! tells in its first line.

use std::ffi::OsString;
use std::fmt;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use serde::Deserialize;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::process::{Child, ChildStderr, ChildStdout, Command};
use tokio::time::timeout;

use crate::client::StubClient;

/// A stub with a million assets is ready after a second or two, on a busy machine after several.
const READY_WITHIN: Duration = Duration::from_secs(30);
/// Its complaints are a line or two.
const MOST_SAID: u64 = 4 << 10;

/// The `server-stub` program, before it is started.
///
/// ```no_run
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// use tidegate_contract::Preset;
/// use tidegate_stub_client::StubProgram;
/// let stub = StubProgram::at("target/debug/server-stub").with_args(["--seed", "7"]).start().await?;
/// stub.client().default_space().preset(Preset::Slow).await?;
/// println!("call {}", stub.api_url());
/// stub.end().await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use = "it has to be started"]
pub struct StubProgram {
    path: PathBuf,
    ports: (u16, u16),
    args: Vec<OsString>,
}

impl StubProgram {
    /// The program in this file.
    pub fn at(path: impl Into<PathBuf>) -> StubProgram {
        StubProgram {
            path: path.into(),
            ports: (0, 0),
            args: Vec::new(),
        }
    }

    /// The same, with these arguments too; `server-stub --help` has them.
    pub fn with_args(mut self, args: impl IntoIterator<Item = impl Into<OsString>>) -> StubProgram {
        self.args.extend(args.into_iter().map(Into::into));
        self
    }

    /// The same with fixed ports for its API and its control listener, so that it can come back to them.
    pub fn on_ports(mut self, api: u16, control: u16) -> StubProgram {
        self.ports = (api, control);
        self
    }

    /// Starts it and waits until it listens.
    ///
    /// # Errors
    /// When it cannot be started, ends at once, or says nothing within 30 s.
    pub async fn start(&self) -> Result<RunningStub, SpawnError> {
        let mut child = Command::new(&self.path)
            .args(["--port", &self.ports.0.to_string()])
            .args(["--control-port", &self.ports.1.to_string()])
            .arg("--exit-with-stdin")
            .args(&self.args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| SpawnError::NotStarted {
                program: self.path.clone(),
                reason: error.to_string(),
            })?;
        let stdout = child.stdout.take().expect("it was piped");
        let stderr = child.stderr.take().expect("it was piped");
        let ready = timeout(READY_WITHIN, ready(stdout, stderr)).await;
        let ready = ready.map_err(|_| SpawnError::Silent {
            program: self.path.clone(),
        })?;
        let ready = ready.map_err(|said| SpawnError::Ended {
            program: self.path.clone(),
            said,
        })?;
        let client = StubClient::new(&ready.control);
        Ok(RunningStub {
            client: match token(&self.args) {
                Some(token) => client.with_token(token),
                None => client,
            },
            api: ready.api,
            child,
        })
    }
}

/// A stub that runs. Dropping it ends it, as a crash would.
#[derive(Debug)]
#[must_use = "the stub ends when this is dropped"]
pub struct RunningStub {
    client: StubClient,
    api: String,
    child: Child,
}

impl RunningStub {
    /// What drives it.
    #[must_use]
    pub fn client(&self) -> &StubClient {
        &self.client
    }

    /// Where the default space's API listens.
    #[must_use]
    pub fn api_url(&self) -> &str {
        &self.api
    }

    /// Where its control listener is.
    #[must_use]
    pub fn control_url(&self) -> &str {
        self.client.control_url()
    }

    /// Ends it in good order and waits until it is gone.
    ///
    /// # Errors
    /// When the system cannot tell.
    pub async fn end(mut self) -> std::io::Result<()> {
        drop(self.child.stdin.take());
        self.child.wait().await.map(drop)
    }

    /// Ends it at once, as a crash would, and waits until it is gone.
    ///
    /// # Errors
    /// When the system does not do it.
    pub async fn kill(mut self) -> std::io::Result<()> {
        self.child.kill().await
    }
}

/// Why there is no running stub.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum SpawnError {
    /// It ended before it listened.
    Ended {
        /// The program's file.
        program: PathBuf,
        /// What it complained about.
        said: String,
    },
    /// The system did not start it.
    NotStarted {
        /// The program's file.
        program: PathBuf,
        /// The system's reason.
        reason: String,
    },
    /// It runs and does not say that it listens.
    Silent {
        /// The program's file.
        program: PathBuf,
    },
}

impl fmt::Display for SpawnError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SpawnError::Ended { program, said } => {
                let said = said.trim();
                write!(f, "{} ended before it listened: {said}", program.display())
            }
            SpawnError::NotStarted { program, reason } => write!(
                f,
                "{} cannot be started: build it with `cargo build -p server-stub` ({reason})",
                program.display()
            ),
            SpawnError::Silent { program } => write!(
                f,
                "{} does not say where it listens after {READY_WITHIN:?}: is it server-stub?",
                program.display()
            ),
        }
    }
}

impl std::error::Error for SpawnError {}

/// The line that says that it listens.
#[derive(Debug, Deserialize)]
struct Ready {
    api: String,
    control: String,
}

/// Waits for that line; without one, what the program complained about.
async fn ready(stdout: ChildStdout, mut stderr: ChildStderr) -> Result<Ready, String> {
    let mut lines = BufReader::new(stdout).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        if let Ok(ready) = serde_json::from_str(&line) {
            // Both are read on: a program that writes to a pipe without a reader ends.
            tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
            tokio::spawn(async move { tokio::io::copy(&mut stderr, &mut tokio::io::sink()).await });
            return Ok(ready);
        }
    }
    let mut said = String::new();
    // What is not text is no reason.
    let _ = stderr.take(MOST_SAID).read_to_string(&mut said).await;
    Err(said)
}

/// The value of `--token`, so that the client knows it too.
fn token(args: &[OsString]) -> Option<String> {
    let texts: Vec<_> = args.iter().filter_map(|arg| arg.to_str()).collect();
    let apart = texts.windows(2).find(|pair| pair[0] == "--token");
    let joined = texts.iter().find_map(|arg| arg.strip_prefix("--token="));
    apart.map(|pair| pair[1]).or(joined).map(str::to_owned)
}
